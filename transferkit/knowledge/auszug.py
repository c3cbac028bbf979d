"""Reads AuszugGV, the Excel extract of the official register, in every vintage since 2009."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from transferkit.errors import RegisterError
from transferkit.knowledge.auszug_coordinates import degrees
from transferkit.knowledge.auszug_imprint import dates, named_census, year_of_publication
from transferkit.knowledge.register_file import RECORDS, ROW_COLUMNS, Fault, RegisterFile
from transferkit.knowledge.workbook import Row

COLUMNS_READ: Final = 24
PREFIXES: Final = ("Onlineprodukt_Gemeinden", "Gemeindedaten")
HEADER_ROWS: Final = 6
# Key columns: letter, field, digits. Each field has a fixed width, so a number restores to exactly one text.
KEYS: Final = (
    ("C", "land", 2),
    ("D", "district", 1),
    ("E", "kreis", 2),
    ("F", "association", 4),
    ("G", "municipality", 3),
)
KEY_COUNT: Final = {"10": 1, "20": 2, "30": 2, "40": 3, "50": 4, "60": 5}


def data_sheet(sheets: Mapping[str, Sequence[Row]]) -> str | None:
    """Name the sheet with the municipalities: by its prefix, else the second, else any with the header."""
    titles = list(sheets)
    by_prefix = [title for title in titles if title.startswith(PREFIXES)]
    for title in [*by_prefix, *titles[1:2], *titles]:
        if any(str(row[0] or "").startswith("Satz") for row in sheets[title][:HEADER_ROWS]):
            return title
    return None


def read(sheets: Mapping[str, Sequence[Row]], source: str) -> RegisterFile:
    """Read the sheets of a workbook; cells that cannot be read are listed in `faults`."""
    title = data_sheet(sheets)
    if title is None:
        raise RegisterError(
            f"„{source}“ hat kein Blatt mit Gemeinden (Blätter: {', '.join(sheets)}). "
            "Richtig wäre ein Blatt „Onlineprodukt_Gemeinden…“ mit der Überschrift „Satzart“ in Spalte A."
        )
    table = sheets[title]
    header = table[:HEADER_ROWS]
    lon, lat, urbanisation = _located(header)
    faults: list[Fault] = []
    rows = []
    for number, cells in enumerate(table[HEADER_ROWS:], HEADER_ROWS + 1):
        record = _whole(cells[0])
        if record in RECORDS:
            rows.append(_row(number, record, cells, (lon, lat, urbanisation), faults))
        elif record.isdigit():
            faults.append(
                Fault(f"Zelle A{number}", f"Die Satzart „{record}“ gibt es nicht.", "Richtig: 10 bis 60.")
            )
    frame = pd.DataFrame(rows, columns=list(ROW_COLUMNS))
    frame["lon"], frame["lat"] = degrees(frame, faults)
    register_date, population_date = dates(header, title, source)
    return RegisterFile(
        source=source,
        is_text=False,
        register_date=register_date,
        population_date=population_date,
        census=named_census(sheets),
        published=year_of_publication(sheets),
        rows=_without_collective(frame),
        faults=tuple(faults),
    )


def _located(header: Sequence[Row]) -> tuple[int, int, int]:
    """Find the columns that moved between vintages by their headings; O, P and S where none is found."""

    def column(pattern: str, default: int) -> int:
        hits = [
            place for row in header for place, cell in enumerate(row) if re.search(pattern, str(cell or ""))
        ]
        return min(hits, default=default)

    return column("Längengrad", 14), column("Breitengrad", 15), column("Verstädterung", 18)


def _row(
    number: int, record: str, cells: Row, located: tuple[int, int, int], faults: list[Fault]
) -> tuple[object, ...]:
    needed = KEY_COUNT[record]
    keys = {
        field: _key(cells[2 + place], width, f"Zelle {letter}{number}", faults) if place < needed else ""
        for place, (letter, field, width) in enumerate(KEYS)
    }
    name = str(cells[7] or "").strip()
    if not name:
        faults.append(Fault(f"Zelle H{number}", "Der Name fehlt."))
    is_place = record == "60"
    lon, lat, urbanisation = (cells[place] if is_place else None for place in located)
    has_type = record in {"40", "50", "60"}
    return (
        f"Zeile {number}",
        record,
        _key(cells[1], 2, f"Zelle B{number}", faults) if has_type else "",
        keys["land"],
        keys["district"],
        keys["kreis"],
        keys["association"],
        keys["municipality"],
        name,
        _number(cells[8], f"Zelle I{number}", faults) if is_place else None,
        _count(cells[9], f"Zelle J{number}", faults) if is_place else None,
        _count(cells[10], f"Zelle K{number}", faults) if is_place else None,
        _optional_key(cells[13], 5, f"Zelle N{number}", faults) if is_place else None,
        None,  # the extract does not say whether a place has several postcodes
        lon,
        lat,
        _optional_key(urbanisation, 2, f"Zeile {number}, Grad der Verstädterung", faults),
    )


def _whole(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()


def _key(cell: object, width: int, where: str, faults: list[Fault]) -> str:
    """Return a key as text. A number regains its leading zeros; a text that is too short stays unclear."""
    text = _whole(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool) and text.isdigit():
        text = text.zfill(width)
    if not (text.isascii() and text.isdigit() and len(text) == width):
        faults.append(
            Fault(where, f"Der Schlüssel ist „{text}“.", f"Richtig wären {width} Ziffern als Text.")
        )
    return text


def _optional_key(cell: object, width: int, where: str, faults: list[Fault]) -> str | None:
    # Areas without inhabitants have no postcode; a sheet saved with numbers shows 0 there.
    return None if _whole(cell) in {"", "0"} else _key(cell, width, where, faults)


def _number(cell: object, where: str, faults: list[Fault]) -> float | None:
    if isinstance(cell, int | float) and not isinstance(cell, bool) and math.isfinite(cell):
        return float(cell)
    try:
        # Text in German notation: 1.234,56
        return float(str(cell or "").strip().replace(".", "").replace(",", "."))
    except ValueError:
        faults.append(Fault(where, f"steht „{cell if cell is not None else ''}“.", "Richtig wäre eine Zahl."))
        return None


def _count(cell: object, where: str, faults: list[Fault]) -> int | None:
    value = _number(cell, where, faults)
    if value is None:
        return None
    if value < 0 or not value.is_integer():
        faults.append(Fault(where, f"steht „{cell}“.", "Richtig wäre eine ganze Zahl ab 0."))
        return None
    return int(value)


def _without_collective(rows: pd.DataFrame) -> pd.DataFrame:
    """Drop collective keys ending in 444 (2017: several areas under one); 12061444 is real."""
    ags = rows["land"] + rows["district"] + rows["kreis"] + rows["municipality"]
    repeated = ags.duplicated(keep=False) | rows["type_code"].isin(["65", "66"])
    return rows[~((rows["record"] == "60") & (rows["municipality"] == "444") & repeated)]
