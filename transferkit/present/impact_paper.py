"""A measuring plan as questions of a form, as charts, as a paper and as sheets for Excel."""

from __future__ import annotations

from typing import Protocol

import pandas as pd

from transferkit.present import charts, german, impact
from transferkit.present.paper import Claim, Listing, Paper, Part, Section, Table
from transferkit.present.records import records

FIELDS = {"baseline": "Ausgangswert", "target": "Ziel", "value": "Messwert, falls schon da"}


class Plan(Protocol):
    """What is shown of a plan."""

    @property
    def indicators(self) -> pd.DataFrame: ...
    @property
    def plan(self) -> pd.DataFrame: ...
    @property
    def entries(self) -> pd.DataFrame: ...
    @property
    def standing(self) -> pd.DataFrame: ...


def offered(indicators: pd.DataFrame) -> pd.DataFrame:
    """The indicators for a choice: key, name, group, hint (unit, stage, meaning)."""
    hints = [
        f"{row['unit_de']}, {impact.STAGES[str(row['level'])]}. {row['definition_de']}."
        for row in records(indicators)
    ]
    table = indicators[["indicator_id", "name_de"]].assign(group="", hint=hints)
    return table.set_axis(["key", "name", "group", "hint"], axis=1)


def asked(indicators: pd.DataFrame) -> pd.DataFrame:
    """The numbers to enter: key (`<indicator>.<kind>`), label, group (the indicator with its unit)."""
    rows = [
        (f"{row['indicator_id']}.{kind}", label, f"{row['name_de']} ({row['unit_de']})")
        for row in records(indicators)
        for kind, label in FIELDS.items()
    ]
    return pd.DataFrame(rows, columns=["key", "label", "group"])


def keys(indicators: pd.DataFrame) -> list[str]:
    """The keys of all numbers that can be asked about these indicators."""
    return [f"{key}.{kind}" for key in indicators["indicator_id"] for kind in FIELDS]


def courses(plan: Plan) -> list[charts.Chart]:
    """A chart per indicator that has a baseline and a target."""
    if plan.standing.empty:
        return []
    rows = plan.entries.assign(end=[_end(period) for period in plan.entries["period"]])
    found = [impact.chart(stand, rows) for _, stand in plan.standing.iterrows()]
    return [chart for chart in found if chart is not None]


def _end(year: object) -> pd.Timestamp:
    return pd.Timestamp(int(str(year)), 12, 31)


def missing(plan: Plan) -> Section:
    """What is still open before the plan can be decided on."""
    claims = [
        Claim(f"{what} festlegen.", basis="own", lead=f"{row['name_de']}:")
        for row in records(plan.plan)
        for what in [_open(row)]
        if what
    ]
    if not claims:
        return Section("Was noch offen ist", (Claim("Jede Kennzahl hat Ausgangswert und Ziel."),))
    return Section("Was noch offen ist", (Listing(tuple(claims)),))


def _open(row: dict[object, object]) -> str:
    lacking = [FIELDS[kind] for kind in ("baseline", "target") if german.is_missing(row[kind])]
    return german.enumerate_words(lacking) if lacking else ""


def paper(town: pd.Series, solution: pd.Series, logic: pd.DataFrame, plan: Plan, edition: str) -> Paper:
    """The plan for a meeting: what for, from means to impact, what is measured, what is open."""
    what = f"Die Kommune will die Lösung „{solution['title']}“ nutzen und messen, ob sie wirkt."
    return Paper(
        title="Messplan",
        subtitle=str(solution["title"]),
        head=(("Kommune", str(town["short_name"])), ("Stand der Daten", german.date(edition))),
        sections=(
            Section("Worum es geht", (Claim(what), Claim(MEASURE))),
            Section("Von den Mitteln zur Wirkung", _logic(logic)),
            Section("Kennzahlen", (_table(plan.plan),)),
            missing(plan),
        ),
        edition=edition,
    )


MEASURE = "Gemessen wird einmal, bevor es losgeht, und danach in den genannten Abständen."


def _logic(rows: pd.DataFrame) -> tuple[Part, ...]:
    told = [
        Claim(f"{row['name_de']}. {row['text_de']}", basis="own", lead=f"{impact.STAGES[str(row['level'])]}:")
        for row in records(rows)
    ]
    return (
        Claim("Ein Beispiel aus dem Thema. Schreiben Sie jede Stufe für Ihren Ort um."),
        Listing(tuple(told)),
    )


def _table(plan: pd.DataFrame) -> Table:
    rows = tuple(
        (
            Claim(f"{row['name_de']} ({row['unit_de']})"),
            Claim(f"{row['definition_de']}. {row['measured_by_de']}, {row['frequency_de']}."),
            Claim(_dated(row, "baseline")),
            Claim(_dated(row, "target")),
        )
        for row in records(plan)
    )
    return Table("Was gemessen wird", ("Kennzahl", "Was und wie", "Ausgangswert", "Ziel"), rows)


def _dated(row: dict[object, object], kind: str) -> str:
    if german.is_missing(row[kind]):
        return impact.TO_SET
    return f"{impact.number(row[kind])} ({impact.period(row[f'{kind}_period'])})"


def sheets(plan: Plan) -> dict[str, pd.DataFrame]:
    """The plan and its numbers for Excel."""
    rows, names = plan.plan, plan.indicators.set_index("indicator_id")["name_de"]
    return {
        "Messplan": pd.DataFrame(
            {
                "Kennzahl": rows["name_de"],
                "Einheit": rows["unit_de"],
                "Bedeutung": rows["definition_de"],
                "Wie gemessen": rows["measured_by_de"],
                "Wie oft": rows["frequency_de"],
                "Ausgangswert": rows["baseline"],
                "Stand Ausgangswert": rows["baseline_period"],
                "Ziel": rows["target"],
                "Stand Ziel": rows["target_period"],
                "Zuständig": "",
            }
        ),
        "Werte": pd.DataFrame(
            {
                "Kennzahl": plan.entries["indicator_id"].map(names),
                "Art": plan.entries["kind"].map(impact.KINDS),
                "Zeitraum": plan.entries["period"],
                "Wert": plan.entries["value"],
                "Einheit": plan.entries["unit_de"],
            }
        ),
    }
