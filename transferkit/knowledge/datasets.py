"""The open data package: typed tables, and one clear message for every bad cell.

`datasets/datapackage.json` (Frictionless Data Package) is the only schema. Reading needs pandas alone;
`package_check` finds what is wrong with it as a whole.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from transferkit import origin
from transferkit.errors import DatasetError
from transferkit.knowledge import reads

# Small tables: a Python object per cell is much faster to pick rows of than Arrow's one block per column.
# As an option too, for what is computed from them: a guide then takes a fifth less time.
pd.set_option("mode.string_storage", "python")
TEXT = pd.StringDtype("python", na_value=float("nan"))

# What neither XML nor an Office file can hold, and what turns the direction of the text around.
INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")

Field = Mapping[str, Any]
Remedy = str | Callable[[str], str]


def folder() -> Path:
    """Where the package lies: TRANSFERKIT_DATASETS, else the checkout, else inside the installed package."""
    if named := os.environ.get("TRANSFERKIT_DATASETS"):
        return Path(named)
    return _shipped()


@cache
def _shipped() -> Path:
    checkout = Path(__file__).parents[2] / "datasets"
    return checkout if checkout.is_dir() else Path(__file__).parents[1] / "datasets"


def load(name: str) -> pd.DataFrame:
    """A table of the data package, typed: enums as categories, dates, booleans, numbers; keys as text.

    Cached per process; every call returns a frame of its own. Raises DatasetError for an unknown name, a
    missing file or column, or a bad cell.
    """
    reads.table(name)
    return _load(name, folder()).copy(deep=False)  # pandas copies what a caller changes


def columns(name: str, names: Sequence[str]) -> pd.DataFrame:
    """Some columns of a table: what else it holds may change, it does not matter to the caller."""
    reads.rows(name, names, ())
    return _load(name, folder())[list(names)]


def select(name: str, by: Sequence[str], choose: Callable[[pd.DataFrame], pd.Index]) -> pd.DataFrame:
    """Some rows of a table. `choose` sees only the columns `by`, and returns index labels in any order.

    So what the other rows hold in other columns cannot matter, and need not be noted as read.
    """
    table = _load(name, folder())
    rows = table.loc[choose(table[list(by)])]
    reads.rows(name, by, rows[rows.columns[0]])
    return rows


def key_of(name: str) -> str:
    """The column that holds the keys of a table. Raises DatasetError for an unknown name."""
    return str(_resource(name, folder())["schema"]["fields"][0]["name"])


def names() -> list[str]:
    """The tables of the package, in its order."""
    return list(resources(folder()))


def edition() -> str:
    """The date of the data, ISO."""
    return str(_package(folder())["created"])[:10]


def described(name: str, where: Path) -> origin.Table:
    """What the package says about a table. Official figures name who published them, the others are ours."""
    package, resource = _package(where), _resource(name, where)
    licence = resource["licenses"][0]
    official = [source["title"] for source in resource.get("sources", ()) if "path" in source]
    return origin.Table(
        name,
        re.split(r" \(|;", resource["title"])[0],
        origin.Package(
            title=f"{package['title']}, Version {package['version']}",
            state=f"Stand {pd.Timestamp(package['created']):%d.%m.%Y}",
            licence="Lizenz {}".format(licence["name"]) if "path" in licence else licence["title"],
            provider=official[0] if official else package["contributors"][0]["title"],
        ),
    )


def split(cell: object) -> list[str]:
    """The entries of a list cell: `"a;b"` -> `["a", "b"]`, missing -> `[]`."""
    return str(cell).split(";") if isinstance(cell, str) and cell else []


def forget() -> None:
    """Read the tables anew when they are asked for next: somebody changed them."""
    global _generation
    _generation += 1
    parsed.cache_clear()
    _package.cache_clear()


_generation = 0


def state() -> tuple[Path, int]:
    """Changes whenever the tables may have changed: what is made of them is kept by this."""
    return folder(), _generation


@cache
def _package(where: Path) -> dict[str, Any]:
    path = where / "datapackage.json"
    if not path.is_file():
        raise DatasetError(f"Das Datenpaket fehlt: {path} gibt es nicht.")
    package: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return package


def resources(where: Path) -> dict[str, Mapping[str, Any]]:
    return {resource["name"]: resource for resource in _package(where)["resources"]}


def _load(name: str, where: Path) -> pd.DataFrame:
    table, defects = parsed(name, where)
    if defects:
        raise defects[0]
    return table


@cache
def parsed(name: str, where: Path) -> tuple[pd.DataFrame, list[DatasetError]]:
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
    table = origin.marked(pd.DataFrame(typed), described(name, where), *resource["schema"]["primaryKey"])
    return table, defects


def _resource(name: str, where: Path) -> Mapping[str, Any]:
    known = resources(where)
    if name not in known:
        raise DatasetError(f"Die Tabelle „{name}“ gibt es nicht.{meant(name, list(known))}", table=name)
    return known[name]


def _read(name: str, path: Path, columns: list[str]) -> pd.DataFrame:
    """All cells as text, missing as NA; the columns must be those of the schema."""
    if not path.is_file():
        raise DatasetError(f"Tabelle „{name}“: Die Datei {path.name} fehlt in {path.parent}.", table=name)
    try:
        text = pd.read_csv(path, dtype=TEXT, keep_default_na=False, na_values=[""], encoding="utf-8")
    except UnicodeDecodeError as error:
        remedy = "Speichern Sie die Datei als „CSV UTF-8“."
        raise DatasetError(f"Tabelle „{name}“: {path.name} ist nicht UTF-8. {remedy}", table=name) from error
    except pd.errors.EmptyDataError as error:
        raise DatasetError(f"Tabelle „{name}“: {path.name} ist leer.", table=name) from error
    except pd.errors.ParserError as error:
        line = re.search(r"line (\d+)", str(error))
        raise _too_many_cells(name, int(line[1]) if line else None) from error
    if not isinstance(text.index, pd.RangeIndex):  # pandas takes what is too much in the first row for keys
        raise _too_many_cells(name, 2)
    for column in columns:
        if column not in text.columns:
            raise DatasetError(
                f"Tabelle „{name}“: Die Spalte „{column}“ fehlt.{meant(column, list(text.columns))}",
                table=name,
                column=column,
            )
    if unknown := [column for column in text.columns if column not in columns]:
        raise DatasetError(
            f"Tabelle „{name}“: Die Spalte „{unknown[0]}“ ist nicht vorgesehen.{meant(unknown[0], columns)}",
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
        bad_cell(name, row, ", ".join(key), " + ".join(map(str, text.loc[row, key])), remedy, "data.key")
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
            found.setdefault(int(row), bad_cell(name, int(row), str(cells.name), value, said))
    return [found[row] for row in sorted(found)]


def _broken_rules(cells: pd.Series, typed: pd.Series, field: Field) -> Iterator[tuple[pd.Series, Remedy]]:
    """Which cells break which rule, and what would be right."""
    rules = field.get("constraints", {})
    if field["type"] == "string":
        yield cells.str.contains(INVISIBLE), "Die Zelle enthält unsichtbare Steuerzeichen. Löschen Sie diese."
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
    return lambda value: f"Erlaubt sind: {', '.join(values)}.{meant(value, values)}"


def bad_cell(
    name: str, row: int, column: str, value: object, remedy: str, rule: str = "data.cell"
) -> DatasetError:
    """`row` counts from 0 without the heading; people read it as a spreadsheet shows it."""
    shown = row + 2
    message = f"Tabelle „{name}“, Zeile {shown}, Spalte „{column}“: „{value}“ ist nicht gültig. {remedy}"
    return DatasetError(message, table=name, row=shown, column=column, value=value, remedy=remedy, rule=rule)


def meant(word: str, known: list[str]) -> str:
    near = get_close_matches(re.sub(r"\s", "_", word), known, n=1)
    return f" Meinten Sie „{near[0]}“?" if near else ""
