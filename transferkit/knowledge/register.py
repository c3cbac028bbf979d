"""The register of municipalities: the imported official one, or the places shipped with the model projects.

`municipalities()` and `municipality()` are what guides use; `status()`, `import_files()` and `update()` are
what the command line uses. Reading imports neither openpyxl nor requests.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from transferkit.errors import PlaceError
from transferkit.knowledge import reads, register_kreise, register_shipped, register_store
from transferkit.knowledge.register_store import RegisterStatus

if TYPE_CHECKING:
    from transferkit.knowledge.register_names import Names

__all__ = [
    "RegisterStatus",
    "attribution",
    "import_files",
    "is_complete",
    "kreise",
    "municipalities",
    "municipality",
    "names",
    "rows",
    "status",
    "update",
    "version",
]


class _InUse(NamedTuple):
    table: pd.DataFrame
    status: RegisterStatus


def municipalities() -> pd.DataFrame:
    """Return all municipalities, one row each, indexed by `ags` (8 digits as text).

    The imported register if there is one (with unincorporated areas, `is_municipality` False), else the
    places of the model projects. Columns and units: see `register_table.COLUMNS`; km², degrees WGS84, km.
    The caller gets a copy.
    """
    return _in_use().table.copy()


def rows() -> pd.DataFrame:
    """Return the table itself and no copy, for modules that only read it and are asked often."""
    return _in_use().table


def municipality(query: str) -> pd.Series:
    """Return the row of one municipality, by AGS (8 digits), ARS (12 digits) or name; `.name` is its AGS.

    Names may be official or short, with ae/oe/ue, abbreviated, and say where: `Neuenkirchen (Heidekreis)`.
    In the complete register a small typing error is forgiven. Raises PlaceError if the query leads to no
    municipality, to several (they are listed), to a Kreis, or to one that is gone (its successor is named).
    """
    text = str(query).strip()
    if not text:
        raise PlaceError(
            "Es wurde keine Gemeinde genannt. Richtig wäre ein Name oder ein Schlüssel wie 09181121."
        )
    table = _in_use().table
    digits = re.sub(r"\s", "", text)
    if digits in table.index and table.at[digits, "is_municipality"]:
        return _row(table, digits)  # the most frequent question needs no index of names

    from transferkit.knowledge.register_find import find_by_key, find_by_name

    if digits.isdecimal():
        ags = find_by_key(names(), text, digits, register_store.read_changes())
    else:
        ags = find_by_name(names(), text)
    return _row(table, ags)


def _row(table: pd.DataFrame, ags: str) -> pd.Series:
    return table.iloc[int(table.index.get_indexer(pd.Index([ags]))[0])]


def kreise() -> pd.DataFrame:
    """Return all Kreise and kreisfreie Städte by `kreis_key`; see `register_kreise.of_municipalities`.

    Without the imported register: those that are, or hold, a model project, `municipalities` empty.
    """
    if is_complete():
        return register_kreise.of_municipalities(_in_use().table)
    return register_shipped.kreise()


def is_complete() -> bool:
    """Tell whether the official register was imported, so that every municipality is known."""
    return _in_use().status.complete


def status() -> RegisterStatus:
    """Say which register is in use: dates, census base, sources, counts."""
    return _in_use().status


def attribution() -> str:
    """Return the line that names the source of the register in use, as its licence asks."""
    if not is_complete():
        return register_shipped.ATTRIBUTION
    used = status()
    day = pd.Timestamp(used.register_date).strftime("%d.%m.%Y")
    return (
        f"© Statistisches Bundesamt (Destatis), {used.published}, Gemeindeverzeichnis GV-ISys, "
        f"Gebietsstand {day}; eigene Aufbereitung"
    )


def import_files(*paths: str | Path) -> RegisterStatus:
    """Import official files (GV100AD text, AuszugGV xlsx, Gebietsaenderungen xlsx) as the register in use.

    Recognised by content. Raises RegisterError naming every bad line; the register in use then stays.
    """
    from transferkit.knowledge import register_import

    found = register_import.import_files(*paths)
    _forget()
    return found


def update(
    url: str | None = None, *, progress: Callable[[int, int | None], None] | None = None
) -> RegisterStatus:
    """Download the current extract from Destatis and import it; see `register_download.update`."""
    from transferkit.knowledge import register_download

    found = register_download.update(url or register_download.DESTATIS, progress=progress)
    _forget()
    return found


def version() -> tuple[str, int]:
    """Return file and time of change of the register in use: what was made from it is a key to a cache."""
    reads.table(reads.REGISTER)
    path = register_store.folder() / register_store.TABLE
    return str(path), path.stat().st_mtime_ns if path.is_file() else 0


def _in_use() -> _InUse:
    return _load(*version())


@lru_cache(maxsize=2)
def _load(path: str, stamp: int) -> _InUse:
    """Read the register once per process; path and time of change are the key of the cache."""
    stored = register_store.read() if stamp else None
    if stored is not None:
        return _InUse(*stored)
    with reads.recording():  # "register" stands for the places it is made of, whoever asks first
        table = register_shipped.municipalities()
    return _InUse(table, register_store.status_of(table, ("datasets/places.csv",), "2025", complete=False))


def names() -> Names:
    """Return the index of the names of municipalities, made once per register."""
    return _index(*version())


@lru_cache(maxsize=2)
def _index(path: str, stamp: int) -> Names:
    from transferkit.knowledge.register_names import names_of

    used = _load(path, stamp)
    with reads.recording():
        return names_of(used.table, kreise(), register_store.read_changes(), complete=used.status.complete)


def _forget() -> None:
    _load.cache_clear()
    _index.cache_clear()
