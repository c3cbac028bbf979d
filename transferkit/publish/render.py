"""From an executed notebook to one self-contained HTML document: an article, not a list of cells."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path, PurePosixPath

from markupsafe import Markup
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

from transferkit.errors import PageError
from transferkit.publish import attachments, drawing, learning_resource, origins, page_script
from transferkit.publish.notebook import CHART, HIDDEN_TAGS
from transferkit.publish.page import Page

TEMPLATES = Path(__file__).parent / "templates"
EXERCISE = "application/vnd.transferkit.exercise+json"


def page(
    notebook: NotebookNode, page: Page, known: Collection[str], hidden: Collection[str] = HIDDEN_TAGS
) -> str:
    """The page as HTML.

    `known`: addresses of all pages the site will hold; links to others become plain text. `hidden`: tags of
    cells that are left out.
    Raises PageError for an error output, a chart without alternative or a source mark without source.
    """
    article, lead = _without_title(_visible(notebook, hidden))
    article = _without_empty_sections(article)
    packages = origins.packages(article)
    article = _with_figures(article, page)
    html, _ = _exporter().from_notebook_node(
        _Article(article),
        resources={
            "page": page,
            "lead": lead,
            "contents": list(_contents(article)),
            "packages": packages,
            "style": _style(_asks(article)),
            "script": page_script.wanted(article),
        },
    )
    html = _with_heading_ids(html)
    html = _with_numbered_sources(html, page)
    html = _with_numbered_tables(html)
    html = _with_links(html, page, known)
    if not page.alone:
        html = html.replace("</head>", learning_resource.script(html, page, markdown(lead)) + "</head>", 1)
    return _compact(html)


class _Article(NotebookNode):
    """A notebook that is shown once and thrown away: nbconvert need not copy it first."""

    def __init__(self, notebook: NotebookNode) -> None:
        dict.update(self, notebook)

    def __deepcopy__(self, _: object) -> _Article:
        return self


class _Exporter(TemplateExporter):
    """nbconvert's exporter for a notebook that is already as it shall be shown."""

    def _preprocess(self, nb: NotebookNode, resources: object) -> tuple[NotebookNode, object]:
        """`_visible` has done what preprocessors do; each would check and copy the whole notebook again."""
        return nb, resources


@cache
def _exporter() -> _Exporter:
    """One exporter per process: making one costs three times as much as a page."""
    return _Exporter(
        template_name="guide",
        template_file="index.html.j2",
        extra_template_basedirs=[str(TEMPLATES)],
        filters={
            "anchor": _anchor,
            "german_date": _german_date,
            "in_css": _in_css,
            "markdown2html": markdown,
        },
        raw_mimetypes=[],
    )


@cache
def _style(with_questions: bool) -> Markup:
    names = ["style.css", "exercise.css"] if with_questions else ["style.css"]
    return Markup("".join((TEMPLATES / name).read_text(encoding="utf-8") for name in names))


def _asks(notebook: NotebookNode) -> bool:
    """Whether something on the page is a question with a form of its own."""
    return any(EXERCISE in output.data for cell in notebook.cells for output in cell.get("outputs", []))


@lru_cache(maxsize=1024)  # the words of a guide are the same on all its pages
def markdown(source: str) -> str:
    """Text of a notebook as HTML."""
    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
    html: str = MarkdownWithMath(renderer=renderer).render(source)
    return html


def _visible(notebook: NotebookNode, hidden: Collection[str]) -> NotebookNode:
    """Only cells a reader sees: no code, no machinery; an error output is a failure, not content."""
    visible = [cell for cell in notebook.cells if set(hidden).isdisjoint(cell.metadata.get("tags", []))]
    for number, cell in enumerate(visible, start=1):
        if any(output.output_type == "error" for output in cell.get("outputs", [])):
            raise PageError(f"Zelle {number} endete mit einem Fehler. Eine solche Seite wird nicht gebaut.")
    return _holding(notebook, [_with_shown_outputs(cell) for cell in visible])


def _with_shown_outputs(cell: NotebookNode) -> NotebookNode:
    """A copy down to the outputs; those are replaced, what is in them stays as it is."""
    if cell.cell_type != "code":
        return cell
    shown = [output for output in cell.outputs if output.output_type in ("display_data", "execute_result")]
    return _node({**cell, "outputs": [_node(output) for output in shown]})


def _without_title(notebook: NotebookNode) -> tuple[NotebookNode, str]:
    """The first cell's paragraph is the lead; its heading gives way to the page's own title."""
    if not notebook.cells or not notebook.cells[0].source.startswith("# "):
        raise PageError("Die erste Zelle des Notebooks beginnt nicht mit „# Titel“.")
    lead = notebook.cells[0].source.partition("\n")[2].strip()
    return _holding(notebook, notebook.cells[1:]), lead


