"""Writes a form as an Excel workbook: drop-downs, help beside the cell, locked headings, ready to print."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from transferkit.errors import WorkbookError
from transferkit.knowledge.workbook.form import (
    HEAD_ROW,
    HINTS,
    LISTS,
    MARK,
    UPRIGHT_HEADS,
    Field,
    Form,
    Sheet,
)

FONT = "Calibri"
INK, MUTED, LINE, PANEL, ACCENT = "1B2026", "505A66", "C9D0D8", "F4F6F8", "0B5C68"
BODY = Font(name=FONT, size=11, color=INK)
BOLD = Font(name=FONT, size=11, color=INK, bold=True)
QUIET = Font(name=FONT, size=10, color=MUTED)
TITLE = Font(name=FONT, size=16, color=ACCENT, bold=True)
HEADING = Font(name=FONT, size=11, color="FFFFFF", bold=True)
FRAME = Border(*(Side(style="thin", color=LINE),) * 4)
RUNNING = Alignment(wrap_text=True, vertical="top")
BOXED = Alignment(wrap_text=True, vertical="center", horizontal="left", indent=1)
NUMERIC = Alignment(vertical="center", horizontal="right", indent=1)
TEXT_FORMAT, DAY_FORMAT, NUMBER_FORMAT = "@", "DD.MM.YYYY", "General"
LINE_HEIGHT, PADDING = 15.5, 7
UPRIGHT_WIDTHS = (30, 62, 62)
PROMPT_LIMIT = 250  # Excel allows 255 characters for an input message and 32 for its title


def write(form: Form, path: Path) -> None:
    """Write the empty form; a file that is there already is never overwritten."""
    if path.suffix.lower() != ".xlsx":
        raise WorkbookError(f"„{path.name}“: Der Name muss auf .xlsx enden.")
    if path.exists():
        raise WorkbookError(
            f"„{path.name}“ gibt es schon und wird nicht überschrieben. Wählen Sie einen anderen Namen."
        )
    if not path.parent.is_dir():
        raise WorkbookError(f"Den Ordner „{path.parent}“ gibt es nicht.")
    path.write_bytes(content(form))


def content(form: Form) -> bytes:
    """The form as the content of an XLSX file, with what it brings along in `prefilled`."""
    book = Workbook()
    assert book.active is not None  # a new workbook has one sheet
    book.remove(book.active)
    _hints(book.create_sheet(HINTS), form)
    sheets = [book.create_sheet(sheet.title) for sheet in form.sheets]
    names = _lists(book, form)
    for drawn, sheet in zip(sheets, form.sheets, strict=True):
        _draw(drawn, sheet, names)
        _print_setup(drawn, form.title, one_page=sheet.upright)
    book.security = WorkbookProtection(lockStructure=True)
    book.active = 1
    book.properties.creator = "transferkit"
    book.properties.title = form.title
    book.properties.language = "de-DE"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _hints(drawn: Worksheet, form: Form) -> None:
    drawn.column_dimensions["A"].width = 110
    _title(drawn, form.title)
    for row, text in enumerate(form.hints, 3):
        heading = text.startswith("# ")
        cell = _put(drawn, row, 1, text.removeprefix("# "), BOLD if heading else BODY)
        drawn.row_dimensions[row].height = _height([(cell.value, 110)]) + (6 if heading else 3)
        if heading:
            cell.alignment = Alignment(wrap_text=True, vertical="bottom")
    _protect(drawn)
    _print_setup(drawn, form.title, one_page=True)


def _lists(book: Workbook, form: Form) -> dict[str, str]:
    """Write each list of choices once to the hidden sheet; return the range name by field name."""
    drawn = book.create_sheet(LISTS)
    drawn.sheet_state = "hidden"
    _put(drawn, 1, 1, MARK, BODY)
    _put(drawn, 1, 2, form.kind, BODY)
    names: dict[str, str] = {}
    written: dict[tuple[str, ...], str] = {}
    for field in (field for sheet in form.sheets for field in sheet.fields if field.choices):
        labels = tuple(field.choices.values())
        if labels not in written:
            column = len(written) + 1
            name = "Liste_" + re.sub(r"\W", "_", field.name)
            _put(drawn, 2, column, field.head, BOLD)
            for row, label in enumerate(labels, 3):
                _put(drawn, row, column, label, BODY)
            letter = get_column_letter(column)
            reference = f"{quote_sheetname(LISTS)}!${letter}$3:${letter}${len(labels) + 2}"
            book.defined_names[name] = DefinedName(name, attr_text=reference)
            written[labels] = name
        names[field.name] = written[labels]
    _protect(drawn)
    return names


def _draw(drawn: Worksheet, sheet: Sheet, names: Mapping[str, str]) -> None:
    _title(drawn, sheet.title)
    widths = UPRIGHT_WIDTHS if sheet.upright else tuple(field.width for field in sheet.fields)
    for column, width in enumerate(widths, 1):
        drawn.column_dimensions[get_column_letter(column)].width = width
    _intro(drawn, sheet.intro, widths)
    _headings(drawn, UPRIGHT_HEADS if sheet.upright else [_head(field) for field in sheet.fields], widths)
    if sheet.upright:
        _upright(drawn, sheet)
    else:
        _table(drawn, sheet)
    for number, field in enumerate(sheet.fields):
        area = _area(sheet, number)
        if not field.fixed:
            drawn.add_data_validation(_validation(field, names.get(field.name), area))
    drawn.freeze_panes = f"{'A' if sheet.upright else _first_open(sheet)}{HEAD_ROW + 1}"
    _protect(drawn)


def _first_open(sheet: Sheet) -> str:
    """Fixed short columns on the left stay in sight."""
    return "B" if sheet.fields[0].fixed else "A"


def _area(sheet: Sheet, number: int) -> str:
    if sheet.upright:
        return f"B{HEAD_ROW + 1 + number}"
    letter = get_column_letter(number + 1)
    return f"{letter}{HEAD_ROW + 1}:{letter}{HEAD_ROW + max(sheet.rows, len(sheet.prefilled))}"


def _intro(drawn: Worksheet, text: str, widths: Sequence[int]) -> None:
    columns, width = 0, 0
    while columns < len(widths) and width < 110:
        width += widths[columns]
        columns += 1
    _put(drawn, 2, 1, text, QUIET)
    drawn.merge_cells(start_row=2, end_row=2, start_column=1, end_column=columns)
    drawn.row_dimensions[2].height = _height([(text, width)])


def _headings(drawn: Worksheet, heads: Sequence[str], widths: Sequence[int]) -> None:
    for column, head in enumerate(heads, 1):
        cell = _put(drawn, HEAD_ROW, column, head, HEADING)
        cell.fill = PatternFill("solid", fgColor=ACCENT)
        cell.alignment, cell.border = BOXED, FRAME
    longest = _height([(head, width - 2) for head, width in zip(heads, widths, strict=True)])
    drawn.row_dimensions[HEAD_ROW].height = longest + 6


def _upright(drawn: Worksheet, sheet: Sheet) -> None:
    given = sheet.prefilled[0] if sheet.prefilled else {}
    for row, field in enumerate(sheet.fields, HEAD_ROW + 1):
        _locked(_put(drawn, row, 1, _head(field), BOLD))
        _open(_put(drawn, row, 2, given.get(field.name, ""), BODY), field)
        told = _put(drawn, row, 3, field.help, QUIET)
        told.alignment, told.border = BOXED, FRAME
        drawn.row_dimensions[row].height = _room([field], {}) + PADDING


def _table(drawn: Worksheet, sheet: Sheet) -> None:
    for offset in range(max(sheet.rows, len(sheet.prefilled))):
        row = HEAD_ROW + 1 + offset
        given = sheet.prefilled[offset] if offset < len(sheet.prefilled) else {}
        for column, field in enumerate(sheet.fields, 1):
            if field.fixed:
                _locked(_put(drawn, row, column, given.get(field.name, ""), BODY))
            else:
                _open(_put(drawn, row, column, given.get(field.name, ""), BODY), field)
        drawn.row_dimensions[row].height = _room(sheet.fields, given) + PADDING


def _open(cell: Cell, field: Field) -> None:
    cell.protection = Protection(locked=False)
    cell.font, cell.border = BODY, FRAME
    cell.alignment = NUMERIC if field.kind in {"number", "whole"} else BOXED
    number = {"number": NUMBER_FORMAT, "whole": NUMBER_FORMAT, "day": DAY_FORMAT}
    cell.number_format = number.get(field.kind, TEXT_FORMAT)


def _locked(cell: Cell) -> None:
    cell.fill = PatternFill("solid", fgColor=PANEL)
    cell.alignment, cell.border = BOXED, FRAME


def _cell(drawn: Worksheet, row: int, column: int) -> Cell:
    cell = drawn.cell(row, column)
    assert not isinstance(cell, MergedCell)  # merged are intros only, and written before
    return cell


def _title(drawn: Worksheet, text: str) -> None:
    _put(drawn, 1, 1, text, TITLE).alignment = Alignment(vertical="center")  # may reach over its column
    drawn.row_dimensions[1].height = 2 * LINE_HEIGHT


def _put(drawn: Worksheet, row: int, column: int, text: str, font: Font) -> Cell:
    """Write text as text, whatever it begins with: no cell of a form is ever a formula."""
    cell = _cell(drawn, row, column)
    cell.value = text or None
    if text:
        cell.data_type = "s"
    cell.font, cell.alignment, cell.number_format = font, RUNNING, TEXT_FORMAT
    return cell


def _validation(field: Field, range_name: str | None, area: str) -> DataValidation:
    rule = DataValidation(
        type="list" if range_name else None,
        formula1=range_name,
        allow_blank=True,
        sqref=area,
        showInputMessage=True,
        promptTitle=field.head[:32],
        prompt=field.help[:PROMPT_LIMIT],
    )
    if range_name and field.kind == "choice":
        rule.showErrorMessage = True
        rule.errorTitle = "Nicht in der Liste"
        rule.error = "Bitte wählen Sie einen Eintrag aus der Liste."
    return rule


def _room(fields: Sequence[Field], given: Mapping[str, str]) -> float:
    """Points for a row: as high as what stands in it, and as what people may be expected to write."""
    expected = LINE_HEIGHT * max(field.lines for field in fields)
    return max(expected, _height([(given.get(field.name, ""), field.width - 3) for field in fields]))


def _head(field: Field) -> str:
    return f"{field.head} *" if field.required else field.head


def _height(texts: Sequence[tuple[object, float]]) -> float:
    """Points for the tallest of some wrapped texts in columns of that many characters."""
    lines = (
        sum(max(1, math.ceil(len(part) * 1.05 / width)) for part in str(text).split("\n"))
        for text, width in texts
    )
    return LINE_HEIGHT * max(lines)


def _protect(drawn: Worksheet) -> None:
    """Against accidents, not against people: no password, and rows and columns may be made larger."""
    drawn.protection.sheet = True
    drawn.protection.formatColumns = False
    drawn.protection.formatRows = False
    drawn.protection.formatCells = False


def _print_setup(drawn: Worksheet, title: str, *, one_page: bool) -> None:
    drawn.sheet_view.showGridLines = False
    drawn.page_setup.orientation = "landscape"
    drawn.page_setup.paperSize = 9  # A4
    drawn.page_setup.fitToWidth, drawn.page_setup.fitToHeight = 1, int(one_page)
    drawn.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    drawn.page_margins = PageMargins(left=0.5, right=0.5, top=0.6, bottom=0.7, header=0.3, footer=0.3)
    footer = drawn.HeaderFooter.oddFooter
    assert footer is not None  # openpyxl gives every sheet one
    footer.left.text, footer.right.text = title, "Seite &P von &N"
    if drawn.title != HINTS:
        drawn.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
