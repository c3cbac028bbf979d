"""Outputs of cells as regions of a page that can be exchanged, and what is said when they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from transferkit.present import charts

Bundle = dict[str, Any]  # the outputs of one display: MIME type -> content
EMPTY: Bundle = {"text/html": "", "text/plain": ""}
SITE_LINK = re.compile(r'<a href="site:[^"]*"[^>]*>(.*?)</a>', re.DOTALL)


@dataclass
class Cell:
    """A cell that follows a form: its source, what it showed last, and the forms that stand in it."""

    number: int
    source: str
    shown: list[Bundle] = field(default_factory=list)
    forms: list[Any] = field(default_factory=list)


def region(cell: Cell) -> str:
    """The outputs of a cell as a part of the page."""
    return f'<div class="region" data-region="{cell.number}">{inside(cell.shown)}</div>'


def inside(shown: Sequence[Bundle]) -> str:
    """Outputs as HTML; links to pages of the site, which an app has not, become their text."""
    return SITE_LINK.sub(r"\1", "".join(map(_html, shown)))


def _html(bundle: Bundle) -> str:
    if charts.MIMETYPE in bundle:
        return charts.live_figure(bundle[charts.MIMETYPE])
    if "text/html" in bundle:
        return str(bundle["text/html"])
    return f"<p>{escape(str(bundle.get('text/plain', '')))}</p>"


def headline(changed: Iterable[Cell]) -> str:
    """The first finding of a chart that has changed, or that there is something new, or that there is not."""
    cells = list(changed)
    for cell in cells:
        for bundle in cell.shown:
            if charts.MIMETYPE in bundle:
                return f"Neu berechnet: {bundle[charts.MIMETYPE]['finding']}."
    return "Neu berechnet." if cells else "Neu berechnet. Es ändert sich nichts."


def fitted(shown: Sequence[Bundle], places: int) -> list[Bundle]:
    """The outputs in a fixed number of places: too few leave some empty, too many share the last one."""
    if len(shown) > places:
        return [*shown[: places - 1], {"text/html": inside(shown[places - 1 :])}]
    return [*shown, *[EMPTY] * (places - len(shown))]
