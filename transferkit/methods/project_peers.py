"""Which model projects have a place like this one. Needs no register: the places are shipped."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

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
from transferkit.methods.reasons import SHARE, compared, judged, usual
from transferkit.methods.standardise import Scale, scale

# Being a member by general knowledge only is no participation (Rhein-Neckar: the whole Verbandsgebiet).
HOW = "Je Modellprojekt der ähnlichste Ort nach gewichtetem Abstand standardisierter Merkmale."
PARTICIPATION = ("source", "register")


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


class _Member(NamedTuple):
    """A place that takes part in a project."""

    project_id: str
    project: str
    place_key: str
    place: str
    level: str


@dataclass(frozen=True)
class ProjectPlaces:
    """The places of the model projects, which do not depend on who asks: all members, and them by level.

    `of_place`: where in `members` each place stands.
    """

    members: Sequence[_Member]
    of_place: Mapping[str, Sequence[int]]
    levels: Mapping[str, _Level]


@dataclass(frozen=True)
class _Level:
    """The members of one level (m), where each lies in the field, and the number of its project in `ids`."""

    field: Field
    members: Sequence[_Member]
    positions: Positions
    projects: Positions
    ids: Sequence[str]


class _Part(NamedTuple):
    """The rows of one relation; `columns` is empty where nothing was compared."""

    relation: str
    members: Sequence[_Member]
    columns: Mapping[str, npt.NDArray[Any]]
    widening: Sequence[str]


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
    table = project_places[project_places["basis"].isin(PARTICIPATION)][["project_id", "place_key"]]
    table = table.merge(places[["place_key", "level", "display_name_de"]], on="place_key")
    table = table.merge(projects[["project_id", "name"]], on="project_id")
    order = ["project_id", "name", "place_key", "display_name_de", "level"]
    members = [_Member(*map(str, row)) for row in table[order].to_numpy()]
    of_place: dict[str, list[int]] = {}
    for number, member in enumerate(members):
        of_place.setdefault(member.place_key, []).append(number)
    levels = {}
    for level in dict.fromkeys(statistics["level"].astype("str")):
        measure = scale(statistics, model, level, limits.cap_sd)
        of_level = [member for member in members if member.level == level]
        keys = pd.Index([member.place_key for member in of_level], dtype="str")
        rows = space(_with_all(places, keys, measure), measure)
        field = Field(rows, measure, limits, usual(distances, limits, level))
        numbers, ids = pd.factorize(np.array([member.project_id for member in of_level], dtype=object))
        levels[level] = _Level(field, of_level, field.places.keys.get_indexer(keys), numbers, list(ids))
    return ProjectPlaces(members, of_place, levels)


def nearest(
    own: pd.Series,
    known: ProjectPlaces,
    *,
    count: int = 3,
    level: str = "gemeinde",
    inside: Collection[str] = (),
    own_kreis: pd.Series | None = None,
    kreise: int | None = None,
) -> pd.DataFrame:
    """As `model_project_peers`, of places prepared by `prepared`; `kreise`: how many Landkreis projects."""
    kreis_key = own.get("kreis_key", str(own.name)[:5])
    around = [] if level == "kreis" or pd.isna(kreis_key) else [str(kreis_key)]
    itself = _facts(known, [str(own.name)], "own")
    own_projects = {member.project_id for member in itself.members}
    parts = _facts(known, [key for key in inside if key != own.name], "own-member", own_projects)
    facts = [itself, parts, _facts(known, around, "own-kreis")]
    settled = {member.project_id for part in facts for member in part.members}
    found = [_nearest(own, _of_level(known, level), settled, count, "peer")]
    if own_kreis is not None:
        wanted = count if kreise is None else min(count, kreise)
        found.append(_nearest(own_kreis, _of_level(known, "kreis"), settled, wanted, "kreis-peer"))
    return _arranged([*facts, *found])


def _of_level(known: ProjectPlaces, level: str) -> _Level:
    if level not in known.levels:
        raise MethodError(f"Die Ebene „{level}“ fehlt in den Vergleichswerten: {', '.join(known.levels)}.")
    return known.levels[level]


def _facts(known: ProjectPlaces, keys: Collection[str], relation: str, but: Collection[str] = ()) -> _Part:
    """Projects these very places take part in, each once with its first place: no comparison needed."""
    numbers = sorted({number for key in keys for number in known.of_place.get(key, ())})
    by_project: dict[str, list[_Member]] = {}
    for member in (known.members[number] for number in numbers):
        if member.level != "verband" and member.project_id not in but:
            by_project.setdefault(member.project_id, []).append(member)
    rows = [members[0]._replace(place=_named(members)) for members in by_project.values()]
    return _Part(relation, rows, {}, [""] * len(rows))


def _named(members: Sequence[_Member]) -> str:
    """`Fuchstal`, `Fuchstal und Apfeldorf` or `Süderbrarup und 12 weitere`."""
    first, *others = (member.place for member in members)
    return " und ".join([first, *others]) if len(others) < 2 else f"{first} und {len(others)} weitere"


def _with_all(places: pd.DataFrame, keys: pd.Index, measure: Scale) -> pd.DataFrame:
    """The members' rows by key. What places do not say (a Kreis: its municipalities) is unknown."""
    table = places[places["place_key"].isin(keys)].set_index("place_key")
    table.index = table.index.astype("str")
    return table.assign(**{name: np.nan for name in measure.names if name not in table})


