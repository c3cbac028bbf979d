"""Which model projects have a place like this one. Needs no register: the places are shipped."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from transferkit.errors import MethodError
from transferkit.methods import peer_rules
from transferkit.methods.distance import (
    Bools,
    Field,
    Point,
    Positions,
    Space,
    admitted,
    first,
    point,
    space,
    squared_differences,
    squared_distances,
    widen,
)
from transferkit.methods.peer_rules import Rules
from transferkit.methods.reasons import SHARE, described, judged
from transferkit.methods.standardise import Scale, scale

# Being a member by general knowledge only is no participation (Rhein-Neckar: the whole Verbandsgebiet).
PARTICIPATION = ("source", "register")

LEADING = [
    "project_id",
    "project",
    "relation",
    "place_key",
    "place",
    "level",
    "rank",
    "distance",
    "percentile",
    "is_real_peer",
    "coverage",
    "widening",
    "most_alike",
    "most_different",
]


def model_project_peers(
    own: pd.Series,
    places: pd.DataFrame,
    project_places: pd.DataFrame,
    projects: pd.DataFrame,
    statistics: pd.DataFrame,
    model: pd.DataFrame,
    rules: pd.DataFrame,
    distances: pd.DataFrame,
    *,
    count: int = 3,
    level: str = "gemeinde",
    inside: Collection[str] = (),
    own_kreis: pd.Series | None = None,
) -> pd.DataFrame:
    """Model projects for this place: its own first, then the `count` with the most similar place.

    `own` is a row of a register or a place (name: its key), compared with `places` of its `level` only: a
    Kreis is never compared with a municipality. An inter-municipal project counts by its nearest member, and
    as a whole where `places` has a row of level `verband` for it. `inside`: keys of places that lie in `own`.
    `own_kreis` (name: Kreis key) adds up to `count` Landkreis projects.

    One row per project and relation, ordered: "own" (takes part itself), "own-member" (a place inside does),
    "own-kreis" (its Kreis is the model project), "peer", "kreis-peer". Columns project_id, project, relation,
    place_key, place, level, rank (within the relation), and as in `peers`: distance, percentile,
    is_real_peer, coverage, widening (here: what this very place needed), most_alike, most_different,
    share_<variable>. The first three relations are facts and not comparisons: no distance.
    """
    known = prepared(places, project_places, projects, statistics, model, rules, distances)
    return nearest(own, known, count=count, level=level, inside=inside, own_kreis=own_kreis)


@dataclass(frozen=True)
class ProjectPlaces:
    """The places of the model projects, which do not depend on who asks: all members, and them by level."""

    members: pd.DataFrame
    levels: Mapping[str, _Level]


@dataclass(frozen=True)
class _Level:
    """The members of one level (m rows), where each lies in the field, and a number for each project."""

    field: Field
    members: pd.DataFrame
    positions: Positions
    projects: npt.NDArray[np.intp]


def prepared(
    places: pd.DataFrame,
    project_places: pd.DataFrame,
    projects: pd.DataFrame,
    statistics: pd.DataFrame,
    model: pd.DataFrame,
    rules: pd.DataFrame,
    distances: pd.DataFrame,
) -> ProjectPlaces:
    """Join projects and places and set them into the space of the model; tables as `model_project_peers`."""
    limits = peer_rules.read(rules)
    members = project_places[project_places["basis"].isin(PARTICIPATION)][["project_id", "place_key"]]
    members = members.merge(places[["place_key", "level", "display_name_de"]], on="place_key")
    members = members.merge(projects[["project_id", "name"]], on="project_id").astype({"level": "str"})
    levels = {}
    for level in dict.fromkeys(statistics["level"].astype("str")):
        measure = scale(statistics, model, level, limits.cap_sd)
        of_level = members[members["level"] == level].reset_index(drop=True)
        field = Field(space(_with_all(places, of_level, measure), measure), measure, limits, distances, level)
        positions = field.places.keys.get_indexer(pd.Index(of_level["place_key"]))
        levels[level] = _Level(field, of_level, positions, pd.factorize(of_level["project_id"])[0])
    return ProjectPlaces(members, levels)


def nearest(
    own: pd.Series,
    known: ProjectPlaces,
    *,
    count: int = 3,
    level: str = "gemeinde",
    inside: Collection[str] = (),
    own_kreis: pd.Series | None = None,
) -> pd.DataFrame:
    """As `model_project_peers`, of places prepared by `prepared`."""
    members = known.members
    kreis_key = own.get("kreis_key", str(own.name)[:5])
    around = [] if level == "kreis" or pd.isna(kreis_key) else [str(kreis_key)]
    itself = _facts(members, [str(own.name)], "own")
    parts = _facts(members, [key for key in inside if key != own.name], "own-member")
    parts = parts[~parts["project_id"].isin(itself["project_id"])]
    facts = [itself, parts, _facts(members, around, "own-kreis")]
    settled = [project for table in facts for project in table["project_id"]]
    compared = [_nearest(own, _of_level(known, level), settled, count).assign(relation="peer")]
    if own_kreis is not None:
        kreise = _nearest(own_kreis, _of_level(known, "kreis"), settled, count)
        compared.append(kreise.assign(relation="kreis-peer"))
    return _arranged([*facts, *compared])


def _of_level(known: ProjectPlaces, level: str) -> _Level:
    if level not in known.levels:
        raise MethodError(f"Die Ebene „{level}“ fehlt in den Vergleichswerten: {', '.join(known.levels)}.")
    return known.levels[level]


def _facts(members: pd.DataFrame, keys: Collection[str], relation: str) -> pd.DataFrame:
    """Projects these very places take part in, each once with its first place: no comparison needed."""
    taking_part = members[members["place_key"].isin(list(keys)) & (members["level"] != "verband")]
    if taking_part.empty:
        return taking_part
    rows = taking_part.drop_duplicates("project_id")
    if len(rows) < len(taking_part):
        named = taking_part.groupby("project_id")["display_name_de"].agg(_named)
        rows = rows.assign(display_name_de=rows["project_id"].map(named).astype("str"))
    return rows.assign(relation=relation, rank=np.arange(1, len(rows) + 1), is_real_peer=True, widening="")


def _named(places: pd.Series) -> str:
    """`Fuchstal`, `Fuchstal und Apfeldorf` or `Süderbrarup und 12 weitere`."""
    first, *others = (str(place) for place in places)
    return " und ".join([first, *others]) if len(others) < 2 else f"{first} und {len(others)} weitere"


def _with_all(places: pd.DataFrame, members: pd.DataFrame, measure: Scale) -> pd.DataFrame:
    """The members' rows by key. What places do not say (a Kreis: its municipalities) is unknown."""
    table = places[places["place_key"].isin(members["place_key"])].set_index("place_key")
    table.index = table.index.astype("str")
    return table.assign(**{name: np.nan for name in measure.names if name not in table})


