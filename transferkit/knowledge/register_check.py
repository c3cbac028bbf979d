"""Checks an official file before it may become the register: keys, parents, order, plausible sums.

Official files have been published damaged. One fault refuses the whole file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from transferkit.knowledge.register_file import Fault, RegisterFile
from transferkit.knowledge.register_table import (
    ASSOCIATION_TYPES,
    KREIS_TYPES,
    LAENDER,
    MUNICIPALITY_TYPES,
    UNINCORPORATED,
    URBANISATION,
)

TYPES: Final = {"40": KREIS_TYPES, "50": ASSOCIATION_TYPES, "60": MUNICIPALITY_TYPES}


@dataclass(frozen=True)
class Bounds:
    """What a plausible register of Germany holds; wide enough for every issue since 2009."""

    municipalities: tuple[int, int] = (9_500, 14_000)
    population: tuple[int, int] = (60_000_000, 100_000_000)
    area_km2: tuple[float, float] = (340_000, 370_000)
    lon: tuple[float, float] = (5.5, 15.5)
    lat: tuple[float, float] = (47.0, 55.5)
    largest_area_km2: float = 2_000
    densest_per_km2: float = 10_000
    # Between 0.42 and 0.57 in every municipality of 1,000 and more (issue of 31.12.2022), 0.64 in Osterheide.
    male_share: tuple[float, float] = (0.25, 0.75)


GERMANY: Final = Bounds()


def check(file: RegisterFile, bounds: Bounds = GERMANY) -> list[Fault]:
    """Return every fault of a file, unreadable lines first; empty if it may be used.

    Parents, order and sums are only judged when every line could be read: they would otherwise
    blame sound lines for a damaged one.
    """
    faults = [*file.faults, *_types(file.rows), *_values(file, bounds), *_duplicates(file)]
    if not faults:
        faults = [*_parents(file.rows), *_order(file), *_sums(file, bounds)]
    return faults


def _types(rows: pd.DataFrame) -> list[Fault]:
    faults = []
    for record, types in TYPES.items():
        wrong = rows[(rows["record"] == record) & ~rows["type_code"].isin(list(types))]
        faults += [
            Fault(
                where,
                f"Das Textkennzeichen „{code}“ gibt es bei Satzart {record} nicht.",
                f"Es gibt {_list(types)}.",
            )
            for where, code in zip(wrong["where"], wrong["type_code"], strict=True)
        ]
    return faults


def _values(file: RegisterFile, bounds: Bounds) -> list[Fault]:
    places = file.municipalities
    people = pd.to_numeric(places["population"])
    male = pd.to_numeric(places["male"])
    area = pd.to_numeric(places["area_km2"])
    lon, lat = pd.to_numeric(places["lon"]), pd.to_numeric(places["lat"])
    real = ~places["type_code"].isin(list(UNINCORPORATED))
    share = (male / people).where(people >= 1_000, 0.5)
    suspects = {
        "hat mehr männliche als alle Personen": male > people,
        "hat einen unwahrscheinlichen Anteil männlicher Personen": ~share.between(*bounds.male_share),
        "ist eine Gemeinde ohne Einwohnerinnen und Einwohner": real & (people == 0),
        f"ist über {_german(bounds.largest_area_km2)} km² groß": real & (area > bounds.largest_area_km2),
        "ist eine Gemeinde ohne Fläche": real & ~(area > 0),
        f"hat über {_german(bounds.densest_per_km2)} Personen je km²": real
        & (people > area * bounds.densest_per_km2),
        "liegt laut Koordinaten nicht in Deutschland": (lon.notna() & ~lon.between(*bounds.lon))
        | (lat.notna() & ~lat.between(*bounds.lat)),
        "hat einen unbekannten Grad der Verstädterung": places["urbanisation"].notna()
        & ~places["urbanisation"].isin(list(URBANISATION)),
        "hat einen Gemeindeverband, der nicht mit 0, 5 oder 9 beginnt": ~places["association"]
        .str[:1]
        .isin(["0", "5", "9"]),
        "gehört zu keinem der 16 Länder": ~places["land"].isin(list(LAENDER)),
    }
    return [
        Fault(where, f"„{name}“ {what}.")
        for what, mask in suspects.items()
        for where, name in zip(places.loc[mask, "where"], places.loc[mask, "name"], strict=True)
    ]


def _duplicates(file: RegisterFile) -> list[Fault]:
    rows = file.rows
    key = rows["land"] + rows["district"] + rows["kreis"]
    kinds = {
        "Der AGS": (["60"], key + rows["municipality"]),
        "Der Schlüssel": (["10"], key),
        "Der Kreis": (["40"], key),
        "Der Gemeindeverband": (["50"], key + rows["association"]),
    }
    faults = []
    for what, (records, found) in kinds.items():
        found = found[rows["record"].isin(records)]
        twice = found[found.duplicated(keep="first")]
        faults += [
            Fault(
                where, f"{what} {one} kommt schon vorher vor.", "Jeder Schlüssel darf nur einmal vorkommen."
            )
            for one, where in zip(twice, rows.loc[twice.index, "where"], strict=True)
        ]
    return faults


def _parents(rows: pd.DataFrame) -> list[Fault]:
    """Every place has its Land, Kreis and association, each of those has a place; else lines are missing."""
    land = rows["land"]
    kreis = land + rows["district"] + rows["kreis"]
    association = kreis + rows["association"]
    faults = []
    for record, level, key, below in (
        ("10", "Das Land", land, ("20", "30", "40", "50", "60")),
        ("40", "Der Kreis", kreis, ("50", "60")),
        ("50", "Der Gemeindeverband", association, ("60",)),
    ):
        parents = rows["record"] == record
        children = rows["record"].isin(below)
        if record == "40":
            # Three areas without municipality, e.g. the coastal waters, have Kreis 00 and no record for it.
            children &= rows["kreis"] != "00"
        orphans = children & ~key.isin(key[parents])
        childless = parents & ~key.isin(key[rows["record"] == "60"])
        faults += [
            Fault(where, f"{level} {value} zu „{name}“ fehlt in der Datei.")
            for where, value, name in zip(
                rows["where"][orphans], key[orphans], rows["name"][orphans], strict=True
            )
        ]
        faults += [
            Fault(where, f"{level} {value} „{name}“ hat keine Gemeinde; es fehlen Zeilen.")
            for where, value, name in zip(
                rows["where"][childless], key[childless], rows["name"][childless], strict=True
            )
        ]
    return faults


def _order(file: RegisterFile) -> list[Fault]:
    """Official files are sorted without exception, so a key out of order is a damaged key."""
    parts = ["land", "district", "kreis", "municipality", "association"]
    if not file.is_text:
        parts = ["land", "district", "kreis", "association", "municipality"]
    width = {"district": 1, "kreis": 2, "municipality": 3, "association": 4}
    rows = file.rows[file.rows["record"] != "30"]  # a Region has its number where others have the Kreis
    key = rows["land"]
    for part in parts[1:]:
        key = key + rows[part].str.ljust(width[part])
    back = rows[key < key.shift(fill_value="")]
    return [
        Fault(where, f"„{name}“ steht nicht an seinem Platz.", "Der Schlüssel ist vermutlich beschädigt.")
        for where, name in zip(back["where"], back["name"], strict=True)
    ]


def _sums(file: RegisterFile, bounds: Bounds) -> list[Fault]:
    places = file.municipalities
    real = int((~places["type_code"].isin(list(UNINCORPORATED))).sum())
    laender = set(file.rows.loc[file.rows["record"] == "10", "land"])
    found = {
        "Gemeinden": (real, bounds.municipalities),
        "Einwohnerinnen und Einwohner": (int(pd.to_numeric(places["population"]).sum()), bounds.population),
        "km² Fläche": (float(pd.to_numeric(places["area_km2"]).sum()), bounds.area_km2),
    }
    faults = [
        Fault(
            "Ganze Datei",
            f"enthält {_german(value)} {what}.",
            f"Richtig wären {_german(low)} bis {_german(high)}.",
        )
        for what, (value, (low, high)) in found.items()
        if not low <= value <= high
    ]
    if laender != set(LAENDER):
        missing = [name for code, name in LAENDER.items() if code not in laender]
        faults.append(
            Fault("Ganze Datei", f"enthält {len(laender)} Länder.", f"Es fehlen: {', '.join(missing)}.")
        )
    return faults


def _german(number: float) -> str:
    return f"{number:,.0f}".replace(",", ".")


def _list(types: dict[str, str]) -> str:
    return ", ".join(f"{code} ({name})" for code, name in types.items())
