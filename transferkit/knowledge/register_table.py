"""The table of municipalities: its columns, their types, and the German words for official codes.

Codes are those of the official record layout (Destatis, Gemeindeverzeichnis GV100AD, Textkennzeichen).
"""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

LAENDER: Final = {
    "01": "Schleswig-Holstein",
    "02": "Hamburg",
    "03": "Niedersachsen",
    "04": "Bremen",
    "05": "Nordrhein-Westfalen",
    "06": "Hessen",
    "07": "Rheinland-Pfalz",
    "08": "Baden-Württemberg",
    "09": "Bayern",
    "10": "Saarland",
    "11": "Berlin",
    "12": "Brandenburg",
    "13": "Mecklenburg-Vorpommern",
    "14": "Sachsen",
    "15": "Sachsen-Anhalt",
    "16": "Thüringen",
}
MUNICIPALITY_TYPES: Final = {
    "60": "Markt",
    "61": "Kreisfreie Stadt",
    "62": "Stadtkreis",
    "63": "Stadt",
    "64": "Kreisangehörige Gemeinde",
    "65": "Gemeindefreies Gebiet, bewohnt",
    "66": "Gemeindefreies Gebiet, unbewohnt",
    "67": "Große Kreisstadt",
}
UNINCORPORATED: Final = frozenset({"65", "66"})
CITY_WITHOUT_KREIS: Final = frozenset({"61", "62"})
KREIS_TYPES: Final = {
    "41": "Kreisfreie Stadt",
    "42": "Stadtkreis",
    "43": "Kreis",
    "44": "Landkreis",
    "45": "Regionalverband",
}
ASSOCIATION_TYPES: Final = {
    "50": "Verbandsfreie Gemeinde",
    "51": "Amt",
    "52": "Samtgemeinde",
    "53": "Verbandsgemeinde",
    "54": "Verwaltungsgemeinschaft",
    "55": "Kirchspielslandgemeinde",
    "56": "Verwaltungsverband",
    "57": "Verwaltungsgemeinschaft, Trägermodell",
    "58": "Erfüllende Gemeinde",
}
URBANISATION: Final = {
    "01": "dicht besiedelt",
    "02": "mittlere Besiedlungsdichte",
    "03": "gering besiedelt",
}
SIZE_BOUNDS: Final = (500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 500_000)
SIZE_CLASSES: Final = (
    "unter 500",
    "500 bis 999",
    "1.000 bis 1.999",
    "2.000 bis 4.999",
    "5.000 bis 9.999",
    "10.000 bis 19.999",
    "20.000 bis 49.999",
    "50.000 bis 99.999",
    "100.000 bis 499.999",
    "500.000 und mehr",
)

COLUMNS: Final = {
    "ars": "str",
    "official_name": "str",
    "short_name": "str",
    "land_code": "str",
    "land": "str",
    "kreis_key": "str",
    "kreis": "str",
    "type_code": "str",
    "type": "str",
    "association_key": "str",
    "association": "str",
    "association_type": "str",
    "in_association": "boolean",
    "is_municipality": "bool",
    "population": "Int64",
    "area_km2": "float64",
    "density_per_km2": "float64",
    "postcode": "str",
    "postcode_multiple": "boolean",
    "lon": "float64",
    "lat": "float64",
    "degree_of_urbanisation_code": "str",
    "degree_of_urbanisation": "str",
    "population_within_30km": "Int64",
    "km_to_city_100k": "float64",
    "size_class": "category",
    "register_date": "datetime64[us]",
    "population_date": "datetime64[us]",
    "census": "str",
    "coordinates_date": "datetime64[us]",
}


def conform(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table, indexed by `ags`, with exactly the columns and types above; missing are empty."""
    full = table.reindex(columns=list(COLUMNS))
    typed = {name: kind for name, kind in COLUMNS.items() if name != "size_class"}
    full = full.astype(typed).assign(size_class=size_class(full["population"], full["is_municipality"]))
    full.index = full.index.astype("str")
    return full.rename_axis("ags").sort_index()


def size_class(population: pd.Series, is_municipality: pd.Series) -> pd.Series:
    """Class each municipality by its inhabitants; ordered category, empty for unincorporated areas."""
    people = population.astype("Float64").where(is_municipality.astype("boolean"))
    bins = [-1.0, *(bound - 1 for bound in SIZE_BOUNDS), float("inf")]
    return pd.cut(people.astype("float64"), bins, labels=list(SIZE_CLASSES), ordered=True)


def short_name(official: str) -> str:
    """Return the part before the first comma: suffixes such as `Stadt, Hochschulstadt` can hold commas."""
    return official.split(",", 1)[0].strip()


def kreis_name(name: str, type_code: str) -> str:
    """Return a Kreis as people say it: `Landkreis Bamberg`, `Kreis Plön`, `Wetteraukreis`, `Kiel`."""
    short = short_name(name)
    speaks_for_itself = re.search(r"kreis|region|verband", short, re.IGNORECASE)
    if type_code in {"43", "44"} and not speaks_for_itself:
        return f"{KREIS_TYPES[type_code]} {short}"
    return short
