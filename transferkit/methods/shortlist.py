"""Which few of many solutions and lessons to show first. Own rules, stated here; nothing is scored."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

STATUS_ORDER = ("running", "pilot", "ended", "implementing", "planned", "idea", "unknown")
EVIDENCE_ORDER = ("direct", "inferred", "thin", "contested")
BEGUN = ("running", "pilot", "ended", "implementing")
# How the rows were chosen, for readers.
BY_MATURITY = "Geordnet nach Beleg und Stand."
EXACT_FIRST = "Alle des Themas, zuerst genau passende, dann nach Beleg und Stand."
ALIKE = "Belegte Lösungen anderer Projekte im selben Thema, zuerst aus demselben Bereich."
WORTH_A_CALL = "Ausgewählt: belegt und begonnen, die nächsten Modellprojekte zuerst."
CLOSEST = "Ausgewählt nach Nähe zu Lösung, Projekt und Thema."
MOST_OF_ONE = 2  # solutions of one project


def by_maturity(solutions: pd.DataFrame) -> pd.DataFrame:
    """What runs and is well documented first: by evidence, then status, then title."""
    columns = (solutions[name].astype(str) for name in ("evidence", "status", "title"))
    keys = [
        (EVIDENCE_ORDER.index(evidence), STATUS_ORDER.index(status), title.casefold())
        for evidence, status, title in zip(*columns, strict=True)
    ]
    return solutions.iloc[sorted(range(len(keys)), key=keys.__getitem__)]


def worth_a_call(solutions: pd.DataFrame, projects: Sequence[str], count: int = 5) -> pd.DataFrame:
    """At most `count` documented solutions of the given projects (nearest first), two per project at most.

    Only solutions with direct evidence that were at least begun: somebody there can tell what happened.
    """
    return solutions.loc[nearest_first(told(solutions), projects, count)]


def told(solutions: pd.DataFrame) -> dict[str, list[Hashable]]:
    """The solutions `worth_a_call` chooses from, whoever asks: index labels by project, the best first."""
    begun = solutions["status"].isin(BEGUN)
    pool = by_maturity(solutions[begun & (solutions["evidence"] == "direct")])
    by_project: dict[str, list[Hashable]] = {}
    for project, row in zip(pool["project_id"], pool.index, strict=True):
        by_project.setdefault(project, []).append(row)
    return by_project


def nearest_first(
    told: Mapping[str, Sequence[Hashable]], projects: Sequence[str], count: int
) -> list[Hashable]:
    """The choice of `worth_a_call`: every project's best before anybody's second."""
    ranks = {project: rank for rank, project in enumerate(projects)}
    pool = [
        (turn, rank, row)
        for project, rank in ranks.items()
        for turn, row in enumerate(told.get(project, ())[:MOST_OF_ONE])
    ]
    chosen = sorted(pool, key=lambda one: one[:2])[:count]
    return [row for *_, row in sorted(chosen, key=lambda one: one[1])]


class Lesson(NamedTuple):
    """Where a lesson belongs, as far as known, and its index label; `outside` the federal programme."""

    row: Hashable
    solution: object
    project: object
    theme: object
    outside: bool


def lessons_for(lessons: pd.DataFrame, solutions: pd.DataFrame, kind: str, count: int = 6) -> pd.DataFrame:
    """Lessons of one kind closest to these solutions: theirs, their projects', their themes'.

    Only sourced or mixed ones; own judgements and contested statements have no place in a short list.
    """
    return lessons.loc[closest(tellable(lessons, kind), solutions, count)]


def tellable(lessons: pd.DataFrame, kind: str) -> list[Lesson]:
    """The lessons `lessons_for` chooses from, whoever asks."""
    pool = lessons[(lessons["kind"] == kind) & (lessons["basis"] != "own")]
    columns = (pool[name] for name in ("solution_id", "project_id", "theme_id", "scope", "note_de"))
    return [
        Lesson(row, _known(solution), _known(project), _known(theme), bool(scope != "mpsc"))
        for row, solution, project, theme, scope, note in zip(pool.index, *columns, strict=True)
        if not _is_contested(note)
    ]


def closest(lessons: Sequence[Lesson], solutions: pd.DataFrame, count: int) -> list[Hashable]:
    """The choice of `lessons_for`, the closest first."""
    ours, projects, themes = (
        set(map(_known, solutions[name])) for name in ("solution_id", "project_id", "theme_id")
    )
    pool = [
        (
            4 * (one.solution in ours) + 2 * (one.project in projects) + (one.theme in themes) - one.outside,
            one.row,
        )
        for one in lessons
    ]
    near = sorted((one for one in pool if one[0] > 0), key=lambda one: -one[0])
    return [row for _, row in near[:count]]


def _known(cell: object) -> object:
    """The text of a cell; what is missing is alike everywhere."""
    return cell if isinstance(cell, str) else None


def _is_contested(note: object) -> bool:
    return isinstance(note, str) and "umstritten" in note.casefold()
