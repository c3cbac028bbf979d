"""The open data package: typed tables, and one clear message for every bad cell.

`datasets/datapackage.json` (Frictionless Data Package) is the only schema. Reading needs pandas alone;
`check` asks the frictionless library, which is slow to import, for everything including foreign keys.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from transferkit.errors import DatasetError

Field = Mapping[str, Any]
Remedy = str | Callable[[str], str]


def folder() -> Path:
    """Where the package lies: TRANSFERKIT_DATASETS, else the checkout, else inside the installed package."""
    if named := os.environ.get("TRANSFERKIT_DATASETS"):
        return Path(named)
    checkout = Path(__file__).parents[2] / "datasets"
    return checkout if checkout.is_dir() else Path(__file__).parents[1] / "datasets"


def load(name: str) -> pd.DataFrame:
    """A table of the data package, typed: enums as categories, dates, booleans, numbers; keys as text.

    Cached per process; every call returns a frame of its own. Raises DatasetError for an unknown name, a
    missing file or column, or a bad cell.
    """
    return _load(name, folder()).copy(deep=False)  # pandas copies what a caller changes


def names() -> list[str]:
    """The tables of the package, in its order."""
    return list(_resources(folder()))


def edition() -> str:
    """The date of the data, ISO."""
    return str(_package(folder())["created"])[:10]


def split(cell: object) -> list[str]:
    """The entries of a list cell: `"a;b"` -> `["a", "b"]`, missing -> `[]`."""
    return str(cell).split(";") if isinstance(cell, str) and cell else []


def forget() -> None:
    """Read the tables anew when they are asked for next: somebody changed them."""
    _parsed.cache_clear()
    _package.cache_clear()


def check(where: Path | None = None) -> list[str]:
    """Everything that is wrong with the package (the one in use, or that in the folder `where`), in German.

    All defects of all tables; an empty list means the package is sound.
    """
    where = where or folder()
    ours = [defect for name in _resources(where) for defect in _parsed(name, where)[1]]
    ours += [defect for name in _resources(where) for defect in _broken_references(name, where)]
    return [str(defect) for defect in ours] + _further_defects(where, ours)


def _broken_references(name: str, where: Path) -> Iterator[DatasetError]:
    """Cells that point nowhere, lists (`a;b`) included; Frictionless has no foreign keys for lists."""
    table = _parsed(name, where)[0]
    for column, target, is_list in _references(_resources(where)[name]["schema"]):
        known = _parsed(target["resource"] or name, where)[0].get(target["field"])
        if column not in table or known is None:
            continue  # the table could not be read, and that is a defect already
        keys = set(known)
        for row, cell in enumerate(table[column]):
            for key in split(cell) if is_list else [] if pd.isna(cell) else [cell]:
                if key not in keys:
                    remedy = f"Das fehlt in der Tabelle „{target['resource'] or name}“."
                    yield _bad_cell(name, row, column, key, remedy + _meant(str(key), sorted(keys)))


def _references(schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str], bool]]:
    """Column, where it points, and whether its cells are lists."""
    for key in schema.get("foreignKeys", []):
        reference = key["reference"]
        for column, field in zip(key["fields"], reference["fields"], strict=True):
            yield column, {"resource": reference["resource"], "field": field}, False
    for field in schema["fields"]:
        if target := field.get("listOf"):
            yield field["name"], target, True


def _further_defects(where: Path, known: list[DatasetError]) -> list[str]:
    """What the reference implementation of the standard finds beyond `known`; its words are English."""
    from frictionless import Package

    if any(defect.row is None for defect in known):
        return []  # a table cannot be read: it would only say so again, once for every reference to it
    rows = {(defect.table, defect.row) for defect in known}
    report = Package(str(where / "datapackage.json")).validate()
    return [error.message for error in report.errors] + [
        f"Tabelle „{task.name}“, Zeile {getattr(error, 'row_number', '–')}: {error.message}"
        for task in report.tasks
        for error in task.errors
        if (task.name, getattr(error, "row_number", None)) not in rows
    ]


@cache
def _package(where: Path) -> dict[str, Any]:
    path = where / "datapackage.json"
    if not path.is_file():
        raise DatasetError(f"Das Datenpaket fehlt: {path} gibt es nicht.")
    package: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return package


def _resources(where: Path) -> dict[str, Mapping[str, Any]]:
    return {resource["name"]: resource for resource in _package(where)["resources"]}


def _load(name: str, where: Path) -> pd.DataFrame:
    table, defects = _parsed(name, where)
    if defects:
        raise defects[0]
    return table


@cache
def _parsed(name: str, where: Path) -> tuple[pd.DataFrame, list[DatasetError]]:
    """The table as far as it can be read, and everything in it that breaks the schema."""
    resource = _resource(name, where)
    fields = resource["schema"]["fields"]
    try:
        text = _read(name, where / resource["path"], [field["name"] for field in fields])
    except DatasetError as unreadable:
        return pd.DataFrame(), [unreadable]
    typed = {field["name"]: _typed(text[field["name"]], field) for field in fields}
    defects = _double_keys(name, text, resource["schema"]["primaryKey"])
    for field in fields:
        defects += _defects(name, text[field["name"]], typed[field["name"]], field)
    return pd.DataFrame(typed), defects


def _resource(name: str, where: Path) -> Mapping[str, Any]:
    resources = _resources(where)
    if name not in resources:
        raise DatasetError(f"Die Tabelle „{name}“ gibt es nicht.{_meant(name, list(resources))}", table=name)
    return resources[name]


def _read(name: str, path: Path, columns: list[str]) -> pd.DataFrame:
    """All cells as text, missing as NA; the columns must be those of the schema."""
    if not path.is_file():
        raise DatasetError(f"Tabelle „{name}“: Die Datei {path.name} fehlt in {path.parent}.", table=name)
    try:
        text = pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""], encoding="utf-8")
    except UnicodeDecodeError as error:
        remedy = "Speichern Sie die Datei als „CSV UTF-8“."
        raise DatasetError(f"Tabelle „{name}“: {path.name} ist nicht UTF-8. {remedy}", table=name) from error
    except pd.errors.ParserError as error:
        line = re.search(r"line (\d+)", str(error))
        raise _too_many_cells(name, int(line[1]) if line else None) from error
    if not isinstance(text.index, pd.RangeIndex):  # pandas takes what is too much in the first row for keys
        raise _too_many_cells(name, 2)
    for column in columns:
        if column not in text.columns:
            raise DatasetError(
                f"Tabelle „{name}“: Die Spalte „{column}“ fehlt.{_meant(column, list(text.columns))}",
                table=name,
                column=column,
            )
    if unknown := [column for column in text.columns if column not in columns]:
        raise DatasetError(
            f"Tabelle „{name}“: Die Spalte „{unknown[0]}“ ist nicht vorgesehen.{_meant(unknown[0], columns)}",
            table=name,
            column=unknown[0],
        )
    return text


def _too_many_cells(name: str, line: int | None) -> DatasetError:
    where = f", Zeile {line}" if line else ""
    remedy = "Setzen Sie Texte mit Komma in Anführungszeichen und schließen Sie diese wieder."
    return DatasetError(
        f"Tabelle „{name}“{where}: Die Zellen passen nicht zur Überschrift. {remedy}", table=name
    )


def _double_keys(name: str, text: pd.DataFrame, key: list[str]) -> list[DatasetError]:
    remedy = "Den Schlüssel gibt es schon. Er muss eindeutig sein."
    doubles = text.index[text.duplicated(key)]
    return [
        _bad_cell(name, row, ", ".join(key), " + ".join(map(str, text.loc[row, key])), remedy)
        for row in doubles
    ]


def _typed(cells: pd.Series, field: Field) -> pd.Series:
    """One column in its type; what cannot be read is missing."""
    if allowed := _enum(field):
        return cells.where(cells.isin(allowed)).astype(pd.CategoricalDtype(allowed))
    return CONVERSIONS[field["type"]](cells)


def _defects(name: str, cells: pd.Series, typed: pd.Series, field: Field) -> list[DatasetError]:
    """The cells that break a rule, each named once, for the first rule it breaks."""
    found: dict[int, DatasetError] = {}
    for bad, remedy in _broken_rules(cells, typed, field):
        for row in bad.to_numpy(bool, na_value=False).nonzero()[0] if bad.any() else ():
            value = "" if pd.isna(cells.iloc[row]) else str(cells.iloc[row])
            said = remedy if isinstance(remedy, str) else remedy(value)
            found.setdefault(int(row), _bad_cell(name, int(row), str(cells.name), value, said))
    return [found[row] for row in sorted(found)]


def _broken_rules(cells: pd.Series, typed: pd.Series, field: Field) -> Iterator[tuple[pd.Series, Remedy]]:
    """Which cells break which rule, and what would be right."""
    rules = field.get("constraints", {})
    if rules.get("required"):
        yield cells.isna(), "Die Zelle ist leer. Sie muss ausgefüllt sein."
    if "pattern" in rules:
        fits = cells.isna() | cells.str.fullmatch(rules["pattern"])
        yield ~fits, f"Die Form stimmt nicht. Erwartet wird {field['description']}."
    allowed = _enum(field)
    yield typed.isna() & cells.notna(), _allowed(allowed) if allowed else EXPECTED[field["type"]]
    if "minimum" in rules:
        yield typed < rules["minimum"], f"Erlaubt ist mindestens {rules['minimum']}."
    if "maximum" in rules:
        yield typed > rules["maximum"], f"Erlaubt ist höchstens {rules['maximum']}."


def _enum(field: Field) -> list[str]:
    return [str(value) for value in field.get("constraints", {}).get("enum", [])]


def _whole(cells: pd.Series) -> pd.Series:
    numbers = pd.to_numeric(cells, errors="coerce")
    return numbers.where(numbers % 1 == 0).astype("Int64")


CONVERSIONS: dict[str, Callable[[pd.Series], pd.Series]] = {
    "string": lambda cells: cells,
    "integer": _whole,
    "number": lambda cells: pd.to_numeric(cells, errors="coerce").astype("float64"),
    "boolean": lambda cells: cells.map({"yes": True, "no": False}).astype("boolean"),
    "date": lambda cells: pd.to_datetime(cells, format="%Y-%m-%d", errors="coerce"),
}
EXPECTED = {
    "string": "",
    "integer": "Erwartet wird eine ganze Zahl ohne Tausenderpunkt, zum Beispiel 1250.",
    "number": "Erwartet wird eine Zahl mit Dezimalpunkt, zum Beispiel 12.5.",
    "boolean": "Erwartet wird yes oder no.",
    "date": "Erwartet wird ein Datum wie 2026-11-22.",
}


def _allowed(values: list[str]) -> Callable[[str], str]:
    return lambda value: f"Erlaubt sind: {', '.join(values)}.{_meant(value, values)}"


def _bad_cell(name: str, row: int, column: str, value: object, remedy: str) -> DatasetError:
    """`row` counts from 0 without the heading; people read it as a spreadsheet shows it."""
    shown = row + 2
    message = f"Tabelle „{name}“, Zeile {shown}, Spalte „{column}“: „{value}“ ist nicht gültig. {remedy}"
    return DatasetError(message, table=name, row=shown, column=column, value=value)


def _meant(word: str, known: list[str]) -> str:
    near = get_close_matches(re.sub(r"\s", "_", word), known, n=1)
    return f" Meinten Sie „{near[0]}“?" if near else ""
