"""What may not stand in a page's words: folders of a machine, errors, remains of templates, others' notes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

from transferkit.finding import Finding
from transferkit.project import PACKAGE
from transferkit.publish.check.document import Document, Element

TEMPORARY = "tmp"
HOMES = ("home", "Users", "root", "workspace", "builds")  # folders at the top, for people and for machines
PLACES = (
    rf"/(?:{'|'.join(HOMES)})/[\w.]|[A-Z]:\\{{1,2}}(?:Users|Windows|Temp)|file:///|"
    rf"/{TEMPORARY}/(?:ipykernel|tmp|transferkit)"
)
ERRORS = re.compile(
    r"Traceback \(most recent call last\)|\b[A-Z][A-Za-z]*(?:Error|Exception|Warning): |\x1b\[|ipykernel_\d+"
)
MISSING = re.compile(r"\b(NaN|nan|NaT|None|undefined)\b|<NA>|&lt;NA&gt;")
REMAINS = re.compile(
    r"\{\{|\}\}|\{%|%\}|\bdtype: ?\w|<(?:pandas|altair|transferkit|IPython)\.|</?[a-z]+\d?(?: [a-z-]+=|>)|"
    r"\bsite:[a-z]|\bTODO\b|\bFIXME\b|\bLorem ipsum\b"
)
# Found fast in a whole page; only then somebody looks where.
HINTS_OF_ERRORS = (b"Traceback", b"Error: ", b"Exception: ", b"Warning: ", b"\x1b[", b"ipykernel_")
HINTS_OF_REMAINS = (
    *(b"NaN", b"NaT", b"None", b"undefined", b"{{", b"}}", b"{%", b"%}", b"dtype:", b" site:"),
    *(b"TODO", b"FIXME", b"Lorem ipsum", b"<"),
)
NAN_AT_END = re.compile(rb"nan\b")  # begins with letters: searched for ten times as fast as \bnan
HINTS_OF_PATHS = (*(f"/{name}/".encode() for name in (*HOMES, TEMPORARY)), b":\\", b"file:///")
JUPYTER = re.compile(r"(?:^|\s)(jp-\w+|output_(?:stderr|error|area)|input_area|anchor-link|dataframe)")
SHORTEST_NOTE = 30  # characters; shorter ones may stand anywhere


def findings(document: Document, notes: Collection[str] = ()) -> Iterator[Finding]:
    """What is wrong; `notes` are texts for those who lead a workshop, which may not stand in the page."""
    yield from _paths(document)
    yield from _errors(document)
    yield from _remains(document)
    yield from _jupyter(document)
    yield from _notes(document, notes)


def _paths(document: Document) -> Iterator[Finding]:
    html, raw = document.html, document.raw
    own = [folder for folder in _own_folders() if folder.encode() in raw]
    if not own and not any(hint in raw for hint in HINTS_OF_PATHS):
        return
    for match in _pattern(tuple(own)).finditer(html):
        shown = re.match(r"[^\s\"'<>]{1,80}", html[match.start() :])
        yield Finding(
            document.address,
            document.line_of(match.start()),
            "page.machine-path",
            shown[0] if shown else match[0],
            "Hier steht ein Ordner des Rechners, der die Seite gebaut hat.",
            "Nennen Sie eine Adresse der Site, oder streichen Sie die Angabe.",
        )


@cache
def _own_folders() -> tuple[str, ...]:
    """Where this program and its user live; too short a path says nothing."""
    folders = {str(PACKAGE.parent), str(Path.home())}
    return tuple(sorted(folder + "/" for folder in folders if folder.count("/") > 1))


@cache
def _pattern(own: tuple[str, ...]) -> re.Pattern[str]:
    # In https://example.org/home/… it is a part of an address.
    return re.compile("|".join([rf"(?<![\w.~%-])(?:{PLACES})", *map(re.escape, own)]))


def _errors(document: Document) -> Iterator[Finding]:
    if any(hint in document.plain for hint in HINTS_OF_ERRORS):
        for element, said in _everything(document):
            if match := ERRORS.search(said):
                yield document.finding(
                    "page.traceback",
                    element,
                    "Hier steht eine Fehlermeldung des Programms.",
                    "Beheben Sie den Fehler im Notizbuch, und bauen Sie die Seite neu.",
                    match[0].strip(),
                )
                return


def _everything(document: Document) -> Iterator[tuple[Element, str]]:
    """What is said, and what stands in code: an error is no example."""
    yield from document.said
    yield from ((one, "".join(one.itertext())) for one in document.all("pre", "code", "samp"))


def _remains(document: Document) -> Iterator[Finding]:
    text = document.plain
    is_clean = not any(hint in text for hint in HINTS_OF_REMAINS)
    # Between two cells of a table there is no space.
    is_clean = is_clean and not NAN_AT_END.search(text) and b"nan<" not in document.raw
    if is_clean and not _named_remains(document):
        return
    for element, said in document.said:
        if match := MISSING.search(said):
            yield document.finding(
                "page.leftover",
                element,
                f"Hier steht „{match[0]}“, wo ein Wert fehlt.",
                "Richtig ist „k. A.“.",
                said.strip()[:80],
            )
        if match := REMAINS.search(said):
            yield document.finding(
                "page.leftover",
                element,
                f"„{match[0]}“ ist ein Rest der Technik.",
                "Suchen Sie die Stelle in Vorlage oder Notizbuch.",
                said.strip()[:80],
            )


def _named_remains(document: Document) -> bool:
    named = document.having("alt", "aria-label", "title", "placeholder")
    return any(MISSING.search(value) or REMAINS.search(value) for _, _, value in named)


def _jupyter(document: Document) -> Iterator[Finding]:
    for element, value in document.attributes.get("class", ()):
        if ("jp-" in value or "_" in value or "-link" in value or "dataframe" in value) and (
            match := JUPYTER.search(value)
        ):
            yield document.finding(
                "page.leftover",
                element,
                f"„{match[1]}“ stammt aus einer Vorlage von Jupyter.",
                "Zeigen Sie Tabellen mit tk.tables, und bauen Sie Seiten mit transferkit build.",
            )
            return
    for link, value in document.attributes.get("href", ()):
        if value.startswith("site:"):
            yield document.finding(
                "page.leftover", link, "Der Link wurde nicht aufgelöst.", "Er beginnt mit „site:“."
            )


def _notes(document: Document, notes: Collection[str]) -> Iterator[Finding]:
    if not notes:
        return
    text = " ".join(document.plain.decode().split())
    for note in notes:
        if len(note) >= SHORTEST_NOTE and note in text:
            yield document.finding(
                "page.facilitator",
                next((element for element, said in document.said if note in " ".join(said.split())), None),
                "Eine Notiz für die Moderation steht auf der Seite.",
                "Die Zelle braucht das Etikett facilitator, und die Seite muss neu gebaut werden.",
                note[:80],
            )
