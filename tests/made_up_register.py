"""A made-up register for machines without the official one: the shipped places, invented ones around them.

The shipped places are real and keep their figures. Everything else is invented and says so by its name:
Musterdorf, Musterstadt, Musterkreis, Musterbund. Keys are official in shape; figures resemble the real
place beside them, so that every shipped place has peers.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from transferkit.knowledge import changes, register_shipped, register_store
from transferkit.knowledge.register_table import COLUMNS, MUNICIPALITY_TYPES, conform

VILLAGES = 5  # around each shipped municipality
SAME_NAME = 200  # every so many villages have the same name, so that these have to be told apart
VILLAGE, CITY = "64", "61"
SEED = 2026


def store() -> None:
    """Make the made-up register the one in use, in the folder TRANSFERKIT_REGISTER names."""
    made = table()
    status = register_store.status_of(made, ("erfunden",), "2025", complete=True)
    register_store.write(made, status, changes.empty())


def table() -> pd.DataFrame:
    """The shipped municipalities; villages around each and in each shipped Kreis; cities without a Kreis."""
    shipped = register_shipped.municipalities()
    is_city = shipped["kreis_key"] == shipped.index.str[:5].where(shipped.index.str[5:] == "000")
    beside = _repeated(pd.concat([shipped, _shares_of_kreise()]))
    villages = _villages(beside, kreise=_rural(beside["kreis_key"], set(shipped["kreis_key"][is_city])))
    cities = _cities(shipped[is_city], taken={*shipped["kreis_key"], *villages["kreis_key"]})
    whole = pd.concat([shipped.assign(in_association=False), villages, cities])
    unnamed = whole["kreis"].isna()
    return conform(whole.assign(kreis=whole["kreis"].mask(unnamed, "Musterkreis " + whole["kreis_key"])))


def _shares_of_kreise() -> pd.DataFrame:
    """Of each shipped Kreis, the part one of its villages has of people and area."""
    kreise = register_shipped.counties()
    return kreise.assign(
        population=kreise["population"] // VILLAGES,
        area_km2=kreise["area_km2"] / VILLAGES,
        degree_of_urbanisation_code="03",
        degree_of_urbanisation="gering besiedelt",
        is_municipality=True,
    ).reindex(columns=list(COLUMNS))


def _repeated(places: pd.DataFrame) -> pd.DataFrame:
    return places.loc[np.repeat(places.index, VILLAGES)]


def _rural(keys: pd.Series, cities: set[str]) -> list[str]:
    """The Kreis of each village: that of the place beside it; beside a city an invented one of its Land."""
    return [f"{key[:3]}98" if key in cities else key for key in keys]


def _villages(beside: pd.DataFrame, kreise: list[str]) -> pd.DataFrame:
    """Villages like the places beside them, bound in one Musterbund a Kreis."""
    number = pd.Series(kreise).groupby(kreise).cumcount()
    keys = [f"{kreis}{999 - n:03}" for kreis, n in zip(kreise, number, strict=True)]
    names = [f"Musterdorf {n:03}" if n % SAME_NAME else "Musterdorf" for n in range(len(keys))]
    kreis = pd.Series(kreise, index=keys)
    known = register_shipped.kreise()["name"]
    return _alike(beside, keys, names, VILLAGE).assign(
        kreis_key=kreis,
        kreis=kreis.map(known),
        association_key=kreis + "5999",
        association="Musterbund " + kreis,
        association_type="Verwaltungsgemeinschaft",
        in_association=True,
    )


def _cities(beside: pd.DataFrame, taken: set[str]) -> pd.DataFrame:
    keys: list[str] = []
    for kreis in beside["kreis_key"]:
        free = (f"{kreis[:3]}{n}" for n in range(97, 10, -1))
        keys.append(next(key for key in free if key not in taken and key not in keys))
    names = [f"Musterstadt {n:02}" for n in range(len(keys))]
    made = _alike(beside, [f"{key}000" for key in keys], names, CITY)
    return made.assign(kreis_key=keys, kreis=names, in_association=False)


def _alike(beside: pd.DataFrame, keys: list[str], names: list[str], type_code: str) -> pd.DataFrame:
    """Places like those beside them: figures up to a half smaller or larger, at most some 15 km away."""
    rng = np.random.default_rng(SEED)
    population = (beside["population"].astype(float).to_numpy() * rng.uniform(0.5, 1.5, len(keys))).round()
    area = (beside["area_km2"].to_numpy() * rng.uniform(0.6, 1.4, len(keys))).round(2)
    around = beside["population_within_30km"].astype(float).to_numpy() * rng.uniform(0.8, 1.2, len(keys))
    made = beside.set_axis(keys)
    return made.assign(
        official_name=names,
        short_name=names,
        type_code=type_code,
        type=MUNICIPALITY_TYPES[type_code],
        population=population.astype(int),
        area_km2=area,
        density_per_km2=population / area,
        lon=made["lon"] + rng.uniform(-0.15, 0.15, len(keys)),
        lat=made["lat"] + rng.uniform(-0.1, 0.1, len(keys)),
        population_within_30km=np.maximum(around, population).astype(int),
        km_to_city_100k=np.where(population >= 100_000, 0.0, rng.uniform(2, 90, len(keys)).round(1)),
    )
