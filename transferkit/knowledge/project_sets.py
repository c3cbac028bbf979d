"""Model projects of several municipalities, added up: what associations and sets of places compare with."""

from __future__ import annotations

import pandas as pd

from transferkit.knowledge import datasets, register_shipped
from transferkit.knowledge.place_sums import summed
from transferkit.knowledge.register_table import CITY_WITHOUT_KREIS

# As in `methods.project_peers`: being a member by general knowledge only is no participation.
PARTICIPATION = ("source", "register")


def project_sets() -> pd.DataFrame:
    """Return one row per model project of at least two municipalities, none of them kreisfrei.

    Columns as in the table `places`, as far as a sum has them, and project_id, municipalities; the level is
    `verband`, the place_key joins the keys of the municipalities by `+`.
    """
    members = datasets.load("project_places")
    members = members[members["basis"].isin(PARTICIPATION)].astype({"project_id": "str", "place_key": "str"})
    table = register_shipped.municipalities()
    cities = table.index[table["type_code"].isin(list(CITY_WITHOUT_KREIS))]
    fits = members["place_key"].isin(table.index.difference(cities))
    by_project = fits.groupby(members["project_id"])
    chosen = members[by_project.transform("all") & (by_project.transform("size") > 1)]
    chosen = chosen.sort_values(["project_id", "place_key"])
    rows = table.loc[chosen["place_key"]]
    sums = summed(rows, pd.Series(chosen["project_id"].to_numpy(), rows.index))
    named = datasets.columns("model_projects", ["project_id", "name"])
    names = named.set_index("project_id")["name"].astype("str").reindex(sums.index)
    said = [
        f"{name} ({count} Gemeinden zusammen)"
        for name, count in zip(names, sums["municipalities"], strict=True)
    ]
    return sums.assign(
        project_id=sums.index,
        place_key=chosen.groupby("project_id")["place_key"].agg("+".join),
        level="verband",
        display_name_de=said,
        short_name=said,
        land_name=sums["land"],
    ).reset_index(drop=True)
