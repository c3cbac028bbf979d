"""What a notebook may ask: the places, the experiences of the model projects, who is like us.

Each function joins the tables of `knowledge` with the methods and returns a table; `tk.<name>` in notebooks.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

import numpy as np
import pandas as pd

from transferkit.errors import DatasetError
from transferkit.knowledge import place
from transferkit.knowledge.datasets import load
from transferkit.knowledge.project_sets import project_sets
from transferkit.knowledge.register import is_complete, municipalities, version
from transferkit.methods import peers as peer_method
from transferkit.methods import project_peers, shortlist
from transferkit.methods.standardise import reference_statistics

EARTH_RADIUS_KM = 6371.0


def peers(town: pd.Series, count: int = 10) -> pd.DataFrame:
    """The places most like `town`, nearest first, with their columns: municipalities with municipalities,
    Kreise with Kreise, associations and sets with associations (see `place.place`).

    Needs the official register; without it the table is empty, because a handful of shipped places is
    no basis for „Vergleichskommunen“.
    """
    if not is_complete():
        return pd.DataFrame()
    level = _level(town)
    table, own = _of_level(level), _overlapping(town, level)
    found = peer_method.peers(
        town,
        table[~table.index.isin(own)] if own else table,
        _statistics(level),
        load("peer_model"),
        _rules(level),
        load("peer_distances"),
        count=count,
        level=level,
    )
    return found.join(table)


def model_peers(town: pd.Series, count: int = 5, counties: int = 2) -> pd.DataFrame:
    """Model projects that have a place like `town`, nearest first; works without the register.

    Columns as in `project_peers.model_project_peers`; at most `count` projects with a similar place of the
    same level and, for the Kreis a smaller place lies in, `counties` similar Landkreis projects.
    """
    known, level = _of_level("kreis"), _level(town)
    has_kreis = level != "kreis" and town["kreis_key"] in known.index
    found = project_peers.model_project_peers(
        town,
        compared_places(),
        _project_places(),
        load("model_projects"),
        load("reference_statistics"),
        load("peer_model"),
        load("peer_rules"),
        load("peer_distances"),
        own_kreis=known.loc[town["kreis_key"]] if has_kreis else None,
        count=count,
        level=level,
        inside=[*town.get("members", ()), *str(town.name).split("+")],
    )
    return found[(found["relation"] != "kreis-peer") | (found["rank"] <= counties)]


@cache
def compared_places() -> pd.DataFrame:
    """The places of the model projects by `place_key`, and those of several municipalities as a whole."""
    return pd.concat([load("places"), project_sets().drop(columns="project_id")], ignore_index=True)


def solutions_of(projects: Iterable[str] | pd.DataFrame, theme: str | None = None) -> pd.DataFrame:
    """Solutions of these model projects (ids, or a table with `project_id`), the best documented first."""
    wanted = projects["project_id"] if isinstance(projects, pd.DataFrame) else list(projects)
    table = _with_project(load("solutions"))
    table = table[table["project_id"].isin(wanted)]
    return shortlist.by_maturity(table if theme is None else table[_in_theme(table, theme)])


def theme_solutions(theme: str) -> pd.DataFrame:
    """All solutions of a theme, those that fit exactly before those placed there as nearest."""
    table = _with_project(load("solutions"))
    table = shortlist.by_maturity(table[table["theme_id"] == theme])
    return table.sort_values("theme_fit", key=lambda fit: fit != "exact", kind="stable")


def similar_solutions(solution: pd.Series, count: int = 5) -> pd.DataFrame:
    """Solutions of other projects on the same subject: same area before same theme, best documented first."""
    table = _with_project(load("solutions"))
    same = (table["theme_id"] == solution["theme_id"]) & (table["project_id"] != solution["project_id"])
    table = shortlist.by_maturity(table[same & (table["evidence"] == "direct")])
    return table.sort_values("area_de", key=lambda a: a != solution["area_de"], kind="stable").head(count)


def worth_a_call(projects: pd.DataFrame, count: int = 5) -> pd.DataFrame:
    """Documented solutions of these projects (nearest first) about which somebody else can tell."""
    others = list(projects[projects["relation"] != "own"]["project_id"])
    return shortlist.worth_a_call(_with_project(load("solutions")), others, count)


def lessons_for(solutions: pd.DataFrame, kind: str, count: int = 6) -> pd.DataFrame:
    """Success factors (`success-factor`) or pitfalls (`pitfall`) closest to these solutions."""
    return _with_project(shortlist.lessons_for(load("lessons"), solutions, kind, count))


def lessons_of(
    *,
    theme: str | None = None,
    project: str | None = None,
    solution: str | None = None,
    kind: str | None = None,
) -> pd.DataFrame:
    """Lessons of a theme, a project or a solution, with the project's name."""
    table = _with_project(load("lessons"))
    asked = {"theme_id": theme, "project_id": project, "solution_id": solution, "kind": kind}
    for column, value in asked.items():
        if value is not None:
            table = table[table[column] == value]
    return table


