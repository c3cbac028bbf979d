"""What the data holds, in short: one digest per file, and one for each part of a table somebody has read.

Of what a file says, not of when it was written. `reads` knows what was read; here is whether it has changed.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from transferkit.knowledge import datasets, register_store
from transferkit.knowledge.reads import REGISTER

SHORT = 16  # hexadecimal digits: pages by the thousand hold dozens of digests each


def of_files() -> dict[str, str]:
    """Return the SHA-256 of every file guides may read: the data package and the imported register."""
    files = [*datasets.folder().glob("*.csv"), *datasets.folder().glob("*.json"), *_register_files()]
    return {path.name: _sha256(path) for path in sorted(files)}


def of_reads(read: Mapping[str, Any]) -> dict[str, str]:
    """Return a digest for each part of the data in `read` (see `Reads.plain`), by a German name of the part.

    A table that is gone has an empty digest.
    """
    return as_of_now()(read)


def as_of_now() -> Callable[[Mapping[str, Any]], dict[str, str]]:
    """`of_reads` for thousands of pages: looks only once where the data lies and what the register holds."""
    state = datasets.state()
    whole = {REGISTER: _register()}

    def of_reads(read: Mapping[str, Any]) -> dict[str, str]:
        parts = {table: whole.get(table) or _columns(table, None, state) for table in read["tables"]}
        for table, of_table in read["rows"].items():
            deciding = tuple(of_table["by"])
            parts[f"{table} (Auswahl nach {', '.join(deciding)})"] = _columns(table, deciding, state)
            if of_table["keys"]:
                digests = _by_key(table, state)
                rows = [digests.get(key, "") for key in of_table["keys"]]
                parts[f"{table} (verwendete Zeilen)"] = _short(rows)
        return parts

    return of_reads


@cache
def _columns(table: str, names: tuple[str, ...] | None, state: object) -> str:
    """The digest of some columns of a table, or of all, in the order of its rows."""
    schema, heading, rows = _content(table, state)
    places = [place for place, name in enumerate(heading) if names is None or name in names]
    return _short([schema, [heading[place] for place in places], *([row[p] for p in places] for row in rows)])


@cache
def _by_key(table: str, state: object) -> dict[str, str]:
    """A digest for each key of a table; where several rows share a key, of all of them."""
    schema, heading, rows = _content(table, state)
    together: dict[str, list[list[str]]] = {}
    for row in rows:
        together.setdefault(row[0], []).append(row)
    return {key: _short([schema, heading, *same]) for key, same in together.items()}


@cache
def _content(table: str, _: object) -> tuple[Any, list[str], list[list[str]]]:
    """How a table is described, its heading and its rows; empty if there is no such table (any more)."""
    described = datasets.resources(datasets.folder()).get(table)
    path = datasets.folder() / described["path"] if described else None
    if path is None or not path.is_file():
        return None, [], []
    with path.open(encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file)
    return described, heading, rows


def _register() -> str:
    """Without an imported register the shipped places stand in for it."""
    return _short(
        [_sha256(path) for path in _register_files()] or [_columns("places", None, datasets.state())]
    )


def _register_files() -> Iterator[Path]:
    yield from sorted(register_store.folder().glob("*.parquet"))


def _short(value: object) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:SHORT]


def _sha256(path: Path) -> str:
    return _of_bytes(path, path.stat().st_mtime_ns)


@cache
def _of_bytes(path: Path, _: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
