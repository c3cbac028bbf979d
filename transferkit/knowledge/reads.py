"""What this process has read of the data: whole tables, or some rows and the columns that decided which.

A page is made anew when something it has read has changed, so nothing may reach a notebook unrecorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

REGISTER = "register"
MIMETYPE = "application/vnd.transferkit.reads+json"


class Reads:
    """The record: tables read as a whole; for others, columns read of every row and rows read entirely."""

    def __init__(self) -> None:
        self.tables: set[str] = set()
        self.columns: dict[str, set[str]] = {}
        self.rows: dict[str, set[str]] = {}

    def add_table(self, table: str) -> None:
        self.tables.add(table)

    def add_rows(self, table: str, columns: Iterable[str], keys: Iterable[object]) -> None:
        self.columns.setdefault(table, set()).update(columns)
        self.rows.setdefault(table, set()).update(map(str, keys))

    def add(self, other: Reads) -> None:
        self.tables |= other.tables
        for table, columns in other.columns.items():
            self.add_rows(table, columns, other.rows[table])

    def plain(self) -> dict[str, Any]:
        """As JSON, always in the same order: `{"tables": [...], "rows": {table: {"by": [...], "keys": []}}}`.

        A table read as a whole needs no rows.
        """
        rows = {
            table: {"by": sorted(self.columns[table]), "keys": sorted(self.rows[table])}
            for table in sorted(self.columns)
            if table not in self.tables
        }
        return {"tables": sorted(self.tables), "rows": rows}


_open = [Reads()]  # the last one is being written


def table(name: str) -> None:
    """Note that a table was read as a whole."""
    _open[-1].add_table(name)


def rows(name: str, columns: Iterable[str], keys: Iterable[object]) -> None:
    """Note that these columns of a table were read, and all columns of the rows with these keys."""
    _open[-1].add_rows(name, columns, keys)


def again(reads: Reads) -> None:
    """Note once more what was read to make something that is used now."""
    _open[-1].add(reads)


@contextmanager
def recording() -> Iterator[Reads]:
    """Collect what is read inside the block, apart from everything else."""
    _open.append(Reads())
    try:
        yield _open[-1]
    finally:
        _open.pop()


def so_far() -> dict[str, Any]:
    """What this process has read since it began, or since `begin`."""
    return _open[-1].plain()


class Report:
    """What was read, as the output of a cell: this way a kernel tells it to whoever runs the notebook."""

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {MIMETYPE: so_far(), "text/plain": "Gelesene Daten"}


def begin() -> None:
    """Forget what was read: from here on it is a notebook that reads."""
    _open[-1] = Reads()
