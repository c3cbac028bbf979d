"""The data package as checks read it: every cell as it stands in the file, every row with its line."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transferkit.errors import DatasetError
from transferkit.finding import Finding

FOLDER = "datasets"
DESCRIPTION = f"{FOLDER}/datapackage.json"
Field = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """One row: the line on which it begins in the file, what names it, and its cells by column."""

    table: str
    path: str
    line: int
    key: str
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def finding(self, rule: str, column: str, text: str, remedy: str) -> Finding:
        return Finding(self.path, self.line, rule, f"{self.key}, Spalte {column}", text, remedy)


@dataclass(frozen=True)
class Table:
    """A resource of the package and its rows; none if the file cannot be read."""

    name: str
    resource: Mapping[str, Any]
    rows: tuple[Row, ...]

    @property
    def fields(self) -> list[Field]:
        return list(self.resource["schema"]["fields"])

    @property
    def columns(self) -> list[str]:
        return [str(field["name"]) for field in self.fields]


@dataclass(frozen=True)
class Package:
    """The description, as text and read, and its tables by name."""

    text: str
    description: Mapping[str, Any]
    tables: Mapping[str, Table]

    def rows(self, name: str) -> tuple[Row, ...]:
        return self.tables[name].rows if name in self.tables else ()

    def all_rows(self) -> Iterator[tuple[Table, Row]]:
        return ((table, row) for table in self.tables.values() for row in table.rows)


def read(folder: Path) -> Package:
    """Read the package in `folder`; a table that is no readable CSV has no rows here (`schema` says why).

    Raises DatasetError if its description is missing or cannot be read.
    """
    path = folder / "datapackage.json"
    try:
        text = path.read_text(encoding="utf-8")
        description = json.loads(text)
    except OSError as error:
        raise DatasetError(f"Das Datenpaket fehlt: {path} gibt es nicht.") from error
    except ValueError as error:
        raise DatasetError(f"Die Beschreibung {path} ist nicht lesbar: {error}.") from error
    tables = {one["name"]: Table(one["name"], one, _rows(folder, one)) for one in description["resources"]}
    return Package(text, description, tables)


def line_of(text: str, part: str, after: str = "") -> int | None:
    """The line of `text` on which `part` stands, the first after `after`; None if it is nowhere."""
    start = text.find(part, max(text.find(after), 0))
    return None if start < 0 else text.count("\n", 0, start) + 1


def _rows(folder: Path, resource: Mapping[str, Any]) -> tuple[Row, ...]:
    path, keys = folder / resource["path"], resource["schema"].get("primaryKey", [])
    found: list[Row] = []
    try:
        with path.open(encoding="utf-8", newline="") as file:
            lines = csv.reader(file)
            head, begins = next(lines, []), lines.line_num + 1
            for cells in lines:
                if cells:
                    named = dict(zip(head, cells, strict=False))
                    key = " + ".join(named.get(column, "") for column in keys)
                    found.append(Row(resource["name"], f"{FOLDER}/{resource['path']}", begins, key, named))
                begins = lines.line_num + 1
    except (OSError, UnicodeDecodeError, csv.Error):
        return ()
    return tuple(found)
