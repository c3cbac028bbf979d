"""Word and PowerPoint files: real structure, German, sources as footnotes, opened by a real LibreOffice."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import docx
import pandas as pd
import pptx
import pytest

import transferkit as tk
from transferkit.present import briefing, council
from transferkit.present.documents import docx_bytes
from transferkit.present.paper import Claim, Listing, Paper, Section, Table, used_sources
from transferkit.present.slides import pptx_bytes

EDITION = "2026-11-22"
SOURCES = pd.DataFrame(
    {
        "source_id": ["a", "b"],
        "title": ["Bericht A & B", "Seite B"],
        "publisher": ["Amt", pd.NA],
        "date": ["2024-03", "2023"],
        "url": ["https://a.example.org/?x=1&y=2", "https://b.example.org/"],
        "licence": [pd.NA, pd.NA],
        "attribution_de": [pd.NA, pd.NA],
    }
)
SMALL = Paper(
    title="Titel <1>",
    subtitle="für Adorf",
    head=(("Stand der Daten", "22.11.2026"),),
    sections=(
        Section(
            "Erster Teil",
            (
                Claim("Ein Satz.", "a"),
                Claim("Noch einer.", "a;b", "mixed"),
                Listing((Claim("Punkt.", "a", lead="Wort:"), Claim("Eigener.", basis="own"))),
                Table("Werte", ("Was", "Wert"), ((Claim("Preis", "b"), Claim("12 Euro")),)),
            ),
        ),
        Section("Zweiter Teil", (Listing((Claim("Eins."), Claim("Zwei.")), numbered=True),)),
    ),
    edition=EDITION,
)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def small() -> bytes:
    return docx_bytes(SMALL, SOURCES)


@pytest.fixture(scope="module")
def real() -> tuple[Paper, bytes, bytes]:
    """A real council paper as a Word file, and its short version as slides."""
    case = tk.case("09181121", "zwoenitz-erzmobil")
    paper, short = council.paper(case, EDITION), briefing.paper(case, EDITION)
    word = docx_bytes(paper, tk.cite(used_sources(paper.sections), "register"))
    return paper, word, pptx_bytes(short, tk.cite(used_sources(short.sections), "register"))


def footnotes(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        xml = file.read("word/footnotes.xml").decode()
    texts = re.findall(r'<w:t xml:space="preserve">(.*?)</w:t>', xml)
    return [text.replace("&amp;", "&").strip() for text in texts]


def test_headings_are_headings_and_lists_are_lists(small: bytes) -> None:
    document = docx.Document(io.BytesIO(small))
    styles = [(p.style.name, p.text) for p in document.paragraphs if p.text and p.style]
    assert ("Title", "Titel <1>") in styles
    assert [text for name, text in styles if name == "Heading 1"] == ["Erster Teil", "Zweiter Teil"]
    points = [text for name, text in styles if name == "List Bullet"]
    assert points == ["Wort: Punkt.", "Eigener. (eigene Einschätzung)"]


def test_a_table_has_a_header_row_that_repeats_and_a_caption_for_screen_readers(small: bytes) -> None:
    table = docx.Document(io.BytesIO(small)).tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["Was", "Wert"]
    assert table.rows[0]._tr.trPr is not None
    assert table.rows[0]._tr.trPr.find(f"{W}tblHeader") is not None
    assert table._tbl.tblPr.find(f"{W}tblCaption").get(f"{W}val") == "Werte"


def test_the_document_is_german_and_has_a_title(small: bytes) -> None:
    document = docx.Document(io.BytesIO(small))
    assert document.core_properties.language == "de-DE"
    assert document.core_properties.title == "Titel <1>"
    languages = {one.get(f"{W}val") for one in document.styles.element.iter(f"{W}lang")}
    assert languages == {"de-DE"}


def test_a_source_is_told_once_and_referred_to_afterwards(small: bytes) -> None:
    assert footnotes(small) == [
        "Amt, „Bericht A & B“, März 2024, https://a.example.org/?x=1&y=2.",
        "siehe Fußnote 1; „Seite B“, 2023, https://b.example.org/.",
        "siehe Fußnote 2.",
    ]
    with zipfile.ZipFile(io.BytesIO(small)) as file:
        xml = file.read("word/document.xml").decode()
    marks = re.findall(r'footnoteReference w:id="(\d+)"', xml)
    assert marks == ["1", "2", "3"]
    assert "NOTEREF Fussnote1 " in xml  # the listing rests on the same source as the first sentence


def test_a_source_that_is_not_cited_stops_the_paper() -> None:
    with pytest.raises(KeyError, match="b"):
        docx_bytes(SMALL, SOURCES.head(1))


def test_the_same_paper_is_the_same_file_byte_by_byte(small: bytes, real: tuple[Paper, bytes, bytes]) -> None:
    assert docx_bytes(SMALL, SOURCES) == small
    with zipfile.ZipFile(io.BytesIO(real[2])) as file:
        assert {info.date_time for info in file.infolist()} == {(2026, 11, 22, 0, 0, 0)}


def test_six_slides_have_titles_words_in_german_and_their_sources_in_the_notes(
    real: tuple[Paper, bytes, bytes],
) -> None:
    show = pptx.Presentation(io.BytesIO(real[2]))
    titles = [slide.shapes.title.text for slide in show.slides if slide.shapes.title]
    assert titles == [
        "Worum es geht",
        "Passt das zu uns?",
        "Was andere lernten",
        "Was es kostet",
        "Was offen ist",
        "Was jetzt zu tun ist",
    ]
    for slide in show.slides:
        text = slide.placeholders[1].text_frame.text
        marks = {int(number) for number in re.findall(r"\[(\d+)\]", text)}
        notes = slide.notes_slide.notes_text_frame
        assert notes
        assert {int(number) for number in re.findall(r"^\[(\d+)\] \S", notes.text, re.MULTILINE)} == marks
        runs = [run for p in slide.placeholders[1].text_frame.paragraphs for run in p.runs]
        assert {run._r.rPr.get("lang") for run in runs} == {"de-DE"}


@pytest.fixture(scope="module")
def as_pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which LibreOffice makes PDF of what lies there."""
    if not shutil.which("soffice") or not shutil.which("pdftotext"):
        pytest.skip("LibreOffice oder pdftotext fehlt: Ob die Dateien sich öffnen lassen, bleibt ungeprüft.")
    return tmp_path_factory.mktemp("office")