def _without_empty_sections(notebook: NotebookNode) -> NotebookNode:
    """Drop headings under which the data had nothing to show: a shorter guide is the truer one."""
    kept: list[NotebookNode] = []
    for section in _sections(notebook.cells):
        code = [cell for cell in section if cell.cell_type == "code"]
        if not code or any(cell.outputs for cell in code):
            kept += [cell for cell in section if cell.cell_type != "code" or cell.outputs]
    return _holding(notebook, kept)


def _holding(notebook: NotebookNode, cells: list[NotebookNode]) -> NotebookNode:
    return _node({**notebook, "cells": cells})


def _node(values: Mapping[str, object]) -> NotebookNode:
    """A node of the same values; the class itself would copy all that is below."""
    node = NotebookNode()
    dict.update(node, values)
    return node


def _sections(cells: list[NotebookNode]) -> Iterator[list[NotebookNode]]:
    """Runs of cells from one heading of the second or third level to the next."""
    section: list[NotebookNode] = []
    for cell in cells:
        if cell.cell_type == "markdown" and re.match(r"#{2,3} ", cell.source) and section:
            yield section
            section = []
        section.append(cell)
    if section:
        yield section


def _with_figures(notebook: NotebookNode, page: Page) -> NotebookNode:
    """Charts become HTML figures, numbered through the page; files become links to them.

    A page that stands alone has nothing beside it: its files stay within.
    """
    number = 0
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if CHART in output.data:
                number += 1
                output.data = NotebookNode({"text/html": drawing.figure(output.data[CHART], number)})
            elif not page.alone and (link := attachments.linked(output.data, page.address)):
                output.data = NotebookNode({"text/html": link})
    return notebook


def _contents(notebook: NotebookNode) -> Iterator[str]:
    """The headings of the second level, in order."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield from re.findall(r"^## (.+)$", cell.source, flags=re.MULTILINE)


def _anchor(heading: str) -> str:
    """`Wer ist wie wir?` -> `wer-ist-wie-wir`."""
    folded = heading.lower()
    for letter, plain in ("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"):
        folded = folded.replace(letter, plain)
    return re.sub(r"[^a-z0-9]+", "-", folded).strip("-")


def _german_date(iso: str) -> str:
    return ".".join(reversed(iso.split("-")))


def _in_css(text: str) -> str:
    """Text for quotes in a style sheet: nothing in it ends the quotes, or the element around the style."""
    return re.sub(r"[\"\\<>\x00-\x1f]", lambda sign: f"\\{ord(sign[0]):06x}", text)


def _with_heading_ids(html: str) -> str:
    return re.sub(
        r"<h2[^>]*>(.*?)</h2>",
        lambda m: f'<h2 id="{_anchor(Markup(m[1]).striptags())}">{m[1]}</h2>',
        html,
    )


def _with_numbered_sources(html: str, page: Page) -> str:
    """Source marks show the number of their source; a mark without source stops the page."""
    numbers = {key: n for n, key in enumerate(re.findall(r'<li id="q-([^"]+)">', html), start=1)}
    marks = set(re.findall(r'href="#q-([^"]+)"', html))
    if lost := sorted(marks - numbers.keys()):
        raise PageError(
            f"{page.address}: Im Quellenverzeichnis fehlen: {', '.join(lost[:5])}. "
            "Nehmen Sie die gezeigten Tabellen in tk.cite(…) auf."
        )
    # The keys of the data are long; in a page a source is its number.
    html = re.sub(r'<li id="q-([^"]+)">', lambda m: f'<li id="q{numbers[m[1]]}">', html)
    return re.sub(
        r'<a href="#q-([^"]+)">Quelle</a>',
        lambda m: '<a href="#q{0}" aria-label="Quelle {0}">{0}</a>'.format(numbers[m[1]]),
        html,
    )


def _with_numbered_tables(html: str) -> str:
    """In a page a table of the data is its number, as a source is; rules are named by nothing else."""
    numbers = {name: n for n, name in enumerate(re.findall(r'<b id="t-([^"]+)">', html), start=1)}
    html = re.sub(r'<b id="t-([^"]+)">', lambda m: '<b id="t{0}">T{0}'.format(numbers[m[1]]), html)
    html = re.sub(r'<a href="#t-([^"]+)">T<', lambda m: '<a href="#t{0}">T{0}<'.format(numbers[m[1]]), html)
    return re.sub(r'"#t-([^"]+)"', lambda m: f'"#t{numbers[m[1]]}"', html)


def _with_links(html: str, page: Page, known: Collection[str]) -> str:
    """`site:` links become relative; links to pages that are not built become their text."""
    up = "../" * (len(PurePosixPath(page.address).parts) - 1)

    def resolve(match: re.Match[str]) -> str:
        address, rest, text = match.groups()
        path = address.partition("#")[0]
        return f'<a href="{up}{address}"{rest}>{text}</a>' if path in known else text

    return re.sub(r'<a href="site:([^"]+)"([^>]*)>(.*?)</a>', resolve, html, flags=re.DOTALL)


def _compact(html: str) -> str:
    """Without the blank lines and indents templates leave behind; no `pre` is ever shown."""
    return re.sub(r"\n\s+", "\n", html).strip() + "\n"
