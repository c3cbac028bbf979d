"""A notebook as checks read it: its cells, numbered as people count them, with their lines in the file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from transferkit.finding import Finding
from transferkit.publish import notebook

# nbformat writes one key per line; each cell has one of these, in the order of the cells.
SOURCE = re.compile(r'^   "source": (?:\[|")', re.MULTILINE)


@dataclass(frozen=True)
class Cell:
    """One cell: its number from 1 among all cells, the line on which its text begins, its id in the file."""

    where: str
    number: int
    line: int | None
    id: str
    node: NotebookNode

    @property
    def source(self) -> str:
        return str(self.node["source"])

    @property
    def is_code(self) -> bool:
        return bool(self.node["cell_type"] == "code")

    @property
    def is_markdown(self) -> bool:
        return bool(self.node["cell_type"] == "markdown")

    @property
    def tags(self) -> list[str]:
        return list(self.node["metadata"].get("tags", []))

    def finding(self, rule: str, text: str, remedy: str, row: int = 1) -> Finding:
        """A fault in line `row` of the cell, counted from 1."""
        line = None if self.line is None else self.line + row
        place = f"Zelle {self.number}" + (f", Zeile {row}" if row > 1 else "")
        return Finding(self.where, line, f"notebook.{rule}", place, text, remedy)


@dataclass(frozen=True)
class Notebook:
    """A notebook file below the folder of notebooks; `where` is its path in the project."""

    where: str
    node: NotebookNode
    cells: tuple[Cell, ...]

    @property
    def code(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.is_code]

    @property
    def markdown(self) -> Iterator[Cell]:
        return (cell for cell in self.cells if cell.is_markdown)

    def finding(self, rule: str, place: str, text: str, remedy: str) -> Finding:
        return Finding(self.where, None, f"notebook.{rule}", place, text, remedy)


def read(path: Path, where: str) -> Notebook:
    """Read a notebook file; NotebookError if it is damaged."""
    node = notebook.load(path)
    text = path.read_text(encoding="utf-8")
    lines = [text.count("\n", 0, found.start()) + 1 for found in SOURCE.finditer(text)]
    known = len(lines) == len(node["cells"])
    # nbformat gives a missing or double id a new one: it must come from the file itself.
    ids = [str(cell.get("id", "")) for cell in json.loads(text)["cells"]]
    cells = (
        Cell(where, number, lines[number - 1] if known else None, ids[number - 1], cell)
        for number, cell in enumerate(node["cells"], 1)
    )
    return Notebook(where, node, tuple(cells))
