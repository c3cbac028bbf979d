"""Combines official files into one table: newest rows and figures, coordinates and names from the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from transferkit.knowledge import changes as change_lists
from transferkit.knowledge.register_file import RegisterFile
from transferkit.knowledge.register_table import (
    ASSOCIATION_TYPES,
    LAENDER,
    MUNICIPALITY_TYPES,
    UNINCORPORATED,
    URBANISATION,
    kreis_name,
    short_name,
)

NAME_WIDTH: Final = 50  # GV100AD cuts names here
UNKNOWN: Final = "unbekannt"
ZENSUS_2011: Final = "Zensus 2011"
ZENSUS_2022: Final = "Zensus 2022"
# Total population of Germany as the official files carry it -> population date, census base.
PUBLISHED_TOTALS: Final = {
    83_237_124: ("2021-12-31", ZENSUS_2011),
    84_358_845: ("2022-12-31", ZENSUS_2011),
    84_669_326: ("2023-12-31", ZENSUS_2011),
    83_577_140: ("2024-12-31", ZENSUS_2022),
}
# Totals of 2022 and 2023 exist on both bases: above 84 million on Zensus 2011, below on Zensus 2022.
BETWEEN_THE_BASES: Final = 84_000_000


def combine(files: Sequence[RegisterFile], changes: pd.DataFrame) -> pd.DataFrame:
    """Return one table of all rows of Satzart 60 of the newest file, indexed by AGS.

    The file with the newest Gebietsstand gives rows and figures (at the same Gebietsstand the one with
    the newer population, then the text). The others, newest first, give what it lacks for the same AGS:
    coordinates, degree of urbanisation, whether there are several postcodes, names beyond 50 letters.
    Where a merged place has no coordinates, they are the mean of its predecessors weighted by inhabitants.
    """
    newest, *others = sorted(files, key=_recency, reverse=True)
    places = newest.municipalities
    table = _named(places, newest.rows)
    donors = [(newest, places), *((file, file.municipalities) for file in others)]
    table["coordinates_date"] = newest.register_date
    for file, donor in donors[1:]:
        table = _completed(table, donor, file.register_date)
    table = _from_predecessors(table, [donor for _, donor in donors], changes)
    population_date, census = dates(newest)
    return table.assign(
        coordinates_date=table["coordinates_date"].where(table["lon"].notna()),
        degree_of_urbanisation=table["degree_of_urbanisation_code"].map(URBANISATION),
        register_date=newest.register_date,
        population_date=population_date,
        census=census,
    )


def dates(file: RegisterFile) -> tuple[pd.Timestamp | None, str]:
    """Return population date and census base of a file, as far as they can be told.

    The file's own words come first. A text file has none, so a published total of Germany decides. Else the
    population date: figures from 31.12.2024 on stand on Zensus 2022, those of 2022 and 2023 exist on both
    bases (84 million divides them), older ones down to 31.12.2011 stand on Zensus 2011.
    """
    total = int(pd.to_numeric(file.municipalities["population"]).sum())
    known_date, known_census = PUBLISHED_TOTALS.get(total, (None, ""))
    date = file.population_date
    if date is None and known_date is not None:
        date = pd.Timestamp(known_date)
    return date, file.census or known_census or _census_by_date(date, total)


def _census_by_date(date: pd.Timestamp | None, total: int) -> str:
    if date is None or date < pd.Timestamp("2011-12-31"):
        return UNKNOWN
    if date >= pd.Timestamp("2024-12-31"):
        return ZENSUS_2022
    if date >= pd.Timestamp("2022-05-15"):
        return ZENSUS_2011 if total > BETWEEN_THE_BASES else ZENSUS_2022
    return ZENSUS_2011


def _recency(file: RegisterFile) -> tuple[pd.Timestamp, pd.Timestamp, bool]:
    population_date, _ = dates(file)
    return file.register_date, population_date or pd.Timestamp(0), file.is_text


def _named(places: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Give each place the names of its Land, Kreis, association and type."""
    kreise = rows[rows["record"] == "40"]
    kreis_names = {
        land + district + kreis: kreis_name(name, code)
        for land, district, kreis, name, code in kreise[
            ["land", "district", "kreis", "name", "type_code"]
        ].itertuples(index=False)
    }
    bound = rows[rows["record"] == "50"]
    bound = bound.set_index(bound["land"] + bound["district"] + bound["kreis"] + bound["association"])
    # Code 0… and 9… are placeholders for municipalities and areas outside any association.
    member = places["association"].str.startswith("5")
    key = places["association_key"].where(member)
    return pd.DataFrame(
        {
            "ars": places["ars"],
            "official_name": places["name"],
            "short_name": places["name"].map(short_name),
            "land_code": places["land"],
            "land": places["land"].map(LAENDER),
            "kreis_key": places["kreis_key"],
            "kreis": places["kreis_key"].map(kreis_names),
            "type_code": places["type_code"],
            "type": places["type_code"].map(MUNICIPALITY_TYPES),
            "association_key": key,
            "association": key.map(bound["name"]),
            "association_type": key.map(bound["type_code"]).map(ASSOCIATION_TYPES),
            "in_association": member.astype("boolean"),
            "is_municipality": ~places["type_code"].isin(list(UNINCORPORATED)),
            "population": pd.to_numeric(places["population"]).astype("Int64"),
            "area_km2": pd.to_numeric(places["area_km2"]).astype("float64"),
            "postcode": places["postcode"],
            "postcode_multiple": places["postcode_multiple"].astype("boolean"),
            "lon": pd.to_numeric(places["lon"]).astype("float64"),
            "lat": pd.to_numeric(places["lat"]).astype("float64"),
            "degree_of_urbanisation_code": places["urbanisation"],
        }
    )