def indicators_for(themes: Iterable[str], count: int = 3) -> pd.DataFrame:
    """The first indicators of these themes."""
    return shortlist.indicators_for(load("indicators"), list(dict.fromkeys(themes)), count)


def row(table: str, key: str) -> pd.Series:
    """One row of a table by its key; solutions carry the name of their project.

    Raises DatasetError if there is no such row.
    """
    frame = _with_project(load(table)) if table == "solutions" else load(table)
    found = frame[frame[frame.columns[0]] == key]
    if found.empty:
        raise DatasetError(f"In der Tabelle „{table}“ gibt es „{key}“ nicht.", table=table, value=key)
    return found.iloc[0]


def places_of(project: str) -> pd.DataFrame:
    """The places of a model project with their official figures, the leading one first."""
    members = load("project_places")
    members = members[members["project_id"] == project].drop(columns="name")
    return members.merge(load("places").drop(columns="source_ids"), on="place_key").sort_values(
        "role", key=lambda role: role != "lead", kind="stable"
    )


def peers_of_project(project: str, count: int = 10) -> pd.DataFrame:
    """The municipalities most like the leading one of a project; empty if a Kreis or nobody leads."""
    lead = row("model_projects", project)["lead_ags"] if isinstance(project, str) else pd.NA
    if pd.isna(lead) or lead not in _municipal().index:
        return pd.DataFrame()
    return peers(_municipal().loc[lead], count)


def communities_of(project: str) -> pd.DataFrame:
    """The communities a project is known to belong to, with their names."""
    names = load("communities").set_index("community_id")["name_de"]
    table = load("community_projects")
    table = table[table["project_id"] == project]
    return table.assign(community=table["community_id"].map(names))


def events_of(project: str) -> pd.DataFrame:
    """Events a project hosted, the latest first."""
    events = load("events")
    hosted = events["project_ids"].fillna("").str.split(";").map(lambda hosts: project in hosts)
    return events[hosted].sort_values("date", ascending=False)


def events_near(town: pd.Series, count: int = 1) -> pd.DataFrame:
    """The last known events with a known place, by distance from the centre of `town`, 0 km inside it.

    Columns of `events` plus `km`.
    """
    places = load("places").set_index("place_key")
    events = load("events").dropna(subset=["ags"])
    inside = events["ags"].isin(town.get("members", ()))
    events = events.assign(km=_km(town, places.loc[events["ags"]])).assign(
        km=lambda table: table["km"].mask(inside, 0.0)
    )
    return events.dropna(subset=["km"]).sort_values("km").head(count)


def _km(place: pd.Series, others: pd.DataFrame) -> Any:
    """Great-circle distances (haversine) from one place to many, in km."""
    (lon, lat), (lons, lats) = (
        np.radians([np.asarray(where[axis], dtype=float) for axis in ("lon", "lat")])
        for where in (place, others)
    )
    half = np.sin((lats - lat) / 2) ** 2 + np.cos(lat) * np.cos(lats) * np.sin((lons - lon) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half))


def _in_theme(solutions: pd.DataFrame, theme: str) -> pd.Series:
    return (solutions["theme_id"] == theme) | solutions["further_theme_ids"].fillna("").str.split(";").map(
        lambda themes: theme in themes
    )


def _with_project(table: pd.DataFrame) -> pd.DataFrame:
    names = load("model_projects").set_index("project_id")["name"]
    return table.assign(project=table["project_id"].map(names))


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


@lru_cache(maxsize=6)
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


@cache
def _project_places() -> pd.DataFrame:
    wholes = project_sets()[["project_id", "place_key"]].assign(basis="source")
    return pd.concat([load("project_places"), wholes], ignore_index=True)


def _level(town: pd.Series) -> str:
    return str(town.get("compared_as", "gemeinde"))


def _overlapping(town: pd.Series, level: str) -> list[str]:
    """Keys of Kreise or associations that a set shares municipalities with: no peers of their own parts."""
    if level == "gemeinde":
        return []
    column = {"kreis": "kreis_key", "verband": "association_key"}[level]
    return list(_municipal().loc[list(town["members"]), column].dropna().unique())
