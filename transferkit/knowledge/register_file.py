"""What one official file holds once it is read, whatever its format: rows, dates, and every bad line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NoReturn

import pandas as pd

from transferkit.errors import RegisterError

ROW_COLUMNS: Final = (
    "where",
    "record",
    "type_code",
    "land",
    "district",
    "kreis",
    "association",
    "municipality",
    "name",
    "area_km2",
    "population",
    "male",
    "postcode",
    "postcode_multiple",
    "lon",
    "lat",
    "urbanisation",
)
RECORDS: Final = {
    "10": "Land",
    "20": "Regierungsbezirk",
    "30": "Region",
    "40": "Kreis",
    "50": "Gemeindeverband",
    "60": "Gemeinde",
}
SHOWN_FAULTS: Final = 20


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in a file: where, what is there, what would be right (German)."""

    where: str
    what: str
    right: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}{f' {self.right}' if self.right else ''}"


@dataclass(frozen=True)
class RegisterFile:
    """One official file: all its records as `rows` (columns ROW_COLUMNS) and what it says about itself.

    `population_date` is None, `census` and `published` (year, for the source line) are empty where the file
    does not say. `faults` are the lines
    that could not be read; a file with faults is never used.
    """

    source: str
    is_text: bool
    register_date: pd.Timestamp
    population_date: pd.Timestamp | None
    census: str
    published: str
    rows: pd.DataFrame
    faults: Sequence[Fault] = field(default=())

    @property
    def year(self) -> str:
        """The year for the source line: as printed in the file, else that of the day after the Gebietsstand,
        the first day on which it can have appeared."""
        return self.published or f"{self.register_date + pd.Timedelta(days=1):%Y}"

    @property
    def municipalities(self) -> pd.DataFrame:
        """The rows of Satzart 60, indexed by AGS, with `ars`, `kreis_key` and `association_key`."""
        rows = self.rows[self.rows["record"] == "60"]
        kreis_key = rows["land"] + rows["district"] + rows["kreis"]
        return rows.assign(
            kreis_key=kreis_key,
            association_key=kreis_key + rows["association"],
            ars=kreis_key + rows["association"] + rows["municipality"],
        ).set_index((kreis_key + rows["municipality"]).rename("ags"))


def refuse(source: str, faults: Sequence[Fault]) -> NoReturn:
    """Refuse a file as a whole, naming its bad lines; the register in use is not touched."""
    shown = "\n".join(f"  {fault}" for fault in faults[:SHOWN_FAULTS])
    hidden = len(faults) - SHOWN_FAULTS
    more = f"\n  … und {hidden} weitere" if hidden > 0 else ""
    count = "1 Fehler" if len(faults) == 1 else f"{len(faults)} Fehler"
    raise RegisterError(
        f"„{source}“ ist beschädigt oder unvollständig ({count}) und wird nicht übernommen:\n{shown}{more}\n"
        "Das bisherige Verzeichnis bleibt unverändert. Bitte laden Sie die Datei noch einmal herunter."
    )
