"""Where the figures of a page come from, as the cells of its notebook told it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from nbformat import NotebookNode

from transferkit.publish.notebook import CHART

MIMETYPE = "application/vnd.transferkit.origin+json"
# {"how": [...], "packages": [{"title", ..., "tables": [{"name", "title", "keys", "basis"}]}]}
Told = dict[str, Any]
FIGURE = re.compile(r'<(?:figure|table|dl class="facts"|div class="finding")')


def told(notebook: NotebookNode) -> Iterator[Told]:
    """The origin of each figure, in the order of the page."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if MIMETYPE in output.get("data", {}):
                yield output.data[MIMETYPE]


def packages(notebook: NotebookNode) -> list[Told]:
    """The packages with those of their tables that the figures name, each once, in the order of the page."""
    found: dict[str, Told] = {}
    for one in told(notebook):
        for package in one["packages"]:
            known = found.setdefault(str({**package, "tables": ()}), {**package, "tables": {}})
            for table in package["tables"]:
                known["tables"].setdefault(table["name"], table)
    return [{**package, "tables": list(package["tables"].values())} for package in found.values()]


def unexplained(notebook: NotebookNode) -> list[str]:
    """Charts, tables and key figures that do not say where they come from, by their first words."""
    return [
        _words(output.data)
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "data" in output and _is_figure(output.data) and MIMETYPE not in output.data
    ]


def _is_figure(data: Told) -> bool:
    return CHART in data or FIGURE.search(data.get("text/html", "")) is not None


def _words(data: Told) -> str:
    return str(data.get("text/plain", "")).strip()[:80]
