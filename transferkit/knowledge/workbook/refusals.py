"""Files that are not opened at all: too large, encrypted, with macros, broken. Looks at bytes, not cells."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from transferkit.errors import WorkbookError
from transferkit.knowledge import archives
from transferkit.knowledge.archives import MEGABYTE

FILE_LIMIT = 10 * MEGABYTE
OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # the container of old Excel files and of encrypted new ones
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ROWS_LIMIT, COLUMNS_LIMIT = 5000, 200
CELL = re.compile(rb"""\br=["']([A-Z]{1,7})(\d{1,12})["'][^<>]{0,200}?(/?)>""")
SAVE_AS = "Speichern Sie die Datei in Excel oder LibreOffice neu als „Excel-Arbeitsmappe (.xlsx)“."


def read_safely(path: Path) -> bytes:
    """Return the bytes of a workbook that may be opened; WorkbookError says why another one may not."""
    name = path.name
    if not path.is_file():
        raise WorkbookError(f"Die Datei „{name}“ gibt es nicht. Bitte prüfen Sie Namen und Ordner.")
    size = path.stat().st_size
    if size > FILE_LIMIT:
        raise WorkbookError(
            f"„{name}“ ist zu groß ({size // MEGABYTE} MB, erlaubt sind {FILE_LIMIT // MEGABYTE} MB). "
            "Entfernen Sie Bilder und Blätter, die nicht zum Formular gehören."
        )
    data = path.read_bytes()
    _refuse_other_formats(data, name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            _refuse_bombs(parts, name)
            _refuse_damage(parts, name)
            _refuse_contents(parts, name)
    except archives.DAMAGE as error:
        raise _damaged(name) from error
    return data


def _refuse_other_formats(data: bytes, name: str) -> None:
    if not data:
        raise WorkbookError(f"„{name}“ ist leer. Bitte kopieren Sie die Datei noch einmal.")
    if data.startswith(OLE) and ENCRYPTED in data:
        raise WorkbookError(
            f"„{name}“ ist mit einem Kennwort verschlüsselt. Heben Sie in Excel unter „Datei, Informationen, "
            "Arbeitsmappe schützen“ die Verschlüsselung auf, und speichern Sie neu."
        )
    if data.startswith(OLE):
        raise WorkbookError(f"„{name}“ hat das alte Excel-Format (.xls). {SAVE_AS}")
    if not data.startswith(b"PK"):
        raise WorkbookError(f"„{name}“ ist keine Excel-Arbeitsmappe. {SAVE_AS}")


def _refuse_bombs(parts: zipfile.ZipFile, name: str) -> None:
    unpacked, packed = archives.sizes(parts)
    if archives.is_bomb(parts):
        raise WorkbookError(
            f"„{name}“ wird ausgepackt zu groß ({unpacked // MEGABYTE} MB, gepackt {packed // 1024} kB). "
            "Die Datei wird nicht geöffnet. Übertragen Sie die Angaben in ein neues Formular."
        )
    if archives.has_too_many_parts(parts):
        raise WorkbookError(
            f"„{name}“ besteht aus {len(parts.infolist())} Teilen, erlaubt sind {archives.PARTS_LIMIT}. "
            "Übertragen Sie die Angaben in ein neues Formular."
        )


def _refuse_damage(parts: zipfile.ZipFile, name: str) -> None:
    if any(part.flag_bits & 1 for part in parts.infolist()):
        raise WorkbookError(f"„{name}“ ist mit einem Kennwort gepackt. {SAVE_AS}")
    if archives.is_packed_otherwise(parts) or parts.testzip() is not None:
        raise _damaged(name)


def _refuse_contents(parts: zipfile.ZipFile, name: str) -> None:
    names = [part.lower() for part in parts.namelist()]
    if "mimetype" in names and b"opendocument" in parts.read("mimetype"):
        raise WorkbookError(f"„{name}“ ist eine OpenDocument-Tabelle (.ods). {SAVE_AS}")
    if "xl/workbook.xml" not in names or "[content_types].xml" not in names:
        raise WorkbookError(f"„{name}“ ist keine Excel-Arbeitsmappe. {SAVE_AS}")
    types = next(part for part in parts.namelist() if part.lower() == "[content_types].xml")
    if any(part.endswith("vbaproject.bin") for part in names) or b"macroEnabled" in parts.read(types):
        raise WorkbookError(f"„{name}“ enthält Makros. {SAVE_AS} Dabei fallen die Makros weg.")
    if any(part.startswith(("xl/externallinks/", "xl/connections.xml", "xl/querytables/")) for part in names):
        raise WorkbookError(
            f"„{name}“ verweist auf andere Dateien oder Datenquellen. Lösen Sie in Excel unter „Daten, "
            "Verknüpfungen bearbeiten“ alle Verknüpfungen, und speichern Sie neu."
        )
    if any(part.startswith(("xl/embeddings/", "xl/activex/", "xl/ctrlprops/")) for part in names):
        raise WorkbookError(
            f"„{name}“ enthält eingebettete Objekte oder Steuerelemente. Löschen Sie diese, und speichern "
            "Sie neu."
        )
    for part in parts.namelist():
        content = parts.read(part)
        if archives.is_foreign_xml(content):
            raise WorkbookError(f"„{name}“ ist nicht so aufgebaut, wie Excel Dateien schreibt. {SAVE_AS}")
        if part.lower().startswith("xl/worksheets/"):
            _refuse_far_cells(content, name)


def _refuse_far_cells(sheet: bytes, name: str) -> None:
    """Cells that hold something where nothing is read any more: nobody shall think it arrived."""
    for found in CELL.finditer(sheet):
        column, row = found[1], int(found[2])
        number = sum((letter - 64) * 26**place for place, letter in enumerate(reversed(column)))
        if (row > ROWS_LIMIT or number > COLUMNS_LIMIT) and found[3] != b"/":
            raise WorkbookError(
                f"„{name}“: Zelle {column.decode()}{row} liegt außerhalb. Gelesen werden {ROWS_LIMIT} Zeilen "
                f"und {COLUMNS_LIMIT} Spalten. Löschen Sie, was dahinter steht."
            )


def _damaged(name: str) -> WorkbookError:
    return WorkbookError(
        f"„{name}“ ist beschädigt oder unvollständig. Öffnen Sie die Datei in Excel, lassen Sie sie "
        "reparieren, "
        "und speichern Sie neu, oder kopieren Sie sie noch einmal."
    )
