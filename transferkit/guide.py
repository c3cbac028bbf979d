"""What a notebook may ask about the experiences of the model projects.

Each function joins the tables of `knowledge` with the methods and returns a table; `tk.<name>` in notebooks.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from transferkit import origin
from transferkit.errors import DatasetError
from transferkit.knowledge.datasets import columns, described, edition, folder, key_of, load, select
from transferkit.knowledge.once import once
from transferkit.likeness import compared_place
from transferkit.methods import fit, fit_prefill, fit_sheet, impact, shortlist

EARTH_RADIUS_KM = 6371.0
NEAREST = "Entfernung: Luftlinie zwischen den Mittelpunkten."
MATURITY = ("evidence", "status", "title")  # what `shortlist.by_maturity` looks at
TOLD = ("project_id", *MATURITY)  # and those that decide about a call, or about a lesson
TELLABLE = ("kind", "basis", "scope", "note_de", "solution_id", "project_id", "theme_id")
THEMES = ("theme_id", "further_theme_ids")


def solutions_of(projects: Iterable[str] | pd.DataFrame, theme: str | None = None) -> pd.DataFrame:
    """Solutions of these model projects (ids, or a table with `project_id`), the best documented first."""
    wanted = projects["project_id"] if isinstance(projects, pd.DataFrame) else list(projects)

    def choose(table: pd.DataFrame) -> pd.Index:
        table = table[table["project_id"].isin(wanted)]
        return shortlist.by_maturity(table if theme is None else table[_in_theme(table, theme)]).index

    found = _with_project(select("solutions", ["project_id", *THEMES, *MATURITY], choose))
    return origin.chosen(found, shortlist.BY_MATURITY)


def theme_solutions(theme: str) -> pd.DataFrame:
    """All solutions of a theme, those that fit exactly before those placed there as nearest."""

    def choose(table: pd.DataFrame) -> pd.Index:
        table = shortlist.by_maturity(table[table["theme_id"] == theme])
        return table.sort_values("theme_fit", key=lambda fit: fit != "exact", kind="stable").index

    found = _with_project(select("solutions", ["theme_id", "theme_fit", *MATURITY], choose))
    return origin.chosen(found, shortlist.EXACT_FIRST)


def similar_solutions(solution: pd.Series, count: int = 5) -> pd.DataFrame:
    """Solutions of other projects on the same subject: same area before same theme, best documented first."""

    def choose(table: pd.DataFrame) -> pd.Index:
        same = (table["theme_id"] == solution["theme_id"]) & (table["project_id"] != solution["project_id"])
        table = shortlist.by_maturity(table[same & (table["evidence"] == "direct")])
        by_area = table.sort_values("area_de", key=lambda a: a != solution["area_de"], kind="stable")
        return by_area.head(count).index

    found = _with_project(select("solutions", ["project_id", "theme_id", "area_de", *MATURITY], choose))
    return origin.chosen(found, shortlist.ALIKE)


def worth_a_call(projects: pd.DataFrame, count: int = 5) -> pd.DataFrame:
    """Documented solutions of these projects (nearest first) about which somebody else can tell."""
    others = list(projects[projects["relation"] != "own"]["project_id"])
    rows = shortlist.nearest_first(_told(), others, count)
    found = _with_project(select("solutions", TOLD, lambda _: pd.Index(rows)))
    return origin.chosen(found, shortlist.WORTH_A_CALL)


@once
def _told() -> dict[str, list[Hashable]]:
    return shortlist.told(columns("solutions", TOLD))


def lessons_for(solutions: pd.DataFrame, kind: str, count: int = 6) -> pd.DataFrame:
    """Success factors (`success-factor`) or pitfalls (`pitfall`) closest to these solutions."""
    rows = shortlist.closest(_tellable(kind), solutions, count)
    found = _with_project(select("lessons", TELLABLE, lambda _: pd.Index(rows)))
    return origin.chosen(found, shortlist.CLOSEST)


@once
def _tellable(kind: str) -> list[shortlist.Lesson]:
    return shortlist.tellable(columns("lessons", TELLABLE), kind)


def lessons_of(
    *,
    theme: str | None = None,
    project: str | None = None,
    solution: str | None = None,
    kind: str | None = None,
) -> pd.DataFrame:
    """Lessons of a theme, a project or a solution, with the project's name."""
    asked = {"theme_id": theme, "project_id": project, "solution_id": solution, "kind": kind}

    def choose(table: pd.DataFrame) -> pd.Index:
        for column, value in asked.items():
            if value is not None:
                table = table[table[column] == value]
        return table.index

    return _with_project(select("lessons", list(asked), choose))


@dataclass(frozen=True)
class FitCheck:
    """A solution of another place, checked for ours: the answers the data give, hints, and the outcome."""

    solution: pd.Series
    origin: pd.Series
    answers: pd.DataFrame
    hints: pd.DataFrame
    outcome: fit.Fit


