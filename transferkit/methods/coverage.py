"""How much of what one would want to know a table holds: counts, never a judgement."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

EXAMPLES = 3
BASES = ("sourced", "mixed", "own")


def by_project(projects: pd.DataFrame, solutions: pd.DataFrame, lessons: pd.DataFrame) -> pd.DataFrame:
    """One row per model project: `name`, and how many `solutions` and `lessons` are told of it.

    A lesson counts for the project it names, or else for the project of the solution it names.
    """
    of_solution = lessons["solution_id"].map(solutions.set_index("solution_id")["project_id"])
    of_lesson = lessons["project_id"].astype("object").where(lessons["project_id"].notna(), of_solution)
    return pd.DataFrame(
        {
            "project_id": projects["project_id"],
            "name": projects["name"],
            "solutions": _counted(projects["project_id"], solutions["project_id"]),
            "lessons": _counted(projects["project_id"], of_lesson),
        }
    )


def by_basis(tables: Mapping[str, pd.DataFrame], column: str = "basis") -> pd.DataFrame:
    """One row per table that has a `basis`: its name, `rows`, and how many are `sourced`, `mixed`, `own`."""
    found = [(name, table[column].astype(str)) for name, table in tables.items() if column in table]
    return pd.DataFrame(
        [
            {"table": name, "rows": len(basis), **{kind: int((basis == kind).sum()) for kind in BASES}}
            for name, basis in found
        ],
        columns=["table", "rows", *BASES],
    )


def filled(
    table: pd.DataFrame, columns: Mapping[str, str], name: str, unknown: tuple[str, ...] = ()
) -> pd.DataFrame:
    """One row per column: its German `label`, in how many rows it is `known` and `missing`.

    `columns`: column -> label. `examples` are the first three rows that lack it, by their column `name`.
    `unknown`: values that say no more than an empty cell.
    """
    gaps = {column: table[column].isna() | table[column].isin(unknown) for column in columns}
    return pd.DataFrame(
        {
            "label": list(columns.values()),
            "known": [int((~gap).sum()) for gap in gaps.values()],
            "missing": [int(gap.sum()) for gap in gaps.values()],
            "examples": [list(table.loc[gap, name].head(EXAMPLES)) for gap in gaps.values()],
        }
    )


def by_year(dates: pd.Series) -> pd.DataFrame:
    """How many `rows` are of which `year`, the newest first; what has no date comes last, as ""."""
    years = dates.astype("object").where(dates.notna(), "").astype(str).str.extract(r"^(\d{4})")[0].fillna("")
    counts = years.value_counts()
    order = [*sorted((year for year in counts.index if year), reverse=True), *([""] if "" in counts else [])]
    return pd.DataFrame({"year": order, "rows": [int(counts[year]) for year in order]})


def _counted(keys: pd.Series, found: pd.Series) -> pd.Series:
    return keys.map(found.value_counts()).fillna(0).astype(int)
