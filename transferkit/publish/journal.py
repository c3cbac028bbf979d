"""The journal of a site: one line per page, written as soon as the page is done, whatever happens next.

JSON lines, because a process killed while writing spoils one line and no other. It lies beside the executed
notebooks, never in the published site: it knows the clock.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from transferkit.errors import BuildError
from transferkit.publish import storage

NAME = "journal.jsonl"
BUILT, FAILED = "built", "failed"


@dataclass(frozen=True)
class Row:
    """What became of one page: seconds and peak memory (MB) of its notebook, 0 if it was not run anew."""

    address: str
    state: str
    key: str
    seconds: float
    peak_mb: int
    error: str = ""


class Journal:
    """The journal, open for writing; holds the last row of each page and what this build adds.

    Raises BuildError if it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Journal:
        try:
            storage.write(self.path, "".join(_line(row) for row in read(self.path).values()).encode())
            self.file = self.path.open("a", encoding="utf-8")
        except OSError as error:
            raise BuildError(
                f"Das Journal {self.path} lässt sich nicht schreiben: {storage.reason(error)}. "
                "Die veröffentlichten Seiten sind unverändert."
            ) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.file.close()

    def add(self, row: Row) -> None:
        """Write a row at once."""
        self.file.write(_line(row))
        self.file.flush()


def read(path: Path) -> dict[str, Row]:
    """The last row of each page by its address; empty without a journal; a broken line counts as none."""
    return {row.address: row for row in _rows(path)}


def failed(path: Path) -> frozenset[str]:
    """The addresses of pages that failed when they were last made."""
    return frozenset(row.address for row in read(path).values() if row.state == FAILED)


def _rows(path: Path) -> Iterator[Row]:
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            yield Row(**json.loads(line))
        except (ValueError, TypeError):
            continue


def _line(row: Row) -> str:
    return json.dumps(vars(row), ensure_ascii=False) + "\n"
