"""Opens Excel workbooks: whole sheets of official files, and the filled cells of forms."""

from __future__ import annotations

import datetime
import io
import warnings
from collections.abc import Iterator
from typing import Any, Literal

import openpyxl
from openpyxl.utils import get_column_letter

from transferkit.errors import RegisterError, WorkbookError
from transferkit.knowledge import archives
from transferkit.knowledge.workbook.cells import Cell
from transferkit.knowledge.workbook.refusals import COLUMNS_LIMIT, ROWS_LIMIT

Row = tuple[object, ...]
Grid = dict[tuple[int, int], Cell]

KINDS: dict[str, Literal["text", "number", "date", "truth", "formula", "error"]] = {
    "n": "number",
    "d": "date",
    "b": "truth",
    "f": "formula",
    "e": "error",
}
# openpyxl has no error class of its own for a damaged file: these are what its parts raise.
DAMAGE = (
    *archives.DAMAGE,
    KeyError,
    TypeError,
    SyntaxError,
    IndexError,
    AttributeError,
    ArithmeticError,
    AssertionError,
)
MOST_ROWS = 100_000  # the whole of Germany has 17,000; a row with a number without end would never end


def sheets(data: bytes, source: str, *, columns: int) -> dict[str, list[Row]]:
    """Return every sheet as a list of rows: plain values of the first `columns` cells, in tab order."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells in English what it does not know
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            found = {sheet.title: list(_rows(sheet, columns)) for sheet in book.worksheets}
    except DAMAGE as error:
        raise RegisterError(
            f"„{source}“ lässt sich nicht als Excel-Datei öffnen; sie ist beschädigt. "
            "Bitte laden Sie die Datei noch einmal herunter."
        ) from error
    if any(len(rows) > MOST_ROWS for rows in found.values()):
        raise RegisterError(
            f"„{source}“ hat Zeilen jenseits von {MOST_ROWS}; sie ist beschädigt oder keine Datei von "
            "Destatis. Bitte laden Sie die Datei noch einmal herunter."
        )
    return found


def grids(data: bytes, name: str) -> dict[str, Grid]:
    """Return the cells of every sheet that hold something, by row and column from 1.

    Formulas are told, never computed. Raises WorkbookError for a damaged workbook.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells in English which decoration it does not know
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False)
            return {sheet.title: dict(_cells(sheet)) for sheet in book.worksheets}
    except DAMAGE as error:
        raise WorkbookError(
            f"„{name}“ ist beschädigt: Excel-Teile fehlen oder passen nicht zusammen. "
            "Öffnen Sie die Datei in Excel, lassen Sie sie reparieren, und speichern Sie neu."
        ) from error


def address(row: int, column: int) -> str:
    """The address of a cell as people read it, for example C7."""
    return f"{get_column_letter(column)}{row}"


def _cells(sheet: Any) -> Iterator[tuple[tuple[int, int], Cell]]:
    sheet.reset_dimensions()  # what a file says about its own size is not always true
    # The limits keep openpyxl from filling up a million missing rows; see refusals for what lies beyond.
    for number, row in enumerate(sheet.iter_rows(max_row=ROWS_LIMIT, max_col=COLUMNS_LIMIT), 1):
        for column, cell in enumerate(row, 1):
            if cell.value is not None:
                yield (number, column), _cell(cell)


def _cell(cell: Any) -> Cell:
    kind = KINDS.get(cell.data_type, "text")
    if isinstance(cell.value, datetime.time | datetime.timedelta):
        return Cell(
            str(cell.value), "text"
        )  # a time of day is nothing a form asks for: the field will say so
    return Cell(cell.value, kind, percent=kind == "number" and "%" in str(cell.number_format))


def _rows(sheet: Any, columns: int) -> Iterator[Row]:
    sheet.reset_dimensions()
    for row in sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=columns, values_only=True):
        yield _filled(row, columns)


def _filled(row: Row, columns: int) -> Row:
    return (*row, *(None,) * (columns - len(row)))
