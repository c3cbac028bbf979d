"""One solution for one place: everything a council must know to decide, joined from all tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from transferkit import decision as decisions
from transferkit import guide
from transferkit.knowledge import place
from transferkit.knowledge.datasets import load
from transferkit.likeness import model_peers
from transferkit.methods import fit

ALL = 80  # more than there are model projects


@dataclass(frozen=True)
class Case:
    """What is known about adopting a solution of a model project; every table may be empty.

    `is_own`: the place takes part in that model project. `answers` (criterion_id, answer_de, reason_de) and
    `hints` (criterion_id, hint_de, source_ids) are what data say to the fit check, `own_answers`
    (criterion_id, answer_de) what people say, `outcome` its result.
    `decision` is the question the options answer; it, `standing` and `flips` are None where there is none.
    """

    town: pd.Series
    solution: pd.Series
    is_own: bool
    origin: pd.Series | None
    answers: pd.DataFrame
    own_answers: pd.DataFrame
    hints: pd.DataFrame
    outcome: fit.Fit
    criteria: pd.DataFrame
    similar: pd.DataFrame
    factors: pd.DataFrame
    pitfalls: pd.DataFrame
    decision: pd.Series | None
    options: pd.DataFrame
    standing: pd.DataFrame | None
    flips: pd.DataFrame | None
    costs: pd.DataFrame
    steps: pd.DataFrame
    indicators: pd.DataFrame
    questions: pd.DataFrame


def case(place_key: str, solution_id: str) -> Case:
    """Join what the data says about this solution for this place.

    Raises PlaceError or DatasetError, with the near miss, for whatever does not exist.
    """
    town, solution = place.place(place_key), guide.row("solutions", solution_id)
    projects = model_peers(town, ALL, ALL)
    own = projects.loc[projects["relation"] == "own", "project_id"]
    checked = guide.fit_check(town, projects, solution.to_frame().T)
    theme, area = str(solution["theme_id"]), str(solution["area_de"])
    decision = decisions.decision_for(solution)
    return Case(
        town=town,
        solution=solution,
        is_own=solution["project_id"] in set(own),
        origin=checked.origin if checked else None,
        answers=checked.answers if checked else _nothing("criterion_id", "answer_de", "reason_de"),
        own_answers=_nothing("criterion_id", "answer_de"),
        hints=checked.hints if checked else _nothing("criterion_id", "hint_de", "source_ids"),
        outcome=checked.outcome if checked else guide.fit_of(_nothing("criterion_id", "answer_id")),
        criteria=load("transfer_criteria"),
        similar=guide.similar_solutions(solution, 4),
        factors=_lessons(solution, "success-factor", 4),
        pitfalls=_lessons(solution, "pitfall", 5),
        decision=decision,
        options=_offered(decision),
        standing=None if decision is None else decisions.standing(decision["decision_id"]),
        flips=None if decision is None else decisions.flips(decision["decision_id"]),
        costs=_costs(area),
        steps=load("transfer_steps"),
        indicators=guide.impact_plan([theme], areas=[area]),
        questions=_questions(theme, area),
    )


def with_answers(case: Case, answers: Mapping[str, str]) -> Case:
    """The same case with what people answered (by criterion): theirs counts before what data say."""
    names = dict(load("transfer_answers")[["answer_id", "name_de"]].to_numpy())
    data = proposed(case)
    own = {key: names[answer] for key, answer in answers.items() if data.get(key) != answer}
    said = pd.DataFrame({"criterion_id": list(own), "answer_de": list(own.values())}, dtype="str")
    kept = case.answers[~case.answers["criterion_id"].isin(list(own))]
    return replace(case, answers=kept, own_answers=said, outcome=guide.fit_of(answers))


def proposed(case: Case) -> dict[str, str]:
    """What data answer to the fit check: answer by criterion."""
    keys = dict(load("transfer_answers")[["name_de", "answer_id"]].to_numpy())
    said = case.answers[["criterion_id", "answer_de"]].to_numpy()
    return {str(key): keys[answer] for key, answer in said}


def _offered(decision: pd.Series | None) -> pd.DataFrame:
    """The options of the decision in their order; none without a decision."""
    offered = load("options").sort_values("order")
    key = "" if decision is None else decision["decision_id"]
    return offered[offered["decision_id"] == key]


def _costs(area: str) -> pd.DataFrame:
    """Published costs and grants of solutions of this area; figures of other kinds cost nothing."""
    costs = load("costs")
    return costs[(costs["area_de"] == area) & costs["kind"].isin(["cost", "funding"])]


def _questions(theme: str, area: str) -> pd.DataFrame:
    """What to ask about the theme, without what concerns solutions of another area."""
    questions = load("questions")
    of_area = questions["area_de"].isna() | (questions["area_de"] == area)
    found: pd.DataFrame = questions[(questions["theme_id"] == theme) & of_area]
    return found


def _lessons(solution: pd.Series, kind: str, count: int) -> pd.DataFrame:
    """Lessons of the solution and its project, of solutions of its area, then those of no single project."""
    areas = load("solutions").set_index("solution_id")["area_de"]
    found = guide.lessons_for(solution.to_frame().T, kind, len(load("lessons")))
    own = (found["solution_id"] == solution["solution_id"]) | (found["project_id"] == solution["project_id"])
    same_area = found["solution_id"].map(areas) == solution["area_de"]
    general = found["project_id"].isna() & found["solution_id"].isna()
    chosen: pd.DataFrame = pd.concat(
        [found[own], found[same_area & ~own], found[general & ~own & ~same_area]]
    )
    return chosen.head(count)


def _nothing(*columns: str) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="str") for name in columns})
