"""Learning together: groups from applications, joined with what the places have done."""

from __future__ import annotations

import pandas as pd

from transferkit import guide
from transferkit.knowledge import place
from transferkit.knowledge.datasets import load
from transferkit.methods import cohorts, reflection


def learning_groups(applications: pd.DataFrame, overrides: pd.DataFrame | None = None) -> cohorts.Cohorts:
    """Groups of four to six places (see `cohorts.groups`); PlaceError for a place nobody knows."""
    return cohorts.groups(
        applications,
        experiences(),
        load("lifecycle_phases"),
        _populations(applications),
        load("cohort_rules"),
        overrides,
    )


def contrasts(formed: cohorts.Cohorts, applications: pd.DataFrame) -> pd.DataFrame:
    """For each group a place as different in size as possible, to be invited once."""
    return cohorts.contrast(formed, applications, _populations(applications))


def applicants(applications: pd.DataFrame) -> dict[str, str]:
    """How to call each application: the name of its place."""
    keys = dict(zip(applications["application_id"], applications["place_key"], strict=True))
    return {str(one): str(place.place(str(key))["short_name"]) for one, key in keys.items()}


def experiences() -> pd.DataFrame:
    """Which place has an experience with which theme and area: place_key, theme_id, area_de.

    A solution counts for every place of its model project; ideas and plans are no experience.
    """
    solutions = load("solutions")
    done = solutions[~solutions["status"].isin(["idea", "planned", "unknown"])]
    members = load("project_places")[["project_id", "place_key"]]
    return done.merge(members, on="project_id")[["place_key", "theme_id", "area_de"]].drop_duplicates()


def reflect(expected: pd.DataFrame, happened: pd.DataFrame) -> pd.DataFrame:
    """Expected and happened, per criterion of the fit check (see `reflection.compare`)."""
    return reflection.compare(load("transfer_criteria"), load("transfer_answers"), expected, happened)


def drafted(solution: str, place_key: str, compared: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The draft of a new experience sheet for a solution that was taken over (see `reflection.draft`)."""
    town = place.place(place_key)
    return reflection.draft(guide.row("solutions", solution), str(town.name), town["short_name"], compared)


def _populations(applications: pd.DataFrame) -> dict[str, float]:
    return {str(key): float(place.place(str(key))["population"]) for key in applications["place_key"]}