def fit_check(town: pd.Series, projects: pd.DataFrame, calls: pd.DataFrame) -> FitCheck | None:
    """Check the first of `calls` for `town`, as far as data can tell; None if no place is comparable.

    `projects`: the table of `model_peers`, whose most similar place stands for the origin.
    """
    relations = projects[["project_id", "place_key", "relation"]].to_numpy()
    compared = {project: place for project, place, relation in relations if relation == "peer"}
    comparable = [n for n, project in enumerate(calls["project_id"]) if project in compared]
    if not comparable:
        return None
    solution, sheet = calls.iloc[comparable[0]], _sheet()
    place = compared_place(compared[solution["project_id"]])
    rules = load("transfer_rules")
    answers = fit_prefill.prefill(town, place, rules)
    origin.made(answers, fit_prefill.HOW, town, place, origin.of(rules).as_rules())
    outcome = fit_of(answers)
    words = [sheet.scale[answer].name for answer in answers["answer_id"]]
    named = answers.assign(answer_de=pd.array(words, dtype="str"))
    return FitCheck(solution, place, named, fit_prefill.hints(town, place, solution), outcome)


def fit_of(answers: pd.DataFrame | Mapping[str, str]) -> fit.Fit:
    """What answers say (by criterion, or as columns criterion_id, answer_id), wherever they were given."""
    if not isinstance(answers, pd.DataFrame):
        columns = {"criterion_id": list(answers), "answer_id": list(answers.values())}
        answers = origin.made(pd.DataFrame(columns, dtype="str"), fit.OWN_ANSWERS)
    outcome = fit.judge(_sheet(), answers)
    origin.made(outcome.dimensions, fit.HOW, _asked(), answers)
    return outcome


@once
def _asked() -> origin.Origin:
    names = ("transfer_criteria", "transfer_dimensions", "transfer_answers", "transfer_rules")
    return origin.of(*map(load, names)).as_rules()


@once
def _sheet() -> fit_sheet.Sheet:
    """What is asked of every solution alike."""
    criteria, dimensions = load("transfer_criteria"), load("transfer_dimensions")
    return fit_sheet.sheet(criteria, dimensions, load("transfer_answers"), load("transfer_rules"))


def impact_plan(themes: Iterable[str], count: int = 3, areas: Iterable[str] = ()) -> pd.DataFrame:
    """A plan to measure with: few indicators of these themes, baseline and target still to be set.

    Indicators made for an area of solutions are only proposed for it; without `areas`, for all.
    """
    indicators, areas = load("indicators"), list(areas)
    if areas:
        indicators = indicators[indicators["area_de"].isna() | indicators["area_de"].isin(areas)]
    plan = impact.plan(impact.chosen(indicators, list(dict.fromkeys(themes)), count))
    return origin.chosen(plan, impact.HOW)


def logic_for(solution: pd.Series) -> pd.DataFrame:
    """From means to impact for a solution: the example of its theme."""
    return impact.logic_for(solution, load("logic_model"))


def row(table: str, key: str) -> pd.Series:
    """One row of a table by its key; solutions carry the name of their project.

    Raises DatasetError if there is no such row.
    """
    name = key_of(table)
    found = select(table, [name], lambda rows: rows.index[rows[name] == key])
    if found.empty:
        raise DatasetError(f"In der Tabelle „{table}“ gibt es „{key}“ nicht.", table=table, value=key)
    return (_with_project(found) if table == "solutions" else found).iloc[0]


def places_of(project: str) -> pd.DataFrame:
    """The places of a model project with their official figures, the leading one first."""
    members = load("project_places")
    members = members[members["project_id"] == project].drop(columns="name")
    places = members.merge(load("places").drop(columns="source_ids"), on="place_key").sort_values(
        "role", key=lambda role: role != "lead", kind="stable"
    )
    return origin.chosen(
        origin.marked(places, described("places", folder()), "place_key"), "", origin.of(members)
    )


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
    """Events with a known place, those to come first, by distance from the centre of `town`, 0 km inside it.

    Columns of `events` plus `km` and `past` (before the day of the data).
    """
    events, where = _placed_events()
    km, members = _km(town, where), set(town.get("members", ()))
    km[[ags in members for ags in events["ags"]]] = 0.0
    nearest = np.lexsort([km, events["past"]])
    nearest = nearest[~np.isnan(km[nearest])][:count]
    found: pd.DataFrame = events.iloc[nearest]
    return origin.chosen(found.assign(km=km[nearest]), NEAREST)


@once
def _placed_events() -> tuple[pd.DataFrame, Any]:
    """Events with a known place, whether past on the day of the data, and where they are (see `_km`)."""
    places = load("places").set_index("place_key")
    events, today = load("events").dropna(subset=["ags"]), edition()
    past = [str(day) < today[: len(str(day))] for day in events["date"]]
    return events.assign(past=past), places.loc[events["ags"], ["lon", "lat"]].to_numpy(dtype=float).T


def _km(place: pd.Series, others: Any) -> Any:
    """Great-circle distances (haversine) from one place to many (2 x n: longitudes, latitudes), in km."""
    lon, lat = np.radians([float(place[axis]) for axis in ("lon", "lat")])
    lons, lats = np.radians(others)
    half = np.sin((lats - lat) / 2) ** 2 + np.cos(lat) * np.cos(lats) * np.sin((lons - lon) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half))


def _in_theme(solutions: pd.DataFrame, theme: str) -> pd.Series:
    return (solutions["theme_id"] == theme) | solutions["further_theme_ids"].fillna("").str.split(";").map(
        lambda themes: theme in themes
    )


def _with_project(table: pd.DataFrame) -> pd.DataFrame:
    names = _project_names()
    return table.assign(project=pd.array([names.get(key) for key in table["project_id"]], dtype="str"))


@once
def _project_names() -> dict[str, str]:
    return dict(columns("model_projects", ["project_id", "name"]).to_numpy())
