"""From means to impact: the logic of a solution, three to five indicators, and the plan to measure them.

The stages input, output, outcome, impact follow the usual logic model; examples, choice and thresholds are
own proposals and tagged so in the tables. A plan is checked in `impact_entries`, judged in `impact_progress`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence

import pandas as pd

from transferkit.errors import MethodError
from transferkit.methods.impact_entries import KINDS, PLANNED, checked
from transferkit.methods.impact_progress import progress

__all__ = ["LEVELS", "checked", "chosen", "export", "judgeable", "logic_for", "plan", "progress"]

HOW = "Vorschlag: der Reihe nach Wirkung, Leistung und Wirkung im Ort."
OWN_NUMBERS = "Alle Zahlen sind eigene Angaben der Kommune."
LEVELS = ("input", "output", "outcome", "impact")
FIRST = ("outcome", "output", "impact", "outcome", "output")
LEAST, MOST = 3, 5
STAGES = {
    "input": "Mittel",
    "output": "Leistung",
    "outcome": "Wirkung bei Menschen",
    "impact": "Wirkung für den Ort",
    "context": "Umfeld",
}
BETTER = {"up": "höher ist besser", "down": "niedriger ist besser", "target": "nah am Ziel ist am besten"}


def logic_for(solution: pd.Series, logic_model: pd.DataFrame) -> pd.DataFrame:
    """The four stages of the solution's theme, in order: an example to adapt, no finding about it.

    Rows of `logic_model` plus `theme_fit` (exact, nearest) of the solution; `basis` says who says so.
    Raises `MethodError` if the theme has no example.
    """
    theme = str(solution["theme_id"])
    rows = logic_model[(logic_model["theme_id"] == theme) & (logic_model["row_type"] == "example")]
    if rows.empty:
        raise MethodError(
            f"Für das Thema „{theme}“ der Lösung „{solution['title']}“ gibt es kein Beispiel in logic_model. "
            "Ergänzen Sie dort vier Zeilen: input, output, outcome, impact."
        )
    return rows.sort_values("order").assign(theme_fit=solution.get("theme_fit", "exact"))


def chosen(
    indicators: pd.DataFrame, themes: Sequence[str], count: int = LEAST, *, ids: Sequence[str] | None = None
) -> pd.DataFrame:
    """Three to five indicators in the order of the logic model: those named in `ids`, or a proposal.

    The proposal takes in turn an outcome, an output, an impact, an outcome, an output, those of the first
    theme first, in order of their keys (`general-`, made for many themes, last); then what is left. It
    offers only what a plan can judge: a direction, and one unit that is a number.
    Fewer come back if the themes have fewer.
    Raises `MethodError` for a wrong count, an unknown or repeated id.
    """
    if ids is not None:
        named = _named(indicators, ids)
        return _in_order(named, named.index)
    if not LEAST <= count <= MOST:
        raise MethodError(f"Wählen Sie {LEAST} bis {MOST} Kennzahlen, nicht {count}.")
    nearest = {theme: n for n, theme in enumerate(dict.fromkeys(themes))}
    columns = (indicators[name] for name in ("indicator_id", "theme_id", "level", "direction", "unit_de"))
    ranked = sorted(
        (nearest[theme], str(key).startswith("general-"), str(key), str(level), row)
        for row, key, theme, level, direction, unit in zip(indicators.index, *columns, strict=True)
        if theme in nearest and level in LEVELS and _judgeable(direction, unit)
    )
    picked: list[object] = []
    for level in FIRST:
        picked += [row for *_, at, row in ranked if at == level and row not in picked][:1]
    rest = [row for *_, row in ranked if row not in picked]
    return _in_order(indicators, [*picked, *rest][:count])


def _named(indicators: pd.DataFrame, ids: Sequence[str]) -> pd.DataFrame:
    known = [str(key) for key in indicators["indicator_id"]]
    for name in ids:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" Meinten Sie „{near[0]}“?" if near else ""
            raise MethodError(f"Die Kennzahl „{name}“ gibt es nicht.{hint}")
    if len(set(ids)) != len(ids):
        twice = next(name for name in ids if list(ids).count(name) > 1)
        raise MethodError(f"Die Kennzahl „{twice}“ ist mehrfach gewählt. Nennen Sie jede nur einmal.")
    if not LEAST <= len(ids) <= MOST:
        raise MethodError(f"Wählen Sie {LEAST} bis {MOST} Kennzahlen, nicht {len(ids)}.")
    return indicators[indicators["indicator_id"].isin(list(ids))]


def judgeable(indicators: pd.DataFrame) -> pd.DataFrame:
    """Those a plan can judge (a direction, one unit that is a number), in the order of the logic model."""
    pairs = zip(indicators.index, indicators["direction"], indicators["unit_de"], strict=True)
    return _in_order(indicators, [row for row, direction, unit in pairs if _judgeable(direction, unit)])


def _judgeable(direction: object, unit: object) -> bool:
    return direction != "neutral" and not re.search(r" oder |ja/", str(unit))


def _in_order(indicators: pd.DataFrame, rows: Iterable[object]) -> pd.DataFrame:
    """These rows by stage of the logic model, then key: the order they came in does not matter."""
    stages, wanted = {level: n for n, level in enumerate(LEVELS)}, set(rows)
    keyed = zip(indicators["level"], indicators["indicator_id"], indicators.index, strict=True)
    ordered = sorted(
        (stages.get(level, len(LEVELS)), str(key), row) for level, key, row in keyed if row in wanted
    )
    return indicators.loc[[row for *_, row in ordered]]


def plan(indicators: pd.DataFrame, entries: pd.DataFrame | None = None) -> pd.DataFrame:
    """The plan, one row per indicator: what it is, how and by whom it is measured, where from, where to.

    Columns of `indicators` plus baseline, baseline_period, target, target_period (NA where still to be set)
    and milestones (German text, `2027: 150`). Who measures is for the municipality to say: `measured_by_de`
    tells the way, the column `responsible` is empty. Raises `MethodError` as `impact_entries.checked`.
    """
    if entries is None:
        unset = {kind: pd.array([pd.NA] * len(indicators), "Float64") for kind in ("baseline", "target")}
        none = dict.fromkeys(("baseline_period", "target_period", "milestones"))
        return indicators.assign(responsible="", **unset, **none)
    said = indicators.assign(responsible="")
    rows = checked(entries, indicators)
    for kind in ("baseline", "target"):
        one = rows[rows["kind"] == kind].set_index("indicator_id")
        said[kind] = said["indicator_id"].map(one["value"]).astype("Float64")
        said[f"{kind}_period"] = said["indicator_id"].map(one["period"])
    steps = rows[rows["kind"] == "milestone"].groupby("indicator_id")
    texts = {
        key: "; ".join(f"{p}: {_de(v)}" for p, v in zip(g["period"], g["value"], strict=True))
        for key, g in steps
    }
    return said.assign(milestones=said["indicator_id"].map(texts))


def export(indicators: pd.DataFrame, entries: pd.DataFrame | None = None) -> pd.DataFrame:
    """The plan as a table for Excel or CSV, in the columns of the form plus what explains them.

    One row per entry; without entries, an empty row for baseline, milestone and target of every indicator.
    Numbers stay numbers. Read back, the columns of the form are the entries again.
    """
    rows = _to_fill(indicators) if entries is None else checked(entries, indicators)
    about = pd.DataFrame(
        {
            "indicator_id": indicators["indicator_id"],
            "Kennzahl": indicators["name_de"],
            "Definition": indicators["definition_de"],
            "Stufe": indicators["level"].astype(str).map(STAGES),
            "Richtung": indicators["direction"].astype(str).map(BETTER).fillna("ohne Richtung"),
            "Messung": indicators["measured_by_de"],
            "Häufigkeit": indicators["frequency_de"],
            "Vorbild": indicators["source_standard_de"],
        }
    )
    if "note_de" not in rows:
        rows = rows.assign(note_de="")
    rows = rows.assign(Art=rows["kind"].map(KINDS), zuständig="")
    first = ["indicator_id", "kind", "period", "value", "unit_de", "note_de", "Art", "zuständig"]
    return rows[first].merge(about, on="indicator_id", how="left")


def _to_fill(indicators: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"indicator_id": key, "kind": kind, "period": "", "value": None, "unit_de": unit}
            for key, unit in zip(indicators["indicator_id"], indicators["unit_de"], strict=True)
            for kind in PLANNED
        ],
        columns=["indicator_id", "kind", "period", "value", "unit_de"],
    )


def _de(value: float) -> str:
    return f"{value:,.10g}".translate(str.maketrans(",.", ".,"))
