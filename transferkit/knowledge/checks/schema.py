"""What breaks the schema of the data package: types, allowed values, keys, references, the standard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from transferkit.errors import DatasetError
from transferkit.finding import Finding
from transferkit.knowledge import package_check
from transferkit.knowledge.checks.rows import DESCRIPTION, FOLDER, Package

HEADING_LINES = 2  # the heading, and the first row below it, counted from 1


def findings(package: Package, folder: Path) -> Iterator[Finding]:
    """Every defect of `package_check`, at its file and line."""
    for defect in package_check.defects(folder):
        yield _finding(package, defect)


def _finding(package: Package, defect: DatasetError) -> Finding:
    table = package.tables.get(defect.table or "")
    where = f"{FOLDER}/{table.resource['path']}" if table else DESCRIPTION
    if table is None or defect.row is None:
        return Finding(where, None, defect.rule, defect.table or "Beschreibung", str(defect), defect.remedy)
    place = defect.row - HEADING_LINES
    row = table.rows[place] if place < len(table.rows) else None
    if row is None or defect.column is None:
        return Finding(
            where, row.line if row else defect.row, defect.rule, table.name, str(defect), defect.remedy
        )
    text = f"„{defect.value}“ ist nicht gültig." if defect.value != "" else "Die Zelle ist leer."
    return row.finding(defect.rule, defect.column, text, defect.remedy)
