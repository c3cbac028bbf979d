"""Where the figures of a built page come from, as `transferkit explain` says it: all rows, no limit of space.

It reads what the cells of the executed notebook told, the very same that the page shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from html import unescape
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from transferkit.errors import BuildError
from transferkit.publish import manifest, origins
from transferkit.publish.notebook import CHART, load
from transferkit.publish.page import Page
from transferkit.publish.plan import Selection, Sources, plan

NAMES = re.compile(r"<caption>(.*?)<|<figcaption><strong>(.*?)</strong>", re.DOTALL)
KINDS = {'class="facts"': "Angaben", 'class="finding"': "Auf einen Blick"}
USES = {"shown": "Daten", "rule": "Regeln"}


@dataclass(frozen=True)
class Figure:
    """One figure: the heading it stands under, what it is called, and where it comes from."""

    section: str
    name: str
    how: list[str]
    packages: list[dict[str, Any]]


@dataclass(frozen=True)
class Explained:
    """One page with its figures in their order."""

    page: str
    title: str
    figures: list[Figure]

    def plain(self) -> dict[str, Any]:
        """As JSON, for machines."""
        return asdict(self)


def explain(sources: Sources, out: Path, name: str) -> list[Explained]:
    """The pages of this address, value or label; BuildError for none (with near miss) and unbuilt ones."""
    published = manifest.read(out)
    entries = published.pages if published else {}
    try:
        planned = plan(sources, Selection(only=(name,)), entries.values())
    except BuildError as error:
        raise BuildError(str(error).removeprefix("--only ")) from None
    pages = [page for page in planned.pages if page.address in planned.selected]
    return [_explained(page, _executed(page, out, page.address in entries)) for page in pages]


def in_words(explained: Explained) -> str:
    """The figures with all their rows, as lines for a terminal."""
    lines = [f"{explained.title} ({explained.page})"]
    section = ""
    for figure in explained.figures:
        if figure.section != section:
            section = figure.section
            lines += ["", section]
        lines += [f"  {figure.name}", *(f"    {line}" for line in _lines(figure))]
    if not explained.figures:
        lines.append("Diese Seite zeigt keine Zahlen aus den Daten.")
    return "\n".join(lines)


def _executed(page: Page, out: Path, is_published: bool) -> NotebookNode:
    executed = (out.resolve().with_name("executed") / page.address).with_suffix(".ipynb")
    if executed.is_file():
        return load(executed)
    command = f"transferkit build {page.guide} --only {page.address}"
    if not is_published:
        raise BuildError(f"Die Seite {page.address} ist noch nicht gebaut. So entsteht sie: {command}")
    raise BuildError(
        f"Das ausgeführte Notizbuch zu {page.address} fehlt ({executed}). "
        f"Löschen Sie die Seite in {out}, und bauen Sie sie neu: {command}"
    )


def _explained(page: Page, notebook: NotebookNode) -> Explained:
    return Explained(page.address, page.title, list(_figures(notebook)))


def _figures(notebook: NotebookNode) -> Iterator[Figure]:
    section = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            section = ([section, *re.findall(r"^#{2,3} (.+)$", cell.source, flags=re.MULTILINE)])[-1]
        for output in cell.get("outputs", []):
            if told := output.get("data", {}).get(origins.MIMETYPE):
                yield Figure(section, _name(output.data, section), told["how"], told["packages"])


def _name(data: dict[str, Any], section: str) -> str:
    """What a reader sees above the figure; else what kind of figure it is, else its section."""
    if chart := data.get(CHART):
        return str(chart["finding"])
    html = data.get("text/html", "")
    if named := NAMES.search(html):
        return unescape(named[1] or named[2])
    return next((kind for mark, kind in KINDS.items() if mark in html), section)


def _lines(figure: Figure) -> Iterator[str]:
    if figure.how:
        yield f"Wie: {' '.join(figure.how)}"
    for use, words in USES.items():
        for package in figure.packages:
            for table in package["tables"]:
                if table["use"] == use:
                    yield f"{words}: {_rows(table)}"
    for package in figure.packages:
        yield "Stand: {title}, {state}, {provider}. {licence}".format(**package)


def _rows(table: dict[str, Any]) -> str:
    """`Lösungen der Modellprojekte (solutions), 2 Zeilen: a, b; eigene Einschätzung`."""
    count = len(table["keys"])
    rows = f", {count} {'Zeile' if count == 1 else 'Zeilen'}: {', '.join(table['keys'])}" if count else ""
    own = "; eigene Einschätzung" if table["basis"] == ["own"] else ""
    partly = "; teils eigene Einschätzung" if "own" in table["basis"] and not own else ""
    return f"{table['title']} ({table['name']}){rows}{own}{partly}"
