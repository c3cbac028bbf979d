"""Lists of solutions and lessons, as an article sets them."""

from __future__ import annotations

import pandas as pd

from transferkit.present import german
from transferkit.present.block import Block, fragment
from transferkit.present.records import Row, records

LISTED = 24  # titles; whoever wants more is better served by the page of all solutions with its filters


def solutions(table: pd.DataFrame, *, shown: int = 8, level: str = "h3") -> Block | None:
    """Cards of the first `shown` rows, the next as a folded list of titles; None for an empty table.

    `table`: rows of `solutions` with a column `project` (name of the model project). Contested
    solutions belong to their own sheet with the counter-note, never into a short list.
    """
    rows = [_solution(row) for row in records(table) if row["evidence"] != "contested"]
    if not rows:
        return None
    listed = rows[shown : shown + LISTED]
    named = {row["solution_id"] for row in rows[: shown + LISTED]}
    return fragment(
        "solutions",
        solutions=rows[:shown],
        rest=listed,
        beyond=len(rows) - shown - len(listed),
        level=level,
    ).resting_on(table[[key in named for key in table["solution_id"]]])


def _solution(row: Row) -> Row:
    return row | {
        "said_status": german.status(row["status"], row["status_as_of"]),
        "said_evidence": german.EVIDENCE[str(row["evidence"])],
        "project": german.MISSING if german.is_missing(row["project"]) else row["project"],
    }


def lessons(table: pd.DataFrame, *, by_phase: bool = True, level: str = "h3") -> Block | None:
    """Success factors (+) and pitfalls (!), grouped by phase; None for an empty table.

    `table`: rows of `lessons` with a column `project` (name, may be missing).
    """
    rows = [_lesson(row) for row in records(table)]
    if not rows:
        return None
    if not by_phase:
        return fragment("lessons", groups=[{"name": "", "lessons": rows}], level=level)
    groups = [
        {"name": name, "lessons": [row for row in rows if row["phase"] == phase]}
        for phase, name in german.PHASES.items()
    ]
    return fragment("lessons", groups=[group for group in groups if group["lessons"]], level=level)


def _lesson(row: Row) -> Row:
    remarks = [
        row["project"],
        "nicht aus dem Bundesprogramm" if row["scope"] == "context" else None,
        "aus zweiter Hand" if row["secondary_source"] is True else None,
        row["note_de"] if "mstritten" in str(row["note_de"]) else None,
    ]
    return row | {"remarks": [remark for remark in remarks if not german.is_missing(remark)]}