def _completed(table: pd.DataFrame, donor: pd.DataFrame, date: pd.Timestamp) -> pd.DataFrame:
    same = donor.reindex(table.index)
    empty = table["lon"].isna() & pd.to_numeric(same["lon"]).notna()
    several = same["postcode_multiple"].astype("boolean")
    # A place with several postcodes keeps several when its seat moves; a single one may have been divided.
    several = several.where(several.fillna(False) | (same["postcode"] == table["postcode"]))
    longer = same["name"].fillna("").astype(str)
    cut = (table["official_name"].str.len() == NAME_WIDTH) & (
        longer.str[:NAME_WIDTH] == table["official_name"]
    )
    names = table["official_name"].mask(cut, longer)
    return table.assign(
        official_name=names,
        short_name=names.map(short_name),
        lon=table["lon"].mask(empty, pd.to_numeric(same["lon"])),
        lat=table["lat"].mask(empty, pd.to_numeric(same["lat"])),
        coordinates_date=table["coordinates_date"].mask(empty, date),
        degree_of_urbanisation_code=table["degree_of_urbanisation_code"].fillna(same["urbanisation"]),
        postcode_multiple=table["postcode_multiple"].fillna(several),
    )


def _from_predecessors(
    table: pd.DataFrame, donors: Sequence[pd.DataFrame], changes: pd.DataFrame
) -> pd.DataFrame:
    """Place merged municipalities at the mean of what they were made of; copy all if only the key changed."""
    known = pd.concat([donor[["lon", "lat", "urbanisation"]] for donor in donors])
    known = known[pd.to_numeric(known["lon"]).notna()]
    known = known[~known.index.duplicated()].astype({"lon": "float64", "lat": "float64"})
    table = table.copy()
    lacking = table.index[table["lon"].isna() & table["is_municipality"]]
    for ags in lacking[lacking.isin(changes["new_ags"])]:
        parts = change_lists.predecessors(changes, ags)
        parts = parts[parts["old_ags"].isin(known.index)].set_index("old_ags")
        if parts.empty:
            continue
        weight = parts["inhabitants"].fillna(1).clip(lower=1)
        for axis in ("lon", "lat"):
            values = known.loc[parts.index, axis]
            table.loc[ags, axis] = round(float((values * weight).sum() / weight.sum()), 6)
        if list(parts["kind"]) == ["3"]:
            table.loc[ags, "degree_of_urbanisation_code"] = known.loc[parts.index[0], "urbanisation"]
    return table
