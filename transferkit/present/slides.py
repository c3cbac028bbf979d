"""A paper as slides for PowerPoint and Impress: real titles, one list a slide, sources in the notes.

The one door to python-pptx.
"""

from __future__ import annotations

import io

import pandas as pd
import pptx
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.presentation import Presentation
from pptx.slide import Slide
from pptx.text.text import TextFrame, _Paragraph
from pptx.util import Cm, Length, Pt

from transferkit.present.block import BASIS
from transferkit.present.office_file import OfficeFile, citations, stable
from transferkit.present.paper import Claim, Paper, Section, claims

MIMETYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
WIDTH, HEIGHT, MARGIN = Cm(33.867), Cm(19.05), Cm(2)
TITLE_AND_TEXT = 1  # a layout of the default template


def powerpoint(paper: Paper, cited: pd.DataFrame) -> OfficeFile:
    """The paper as a PowerPoint file to keep, one slide a section; `cited`: its sources."""
    name = "Folien.pptx"
    return OfficeFile(paper.title, "Folien (PPTX)", name, MIMETYPE, pptx_bytes(paper, cited))


def pptx_bytes(paper: Paper, cited: pd.DataFrame) -> bytes:
    """The content of the PPTX file; KeyError for a claim whose source is not in `cited`."""
    show = pptx.Presentation()
    show.slide_width, show.slide_height = WIDTH, HEIGHT
    properties = show.core_properties
    properties.title, properties.author, properties.language = paper.title, "transferkit", "de-DE"
    sources = citations(cited)
    for number, section in enumerate(paper.sections, start=1):
        _add(show, section, sources, f"{paper.title} · {number} von {len(paper.sections)}")
    file = io.BytesIO()
    show.save(file)
    return stable(file.getvalue(), paper.edition)


def _add(show: Presentation, section: Section, sources: dict[str, str], footer: str) -> None:
    slide = show.slides.add_slide(show.slide_layouts[TITLE_AND_TEXT])
    title, text = slide.shapes.title, slide.placeholders[1]
    assert title is not None
    for shape, top, height in ((title, Cm(1), Cm(2.6)), (text, Cm(4), Cm(12.6))):
        shape.left, shape.top, shape.width, shape.height = MARGIN, top, WIDTH - 2 * MARGIN, height
    _write(title.text_frame.paragraphs[0], section.title, 36, bold=True)
    title.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    told = list(claims([section]))
    numbers = {key: n for n, key in enumerate(dict.fromkeys(_keys(told)), start=1)}
    frame = text.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    for claim in told:
        _add_point(frame, claim, numbers)
    _add_footer(slide, footer)
    listed = [f"[{n}] {sources[key]}" for key, n in numbers.items()]
    notes = slide.notes_slide.notes_text_frame
    assert notes is not None
    notes.text = "\n".join(["Quellen:", *listed] if listed else ["Ohne Quelle: eigene Einschätzung."])


def _add_point(frame: TextFrame, claim: Claim, numbers: dict[str, int]) -> None:
    first = frame.paragraphs[0]
    paragraph = frame.add_paragraph() if first.runs else first
    paragraph.space_after = Pt(8)
    if claim.lead:
        _write(paragraph, f"{claim.lead} ", 22, bold=True)
    marks = "".join(f" [{numbers[key]}]" for key in _keys([claim]))
    basis = f" ({BASIS[claim.basis]})" if claim.basis else ""
    _write(paragraph, f"{claim.text}{marks}{basis}", 22)


def _add_footer(slide: Slide, words: str) -> None:
    top, width = Length(HEIGHT - Cm(1.6)), Length(WIDTH - 2 * MARGIN)
    box = slide.shapes.add_textbox(MARGIN, top, width, Cm(1))
    _write(box.text_frame.paragraphs[0], words, 12)


def _write(paragraph: _Paragraph, words: str, size: int, *, bold: bool = False) -> None:
    run = paragraph.add_run()
    run.text, run.font.size, run.font.bold = words, Pt(size), bold
    run._r.get_or_add_rPr().set("lang", "de-DE")


def _keys(told: list[Claim]) -> list[str]:
    return [key for claim in told for key in claim.source_ids.split(";") if key]
