"""What a PDF says of itself, and whether it is sound. The one door to pikepdf.

The browser writes tags, outline, title and language. Added here: who made it and from what, as metadata that
other programs read, and a text for each link, which PDF/UA asks for and the browser leaves out.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pikepdf

MADE_FROM = "/TransferkitMadeFrom"
UA = "http://www.aiim.org/pdfua/ns/id/"


def finished(
    printed: bytes,
    *,
    title: str,
    headings: Iterable[str],
    about: str,
    made_from: str,
    program: str,
    claims_ua: bool = False,
) -> bytes:
    """The PDF with its metadata. `about` says in a sentence whether it was checked; no clock goes in.

    `claims_ua` writes that the file follows PDF/UA-1: only for a file that a checker is about to see.
    """
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        for link in _links(pdf):
            link.Contents = pikepdf.String(_where(link))
        _spell(pdf, headings)
        del pdf.trailer.Info
        with pdf.open_metadata(set_pikepdf_as_editor=False) as facts:
            facts["dc:title"] = title
            facts["dc:language"] = {"de"}
            facts["dc:description"] = about
            facts["xmp:CreatorTool"] = program
            if claims_ua:
                facts.register_xml_namespace(UA, "pdfuaid")
                facts["pdfuaid:part"] = "1"
        pdf.docinfo[MADE_FROM] = made_from
        into = io.BytesIO()
        pdf.save(
            into,
            min_version="1.7",
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,  # the tags of a long page: half a megabyte
        )
    return into.getvalue()


def title(printed: bytes) -> str:
    """The title that the browser took from the page."""
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        return str(pdf.docinfo.get("/Title", ""))


def made_from(path: Path) -> str:
    """What the PDF at `path` was made from, "" if there is none or it is not ours."""
    try:
        with pikepdf.open(path) as pdf:
            return str(pdf.docinfo.get(MADE_FROM, ""))
    except (OSError, pikepdf.PdfError):
        return ""


def faults(content: bytes) -> list[str]:
    """What is missing in a PDF that its readers need, as German phrases; empty for a sound one."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        root: Any = pdf.Root
        tags = list(_tags(root.get("/StructTreeRoot")))
        figures = [tag for tag in tags if tag.get("/S") == "/Figure"]
        found = {
            "ein Titel": bool(pdf.docinfo.get("/Title")),
            "die Anzeige des Titels": bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle")),
            "die Sprache": bool(root.get("/Lang")),
            "die Auszeichnung des Inhalts": bool(tags) and bool(root.get("/MarkInfo", {}).get("/Marked")),
            "eine Überschrift": any(tag.get("/S") == "/H1" for tag in tags),
            "das Verzeichnis der Überschriften": "/Outlines" in root,
            "ein Text zu jeder Abbildung": all(figure.get("/Alt") for figure in figures),
            "jede Schrift": all(map(_is_embedded, _fonts(pdf))),
        }
    return [f"es fehlt {what}" for what, there in found.items() if not there]


def _spell(pdf: pikepdf.Pdf, headings: Iterable[str]) -> None:
    """Spell the outline like the page: the browser drops the space where a heading is broken into lines."""
    known = {"".join(heading.split()): " ".join(heading.split()) for heading in headings}
    with pdf.open_outline() as outline:
        todo = list(outline.root)
        while todo:
            item = todo.pop()
            item.title = known.get("".join(item.title.split()), item.title)
            todo += item.children


def _links(pdf: pikepdf.Pdf) -> Iterator[Any]:
    for page in pdf.pages:
        for one in page.get("/Annots", []):
            if one.get("/Subtype") == "/Link" and "/Contents" not in one:
                yield one


def _where(link: Any) -> str:
    address = link.get("/A", {}).get("/URI")
    return str(address) if address is not None else "Zu einer Stelle in diesem Dokument"


def _tags(node: Any) -> Iterator[Any]:
    """All elements of the structure tree, the outermost first."""
    todo = [node] if node is not None else []
    while todo:
        one = todo.pop()
        if isinstance(one, pikepdf.Array):
            todo.extend(one)
        elif isinstance(one, pikepdf.Dictionary):
            if "/S" in one:
                yield one
            if "/K" in one:
                todo.append(one["/K"])


def _fonts(pdf: pikepdf.Pdf) -> Iterator[Any]:
    for page in pdf.pages:
        resources: Any = page.resources
        yield from resources.get("/Font", {}).values()


def _is_embedded(font: Any) -> bool:
    one = font.DescendantFonts[0] if "/DescendantFonts" in font else font
    files = ("/FontFile", "/FontFile2", "/FontFile3")
    return font.get("/Subtype") == "/Type3" or any(name in one.get("/FontDescriptor", {}) for name in files)
