"""Adds places up: people and areas are summed, density follows, the rest is weighted by people."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from transferkit.knowledge.register_table import COLUMNS

# Where all parts agree the whole says so too; else it is unknown.
SAME: Final = ("land_code", "land", "kreis_key", "kreis", "register_date", "population_date", "census")
# Means over the inhabitants, digits kept: the centre, and where an inhabitant lives on average. The shipped
# Kreise (datasets/places.csv) are defined like this: one definition with and without the register.
MEANS: Final = {"lon": 5, "lat": 5, "population_within_30km": 0, "km_to_city_100k": 1}
HOW: Final = (
    "Mehrere Gemeinden zusammen sind summiert, Umkreis und Entfernung über ihre Einwohnerinnen und Einwohner "
    "gemittelt."
)
PLACE_COLUMNS: Final = (*COLUMNS, "level", "compared_as", "municipalities", "article")


def summed(rows: pd.DataFrame, group: pd.Series) -> pd.DataFrame:
    """Return one row per value of `group` (keys, aligned with `rows`), in the columns of a place.

    `rows` must not overlap and hold no unincorporated areas; `municipalities` counts as 1 where it is absent.

    Sums: population, area_km2, municipalities (unknown if one is unknown). Density: from the sums, never a
    mean of densities. lon, lat, population_within_30km and km_to_city_100k: means weighted by population,
    over the parts that know them. Land, Kreis and dates stay where all parts agree. Postcode, type and degree
    of urbanisation belong to one municipality and are empty.
    """
    keys = group.to_numpy(dtype=object)
    people = rows["population"].astype("float64")
    count = rows["municipalities"] if "municipalities" in rows else pd.Series(1, rows.index)
    sums = pd.DataFrame({"population": people, "area_km2": rows["area_km2"]}).groupby(keys).sum()
    same = rows[list(SAME)].groupby(keys)
    return (
        same.first()
        .where(same.nunique() == 1)
        .assign(
            population=sums["population"].astype("Int64"),
            area_km2=sums["area_km2"].round(2),
            density_per_km2=sums["population"] / sums["area_km2"].where(sums["area_km2"] > 0),
            municipalities=count.astype("Int64").groupby(keys).sum().where(count.notna().groupby(keys).all()),
            coordinates_date=rows["coordinates_date"].groupby(keys).min(),
            **_means(rows, people, keys),
        )
        .astype({"population_within_30km": "Int64"})
        .reindex(columns=list(PLACE_COLUMNS))
    )


def _means(
    rows: pd.DataFrame, people: pd.Series, keys: np.ndarray[tuple[int], np.dtype[np.object_]]
) -> dict[str, pd.Series]:
    values = rows[list(MEANS)].astype("float64")
    weights = values.notna().mul(people, axis=0).groupby(keys).sum()
    totals = values.mul(people, axis=0).groupby(keys).sum()
    means = totals / weights.where(weights > 0)
    return {name: means[name].round(digits) for name, digits in MEANS.items()}
