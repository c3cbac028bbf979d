"""Adds rows to the data package: checked in a copy, then put in place so that it is sound at any moment."""

from __future__ import annotations

import csv
import io
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from transferkit.errors import DatasetError, WorkbookError
from transferkit.knowledge import datasets, package_check

Rows = Mapping[str, Sequence[Mapping[str, str]]]


def append(folder: Path, added: Rows) -> str:
    """Append rows to tables of the package in `folder`; return what was added, line by line.

    `added` names the tables in the order in which references stay whole: what is referred to comes first, so
    that even after a crash between two files every reference leads somewhere. Raises WorkbookError, with
    nothing written, if the package would not be sound or has changed meanwhile.
    """
    before = {name: (folder / f"{name}.csv").read_bytes() for name, rows in added.items() if rows}
    lines = {name: _lines(before[name], added[name]) for name in before}
    after = {name: _ended(before[name]) + lines[name].encode() for name in before}
    _require_sound(folder, after)
    if any((folder / f"{name}.csv").read_bytes() != content for name, content in before.items()):
        raise WorkbookError(
            "Das Datenpaket hat sich inzwischen geändert. Bitte lesen Sie die Datei noch einmal ein."
        )
    for name, content in after.items():
        _replace(folder / f"{name}.csv", content)
    datasets.forget()
    return "\n".join(_told(name, lines[name], len(added[name])) for name in lines)


def _lines(content: bytes, rows: Sequence[Mapping[str, str]]) -> str:
    columns = next(csv.reader(io.StringIO(content.decode("utf-8"))))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writerows(rows)
    return out.getvalue()


def _ended(content: bytes) -> bytes:
    return content if content.endswith(b"\n") else content + b"\n"


def _require_sound(folder: Path, after: Mapping[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "datasets"
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("register", ".*"))
        for name, content in after.items():
            (copy / f"{name}.csv").write_bytes(content)
        if problems := _problems(copy):
            raise WorkbookError(
                "Mit diesen Angaben wäre das Datenpaket nicht mehr in Ordnung. Nichts wurde übernommen.\n  "
                + "\n  ".join(problems)
            )


def _problems(folder: Path) -> list[str]:
    try:
        return package_check.check(folder)
    except DatasetError as error:  # so bad that a table cannot be read at all
        return [str(error)]


def _replace(path: Path, content: bytes) -> None:
    new = path.with_name(f".{path.name}.new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _told(name: str, lines: str, count: int) -> str:
    head = f"{name}.csv: {count} {'Zeile' if count == 1 else 'Zeilen'} mehr"
    return "\n".join([head, *(f"  + {line}" for line in lines.splitlines())])
