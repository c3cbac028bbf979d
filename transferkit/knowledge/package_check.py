"""Whether the data package keeps its schema: what reading it finds, broken references, the standard.

The only door to frictionless, the reference implementation of the standard.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from transferkit.errors import DatasetError
from transferkit.knowledge.datasets import bad_cell, folder, meant, parsed, resources, split


def check(where: Path | None = None) -> list[str]:
    """Everything that is wrong with the package (the one in use, or that in the folder `where`), in German.

    All defects of all tables; an empty list means the package is sound.
    """
    return [str(defect) for defect in defects(where or folder())]


def defects(where: Path) -> list[DatasetError]:
    """What `check` lists, as errors that know their table, row, column, remedy and rule."""
    ours = [defect for name in resources(where) for defect in parsed(name, where)[1]]
    ours += [defect for name in resources(where) for defect in _broken_references(name, where)]
    return ours + list(_further_defects(where, ours))


def _broken_references(name: str, where: Path) -> Iterator[DatasetError]:
    """Cells that point nowhere, lists (`a;b`) included; Frictionless has no foreign keys for lists."""
    table = parsed(name, where)[0]
    for column, target, is_list in _references(resources(where)[name]["schema"]):
        known = parsed(target["resource"] or name, where)[0].get(target["field"])
        if column not in table or known is None:
            continue  # the table could not be read, and that is a defect already
        keys = set(known)
        for row, cell in enumerate(table[column]):
            for key in split(cell) if is_list else [] if pd.isna(cell) else [cell]:
                if key not in keys:
                    remedy = f"Das fehlt in der Tabelle „{target['resource'] or name}“."
                    remedy += meant(str(key), sorted(keys))
                    yield bad_cell(name, row, column, key, remedy, "data.reference")


def _references(schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str], bool]]:
    """Column, where it points, and whether its cells are lists."""
    for key in schema.get("foreignKeys", []):
        reference = key["reference"]
        for column, field in zip(key["fields"], reference["fields"], strict=True):
            yield column, {"resource": reference["resource"], "field": field}, False
    for field in schema["fields"]:
        if target := field.get("listOf"):
            yield field["name"], target, True


def _further_defects(where: Path, known: list[DatasetError]) -> Iterator[DatasetError]:
    """What the reference implementation of the standard finds beyond `known`; its words are English.

    References are left out: `_broken_references` has found them, and Frictionless reads a table anew for each
    one that points to it, seven seconds of nine.
    """
    from frictionless import Package

    if any(defect.row is None for defect in known):
        return  # a table cannot be read: it would only say so again, once for every reference to it
    rows = {(defect.table, defect.row) for defect in known}
    description = json.loads((where / "datapackage.json").read_text(encoding="utf-8"))
    for resource in description["resources"]:
        resource["schema"].pop("foreignKeys", None)
    report = Package.from_descriptor(description, basepath=str(where)).validate()
    for error in report.errors:
        yield DatasetError(error.message, rule="data.standard")
    for task in report.tasks:
        for error in task.errors:
            row = getattr(error, "row_number", None)
            if (task.name, row) not in rows:
                message = f"Tabelle „{task.name}“, Zeile {row or '–'}: {error.message}"
                yield DatasetError(message, table=task.name, row=row, rule="data.standard")
