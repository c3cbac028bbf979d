"""The open data package: typed tables, and one clear message for every bad cell.

`datasets/datapackage.json` (Frictionless Data Package) is the only schema. Reading needs pandas alone;
`check` asks the frictionless library, which is slow to import, for everything including foreign keys.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from transferkit.errors import DatasetError

Field = Mapping[str, Any]


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
    return _load(name, folder()).copy()


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
    _load.cache_clear()
    _package.cache_clear()


def check(where: Path | None = None) -> list[str]:
    """Everything that is wrong with the package (the one in use, or that in the folder `where`), in German.

    An empty list means it is sound.
    """
    from frictionless import Package

    where = where or folder()
    report = Package(str(where / "datapackage.json")).validate()
    problems = [
        f"Tabelle „{task.name}“, Zeile {getattr(error, 'row_number', '–')}: {error.message}"
        for task in report.tasks
        for error in task.errors
    ]
    return problems + [problem for name in _resources(where) for problem in _broken_references(name, where)]


def _broken_references(name: str, where: Path) -> list[str]:
    """List cells (`a;b`) that point nowhere; the Frictionless standard has no foreign keys for lists."""
    table, problems = _load(name, where), []
    for field in _resources(where)[name]["schema"]["fields"]:
        if target := field.get("listOf"):
            known = set(_load(target["resource"], where)[target["field"]])
            problems += [
                f"Tabelle „{name}“, Zeile {row}, Spalte „{field['name']}“: "
                f"„{key}“ fehlt in der Tabelle „{target['resource']}“."
                for row, cell in enumerate(table[field["name"]], start=2)
                for key in split(cell)
                if key not in known
            ]
    return problems


@cache
def _package(where: Path) -> dict[str, Any]:
    path = where / "datapackage.json"
    if not path.is_file():
        raise DatasetError(f"Das Datenpaket fehlt: {path} gibt es nicht.")
    package: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return package


def _resources(where: Path) -> dict[str, Mapping[str, Any]]:
    return {resource["name"]: resource for resource in _package(where)["resources"]}


@cache
def _load(name: str, where: Path) -> pd.DataFrame:
    resource = _resource(name, where)
    fields = resource["schema"]["fields"]
    text = _read(name, where / resource["path"], [field["name"] for field in fields])
    _check_key(name, text, resource["schema"]["primaryKey"])
    return pd.DataFrame({field["name"]: _typed(name, text[field["name"]], field) for field in fields})


def _resource(name: str, where: Path) -> Mapping[str, Any]:
    resources = _resources(where)
    if name not in resources:
        raise DatasetError(f"Die Tabelle „{name}“ gibt es nicht.{_meant(name, list(resources))}", table=name)
    return resources[name]


def _read(name: str, path: Path, columns: list[str]) -> pd.DataFrame:
    """All cells as text, missing as NA; the columns must be those of the schema."""
    if not path.is_file():
        raise DatasetError(f"Tabelle „{name}“: Die Datei {path.name} fehlt in {path.parent}.", table=name)
    text = pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""], encoding="utf-8")
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


def _check_key(name: str, text: pd.DataFrame, key: list[str]) -> None:
    double = text.duplicated(key)
    if double.any():
        row = int(double.to_numpy().argmax())
        value = " + ".join(str(text[column].iloc[row]) for column in key)
        raise _bad_cell(
            name, row, ", ".join(key), value, "Den Schlüssel gibt es schon. Er muss eindeutig sein."
        )


def _typed(name: str, cells: pd.Series, field: Field) -> pd.Series:
    """One column in its type; the first cell that breaks a rule is named."""
    rules = field.get("constraints", {})
    if rules.get("required"):
        _refuse(name, cells, cells.isna(), "Die Zelle ist leer. Sie muss ausgefüllt sein.")
    if "enum" in rules:
        allowed = [str(value) for value in rules["enum"]]
        _refuse(name, cells, cells.notna() & ~cells.isin(allowed), _allowed(allowed))
        return cells.astype(pd.CategoricalDtype(allowed))
    if "pattern" in rules:
        fits = cells.isna() | cells.str.fullmatch(rules["pattern"])
        _refuse(name, cells, ~fits, f"Die Form stimmt nicht. Erwartet wird {field['description']}.")
    typed = CONVERSIONS[field["type"]](cells)
    _refuse(name, cells, typed.isna() & cells.notna(), EXPECTED[field["type"]])
    for rule, word in ("minimum", "mindestens"), ("maximum", "höchstens"):
        if rule in rules:
            outside = typed < rules[rule] if rule == "minimum" else typed > rules[rule]
            _refuse(name, cells, outside.fillna(False), f"Erlaubt ist {word} {rules[rule]}.")
    return typed


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


def _refuse(name: str, cells: pd.Series, bad: pd.Series, remedy: str | Callable[[str], str]) -> None:
    if bad.any():
        row = int(bad.to_numpy().argmax())
        value = cells.iloc[row]
        said = remedy if isinstance(remedy, str) else remedy(str(value))
        raise _bad_cell(name, row, str(cells.name), "" if pd.isna(value) else value, said)


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
