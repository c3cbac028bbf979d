"""Sums municipalities to Kreise."""

from __future__ import annotations

from typing import Final

import pandas as pd

from transferkit.knowledge.register_table import CITY_WITHOUT_KREIS

KREIS_COLUMNS: Final = (
    "name",
    "land_code",
    "land",
    "population",
    "area_km2",
    "density_per_km2",
    "municipalities",
    "is_city",
)


def of_municipalities(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per Kreis, indexed by `kreis_key`: sums over its municipalities, areas outside left out.

    Columns: name (with type: `Landkreis Bamberg`), land_code, land, population (Int64), area_km2,
    density_per_km2, municipalities (Int64, their number), is_city (kreisfreie Städte and city states).
    """
    real = table[table["is_municipality"]]
    groups = real.groupby("kreis_key")
    sums = groups.agg(
        name=("kreis", "first"),
        land_code=("land_code", "first"),
        land=("land", "first"),
        population=("population", "sum"),
        area_km2=("area_km2", "sum"),
    )
    is_city = real["type_code"].isin(list(CITY_WITHOUT_KREIS)).groupby(real["kreis_key"]).any()
    return sums.assign(
        area_km2=sums["area_km2"].round(2),
        density_per_km2=(sums["population"].astype("float64") / sums["area_km2"]),
        municipalities=groups.size().astype("Int64"),
        is_city=is_city,
    )[list(KREIS_COLUMNS)]
