"""The self-assessment as readers see it: a profile, no grade; next steps; what changed since last time."""

from __future__ import annotations

import pandas as pd

from transferkit.present import charts, german, tables
from transferkit.present.block import Block, fragment
from transferkit.present.records import records

HIGHEST = 4
SCALE = "0 keine Aktivität, 1 geplant, 2 in Umsetzung, 3 überprüft, 4 verbessert"


def chart(profile: pd.DataFrame) -> charts.Chart:
    """The profile: a dot per dimension, a line from its lowest to its highest answer."""
    said = profile.assign(
        name=profile["dimension_de"],
        said=[_level(level) for level in profile["level"]],
        part=[_part(a, q) for a, q in zip(profile["answered"], profile["questions"], strict=True)],
        middle=[_number(value) for value in profile["median"]],
        span=[_span(low, high) for low, high in zip(profile["lowest"], profile["highest"], strict=True)],
    )
    columns = {
        "name": "Bereich",
        "said": "Mittlere Stufe",
        "middle": "Median",
        "span": "Niedrigste bis höchste",
        "part": "Beantwortet",
    }
    table = tables.table(said, columns, "Selbsteinschätzung je Bereich", subtitle=f"Stufen: {SCALE}.")
    if table is None:
        raise ValueError("a profile has dimensions")
    return charts.Chart(
        finding=finding(profile),
        subtitle="Selbsteinschätzung. Punkt: Mittel der beantworteten Fragen. "
        f"Linie: von der niedrigsten zur höchsten Antwort. Stufen: {SCALE}.",
        description="; ".join(f"{row['name']}: {row['said']}, {row['part']}" for row in records(said)) + ".",
        drawings=charts.levels(said, HIGHEST),
        table=table,
    )


def finding(profile: pd.DataFrame) -> str:
    """Which dimensions ask for work, and what is unknown; never a figure over all of them."""
    answered = profile[profile["answered"] > 0]
    if answered.empty:
        return "Noch ist keine Frage beantwortet"
    weak = list(answered.loc[answered["weak"], "dimension_de"])
    open_ = len(profile) - len(answered)
    rest = f"; {german.count(open_, 'Bereich', 'Bereiche')} noch ohne Antwort" if open_ else ""
    if not weak:
        return f"Kein beantworteter Bereich liegt im Mittel vor der Umsetzung{rest}"
    if len(weak) > 3:
        return f"In {len(weak)} von {len(answered)} beantworteten Bereichen steht der Anfang noch aus{rest}"
    return f"Am meisten zu tun ist bei: {german.enumerate_words(weak)}{rest}"


def steps(rows: pd.DataFrame) -> Block | None:
    """The next steps, grouped by dimension; None if there are none."""
    if rows.empty:
        return None
    dimensions = [(name, records(group)) for name, group in rows.groupby("dimension_de", sort=False)]
    return fragment("maturity-steps", dimensions=dimensions)


def change(compared: pd.DataFrame) -> Block | None:
    """Before and after per dimension, from questions answered both times only."""
    said = compared.assign(
        was=[_number(value) for value in compared["before"]],
        now=[_number(value) for value in compared["after"]],
        moved=[_moved(value) for value in compared["change"]],
        part=[_part(c, q) for c, q in zip(compared["common"], compared["questions"], strict=True)],
    )
    columns = {
        "dimension_de": "Bereich",
        "was": "Früher",
        "now": "Jetzt",
        "moved": "Änderung",
        "part": "Fragen, beide Male beantwortet",
    }
    return tables.table(said, columns, "Was sich geändert hat", subtitle=f"Mittlere Stufe. {SCALE}.")


def _level(level: float) -> str:
    return "nicht beantwortet" if pd.isna(level) else german.number(level, 1)


def _number(value: float) -> str:
    return "–" if pd.isna(value) else german.number(value, 1)


def _span(low: float, high: float) -> str:
    return "–" if pd.isna(low) else f"{german.number(low)} bis {german.number(high)}"


def _part(count: int, of: int) -> str:
    return f"{count} von {of}"


def _moved(value: float) -> str:
    if pd.isna(value):
        return "nicht vergleichbar"
    sign = "+" if value > 0 else ""
    return f"{sign}{german.number(value, 1)}"
