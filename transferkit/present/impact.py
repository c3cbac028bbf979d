"""Impact as readers see it: the logic of a solution, the plan, where each indicator stands, its course.

Frames as the functions of `methods.impact` return them.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup

from transferkit.origin import of
from transferkit.present import charts, german, tables
from transferkit.present.block import Block, basis_note, fragment, source_marks
from transferkit.present.records import records

STAGES = {
    "input": "Mittel",
    "output": "Leistung",
    "outcome": "Wirkung bei Menschen",
    "impact": "Wirkung für den Ort",
    "context": "Umfeld",
}
WAYS = {
    "up": "höher ist besser",
    "down": "niedriger ist besser",
    "target": "nah am Ziel ist am besten",
    "neutral": "ohne Richtung",
}
TRENDS = {"better": "besser", "same": "gleichbleibend", "worse": "schlechter", "unknown": "noch keine"}
VERDICTS = {
    "reached": "Ziel erreicht",
    "on-course": "im Plan",
    "watch": "beobachten",
    "steer": "nachsteuern",
    "unmeasured": "noch nicht gemessen",
    "undirected": "nur beobachten, ohne Richtung",
}
TO_SET = "bitte festlegen"


def logic(rows: pd.DataFrame, solution: pd.Series) -> Block:
    """The four stages for a solution, said to be an example of its theme."""
    stages = records(rows.assign(stage=rows["level"].astype(str).map(STAGES)))
    near = str(rows["theme_fit"].iloc[0]) == "nearest"
    return fragment("impact-logic", rows=stages, title=solution["title"], near=near).resting_on(rows)


def plan(frame: pd.DataFrame) -> Block | None:
    """The plan as a table: what is still open reads „bitte festlegen“. None without indicators.

    Who measures and which milestones there are is only asked of a plan that says it for at least one row.
    """
    rows = records(frame)
    said: dict[str, list[object]] = {
        "what": [_named(row) for row in rows],
        "how": [_measured(row) for row in rows],
        "who": [row["responsible"] or TO_SET for row in rows],
        "baseline": [_dated(row, "baseline") for row in rows],
        "milestones": ["–" if german.is_missing(row["milestones"]) else row["milestones"] for row in rows],
        "target": [_dated(row, "target") for row in rows],
    }
    columns = {
        "what": "Kennzahl",
        "how": "Was und wie Sie messen",
        "who": "Zuständig",
        "baseline": "Ausgangswert",
        "milestones": "Zwischenziele",
        "target": "Ziel",
    }
    empty = {name for name, open_ in (("who", TO_SET), ("milestones", "–")) if set(said[name]) <= {open_}}
    return tables.table(
        pd.DataFrame(said, dtype=object),
        {name: label for name, label in columns.items() if name not in empty},
        "Messplan",
        subtitle="Tragen Sie Ihre eigenen Werte ein, und legen Sie fest, wer misst.",
        origin=of(frame),
    )


def _named(row: Mapping[object, object]) -> Markup:
    marks = "" if row["basis"] == "own" else source_marks(row["source_ids"])
    stage = Markup('<span class="meta">{}</span>').format(STAGES[str(row["level"])])
    named = Markup("{} ({}){} {} {}")
    return named.format(row["name_de"], row["unit_de"], marks, stage, basis_note(row["basis"]))


def _measured(row: Mapping[object, object]) -> str:
    way = WAYS[str(row["direction"])]
    return f"{row['definition_de']}; {way}. {row['measured_by_de']}, {row['frequency_de']}."


def _dated(row: Mapping[object, object], kind: str) -> str:
    if german.is_missing(row[kind]):
        return "entfällt" if kind == "target" and row["direction"] == "neutral" else TO_SET
    return f"{number(row[kind])} ({period(row[f'{kind}_period'])})"


def standing(frame: pd.DataFrame) -> Block | None:
    """Where each indicator stands, with the advice and what it rests on; None without indicators."""
    rows = records(frame)
    said = pd.DataFrame(
        {
            "name": [f"{row['name_de']} ({row['unit_de']})" for row in rows],
            "last": [_last(row) for row in rows],
            "share": [_share(row["share"]) for row in rows],
            "planned": [_share(row["planned"]) for row in rows],
            "trend": [TRENDS[str(row["trend"])] for row in rows],
            "advice": [advice(row) for row in rows],
        },
        dtype=object,
    )
    columns = {
        "name": "Kennzahl",
        "last": "Letzter Wert",
        "share": "Zurückgelegter Weg",
        "planned": "Geplant bis dahin",
        "trend": "Tendenz",
        "advice": "Folgerung",
    }
    return tables.table(
        said, columns, "Stand der Kennzahlen", subtitle="Eigene Angaben der Kommune.", origin=of(frame)
    )


def rules(table: pd.DataFrame) -> Block | None:
    """The thresholds behind the advice, for those who want to know or change them."""
    said = table.assign(
        threshold=[f"{number(v)} {u}" for v, u in zip(table["value"], table["unit_de"], strict=True)]
    )
    columns = {"label_de": "Regel", "threshold": "Schwelle", "reason_de": "Warum", "basis": "Herkunft"}
    return tables.table(said, columns, "So kommen die Folgerungen zustande")


def advice(stand: Mapping[object, object]) -> str:
    """The verdict in words; a small count is always said."""
    small = "; Vorsicht, kleine Zahl: Zufall ist möglich" if stand["small"] else ""
    return f"{VERDICTS[str(stand['verdict'])]}{small}"


def chart(stand: pd.Series, entries: pd.DataFrame) -> charts.Chart | None:
    """The course of one indicator (a row of `progress`, the checked entries); None without a target."""
    rows = entries[entries["indicator_id"] == stand["indicator_id"]].sort_values("end")
    rows = rows.assign(year=[_year(end) for end in rows["end"]], said=[number(v) for v in rows["value"]])
    kinds, periods = rows["kind"].map(KINDS), rows["period"].map(period)
    rows = rows.assign(told=kinds + " " + periods + ": " + rows["said"])
    planned, measured = rows[rows["kind"] != "value"], rows[rows["kind"] == "value"]
    if "target" not in set(planned["kind"]):
        return None
    labels = {"baseline": "Start ", "milestone": "", "target": "Ziel "}
    planned = planned.assign(said=planned["kind"].map(labels) + planned["said"])
    last = measured["said"].where(measured.index == measured.index.max(), "")
    listed = rows.assign(kind=rows["kind"].map(KINDS), period=rows["period"].map(period))
    table = tables.table(
        listed[["kind", "period", "said"]],
        {"kind": "Art", "period": "Zeitraum", "said": f"Wert ({stand['unit_de']})"},
        f"{stand['name_de']}: Plan und Messwerte",
    )
    if table is None:
        raise ValueError("a chart is only drawn of rows")
    return charts.Chart(
        finding=finding(stand),
        subtitle=f"{stand['name_de']}, {stand['unit_de']}. Gestrichelt: Plan. "
        "Durchgezogen: gemessen. Eigene Angaben.",
        description=_told(stand, planned, measured),
        drawings=charts.course(planned, measured.assign(said=last)),
        table=table,
    )


KINDS = {"baseline": "Ausgangswert", "milestone": "Zwischenziel", "target": "Ziel", "value": "Messwert"}


def finding(stand: pd.Series) -> str:
    """Where the indicator stands, in one sentence."""
    name = f"„{stand['name_de']}“"
    share = float(stand["share"])
    match str(stand["verdict"]):
        case "unmeasured":
            return f"{name} ist geplant, aber noch nicht gemessen"
        case "undirected":
            return f"{name} wird beobachtet, ein Ziel gibt es nicht"
        case "reached":
            return f"{name} hat das Ziel erreicht"
    if share < 0:
        return f"{name} liegt schlechter als am Anfang"
    where = {"on-course": "im Plan", "watch": "hinter dem Plan", "steer": "wiederholt hinter dem Plan"}
    return f"{name} hat {_share(share)} des Wegs zum Ziel geschafft und liegt {where[str(stand['verdict'])]}"


def _told(stand: pd.Series, planned: pd.DataFrame, measured: pd.DataFrame) -> str:
    ends = planned.iloc[[0, -1]]
    plan = " bis ".join(f"{s} ({period(p)})" for s, p in zip(ends["said"], ends["period"], strict=True))
    if measured.empty:
        return f"Plan von {plan}. Noch kein Messwert."
    count, row = german.count(len(measured), "Messwert", "Messwerte"), stand.to_dict()
    return f"Plan von {plan}. {count}, der letzte {_last(row)}. Folgerung: {advice(row)}."


def _last(row: Mapping[object, object]) -> str:
    if german.is_missing(row["last"]):
        return "noch keiner"
    return f"{number(row['last'])} ({period(row['last_period'])})"


def _share(share: object) -> str:
    return "–" if german.is_missing(share) else f"{german.number(share)}\u202f%"


def number(value: object) -> str:
    """A measured value as it was given, up to two decimals: `1234.5` -> `1.234,5`."""
    text = german.number(value, 2)
    return text.rstrip("0").rstrip(",") if "," in text else text


def period(written: object) -> str:
    """`2026-Q1` -> `1. Quartal 2026`; months, days and years as all dates."""
    year, _, quarter = str(written).partition("-Q")
    return f"{quarter}. Quartal {year}" if quarter else german.date(written)


def _year(day: datetime.date) -> float:
    """The day as a decimal year; the last day of a year is the very start of the next one."""
    return day.year + day.timetuple().tm_yday / (366 if day.year % 4 == 0 else 365)
