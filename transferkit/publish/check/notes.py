"""The words of a notebook that only those who lead a workshop may read."""

from __future__ import annotations

import re

from nbformat import NotebookNode

TAG = "facilitator"
MARKS = re.compile(r"[*_`#>]+|\[([^\]]*)\]\([^)]*\)|^\s*(?:[-+*]|\d+\.)\s+", re.MULTILINE)


def notes(notebook: NotebookNode) -> tuple[str, ...]:
    """The paragraphs and points of all cells tagged `facilitator`, as they would read on a page."""
    found: list[str] = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and TAG in cell.metadata.get("tags", []):
            plain = MARKS.sub(lambda mark: mark[1] or "", cell.source)
            found += (" ".join(line.split()) for line in plain.splitlines())
    return tuple(line for line in found if line)
