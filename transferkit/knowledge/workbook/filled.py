"""Reads a filled form: finds its fields by their headings and gathers everything that is wrong at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from transferkit.errors import WorkbookError
from transferkit.knowledge.workbook.cells import Cell, ComplaintError, convert
from transferkit.knowledge.workbook.form import (
    DECIMAL,
    HEAD_ROW,
    HINTS,
    LISTS,
    MARK,
    UPRIGHT_HEADS,
    Field,
    Filled,
    Form,
    Problem,
    Record,
    Sheet,
)
from transferkit.knowledge.workbook.reading import Grid, address, grids
from transferkit.knowledge.workbook.refusals import read_safely

Place = tuple[int, int]


class UnsoundError(WorkbookError):
    """What was filled in is not sound; `problems` are all there are."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        count = "1 Fehler" if len(problems) == 1 else f"{len(problems)} Fehler"
        lines = "".join(f"\n  {problem}" for problem in problems)
        super().__init__(f"{count} in „{name}“. Nichts wurde übernommen.{lines}")
        self.problems = problems


def read(path: Path, forms: Mapping[str, Callable[[], Form]]) -> Filled:
    """Read the workbook as the form it says it is.

    Raises WorkbookError for a file that is not opened, and UnsoundError with every problem in its cells.
    """
    found = grids(read_safely(path), path.name)
    form = forms[_kind(found, path.name, forms)]()
    problems: list[Problem] = []
    decimal = _decimal(form, found)
    records = {
        sheet.title: tuple(_records(sheet, found[sheet.title], decimal, problems))
        for sheet in form.sheets
        if _is_there(sheet, found, problems)
    }
    problems += _strangers(form, found)
    if problems:
        raise UnsoundError(path.name, problems)
    return Filled(form, records)


def repeated(records: Iterable[Record], names: Sequence[str]) -> list[Problem]:
    """A problem for every record whose values of these fields stand in an earlier record already."""
    first: dict[tuple[str, ...], Record] = {}
    problems = []
    for record in records:
        key = tuple(record.text(name).casefold() for name in names)
        if key in first:
            remedy = (
                f"Das steht schon in Zelle {first[key].cells[names[0]]}. Löschen Sie eine der beiden Zeilen."
            )
            problems.append(record.problem(names[0], remedy))
        first.setdefault(key, record)
    return problems


def _kind(found: Mapping[str, Grid], name: str, known: Mapping[str, object]) -> str:
    lists = found.get(LISTS, {})
    mark, kind = (lists[place].value if place in lists else None for place in ((1, 1), (1, 2)))
    if mark != MARK or kind not in known:
        raise WorkbookError(
            f"„{name}“ ist kein Formular von transferkit. Legen Sie mit „transferkit workbook new“ ein "
            "Formular "
            f"an ({', '.join(known)}), und übertragen Sie die Angaben."
        )
    return str(kind)


def _is_there(sheet: Sheet, found: Mapping[str, Grid], problems: list[Problem]) -> bool:
    if sheet.title not in found:
        problems.append(
            Problem(sheet.title, "", "", "Das Blatt fehlt. Stellen Sie es unter diesem Namen wieder her.")
        )
    return sheet.title in found


def _strangers(form: Form, found: Mapping[str, Grid]) -> list[Problem]:
    """Sheets that are not read but hold something: nobody shall think it arrived."""
    known = {LISTS, HINTS, *(sheet.title for sheet in form.sheets)}
    return [
        Problem(
            title,
            "",
            "",
            "Das Blatt gehört nicht zum Formular. Übertragen Sie, was wichtig ist, und löschen Sie es.",
        )
        for title, grid in found.items()
        if title not in known and grid
    ]


def _decimal(form: Form, found: Mapping[str, Grid]) -> str | None:
    """The declared decimal sign; a wrong entry is reported where the sheet is read."""
    for sheet in form.sheets:
        if DECIMAL in sheet.fields and sheet.title in found:
            place = _upright_places(sheet, found[sheet.title]).get(DECIMAL.name)
            if place in found[sheet.title]:
                try:
                    return str(convert(DECIMAL, found[sheet.title][place], None) or "") or None
                except ComplaintError:
                    return None
    return None


