"""Files nobody should open: each is refused with a message that says what to do."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from transferkit.errors import WorkbookError
from transferkit.knowledge.workbook import forms, refusals

OLE = refusals.OLE + bytes(600)


def with_part(path: Path, name: str, content: bytes = b"<x/>") -> bytes:
    """The workbook with one more part."""
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(name, content)
    return path.read_bytes()


def with_changed(path: Path, name: str, old: bytes, new: bytes) -> bytes:
    """The workbook with one part rewritten."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as rewritten:
        for part in parts.namelist():
            content = parts.read(part)
            if part == name:
                assert old in content
                content = content.replace(old, new)
            rewritten.writestr(part, content)
    return out.getvalue()


def without_part(path: Path, name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(path) as parts, zipfile.ZipFile(out, "w") as rewritten:
        for part in parts.namelist():
            if part != name:
                rewritten.writestr(part, parts.read(part))
    return out.getvalue()


def with_flipped_bytes(path: Path) -> bytes:
    """The workbook with the packed content of its largest part damaged."""
    with zipfile.ZipFile(path) as parts:
        largest = max(parts.infolist(), key=lambda part: part.compress_size)
    data = bytearray(path.read_bytes())
    middle = largest.header_offset + 30 + len(largest.filename) + largest.compress_size // 2
    data[middle : middle + 8] = bytes(8)
    return bytes(data)


def with_password_flag(path: Path) -> bytes:
    """The workbook with every part marked as encrypted, as ZIP programs do."""
    data = bytearray(path.read_bytes())
    for signature, flag in (b"PK\3\4", 6), (b"PK\1\2", 8):
        start = data.find(signature)
        while start >= 0:
            data[start + flag] |= 1
            start = data.find(signature, start + 4)
    return bytes(data)


def opendocument() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("content.xml", "<x/>")
    return out.getvalue()


def foreign() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.save(out)
    return out.getvalue()


SHEET = "xl/worksheets/sheet2.xml"
ROOT = b"<worksheet"
FAR_COLUMN = b'<row r="900"><c r="ZZ900" t="n"><v>1</v></c></row>'
BROKEN: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "empty": (lambda path: b"", "ist leer"),
    "text": (lambda path: b"Name;Ort\n", "keine Excel-Arbeitsmappe"),
    "old format": (lambda path: OLE, "das alte Excel-Format (.xls)"),
    "encrypted": (lambda path: OLE + refusals.ENCRYPTED, "mit einem Kennwort verschlüsselt"),
    "password of the archive": (with_password_flag, "mit einem Kennwort gepackt"),
    "OpenDocument": (lambda path: opendocument(), "OpenDocument-Tabelle (.ods)"),
    "cut off": (lambda path: path.read_bytes()[:-500], "beschädigt oder unvollständig"),
    "damaged": (with_flipped_bytes, "beschädigt oder unvollständig"),
    "no sheet behind a name": (lambda path: without_part(path, SHEET), "Blatt „Angaben“: Das Blatt fehlt"),
    "too large": (
        lambda path: path.read_bytes() + bytes(refusals.FILE_LIMIT),
        "zu groß (10 MB, erlaubt sind 10",
    ),
    "bomb": (
        lambda path: with_part(path, "xl/media/a.bin", bytes(30_000_000)),
        "wird ausgepackt zu groß (28 MB",
    ),
    "macros": (lambda path: with_part(path, "xl/vbaProject.bin"), "enthält Makros"),
    "macro type": (
        lambda path: with_changed(
            path, "[Content_Types].xml", b"sheet.main+xml", b"sheet.macroEnabled.main+xml"
        ),
        "enthält Makros",
    ),
    "external links": (
        lambda path: with_part(path, "xl/externalLinks/externalLink1.xml"),
        "verweist auf andere Dateien oder Datenquellen",
    ),
    "data connection": (lambda path: with_part(path, "xl/connections.xml"), "verweist auf andere Dateien"),
    "embedded object": (lambda path: with_part(path, "xl/embeddings/a.bin"), "enthält eingebettete Objekte"),
    "entities": (
        lambda path: with_changed(path, SHEET, ROOT, b'<!DOCTYPE x [<!ENTITY a "b">]>' + ROOT),
        "nicht so aufgebaut",
    ),
    "endless sheet": (
        lambda path: with_changed(
            path, SHEET, b"</sheetData>", b'<row r="900000"><c r="A900000"><v>1</v></c></row></sheetData>'
        ),
        "Zelle A900000 liegt außerhalb",
    ),
    "far column": (
        lambda path: with_changed(path, SHEET, b"</sheetData>", FAR_COLUMN + b"</sheetData>"),
        "Zelle ZZ900 liegt außerhalb",
    ),
    "another workbook": (lambda path: foreign(), "ist kein Formular von transferkit"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_workbook_is_refused_with_its_message(case: str, empty: Callable[[str], Path]) -> None:
    path = empty("impact")
    breaking, said = BROKEN[case]
    path.write_bytes(breaking(path))
    with pytest.raises(WorkbookError) as refused:
        forms.read(path)
    assert said in str(refused.value)
    assert "„impact.xlsx“" in str(refused.value)


def test_empty_rows_without_end_are_not_counted_through(empty: Callable[[str], Path]) -> None:
    path = empty("fit")
    rows = b'<row r="99999999999"><c r="A99999999999" s="1"/></row>'
    path.write_bytes(with_changed(path, SHEET, b"</sheetData>", rows + b"</sheetData>"))
    with pytest.raises(WorkbookError, match=r"ist leer\. Das Feld muss ausgefüllt sein"):
        forms.read(path)


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match=r"„nichts\.xlsx“ gibt es nicht"):
        forms.read(tmp_path / "nichts.xlsx")
