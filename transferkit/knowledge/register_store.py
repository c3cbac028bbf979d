"""Keeps the imported register: one Parquet file for the table and its status, one for the changes."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

import pandas as pd
import platformdirs
import pyarrow
from pyarrow import parquet

from transferkit.errors import RegisterError
from transferkit.knowledge import changes
from transferkit.knowledge.register_table import COLUMNS, conform, size_class

TABLE: Final = "municipalities.parquet"
CHANGES: Final = "changes.parquet"
HOW_TO_GET_ALL: Final = (
    "Alle Gemeinden erhalten Sie mit dem amtlichen Gemeindeverzeichnis: „transferkit register update“ "
    "lädt es herunter, „transferkit register import DATEI“ liest eine vorhandene Datei."
)


@dataclass(frozen=True)
class RegisterStatus:
    """What the register in use is: dates as ISO text, empty where unknown; counts of its rows."""

    complete: bool
    register_date: str
    population_date: str
    census: str
    coordinates_date: str
    published: str
    sources: tuple[str, ...]
    rows: int
    municipalities: int
    population: int
    without_coordinates: int
    changes: int = 0

    def describe(self) -> str:
        """Return the status as German lines for the command line."""
        if not self.complete:
            return "\n".join(
                [
                    f"Mitgelieferte Orte: {_german(self.municipalities)} Gemeinden der Modellprojekte.",
                    f"Gebietsstand {_day(self.register_date)}, Bevölkerung {_day(self.population_date)} "
                    f"({self.census}).",
                    HOW_TO_GET_ALL,
                ]
            )
        areas = self.rows - self.municipalities
        lines = [
            f"Amtliches Gemeindeverzeichnis, Gebietsstand {_day(self.register_date)}",
            f"Gemeinden:   {_german(self.municipalities)} (dazu {_german(areas)} gemeindefreie Gebiete)",
            f"Bevölkerung: {_german(self.population)}, Stand {_day(self.population_date)}, "
            f"Grundlage {self.census}",
            f"Koordinaten: Stand {_day(self.coordinates_date)}; "
            f"sie fehlen bei {_german(self.without_coordinates)} Gemeinden",
            f"Gebietsänderungen: {_german(self.changes)}",
            f"Quelle:      Destatis, {', '.join(self.sources)}",
        ]
        return "\n".join(lines)


def folder(checkout: Path | None = None) -> Path:
    """Return where the register lives: TRANSFERKIT_REGISTER, else datasets/register of a checkout, else the
    user's data folder (an installed package must not write into itself)."""
    if wished := os.environ.get("TRANSFERKIT_REGISTER"):
        return Path(wished)
    root = checkout or Path(__file__).resolve().parents[2]
    if (root / "pyproject.toml").is_file() and (root / "datasets").is_dir():
        return root / "datasets" / "register"
    return Path(platformdirs.user_data_dir("transferkit", appauthor=False)) / "register"


def status_of(
    table: pd.DataFrame, sources: tuple[str, ...], published: str, *, complete: bool, changes: int = 0
) -> RegisterStatus:
    """Describe a table of municipalities."""
    real = table[table["is_municipality"]]
    coordinates = table.loc[table["lon"].notna(), "coordinates_date"]
    return RegisterStatus(
        complete=complete,
        register_date=_iso(table["register_date"]),
        population_date=_iso(table["population_date"]),
        census=str(table["census"].iloc[0]),
        coordinates_date=_iso(coordinates),
        published=published,
        sources=sources,
        rows=len(table),
        municipalities=len(real),
        population=int(table["population"].sum()),
        without_coordinates=int(real["lon"].isna().sum()),
        changes=changes,
    )


def write(table: pd.DataFrame, status: RegisterStatus, changed: pd.DataFrame) -> None:
    """Store table, status and changes; each file is replaced in one step: readers see the old or the new."""
    # The class follows from the population; stored as text it would only be read and thrown away.
    stored = conform(table).drop(columns="size_class")
    stored.attrs = dict(asdict(status).items())  # pandas keeps them in the metadata of the file
    target = folder()
    try:
        target.mkdir(parents=True, exist_ok=True)
        _replace(target / CHANGES, changed)
        _replace(target / TABLE, stored)
    except OSError as error:
        raise RegisterError(
            f"Das Gemeindeverzeichnis lässt sich nicht in „{target}“ speichern ({error.strerror}). "
            "Das bisherige bleibt unverändert. Prüfen Sie Platz und Schreibrechte."
        ) from error


def read() -> tuple[pd.DataFrame, RegisterStatus] | None:
    """Return the stored table and its status, or None if no register was imported."""
    path = folder() / TABLE
    if not path.is_file():
        return None
    try:
        table = _stored(path)
        status = RegisterStatus(**{str(name): value for name, value in table.attrs.items()})
        table.attrs = {}
        table["size_class"] = size_class(table["population"], table["is_municipality"])
        return table[list(COLUMNS)], replace(status, sources=tuple(status.sources))
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise RegisterError(
            f"Das gespeicherte Gemeindeverzeichnis „{path}“ ist nicht lesbar. Importieren Sie es noch "
            "einmal: „transferkit register import DATEI“."
        ) from error


def read_changes() -> pd.DataFrame:
    """Return the stored changes of municipalities, empty if none were imported."""
    path = folder() / CHANGES
    return _stored(path) if path.is_file() else changes.empty()


def _stored(path: Path) -> pd.DataFrame:
    """A stored table, read by this thread alone: kernels are forked from a process that may have no other."""
    source = pyarrow.BufferReader(path.read_bytes())
    table = parquet.ParquetFile(source, pre_buffer=False).read(use_threads=False)
    frame: pd.DataFrame = table.to_pandas(use_threads=False)
    frame.attrs = json.loads(table.schema.metadata.get(b"PANDAS_ATTRS", b"{}"))
    return frame


def _replace(path: Path, table: pd.DataFrame) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        table.to_parquet(beside)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _iso(dates: pd.Series) -> str:
    latest = dates.max()
    return "" if pd.isna(latest) else f"{latest:%Y-%m-%d}"


def _day(iso: str) -> str:
    return f"{iso[8:]}.{iso[5:7]}.{iso[:4]}" if iso else "unbekannt"


def _german(number: int) -> str:
    return f"{number:,}".replace(",", ".")