def converted(folder: Path, name: str, content: bytes) -> tuple[str, int]:
    """Text and number of pages of the file, opened and printed by LibreOffice."""
    (folder / name).write_bytes(content)
    command = ["soffice", "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
    subprocess.run(
        [*command, "--convert-to", "pdf", "--outdir", folder, folder / name],
        check=True,
        capture_output=True,
        timeout=180,
    )
    pdf = folder / f"{Path(name).stem}.pdf"
    text = subprocess.run(
        ["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True
    ).stdout
    return text, text.count("\f")


def test_libreoffice_opens_the_paper_and_shows_every_section_and_footnote(
    as_pdf: Path, real: tuple[Paper, bytes, bytes]
) -> None:
    paper, word, _ = real
    text, pages = converted(as_pdf, "Vorlage.docx", word)
    for section in paper.sections:
        assert section.title in text
    assert "66 bis 210 Personentage" in text
    assert "Smart City Zwönitz" in text  # only a footnote names this publisher
    assert 5 <= pages <= 12


def test_libreoffice_opens_the_slides_one_page_each(as_pdf: Path, real: tuple[Paper, bytes, bytes]) -> None:
    text, pages = converted(as_pdf, "Folien.pptx", real[2])
    assert pages == 6
    assert "Was jetzt zu tun ist" in text