def _nearest(own: pd.Series, level: _Level, settled: Collection[str], count: int) -> pd.DataFrame:
    """The `count` nearest projects that pass the filters, each with its nearest member; not the settled."""
    field, places, rules = level.field, level.field.places, level.field.rules
    asking = point(own, field.measure)
    parts = squared_differences(places, asking)
    squared, coverage = squared_distances(places.weights, parts, rules)
    left = ~level.members["project_id"].isin(list(settled)).to_numpy(dtype=bool)
    # Few projects pass the filters, and those may all be far away: only near ones count as enough.
    percentile, _ = judged(np.sqrt(squared), rules, field.distances, field.level)
    near = percentile <= rules.near_percentile

    def projects_left(passed: Bools) -> int:
        return len(np.unique(level.projects[left & (passed & near)[level.positions]]))

    passed, _ = widen(places, asking, ~np.isnan(squared), rules, projects_left)
    rank = np.full(len(places.keys), len(places.keys))
    ordered = first(squared, passed, len(places.keys))
    rank[ordered] = np.arange(len(ordered))
    by_distance = np.argsort(rank[level.positions], kind="stable")
    by_distance = by_distance[(left & passed[level.positions])[by_distance]]
    _, firsts = np.unique(level.projects[by_distance], return_index=True)
    chosen = by_distance[np.sort(firsts)][:count]

    found = described(field, level.positions[chosen], parts, squared, coverage).reset_index(drop=True)
    rows = pd.concat([level.members.iloc[chosen].reset_index(drop=True), found], axis=1)
    needed = [_widening(places, asking, key, rules) for key in rows["place_key"]]
    return rows.assign(rank=np.arange(1, len(rows) + 1), widening=pd.array(needed, dtype="str"))


def _widening(places: Space, asking: Point, key: str, rules: Rules) -> str:
    """The German text of the first filter this place passes."""
    position = places.keys.get_loc(key)
    return next(rule.widening for rule in rules.filters if admitted(places, asking, rule)[position])


def _arranged(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """All relations in one table, places and projects named, lists empty where nothing was compared."""
    table = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
    for column in ("most_alike", "most_different"):
        cells = table[column] if column in table else [None] * len(table)
        lists = [cell if isinstance(cell, list) else [] for cell in cells]
        table[column] = pd.Series(lists, table.index, dtype=object)
    table = table.rename(columns={"name": "project", "display_name_de": "place"})
    shares = [str(name) for name in table.columns if str(name).startswith(SHARE)]
    order = [*LEADING, *shares]
    return table.reindex(columns=order).astype({"is_real_peer": bool, "rank": int, "widening": "str"})
