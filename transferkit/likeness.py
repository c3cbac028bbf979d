"""Who is like us: the places a notebook compares, by register where there is one.

Each function joins the tables of `knowledge` with the methods and returns a table; `tk.<name>` in notebooks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from transferkit import origin
from transferkit.knowledge import place, register_origin
from transferkit.knowledge.datasets import columns, described, folder, load
from transferkit.knowledge.once import once
from transferkit.knowledge.project_sets import project_sets
from transferkit.knowledge.register import is_complete, municipalities, version
from transferkit.methods import peer_weights, project_peers
from transferkit.methods import peers as peer_method
from transferkit.methods.distance import Field
from transferkit.methods.standardise import reference_statistics

REGISTER_FIGURES = (
    "population",
    "area_km2",
    "density_per_km2",
    "population_within_30km",
    "km_to_city_100k",
    "population_date",
)


def peers(town: pd.Series, count: int = 10, weights: Mapping[str, float] | None = None) -> pd.DataFrame:
    """The places most like `town`, nearest first, with their columns: municipalities with municipalities,
    Kreise with Kreise, associations and sets with associations (see `place.place`).

    `weights` by variable of the peer model count instead of those of the model, unless there are none.
    Needs the official register; without it the table is empty, because a handful of shipped places is
    no basis for „Vergleichskommunen“.
    """
    if not is_complete():
        return pd.DataFrame()
    level = _level(town)
    table, own = _of_level(level), _overlapping(town, level)
    field = _field(table[~table.index.isin(own)], level) if own else _whole_field(level, version())
    if weights:
        field = peer_weights.weighed(field, weights)
    found = peer_method.nearest(town, field, count)
    joined = register_origin.mark(pd.concat([found, table.loc[found.index]], axis=1))
    how = f"{peer_method.HOW} {peer_weights.HOW}" if weights else peer_method.HOW
    return origin.chosen(joined, how, _compared_by(level, version()))


@once
def _compared_by(level: str, _: tuple[str, int]) -> origin.Origin:
    """The rows that say by what places of a level are compared."""
    model = load("peer_model")
    return origin.of(model[model["level"] == level], _rules(level)).as_rules()


@once
def _whole_field(level: str, _: tuple[str, int]) -> Field:
    return _field(_of_level(level), level)


def _field(table: pd.DataFrame, level: str) -> Field:
    tables = _statistics(level), load("peer_model"), _rules(level), load("peer_distances")
    return peer_method.field(table, *tables, level=level)


def model_peers(town: pd.Series, count: int = 5, counties: int = 2) -> pd.DataFrame:
    """Model projects that have a place like `town`, nearest first; works without the register.

    Columns as in `project_peers.model_project_peers`; at most `count` projects with a similar place of the
    same level and, for the Kreis a smaller place lies in, `counties` similar Landkreis projects.
    """
    known, level = _of_level("kreis"), _level(town)
    has_kreis = level != "kreis" and town["kreis_key"] in known.index
    found = project_peers.nearest(
        town,
        _projects(version()),
        own_kreis=known.loc[town["kreis_key"]] if has_kreis else None,
        count=count,
        level=level,
        inside=[*town.get("members", ()), *str(town.name).split("+")],
        kreise=counties,
    )
    projects = origin.rows(described("model_projects", folder()), found["project_id"])
    compared = projects + _origin_of_places(found["place_key"]) + _compared_by(level, version())
    return origin.made(found, project_peers.HOW, compared)


def peers_of_project(project: str, count: int = 10) -> pd.DataFrame:
    """The municipalities most like the leading one of a project; empty if a Kreis or nobody leads."""
    leads = columns("model_projects", ["project_id", "lead_ags"]).set_index("project_id")["lead_ags"]
    lead = leads.get(project, pd.NA)  # a few solutions belong to no single project
    if pd.isna(lead) or lead not in _municipal().index:
        return pd.DataFrame()
    return peers(_municipal().loc[lead], count)


def compared_places() -> pd.DataFrame:
    """The places of the model projects by `place_key`, and those of several municipalities as a whole.

    With the official register they have its figures, so that two places are compared at one date.
    """
    return _compared(version())


def compared_place(key: str) -> pd.Series:
    """One of the `compared_places` by its key."""
    places = _compared_by_key(version())
    found = places.iloc[int(places.index.get_indexer(pd.Index([key]))[0])]
    return origin.made(found, "", _origin_of_places([key]))


def _origin_of_places(keys: Iterable[str]) -> origin.Origin:
    """The figures of compared places: the official register's where it has them, else the shipped ones."""
    parts = [part for key in keys for part in key.split("+")]
    official = [part for part in parts if part in _known(version())] if is_complete() else []
    shipped = [part for part in parts if part not in official]
    known = origin.rows(register_origin.table(), official)
    return known + origin.rows(described("places", folder()), shipped)


