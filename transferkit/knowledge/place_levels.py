"""Kreise and associations as places: the rows of their municipalities added up, with names people use."""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

from transferkit.knowledge.place_sums import PLACE_COLUMNS, summed
from transferkit.knowledge.register_table import CITY_WITHOUT_KREIS, short_name

# What abbreviations before the official name of an association stand for (Baden-Württemberg, Thüringen).
SPELLED_OUT: Final = {
    "VVG": "Vereinbarte Verwaltungsgemeinschaft",
    "GVV": "Gemeindeverwaltungsverband",
    "EG": "Erfüllende Gemeinde",
}
SHE: Final = re.compile(r"(städte)?region\b|(vereinbarte|erfüllende)\s|\w+(gemeinde|gemeinschaft)\b", re.I)


def of_kreise(table: pd.DataFrame) -> pd.DataFrame:
    """Return the Kreise of these municipalities by `kreis_key`; kreisfreie Städte are municipalities."""
    rows = table[table["is_municipality"] & ~table["type_code"].isin(list(CITY_WITHOUT_KREIS))]
    found = summed(rows, rows["kreis_key"])
    return named_kreise(found, found["kreis"])


def named_kreise(sums: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    """Name rows that are Kreise, level `kreis`."""
    return _levelled(sums, "kreis").assign(
        kreis=names, official_name=names, short_name=names, article=[article(str(name)) for name in names]
    )


def of_associations(table: pd.DataFrame) -> pd.DataFrame:
    """Return the Gemeindeverbände of these municipalities by their key (Kreis 5 + code 4 digits).

    A municipality without association (codes 0…) and an area without municipality (9…) are in none.
    """
    rows = table[table["is_municipality"] & table["association_key"].notna()]
    official = rows.groupby("association_key")[["association", "association_type"]].first()
    names = [association_name(*pair) for pair in official.itertuples(index=False, name=None)]
    return _levelled(summed(rows, rows["association_key"]), "verband").assign(
        official_name=official["association"],
        short_name=pd.Series(names, official.index, dtype="str"),
        article=pd.Series([article(name) for name in names], official.index, dtype="str"),
        type=official["association_type"],
    )


def association_name(official: str, kind: str) -> str:
    """Return an association as people say it: `Verwaltungsgemeinschaft Fuchstal`, `Amt Lütjenburg`."""
    name = re.sub(r"\s*\(VGem\)$", "", official)
    name = name if " und " in name else short_name(name)  # a list of four municipalities keeps its commas
    first, _, rest = name.partition(" ")
    if first in SPELLED_OUT:
        return f"{SPELLED_OUT[first]} {rest}"
    return name if first == kind else f"{kind} {name}"


def article(name: str) -> str:
    """Return der, die or das for the name of a Kreis or an association, which begins with its kind."""
    return "das" if name.startswith("Amt ") else "die" if SHE.match(name) else "der"


def _levelled(table: pd.DataFrame, level: str) -> pd.DataFrame:
    told = table.assign(level=level, compared_as=level, is_municipality=False, in_association=False)
    return told.reindex(columns=list(PLACE_COLUMNS))
