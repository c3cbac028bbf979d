"""Whether every notebook keeps the rules of the design: thin, told in words, committed as it was written."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from pathlib import Path

from transferkit import project
from transferkit.errors import NotebookError, ParameterError, TransferkitError
from transferkit.finding import Finding
from transferkit.language import reading
from transferkit.publish import parameters
from transferkit.publish.check import notebook_code
from transferkit.publish.check.notebook_file import Cell, Notebook, read

FOLDER = "notebooks"
TAGS = {"parameters", "remove-cell", "remove-input", "app-only", "page-only", "facilitator"}
HEADING = re.compile(r"^(#{1,6})\s+\S", re.MULTILINE)
NO_PARAGRAPH = ("#", "-", "*", "|", ">", "!")
# What only those who lead a workshop may read: words to them, and the tables made for them.
FOR_FACILITATORS = re.compile(r"^\**Moderation\b|\btk\.agenda\.(?:materials|fallbacks)\(", re.MULTILINE)
HTML = re.compile(r"<[A-Za-z/!][^>]*>")
IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<address>[^)\s]*)")
LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]*)\]\((?P<address>[^)\s]*)")
EMPTY_WORDS = re.compile(r"(?:hier|link|klick\w*|mehr|weiter)\.?", re.IGNORECASE)
OF_THE_FILE = {"kernelspec", "language_info"}


def findings(folder: Path, known: Collection[str] = ()) -> list[Finding]:
    """Everything that is wrong with the notebooks in `folder` (the one of toc.toml), by file and cell.

    `known` are the abbreviations that readers can look up (see `knowledge.data_check.abbreviations`).
    """
    found: list[Finding] = list(_named(folder))
    passages: list[reading.Passage] = list(_offers(folder))
    for path in sorted(folder.rglob("*.ipynb")):
        if ".ipynb_checkpoints" in path.parts:
            continue
        where = f"{FOLDER}/{path.relative_to(folder).as_posix()}"
        try:
            notebook = read(path, where)
        except NotebookError as error:
            remedy = "Öffnen Sie es in JupyterLab und speichern Sie es neu."
            found.append(Finding(where, None, "notebook.unreadable", path.name, str(error), remedy))
            continue
        found += of_notebook(notebook)
        passages += _passages(notebook)
    return found + reading.findings(passages, known)


def of_notebook(notebook: Notebook) -> list[Finding]:
    """What is wrong with one notebook, its German aside."""
    return [
        *_opening(notebook),
        *notebook_code.findings(notebook),
        *_headings(notebook),
        *(one for cell in notebook.cells for one in _as_written(cell)),
        *(one for cell in notebook.cells for one in _tagged(cell)),
        *(one for cell in notebook.markdown for one in _words(cell)),
        *_metadata(notebook),
    ]


def _named(folder: Path) -> Iterator[Finding]:
    """What toc.toml publishes is there, and has the parameters it names."""
    where = f"{FOLDER}/toc.toml"
    try:
        toc = project.toc(folder)
    except TransferkitError as error:
        yield Finding(where, None, "notebook.toc", "toc.toml", str(error), "Berichtigen Sie die Zeile.")
        return
    published: list[project.Guide | project.App | project.Workshop] = [*toc.guides, *toc.apps, *toc.workshops]
    for row in published:
        if not (folder / row.notebook).is_file():
            near = get_close_matches(
                row.notebook, [p.relative_to(folder).as_posix() for p in _files(folder)], n=1
            )
            remedy = f"Meinten Sie „{near[0]}“?" if near else "Legen Sie es an, oder streichen Sie die Zeile."
            text = f"Das Notizbuch {row.notebook} gibt es nicht."
            yield Finding(where, _line(folder, row.notebook), "notebook.toc", row.name, text, remedy)
            continue
        for name in set(row.parameters) - _parameter_names(folder / row.notebook, set(row.parameters)):
            text = f"Den Parameter „{name}“ gibt es in {row.notebook} nicht."
            remedy = "Nennen Sie ihn wie in der Zelle mit den Parametern."
            yield Finding(where, _line(folder, row.notebook), "notebook.toc", row.name, text, remedy)


def _offers(folder: Path) -> Iterator[reading.Passage]:
    """What the start page says about apps and workshops; nothing if toc.toml cannot be read (`_named`)."""
    try:
        toc = project.toc(folder)
    except TransferkitError:
        return
    where = f"{FOLDER}/toc.toml"
    for row in (*toc.apps, *toc.workshops):
        yield reading.Passage(where, _line(folder, row.text), row.name, row.text, where)


def _opening(notebook: Notebook) -> Iterator[Finding]:
    remedy = "Die erste Zelle ist „# Titel“, eine leere Zeile und ein Absatz: die Frage, und für wen."
    first = notebook.cells[0] if notebook.cells else None
    if first is None or not first.is_markdown:
        place = "Zelle 1"
        yield notebook.finding("opening", place, "Das Notizbuch beginnt nicht mit Titel und Absatz.", remedy)
        return
    title, *paragraphs = re.split(r"\n\s*\n", first.source.strip())
    if not re.fullmatch(r"# \S.*", title):
        yield first.finding("opening", "Das Notizbuch beginnt nicht mit seinem Titel.", remedy)
    elif len(paragraphs) != 1 or paragraphs[0].startswith(NO_PARAGRAPH):
        yield first.finding("opening", "Nach dem Titel steht nicht genau ein Absatz.", remedy)


def _headings(notebook: Notebook) -> Iterator[Finding]:
    """One title, and no level left out: screen readers jump from heading to heading."""
    before = 0
    for cell in notebook.markdown:
        for hit in HEADING.finditer(cell.source):
            level, row = len(hit[1]), cell.source.count("\n", 0, hit.start()) + 1
            if level == 1 and before:
                text = "Eine zweite Überschrift der ersten Ebene."
                yield cell.finding("headings", text, "Der Titel steht einmal; danach beginnt es mit ##.", row)
            elif level > before + 1 and before:
                text = f"Nach einer Überschrift der Ebene {before} folgt eine der Ebene {level}."
                yield cell.finding("headings", text, f"Nehmen Sie {'#' * (before + 1)} (WCAG 1.3.1).", row)
            before = level


def _as_written(cell: Cell) -> Iterator[Finding]:
    if cell.is_code and (cell.node["outputs"] or cell.node["execution_count"] is not None):
        yield cell.finding(
            "outputs",
            "Die Zelle trägt Ausgaben oder eine Nummer von einer Ausführung.",
            "In JupyterLab: Bearbeiten, Ausgaben aller Zellen löschen; dann speichern.",
        )
    if cell.node.get("attachments"):
        text = "An der Zelle hängt eine Datei. Seiten und Übersetzungen finden sie nicht."
        yield cell.finding(
            "attachment", text, "Beschreiben Sie das Bild in Worten, oder zeichnen Sie es in present."
        )


def _tagged(cell: Cell) -> Iterator[Finding]:
    for tag in cell.tags:
        if tag not in TAGS:
            near = get_close_matches(tag, TAGS, n=1)
            remedy = f"Meinten Sie „{near[0]}“?" if near else f"Möglich sind: {', '.join(sorted(TAGS))}."
            yield cell.finding("tag", f"Die Markierung „{tag}“ gibt es nicht.", remedy)
    if (hit := FOR_FACILITATORS.search(cell.source)) and "facilitator" not in cell.tags:
        yield cell.finding(
            "facilitator",
            "Die Zelle spricht zur Moderation, aber alle können sie lesen.",
            "Geben Sie ihr die Markierung facilitator.",
            cell.source.count("\n", 0, hit.start()) + 1,
        )


def _words(cell: Cell) -> Iterator[Finding]:
    def at(hit: re.Match[str]) -> int:
        return cell.source.count("\n", 0, hit.start()) + 1

    for hit in HTML.finditer(cell.source):
        text = f"HTML im Text: „{hit[0]}“."
        yield cell.finding(
            "html", text, "Schreiben Sie es in Markdown; Gestaltung gehört in present.", at(hit)
        )
    for hit in IMAGE.finditer(cell.source):
        if not hit["alt"].strip():
            remedy = "Sagen Sie in den eckigen Klammern, was zu sehen ist (WCAG 1.1.1)."
            yield cell.finding(
                "alt-text", "Das Bild hat keinen Text für Menschen, die es nicht sehen.", remedy, at(hit)
            )
        if hit["address"].startswith(("http", "//")):
            remedy = "Legen Sie das Bild ins Projekt: Seiten fragen keine fremden Rechner (§ 25 TDDDG)."
            yield cell.finding("foreign-image", f"Das Bild kommt von {hit['address']}.", remedy, at(hit))
    for hit in LINK.finditer(cell.source):
        if EMPTY_WORDS.fullmatch(hit["text"].strip()):
            remedy = "Der Text eines Verweises sagt, wohin er führt (WCAG 2.4.4)."
            yield cell.finding("link-text", f"Der Verweis heißt nur „{hit['text']}“.", remedy, at(hit))
        if hit["address"].startswith(("http://", "file:", "/", "\\")):
            remedy = "Verweisen Sie auf eine Adresse mit https:// oder auf eine Seite daneben."
            yield cell.finding(
                "link", f"Die Adresse {hit['address']} führt nicht überall hin.", remedy, at(hit)
            )


def _metadata(notebook: Notebook) -> Iterator[Finding]:
    for name in set(notebook.node["metadata"]) - OF_THE_FILE:
        text = f"Das Notizbuch trägt „{name}“ von dem Programm, das es zuletzt schrieb."
        yield notebook.finding(
            "metadata", f"metadata.{name}", text, "Streichen Sie den Eintrag aus den Metadaten."
        )
    ids = [cell.id for cell in notebook.cells]
    for cell in notebook.cells:
        if not cell.id or ids.index(cell.id) != cell.number - 1:
            text = "Die Zelle hat keine eigene Kennung (id)."
            yield cell.finding("cell-id", text, "Geben Sie ihr eine, die es im Notizbuch noch nicht gibt.")


def _passages(notebook: Notebook) -> Iterator[reading.Passage]:
    """What people read: the words, and the help texts of the parameters."""
    for cell in notebook.markdown:
        yield _passage(notebook, cell, cell.source)
    for cell in notebook.code:
        if parameters.TAG in cell.tags:
            for comment in re.findall(r"#\s*(.+)$", cell.source, re.MULTILINE):
                yield _passage(notebook, cell, comment)


def _passage(notebook: Notebook, cell: Cell, text: str) -> reading.Passage:
    line = None if cell.line is None else cell.line + 1
    return reading.Passage(notebook.where, line, f"Zelle {cell.number}", text, notebook.where)


def _parameter_names(path: Path, named: set[str]) -> set[str]:
    """The parameters of a notebook; `named` where it cannot be read, which its own findings say."""
    try:
        return {one.name for one in parameters.read(read(path, "").node)}
    except (NotebookError, ParameterError):
        return named


def _files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.ipynb"))


def _line(folder: Path, text: str) -> int | None:
    lines = (folder / "toc.toml").read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if text in line), None)