@once
def _known(_: tuple[str, int]) -> frozenset[str]:
    """The municipalities and Kreise that the register has figures of."""
    return frozenset((*_of_level("gemeinde").index, *_of_level("kreis").index))


@once
def _compared_by_key(_: tuple[str, int]) -> pd.DataFrame:
    return compared_places().set_index("place_key")


@once
def _compared(_: tuple[str, int]) -> pd.DataFrame:
    """Made once per register, as `_tables`."""
    places = _as_in_register(load("places")) if is_complete() else load("places")
    return pd.concat([places, project_sets().drop(columns="project_id")], ignore_index=True)


def _as_in_register(places: pd.DataFrame) -> pd.DataFrame:
    known = pd.concat([_of_level("gemeinde"), _of_level("kreis")])
    keyed = places.set_index("place_key")
    official = known.reindex(keyed.index)[list(REGISTER_FIGURES)]
    return keyed.assign(
        **{name: official[name].fillna(keyed[name]) for name in REGISTER_FIGURES}
    ).reset_index()


@once
def _projects(_: tuple[str, int]) -> project_peers.ProjectPlaces:
    """The model projects and their places, ready to be compared with."""
    wholes = project_sets()[["project_id", "place_key"]].assign(basis="source")
    return project_peers.prepared(
        compared_places(),
        pd.concat([load("project_places"), wholes], ignore_index=True),
        columns("model_projects", ["project_id", "name"]),
        load("reference_statistics"),
        load("peer_model"),
        load("peer_rules"),
        load("peer_distances"),
    )


def _municipal() -> pd.DataFrame:
    return _of_level("gemeinde")


def _of_level(level: str) -> pd.DataFrame:
    """All places of a level in the register in use: gemeinde, kreis or verband."""
    return _tables(level, version())[0]


def _statistics(level: str) -> pd.DataFrame:
    return _tables(level, version())[1]


def _rules(level: str) -> pd.DataFrame:
    """Kreise and associations are of one kind: letting the kind go is no step of widening there."""
    rules = load("peer_rules")
    return rules if level == "gemeinde" else rules[(rules["step"] == 0) | (rules["rule"] != "same_type")]


@once
def _tables(level: str, _: tuple[str, int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Made once per register: it may be imported while a notebook is open."""
    if level == "gemeinde":
        table = municipalities()
        table = table[table["is_municipality"]]
    else:
        table = place.counties() if level == "kreis" else place.associations()
    if not is_complete():
        return table, pd.DataFrame()  # a handful of places has no national mean
    return table, reference_statistics(table, load("peer_model"), level)


def compared_variables(town: pd.Series) -> pd.DataFrame:
    """What places of the level of `town` are compared by: variable, label_de, weight of the peer model."""
    model = load("peer_model")
    chosen = model[model["level"] == _level(town)].sort_values("order")
    return chosen[["variable", "label_de", "weight"]]


def _level(town: pd.Series) -> str:
    return str(town.get("compared_as", "gemeinde"))


def _overlapping(town: pd.Series, level: str) -> list[str]:
    """Keys of Kreise or associations that a set shares municipalities with: no peers of their own parts."""
    if level == "gemeinde":
        return []
    column = {"kreis": "kreis_key", "verband": "association_key"}[level]
    return list(_municipal().loc[list(town["members"]), column].dropna().unique())
