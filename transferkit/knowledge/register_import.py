"""Imports official files: recognise by content, read, check, combine, derive, store."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from transferkit.errors import RegisterError
from transferkit.knowledge import archives, auszug, changes, gv100, register_store, workbook
from transferkit.knowledge.register_check import GERMANY, Bounds, check
from transferkit.knowledge.register_combine import combine
from transferkit.knowledge.register_derive import derive
from transferkit.knowledge.register_file import RegisterFile, refuse
from transferkit.knowledge.register_store import RegisterStatus
from transferkit.knowledge.register_table import conform

RIGHT = "Richtig wäre GV100AD (Text) oder AuszugGV (Excel) aus dem Gemeindeverzeichnis von Destatis."
FOREIGN = (
    (b"%PDF", "ist eine PDF-Datei"),
    (b"\xd0\xcf\x11\xe0", "ist eine alte Excel-Datei (.xls); speichern Sie sie in Excel als .xlsx"),
    (b"<", "ist eine Webseite oder XML-Datei"),
    (b"\xff\xfe", "ist Text in UTF-16"),
    (b"{", "ist eine JSON-Datei"),
)
LARGEST = 50 * archives.MEGABYTE  # the whole of Germany has 4
INSIDE_ZIP = re.compile(r"(^|/)(GV100AD[^/]*\.(txt|asc)|[^/]*\.xlsx)$", re.IGNORECASE)


@dataclass(frozen=True)
class Document:
    """A file to import: the name the user knows and its bytes."""

    name: str
    data: bytes


def import_files(*paths: str | Path, bounds: Bounds = GERMANY) -> RegisterStatus:
    """Import one or several official files as one register; see `import_documents`."""
    if not paths:
        raise RegisterError(f"Es wurde keine Datei genannt. {RIGHT}")
    return import_documents([_document(Path(path)) for path in paths], bounds=bounds)


def import_documents(documents: Sequence[Document], *, bounds: Bounds = GERMANY) -> RegisterStatus:
    """Check all documents, combine them, derive, store the result; RegisterError means nothing was changed.

    A list of changes alone is added to the register in use.
    """
    files, changed = _read_all(documents)
    for file in files:
        if faults := check(file, bounds):
            refuse(file.source, faults)
    known_changes = changes.joined([register_store.read_changes(), *changed])
    sources = tuple(document.name for document in documents)
    if not files:
        return _add_changes(known_changes, sources)
    table = conform(derive(combine(files, known_changes)))
    status = register_store.status_of(
        table, sources, max(file.year for file in files), complete=True, changes=len(known_changes)
    )
    register_store.write(table, status, known_changes)
    return status


def read_document(document: Document, *, is_unpacked: bool = False) -> RegisterFile | pd.DataFrame:
    """Read one document by its content: a register file, or a table of changes. The name does not matter.

    One that `is_unpacked` came out of a ZIP archive and may not be another: some contain themselves.
    """
    name, data = document.name, document.data
    if not data.strip():
        raise RegisterError(f"„{name}“ ist leer. Bitte laden Sie die Datei noch einmal herunter.")
    if data.startswith(b"PK"):
        return _read_archive(document, is_unpacked)
    if gv100.looks_like_gv100(data):
        return gv100.read(data, name)
    kind = next((words for start, words in FOREIGN if data.lstrip().startswith(start)), "ist keine davon")
    raise RegisterError(f"„{name}“ {kind}. {RIGHT} Das bisherige Verzeichnis bleibt unverändert.")


def _read_all(documents: Sequence[Document]) -> tuple[list[RegisterFile], list[pd.DataFrame]]:
    found = [read_document(document) for document in documents]
    files = [item for item in found if isinstance(item, RegisterFile)]
    return files, [item for item in found if not isinstance(item, RegisterFile)]


def _read_archive(document: Document, is_unpacked: bool) -> RegisterFile | pd.DataFrame:
    """Read an xlsx (which is a ZIP), or the one register file inside a ZIP as Destatis publishes it."""
    name, data = document.name, document.data
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_bombs(archive, name)
            members = archive.namelist()
            if "xl/workbook.xml" not in members:
                if is_unpacked:
                    raise RegisterError(f"„{name}“ ist ein ZIP-Archiv in einem ZIP-Archiv. {RIGHT}")
                return read_document(_only_member(archive, members, name), is_unpacked=True)
            is_foreign = any(archives.is_foreign_xml(archive.read(member)) for member in members)
    except archives.DAMAGE as error:
        raise RegisterError(
            f"„{name}“ ist eine beschädigte Excel- oder ZIP-Datei; sie wurde vermutlich nicht ganz "
            "heruntergeladen. Das bisherige Verzeichnis bleibt unverändert."
        ) from error
    if is_foreign:
        raise RegisterError(f"„{name}“ ist nicht so aufgebaut, wie Excel Dateien schreibt. {RIGHT}")
    sheets = workbook.sheets(data, name, columns=auszug.COLUMNS_READ)
    if changes.change_sheet(sheets) is not None:
        return changes.read(sheets, name)
    return auszug.read(sheets, name)


def _refuse_bombs(archive: zipfile.ZipFile, name: str) -> None:
    if archives.is_bomb(archive) or archives.has_too_many_parts(archive):
        megabytes = archives.sizes(archive)[0] // archives.MEGABYTE
        raise RegisterError(
            f"„{name}“ wird ausgepackt zu groß ({megabytes} MB in {len(archive.namelist())} Teilen) und wird "
            "nicht geöffnet. Das bisherige Verzeichnis bleibt unverändert."
        )
    if archives.is_packed_otherwise(archive):
        raise RegisterError(
            f"„{name}“ ist anders gepackt als die Dateien von Destatis. Entpacken Sie das Archiv und "
            "importieren Sie die Datei daraus. Das bisherige Verzeichnis bleibt unverändert."
        )


def _only_member(archive: zipfile.ZipFile, members: Sequence[str], name: str) -> Document:
    fitting = [member for member in members if INSIDE_ZIP.search(member)]
    if len(fitting) != 1:
        inside = ", ".join(members[:10]) or "nichts"
        raise RegisterError(
            f"„{name}“ ist ein ZIP-Archiv mit: {inside}. Darin ist nicht genau ein Gemeindeverzeichnis. "
            f"Entpacken Sie es und importieren Sie die Datei daraus. {RIGHT}"
        )
    return Document(f"{name}/{Path(fitting[0]).name}", archive.read(fitting[0]))


def _add_changes(known: pd.DataFrame, sources: tuple[str, ...]) -> RegisterStatus:
    in_use = register_store.read()
    if in_use is None:
        raise RegisterError(
            f"„{', '.join(sources)}“ enthält nur Gebietsänderungen, keine Gemeinden. "
            "Importieren Sie die Liste zusammen mit einem Gemeindeverzeichnis: "
            "„transferkit register import VERZEICHNIS GEBIETSÄNDERUNGEN“."
        )
    table, status = in_use
    status = register_store.status_of(
        table,
        tuple(dict.fromkeys((*status.sources, *sources))),
        status.published,
        complete=True,
        changes=len(known),
    )
    register_store.write(table, status, known)
    return status


def _document(path: Path) -> Document:
    try:
        if path.stat().st_size > LARGEST:
            raise RegisterError(
                f"„{path}“ ist zu groß ({path.stat().st_size // archives.MEGABYTE} MB). {RIGHT} "
                "Das bisherige Verzeichnis bleibt unverändert."
            )
        return Document(path.name, path.read_bytes())
    except OSError as error:
        raise RegisterError(f"„{path}“ lässt sich nicht lesen ({error.strerror}). {RIGHT}") from error
