"""Archives and workbooks made to harm whoever opens them: each is refused, quickly, and nothing is lost."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fuzz.tables import country, filled
from transferkit.errors import RegisterError, WorkbookError
from transferkit.knowledge import register_import, register_store
from transferkit.knowledge.register_import import Document
from transferkit.knowledge.workbook import forms

SHEET = "xl/worksheets/sheet2.xml"
SECONDS = 20
BOUNDS = country().bounds
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def rewritten(data: bytes, change: Callable[[bytes], bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The workbook with the sheet of the data changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", packing) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == SHEET else old.read(name))
    return out.getvalue()


def with_member(data: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def zipped(name: str, content: bytes) -> bytes:
    return with_member(b"", name, content)


def last_row(row: str) -> Callable[[bytes], bytes]:
    return lambda sheet: sheet.replace(b"</sheetData>", row.encode() + b"</sheetData>")


def late_entities(sheet: bytes) -> bytes:
    """A document type behind a comment that is longer than any first glance."""
    return b'<?xml version="1.0"?><!--' + b"x" * 10_000 + b"-->" + ENTITIES + sheet.partition(b"?>")[2]


def in_code_page_37(sheet: bytes) -> bytes:
    """A document type in letters that no search for ASCII finds."""
    text = '<?xml version="1.0" encoding="cp037"?>' + ENTITIES.decode() + "<worksheet/>"
    return b'<?xml version="1.0" encoding="cp037"?>' + text.encode("cp037")


ATTACKS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "bomb": (lambda data: with_member(data, "xl/media/a.bin", bytes(40_000_000)), "ausgepackt zu groß"),
    "thousand parts": (lambda data: _many_parts(data), "Teilen"),
    "entities": (
        lambda data: rewritten(data, lambda sheet: ENTITIES + sheet.partition(b"?>")[2]),
        "nicht so aufgebaut"),
    "late entities": (lambda data: rewritten(data, late_entities), "nicht so aufgebaut"),
    "another encoding": (lambda data: rewritten(data, in_code_page_37), "nicht so aufgebaut"),
    "packed by LZMA": (lambda data: rewritten(data, bytes, zipfile.ZIP_LZMA), "epackt|beschädigt"),
    "a row without end": (
        lambda data: rewritten(data, last_row('<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>')),
        "jenseits|außerhalb"),
}  # fmt: skip


def _many_parts(data: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as archive:
        for number in range(1001):
            archive.writestr(f"xl/{number}.xml", b"<x/>")
    return out.getvalue()


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """The register in use, as the bytes of its file."""
    monkeypatch.setenv("TRANSFERKIT_REGISTER", str(tmp_path / "register"))
    register_import.import_documents([Document("alt.txt", country().text())], bounds=BOUNDS)
    return (register_store.folder() / register_store.TABLE).read_bytes()


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_register_file_made_to_harm_is_refused_and_the_register_stays(attack: str, register: bytes) -> None:
    change, said = ATTACKS[attack]
    began = time.monotonic()
    with pytest.raises(RegisterError, match=said):
        register_import.import_documents([Document("neu.xlsx", change(country().xlsx()))], bounds=BOUNDS)
    assert time.monotonic() - began < SECONDS
    assert (register_store.folder() / register_store.TABLE).read_bytes() == register


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_workbook_made_to_harm_is_refused(attack: str, tmp_path: Path) -> None:
    change, said = ATTACKS[attack]
    path = tmp_path / "Formular.xlsx"
    path.write_bytes(change(filled(tmp_path, "fit", {})))
    began = time.monotonic()
    with pytest.raises(WorkbookError, match=said):
        forms.read(path)
    assert time.monotonic() - began < SECONDS


def test_an_archive_in_an_archive_is_not_opened_however_deep(register: bytes) -> None:
    data = zipped("GV100AD.txt", country().text())
    for number in range(30):
        data = zipped(f"{number}.xlsx", data)
    with pytest.raises(RegisterError, match="ZIP-Archiv in einem ZIP-Archiv"):
        register_import.import_documents([Document("neu.zip", data)], bounds=BOUNDS)


def test_a_bomb_within_a_published_archive_is_not_unpacked(register: bytes) -> None:
    with pytest.raises(RegisterError, match="ausgepackt zu groß"):
        register_import.import_documents([Document("neu.zip", zipped("GV100AD.txt", bytes(40_000_000)))])


def test_the_name_of_a_member_leads_nowhere(register: bytes, tmp_path: Path) -> None:
    data = zipped("../../../../GV100AD_x.txt", country().text())
    register_import.import_documents([Document("neu.zip", data)], bounds=BOUNDS)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["register"]


def test_a_file_that_is_too_large_is_not_even_read(register: bytes, tmp_path: Path) -> None:
    huge = tmp_path / "riesig.txt"
    with huge.open("wb") as file:
        file.truncate(register_import.LARGEST + 1)  # a hole: it takes no place
    with pytest.raises(RegisterError, match="zu groß"):
        register_import.import_files(huge)


@pytest.mark.parametrize("record", ["10", "40", "50", "60"])
def test_a_line_that_comes_twice_is_named(record: str, register: bytes) -> None:
    lines = country().lines()
    number = next(number for number, line in enumerate(lines) if line.startswith(record))
    data = "\n".join([*lines[:number], lines[number], *lines[number:], ""]).encode()
    with pytest.raises(RegisterError, match=rf"Zeile {number + 2}: .* kommt schon vorher vor"):
        register_import.import_documents([Document("neu.txt", data)], bounds=BOUNDS)
