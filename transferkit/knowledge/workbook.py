"""Opens Excel workbooks; the one door to openpyxl."""

from __future__ import annotations

import io
import zipfile
import zlib

import openpyxl

from transferkit.errors import RegisterError

Row = tuple[object, ...]


def sheets(data: bytes, source: str, *, columns: int) -> dict[str, list[Row]]:
    """Return every sheet as a list of rows: plain values of the first `columns` cells, in tab order."""
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        return {
            sheet.title: [_filled(row, columns) for row in sheet.iter_rows(max_col=columns, values_only=True)]
            for sheet in book.worksheets
        }
    # openpyxl has no error class of its own for a damaged file: these are what its parts raise.
    except (
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        ValueError,
        TypeError,
        EOFError,
        OSError,
        SyntaxError,
    ) as error:
        raise RegisterError(
            f"„{source}“ lässt sich nicht als Excel-Datei öffnen; sie ist beschädigt ({error}). "
            "Bitte laden Sie die Datei noch einmal herunter."
        ) from error


def _filled(row: Row, columns: int) -> Row:
    return (*row, *(None,) * (columns - len(row)))
