"""Derives what the official files do not say: density, people within 30 km, the way to the next big city."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

EARTH_RADIUS_KM: Final = 6371.0088  # mean radius (IUGG)
RADIUS_KM: Final = 30.0
BIG_CITY: Final = 100_000

Points = NDArray[np.float64]


def derive(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with `density_per_km2`, `population_within_30km` and `km_to_city_100k`.

    Only municipalities get values and count for others: an unincorporated area has hardly any people and is
    never divided by. Without coordinates the last two stay empty. Distances are great circles between the
    official centre points, rounded to 0.1 km; 0.0 means the place itself has 100,000 inhabitants.
    """
    real = table["is_municipality"]
    people = table["population"].astype("Float64")
    usable = real & (people > 0) & (table["area_km2"] > 0)
    located = table[real & table["lon"].notna() & table["lat"].notna()]
    points = on_sphere(located)
    population = located["population"].fillna(0).to_numpy(dtype="int64")
    return table.assign(
        density_per_km2=(people / table["area_km2"]).where(usable).astype("float64"),
        population_within_30km=_at(table, located, population_within(points, population)).astype("Int64"),
        km_to_city_100k=_at(table, located, km_to_city(points, population)),
    )


def on_sphere(table: pd.DataFrame) -> Points:
    """Return the places (`lon`, `lat` in degrees) as points on the unit sphere, shape (n, 3)."""
    lon, lat = np.radians(table["lon"].to_numpy("float64")), np.radians(table["lat"].to_numpy("float64"))
    return np.column_stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)))


def population_within(points: Points, population: NDArray[np.int64], km: float = RADIUS_KM) -> Points:
    """Sum the population of all places within `km` of each place, its own included."""
    if not len(points):
        return np.empty(0)
    chord = 2 * np.sin(km / EARTH_RADIUS_KM / 2)
    tree = cKDTree(points)
    sums = population.astype("float64")
    pairs = tree.query_pairs(chord, output_type="ndarray")
    np.add.at(sums, pairs[:, 0], population[pairs[:, 1]])
    np.add.at(sums, pairs[:, 1], population[pairs[:, 0]])
    return sums


def km_to_city(points: Points, population: NDArray[np.int64], size: int = BIG_CITY) -> Points:
    """Return the great-circle distance of each place to the nearest of at least `size` people, in km."""
    big = population >= size
    if not big.any():
        return np.full(len(points), np.nan)
    chord, _ = cKDTree(points[big]).query(points)
    return np.round(2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(chord / 2, 1)), 1)


def _at(table: pd.DataFrame, located: pd.DataFrame, values: Points) -> pd.Series:
    return pd.Series(values, index=located.index, dtype="float64").reindex(table.index)
