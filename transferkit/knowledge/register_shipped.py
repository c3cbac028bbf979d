"""The places shipped with the model projects, in the shape of the register; used until one is imported."""

from __future__ import annotations

from typing import Final

import pandas as pd

from transferkit.knowledge import datasets
from transferkit.knowledge.place_sums import PLACE_COLUMNS
from transferkit.knowledge.register_kreise import KREIS_COLUMNS
from transferkit.knowledge.register_table import CITY_WITHOUT_KREIS, conform

ATTRIBUTION: Final = (
    "© Statistisches Bundesamt (Destatis), 2025, Gemeindeverzeichnis GV-ISys, Gebietsstand 30.11.2025 "
    "(Bevölkerung und Fläche 31.12.2024), Koordinaten und Grad der Verstädterung: Gebietsstand 31.12.2024; "
    "eigene Aufbereitung"
)
COORDINATES_DATE: Final = pd.Timestamp("2024-12-31")
CENSUS: Final = "Zensus 2022"

HOW: Final = "Dichte aus Bevölkerung und Fläche berechnet."


def municipalities() -> pd.DataFrame:
    """Return the shipped municipalities with the columns of the register; ARS and association are unknown."""
    places = _places()
    table = places[places["level"] == "gemeinde"].drop(columns="level")
    kreise = places[places["level"] == "kreis"]
    named = pd.concat(
        [
            kreise.set_index("kreis_key")["display_name_de"],
            table[_is_city(table)].set_index("kreis_key")["short_name"],
        ]
    )
    return conform(
        table.rename(
            columns={
                "land_name": "land",
                "type_de": "type",
                "degree_of_urbanisation_de": "degree_of_urbanisation",
            }
        ).assign(
            kreis=table["kreis_key"].map(named),
            is_municipality=True,
            # The shipped figure is rounded; a hamlet of 12 people per km² should not lose its decimals.
            density_per_km2=table["population"].astype("float64") / table["area_km2"],
            census=CENSUS,
            coordinates_date=COORDINATES_DATE,
        )
    )


def kreise() -> pd.DataFrame:
    """Return the shipped Kreise and kreisfreie Städte; the number of municipalities is unknown."""
    places = _places()
    is_city = _is_city(places)
    chosen = places[(places["level"] == "kreis") | is_city]
    return (
        pd.DataFrame(
            {
                "kreis_key": chosen["kreis_key"],
                "name": chosen["display_name_de"].where(~is_city, chosen["short_name"]),
                "land_code": chosen["land_code"],
                "land": chosen["land_name"],
                "population": chosen["population"].astype("Int64"),
                "area_km2": chosen["area_km2"].astype("float64"),
                "density_per_km2": chosen["population"].astype("float64")
                / chosen["area_km2"].astype("float64"),
                "municipalities": pd.array([pd.NA] * len(chosen), dtype="Int64"),
                "is_city": is_city[chosen.index],
            }
        )
        .set_index("kreis_key")
        .sort_index()[list(KREIS_COLUMNS)]
    )


def counties() -> pd.DataFrame:
    """Return the shipped Kreise with the columns of a place, kreisfreie Städte left out, by `kreis_key`."""
    places = _places()
    chosen = places[places["level"] == "kreis"]
    return (
        chosen.rename(columns={"land_name": "land"})
        .assign(
            kreis=chosen["display_name_de"],
            density_per_km2=chosen["population"].astype("float64") / chosen["area_km2"].astype("float64"),
            municipalities=pd.array([pd.NA] * len(chosen), dtype="Int64"),
            census=CENSUS,
            coordinates_date=COORDINATES_DATE,
        )
        .set_index("kreis_key", drop=False)
        .rename_axis(None)
        .sort_index()
        .reindex(columns=list(PLACE_COLUMNS))
    )


def _places() -> pd.DataFrame:
    places = datasets.load("places").copy()
    text = places.select_dtypes(["category", "string"]).columns
    return places.astype(dict.fromkeys(text, "str")).set_index("place_key")


def _is_city(places: pd.DataFrame) -> pd.Series:
    return places["type_code"].isin(list(CITY_WITHOUT_KREIS))
