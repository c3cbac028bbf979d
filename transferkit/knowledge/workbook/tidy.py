"""From the filled forms fit, impact and applications to tidy tables, as the methods read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from transferkit.errors import WorkbookError
from transferkit.knowledge import datasets
from transferkit.knowledge.workbook import applications, fit, impact
from transferkit.knowledge.workbook.filled import UnsoundError, repeated
from transferkit.knowledge.workbook.form import Filled, Problem, Record

PLACES_A_MENTOR_TAKES = range(11)


def table(filled: Filled, name: str) -> pd.DataFrame:
    """The rows of the form as one table of text; see COLUMNS of its module. UnsoundError if they clash.

    Numbers have a decimal point, lists are joined by ";", missing is NA.
    """
    rows, problems = TABLES[filled.form.kind](filled)
    if problems:
        raise UnsoundError(name, problems)
    return rows


def save(filled: Filled, rows: pd.DataFrame, out: Path) -> list[Path]:
    """Write the table, and beside it what the form says about itself, as `NAME-angaben.csv`; return both."""
    if out.suffix.lower() != ".csv":
        raise WorkbookError(f"„{out.name}“: Der Name muss auf .csv enden.")
    if not out.parent.is_dir():
        raise WorkbookError(f"Den Ordner „{out.parent}“ gibt es nicht.")
    rows.to_csv(out, index=False, lineterminator="\n")
    about = [sheet.title for sheet in filled.form.sheets if sheet.upright]
    if not about:
        return [out]
    beside = out.with_name(f"{out.stem}-angaben.csv")
    pairs = [(name, value) for title in about for name, value in filled.only(title).values.items()]
    pd.DataFrame(pairs, columns=["field", "value"]).to_csv(beside, index=False, lineterminator="\n")
    return [out, beside]


def _fit(filled: Filled) -> tuple[pd.DataFrame, list[Problem]]:
    records = filled.records[fit.ANSWERS]
    known = set(datasets.load("transfer_criteria")["criterion_id"].astype(str))
    problems = [
        record.problem("criterion_id", "Dieses Merkmal gibt es nicht. Die Spalte „Nr.“ bleibt, wie sie war.")
        for record in records
        if record.text("criterion_id") not in known
    ]
    problems += [
        record.problem(
            "answer_id", "Hier fehlt die Antwort zur Begründung. Wählen Sie eine, zum Beispiel „unbekannt“."
        )
        for record in records
        if not record.text("answer_id")
    ]
    return _frame(records, fit.COLUMNS), problems + repeated(records, ("criterion_id",))


def _impact(filled: Filled) -> tuple[pd.DataFrame, list[Problem]]:
    records = filled.records[impact.VALUES]
    units = datasets.load("indicators").set_index("indicator_id")["unit_de"].astype(str)
    problems = [
        record.problem("unit_de", f"Die Einheit dieser Kennzahl ist „{units[record.text('indicator_id')]}“.")
        for record in records
        if record.text("unit_de") != units[record.text("indicator_id")]
    ]
    return _frame(records, impact.COLUMNS), problems + repeated(records, ("indicator_id", "kind", "period"))


def _applications(filled: Filled) -> tuple[pd.DataFrame, list[Problem]]:
    records = filled.records[applications.APPLICATIONS]
    problems = [*repeated(records, ("application_id",)), *repeated(records, ("place_key",))]
    for record in records:
        capacity, offers = record.values.get("capacity"), _joined(record, "offers")
        if capacity is not None and int(capacity) not in PLACES_A_MENTOR_TAKES:
            problems.append(record.problem("capacity", "Erlaubt sind 0 bis 10."))
        if capacity and not offers:
            problems.append(
                record.problem("capacity", "Wer begleiten will, nennt ein Angebot. Wählen Sie eines.")
            )
    lists = pd.DataFrame(
        [{name: _joined(record, name) or None for name in applications.LISTS} for record in records],
        columns=list(applications.LISTS),
        dtype="str",
    )
    rest = _frame(records, [name for name in applications.COLUMNS if name not in applications.LISTS])
    return pd.concat([rest, lists], axis=1)[list(applications.COLUMNS)], problems


def _joined(record: Record, name: str) -> str:
    values = (record.text(f"{name}_{number}") for number in range(1, applications.CHOICES + 1))
    return ";".join(dict.fromkeys(filter(None, values)))


def _frame(records: Iterable[Record], columns: Sequence[str]) -> pd.DataFrame:
    rows = [{name: _machine(record.values.get(name)) for name in columns} for record in records]
    return pd.DataFrame(rows, columns=list(columns), dtype="str")


def _machine(value: str | float | None) -> str | None:
    return f"{value:.15g}" if isinstance(value, float) else None if value is None else str(value)


TABLES = {"fit": _fit, "impact": _impact, "applications": _applications}
