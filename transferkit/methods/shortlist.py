"""Which few of many solutions and lessons to show first. Own rules, stated here; nothing is scored."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

STATUS_ORDER = ("running", "pilot", "ended", "implementing", "planned", "idea", "unknown")
EVIDENCE_ORDER = ("direct", "inferred", "thin", "contested")


def by_maturity(solutions: pd.DataFrame) -> pd.DataFrame:
    """What runs and is well documented first: by evidence, then status, then title."""
    order = pd.DataFrame(
        {
            "evidence": solutions["evidence"].astype(str).map(EVIDENCE_ORDER.index),
            "status": solutions["status"].astype(str).map(STATUS_ORDER.index),
            "title": solutions["title"].astype(str).str.casefold(),
        }
    )
    return solutions.loc[order.sort_values(["evidence", "status", "title"]).index]


def worth_a_call(solutions: pd.DataFrame, projects: Sequence[str], count: int = 5) -> pd.DataFrame:
    """At most `count` documented solutions of the given projects (nearest first), two per project at most.

    Only solutions with direct evidence that were at least begun: somebody there can tell what happened.
    """
    solutions = solutions[solutions["project_id"].isin(list(projects))]
    begun = solutions["status"].isin(("running", "pilot", "ended", "implementing"))
    pool = by_maturity(solutions[begun & (solutions["evidence"] == "direct")])
    rank = pool["project_id"].map({project: n for n, project in enumerate(projects)})
    pool = pool.assign(project_rank=rank, turn=pool.groupby("project_id").cumcount())
    pool = pool[pool["turn"] < 2]
    ordered = pool.sort_values(["turn", "project_rank"], kind="stable").head(count)
    return ordered.sort_values("project_rank", kind="stable").drop(columns=["project_rank", "turn"])


def lessons_for(lessons: pd.DataFrame, solutions: pd.DataFrame, kind: str, count: int = 6) -> pd.DataFrame:
    """Lessons of one kind closest to these solutions: theirs, their projects', their themes'.

    Only sourced or mixed ones; own judgements and contested statements have no place in a short list.
    """
    pool = lessons[(lessons["kind"] == kind) & (lessons["basis"] != "own")]
    pool = pool[np.array([not _is_contested(note) for note in pool["note_de"]], dtype=bool)]
    nearness = (
        4 * pool["solution_id"].isin(solutions["solution_id"]).astype(int)
        + 2 * pool["project_id"].isin(solutions["project_id"]).astype(int)
        + pool["theme_id"].isin(solutions["theme_id"]).astype(int)
    )
    nearness = nearness.where(pool["scope"] == "mpsc", nearness - 1)
    chosen = nearness[nearness > 0].sort_values(ascending=False, kind="stable").head(count).index
    return pool.loc[chosen]


def _is_contested(note: object) -> bool:
    return isinstance(note, str) and "umstritten" in note.casefold()
