"""Where the figures of a place come from: the imported register, or the places shipped with the data.

A row is named by its key: 8 digits are one row of the register, 5 all rows of a Kreis, 9 those of a Verband.
"""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from transferkit import origin
from transferkit.knowledge import datasets, register
from transferkit.knowledge.place_sums import HOW as SUMS
from transferkit.knowledge.register_shipped import HOW as DENSITY

SHIPPED = "places"


def table() -> origin.Table:
    """The table in use, with its date."""
    if not register.is_complete():
        return datasets.described(SHIPPED, datasets.folder())
    return _imported(*register.version())


@lru_cache(maxsize=2)
def _imported(path: str, stamp: int) -> origin.Table:
    used, official = register.status(), datasets.described(SHIPPED, datasets.folder()).package
    days = (pd.Timestamp(day) for day in (used.register_date, used.population_date))
    return origin.Table(
        "register",
        "Gemeindeverzeichnis",
        origin.Package(
            "Gemeindeverzeichnis GV-ISys",
            "Gebietsstand {:%d.%m.%Y}, Bevölkerung vom {:%d.%m.%Y}".format(*days),
            official.licence,
            "Statistisches Bundesamt (Destatis); Dichte, Umkreis und Entfernung selbst berechnet",
        ),
    )


def mark(data: origin.D) -> origin.D:
    """Mark a place, or a table of places by their keys; for what is computed it is said how."""
    said = [SUMS if _has_sums(data) else "", "" if register.is_complete() else DENSITY]
    return origin.chosen(origin.marked(data, table()), " ".join(filter(None, said)))


def _has_sums(data: pd.DataFrame | pd.Series) -> bool:
    """Whether these are several municipalities added up by us; the shipped Kreise stand in their table."""
    keys = [data.name] if isinstance(data, pd.Series) else data.index
    own = 8 if register.is_complete() else 5
    return any(len(str(key)) not in (8, own) for key in keys)
