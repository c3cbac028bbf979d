"""Papers as Word files: real headings, table header rows, footnoted sources, German, always the same bytes.

The one door to python-docx.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from xml.sax.saxutils import escape

import docx
import pandas as pd
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part as PackagePart
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from transferkit.present.block import BASIS
from transferkit.present.office_file import OfficeFile, citations, stable
from transferkit.present.paper import Claim, Listing, Paper, Part, Table

MIMETYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FOOTNOTE_TEXT, FOOTNOTE_MARK = "footnote text", "footnote reference"


def word(paper: Paper, cited: pd.DataFrame, name: str = "Ratsvorlage") -> OfficeFile:
    """The paper as a Word file to keep; `cited`: its sources, as `tk.cite` gives them."""
    return OfficeFile(paper.title, "Word-Datei (DOCX)", f"{name}.docx", MIMETYPE, docx_bytes(paper, cited))


def docx_bytes(paper: Paper, cited: pd.DataFrame) -> bytes:
    """The content of the DOCX file; KeyError for a claim whose source is not in `cited`."""
    document = docx.Document()
    _set_up(document, paper)
    notes = _Footnotes(citations(cited))
    document.add_paragraph(paper.title, style="Title")
    document.add_paragraph(paper.subtitle, style="Subtitle")
    for label, value in paper.head:
        line = document.add_paragraph()
        line.add_run(f"{label}: ").bold = True
        line.add_run(value)
    for section in paper.sections:
        document.add_heading(section.title, level=1)
        for part in section.parts:
            _add(document, part, notes)
    notes.attach(document)
    file = io.BytesIO()
    document.save(file)
    return stable(file.getvalue(), paper.edition)


class _Footnotes:
    """Sources as footnotes: one for each set of sources, told where first used and referred to later."""

    def __init__(self, sources: dict[str, str]) -> None:
        self.sources = sources
        self.texts: list[str] = []
        self.first: dict[str, int] = {}  # the footnote of a set of sources
        self.told: dict[str, int] = {}  # the footnote that tells a source in full

    def mark(self, paragraph: Paragraph, source_ids: str) -> None:
        """Put the mark of a new footnote, or a reference to the one that says the same, at the end."""
        if source_ids in self.first:
            self._refer(paragraph, self.first[source_ids])
            return
        number = self.first[source_ids] = len(self.texts) + 1
        lines = [
            self.sources[key]
            if self.told.setdefault(key, number) == number
            else f"siehe Fußnote {self.told[key]}"
            for key in source_ids.split(";")
        ]
        self.texts.append("; ".join(dict.fromkeys(lines)))
        run = paragraph.add_run()
        run.style = FOOTNOTE_MARK
        reference = _element("w:footnoteReference", id=str(number))
        run._r.append(reference)
        run._r.addprevious(_element("w:bookmarkStart", id=str(number), name=f"Fussnote{number}"))
        run._r.addnext(_element("w:bookmarkEnd", id=str(number)))

    def _refer(self, paragraph: Paragraph, number: int) -> None:
        """The number of an earlier footnote as a field, which Word keeps right when notes are added."""
        run = paragraph.add_run(str(number))
        run.style = FOOTNOTE_MARK
        field = _element("w:fldSimple", instr=f"NOTEREF Fussnote{number} \\f \\h")
        run._r.addprevious(field)
        field.append(run._r)

    def attach(self, document: WordDocument) -> None:
        """Put the footnotes into the document; python-docx has no part for them."""
        names = {style.name: style.style_id for style in document.styles}
        text, mark = names[FOOTNOTE_TEXT], names[FOOTNOTE_MARK]
        separators = "".join(
            f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'
            for number, kind in ((-1, "separator"), (0, "continuationSeparator"))
        )
        notes = "".join(
            f'<w:footnote w:id="{number}"><w:p><w:pPr><w:pStyle w:val="{text}"/></w:pPr>'
            f'<w:r><w:rPr><w:rStyle w:val="{mark}"/></w:rPr><w:footnoteRef/></w:r>'
            f'<w:r><w:t xml:space="preserve"> {escape(content)}.</w:t></w:r></w:p></w:footnote>'
            for number, content in enumerate(self.texts, start=1)
        )
        xml = f"<w:footnotes {nsdecls('w')}>{separators}{notes}</w:footnotes>"
        part = PackagePart(
            PackURI("/word/footnotes.xml"),
            CONTENT_TYPE.WML_FOOTNOTES,
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{xml}'.encode(),
            document.part.package,
        )
        document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _add(document: WordDocument, part: Part, notes: _Footnotes) -> None:
    if isinstance(part, Claim):
        _write(document.add_paragraph(), part, notes)
    elif isinstance(part, Listing):
        if part.numbered:
            _write_numbered(document, part.claims, notes)
        else:
            for claim in part.claims:
                _write(document.add_paragraph(style="List Bullet"), claim, notes)
    else:
        _add_table(document, part, notes)


def _write(paragraph: Paragraph, claim: Claim, notes: _Footnotes) -> None:
    if claim.lead:
        paragraph.add_run(claim.lead).bold = True
        if not claim.text:  # a lead of its own is the title of the list below
            paragraph.paragraph_format.keep_with_next = True
        else:
            paragraph.add_run(" ")
    paragraph.add_run(claim.text)
    if claim.source_ids:
        notes.mark(paragraph, claim.source_ids)
    if claim.basis:
        paragraph.add_run(f" ({BASIS[claim.basis]})").italic = True


def _write_numbered(document: WordDocument, claims: Iterable[Claim], notes: _Footnotes) -> None:
    """Numbers as text: a list of Word would go on counting from the list before."""
    for number, claim in enumerate(claims, start=1):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.left_indent = Cm(0.8)
        paragraph.paragraph_format.first_line_indent = Cm(-0.8)
        paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(0.8))
        paragraph.add_run(f"{number}.\t")
        _write(paragraph, claim, notes)


def _add_table(document: WordDocument, content: Table, notes: _Footnotes) -> None:
    caption = document.add_paragraph(content.caption, style="Caption")
    caption.paragraph_format.keep_with_next = True
    table = document.add_table(rows=1, cols=len(content.heads), style="Table Grid")
    for cell, head in zip(table.rows[0].cells, content.heads, strict=True):
        cell.paragraphs[0].add_run(head).bold = True
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row in content.rows:
        added = table.add_row()
        added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, claim in zip(added.cells, row, strict=True):
            _write(cell.paragraphs[0], claim, notes)
    for paragraph in (one for row in table.rows for cell in row.cells for one in cell.paragraphs):
        paragraph.paragraph_format.space_after = Pt(2)
        for run in paragraph.runs:
            run.font.size = Pt(9)
    # What a screen reader says before the table.
    table._tbl.tblPr.append(_element("w:tblCaption", val=content.caption))
    document.add_paragraph()


def _set_up(document: WordDocument, paper: Paper) -> None:
    """A4, German, plain black type, page numbers."""
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2.5)
    properties = document.core_properties
    properties.title, properties.author, properties.language = paper.title, "transferkit", "de-DE"
    properties.comments = f"Stand der Daten: {paper.edition}"
    _set_language(document)
    for name, size in (("Normal", 11), ("Title", 20), ("Subtitle", 13), ("Heading 1", 14), ("Caption", 10)):
        style = document.styles[name]
        assert isinstance(style, ParagraphStyle)
        style.font.name, style.font.size, style.font.color.rgb = "Arial", Pt(size), RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
    small = document.styles.add_style(FOOTNOTE_TEXT, WD_STYLE_TYPE.PARAGRAPH)
    small.base_style, small.font.size = document.styles["Normal"], Pt(9)
    document.styles.add_style(FOOTNOTE_MARK, WD_STYLE_TYPE.CHARACTER).font.superscript = True
    footer = page.footer.paragraphs[0]
    footer.add_run(f"{paper.title}, Seite ").font.size = Pt(9)
    footer._p.append(_element("w:fldSimple", instr="PAGE"))


def _set_language(document: WordDocument) -> None:
    """German for every run that says nothing else, so that spelling and screen readers fit."""
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "de-DE")


def _element(tag: str, **attributes: str) -> BaseOxmlElement:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element