def _records(sheet: Sheet, grid: Grid, decimal: str | None, problems: list[Problem]) -> list[Record]:
    find = _upright_rows if sheet.upright else _table_rows
    rows, used = find(sheet, grid)
    missing = [field for field in sheet.fields if not rows or field.name not in rows[0]]
    if missing:
        heads = ", ".join(f"„{field.head}“" for field in missing)
        problems.append(
            Problem(sheet.title, "", "", f"Diese Überschriften fehlen: {heads}. Stellen Sie sie wieder her.")
        )
        return []
    problems += _outside(sheet, grid, used)
    filled = [row for row in rows if sheet.upright or _is_filled(sheet, grid, row)]
    if len(filled) < sheet.at_least:
        problems.append(
            Problem(sheet.title, "", "", f"Hier muss mindestens {sheet.at_least} Zeile ausgefüllt sein.")
        )
    return [_record(sheet, grid, row, decimal, problems) for row in filled]


def _upright_places(sheet: Sheet, grid: Grid) -> dict[str, Place]:
    heads = {_head(cell): row for (row, column), cell in grid.items() if column == 1 and row > HEAD_ROW}
    return {field.name: (heads[field.head], 2) for field in sheet.fields if field.head in heads}


def _upright_rows(sheet: Sheet, grid: Grid) -> tuple[list[dict[str, Place]], set[Place]]:
    places = _upright_places(sheet, grid)
    used = {(row, column) for row, _ in places.values() for column in range(1, len(UPRIGHT_HEADS) + 1)}
    return [places], used


def _table_rows(sheet: Sheet, grid: Grid) -> tuple[list[dict[str, Place]], set[Place]]:
    """One row of places for every row below the headings that holds something, at least the first."""
    heads = {_head(cell): column for (row, column), cell in grid.items() if row == HEAD_ROW}
    columns = {field.name: heads[field.head] for field in sheet.fields if field.head in heads}
    numbers = sorted({HEAD_ROW + 1} | {row for row, _ in grid if row > HEAD_ROW})
    rows = [{name: (number, column) for name, column in columns.items()} for number in numbers]
    return rows, {place for row in rows for place in row.values()}


def _head(cell: Cell) -> str:
    return " ".join(str(cell.value).split()).removesuffix("*").strip()


def _outside(sheet: Sheet, grid: Grid, used: set[Place]) -> list[Problem]:
    return [
        Problem(
            sheet.title,
            address(*place),
            cell.shown,
            "Hier ist nichts vorgesehen. Tragen Sie es in ein Feld des Formulars ein, oder löschen Sie es.",
        )
        for place, cell in grid.items()
        if place[0] > HEAD_ROW and place not in used and cell.shown.strip()
    ]


def _is_filled(sheet: Sheet, grid: Grid, row: Mapping[str, Place]) -> bool:
    """A row counts if something stands in a field that was not filled in beforehand."""
    return any(
        row[field.name] in grid and grid[row[field.name]].shown.strip()
        for field in sheet.fields
        if not field.fixed
    )


def _record(
    sheet: Sheet, grid: Grid, row: Mapping[str, Place], decimal: str | None, problems: list[Problem]
) -> Record:
    values: dict[str, str | float] = {}
    for field in sheet.fields:
        where, cell = address(*row[field.name]), grid.get(row[field.name])
        value = None
        if cell is not None:
            try:
                value = convert(field, cell, decimal)
            except ComplaintError as complaint:
                problems.append(Problem(sheet.title, where, cell.shown, str(complaint)))
                continue
        if value is not None:
            values[field.name] = value
        elif field.required or field.fixed:
            problems.append(
                Problem(sheet.title, where, "", f"{_quoted(field)} ist leer. Das Feld muss ausgefüllt sein.")
            )
    cells = {name: address(*place) for name, place in row.items()}
    shown = {name: grid[place].shown for name, place in row.items() if place in grid}
    return Record(sheet.title, values, cells, shown)


def _quoted(field: Field) -> str:
    return f"„{field.head}“"