def _nearest(own: pd.Series, level: _Level, settled: Collection[str], count: int, relation: str) -> _Part:
    """The `count` nearest projects that pass the filters, each with its nearest member; not the settled."""
    field, places, rules = level.field, level.field.places, level.field.rules
    asking = point(own, field.measure)
    parts = squared_differences(places, asking)
    squared, coverage = squared_distances(places.weights, parts, rules)
    left = np.array([project not in settled for project in level.ids], dtype=bool)[level.projects]
    # Few projects pass the filters, and those may all be far away: only near ones count as enough.
    percentile, _ = judged(np.sqrt(squared), field.usual)
    near = percentile <= rules.near_percentile

    def projects_left(passed: Bools) -> int:
        return len(set(level.projects[left & (passed & near)[level.positions]].tolist()))

    passed, _ = widen(places, asking, ~np.isnan(squared), rules, projects_left)
    rank = np.full(len(places.keys), len(places.keys))
    ordered = first(squared, passed, len(places.keys))
    rank[ordered] = np.arange(len(ordered))
    by_distance = np.argsort(rank[level.positions], kind="stable")
    by_distance = by_distance[(left & passed[level.positions])[by_distance]]
    _, firsts = np.unique(level.projects[by_distance], return_index=True)
    chosen = by_distance[np.sort(firsts)][:count]
    positions = level.positions[chosen]
    return _Part(
        relation,
        [level.members[number] for number in chosen],
        compared(field, positions, parts, squared, coverage),
        _widenings(places, asking, positions, rules),
    )


def _widenings(places: Space, asking: Point, positions: Positions, rules: Rules) -> list[str]:
    """For each of these places the German text of the first filter it passes."""
    passed = [admitted(places, asking, rule)[positions] for rule in rules.filters]
    return [rules.filters[number].widening for number in np.argmax(passed, axis=0)]


def _arranged(parts: Sequence[_Part]) -> pd.DataFrame:
    """All relations in one table, lists empty and numbers unknown where nothing was compared."""
    told = [part for part in parts if part.members] or parts
    members = [member for part in told for member in part.members]
    shares = dict.fromkeys(name for part in told for name in part.columns if name.startswith(SHARE))

    def text(cells: Iterable[str]) -> Any:
        return pd.array(list(cells), dtype="str")

    def column(name: str, missing: Callable[[], object], kind: type) -> npt.NDArray[Any]:
        columns = (part.columns.get(name, [missing() for _ in part.members]) for part in told)
        return np.fromiter((cell for cells in columns for cell in cells), kind, len(members))

    unknown, none = partial(float, "nan"), list[str]
    return pd.DataFrame(
        {
            "project_id": text(member.project_id for member in members),
            "project": text(member.project for member in members),
            "relation": text(part.relation for part in told for _ in part.members),
            "place_key": text(member.place_key for member in members),
            "place": text(member.place for member in members),
            "level": text(member.level for member in members),
            "rank": np.array([n for part in told for n in range(1, len(part.members) + 1)], dtype=int),
            "distance": column("distance", unknown, float),
            "percentile": column("percentile", unknown, float),
            "is_real_peer": column("is_real_peer", lambda: True, bool),
            "coverage": column("coverage", unknown, float),
            "widening": text(said for part in told for said in part.widening),
            "most_alike": column("most_alike", none, object),
            "most_different": column("most_different", none, object),
            **{name: column(name, unknown, float) for name in shares},
        }
    )
