"""Writes tables as a plain Excel workbook: typed cells, frozen headings, ready to filter and to print."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from transferkit.knowledge.workbook.writing import BODY, BOLD, RUNNING, TITLE

WIDEST, LEAST = 60, 9  # characters
ABOUT = "Hinweise"


def workbook(remarks: Sequence[str], sheets: Mapping[str, pd.DataFrame]) -> bytes:
    """The content of the file: one sheet per table after one with the `remarks`, the first being the title.

    Columns keep the names they have; a number stays a number, a text stays text whatever it begins with.
    """
    book = Workbook()
    assert book.active is not None  # a new workbook has one sheet
    about = book.active
    about.title = ABOUT
    about.column_dimensions["A"].width = 100
    for row, text in enumerate(remarks, 1):
        _put(about, row, 1, text, TITLE if row == 1 else BODY)
    for name, frame in sheets.items():
        _table(book.create_sheet(name[:31]), frame)
    book.active = min(1, len(sheets))
    book.properties.creator = "transferkit"
    book.properties.title = remarks[0]
    book.properties.language = "de-DE"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _table(drawn: Worksheet, frame: pd.DataFrame) -> None:
    for column, name in enumerate(map(str, frame.columns), 1):
        _put(drawn, 1, column, name, BOLD)
        texts = [name, *(str(cell) for cell in frame.iloc[:, column - 1].dropna())]
        longest = max(map(len, texts))
        drawn.column_dimensions[get_column_letter(column)].width = min(max(longest + 2, LEAST), WIDEST)
    for row, cells in enumerate(frame.to_numpy(dtype=object).tolist(), 2):
        for column, cell in enumerate(cells, 1):
            _put(drawn, row, column, cell, BODY)
    drawn.freeze_panes = "B2"
    if len(frame):
        drawn.auto_filter.ref = drawn.dimensions
    drawn.print_title_rows = "1:1"
    drawn.page_setup.orientation = "landscape"
    drawn.page_setup.fitToHeight = 0
    drawn.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _put(drawn: Worksheet, row: int, column: int, value: object, font: Font) -> None:
    if pd.isna(value):  # type: ignore[call-overload]
        return
    cell = drawn.cell(row, column)
    if isinstance(value, bool | int | float):
        cell.value = value
        cell.alignment = Alignment(vertical="top")
    else:
        cell.value = str(value)
        cell.data_type = "s"  # never a formula
        cell.alignment = RUNNING
    cell.font = font
