"""What is read of a case, and the claims that the council paper and its short version share."""

from __future__ import annotations

from typing import Protocol

import pandas as pd

from transferkit.present import german
from transferkit.present.fit import Outcome
from transferkit.present.paper import Claim, Listing, said

REGISTER = "destatis-gemeindeverzeichnis"
NO_COST = "Für diese Lösung sind keine Kosten veröffentlicht."


class Case(Protocol):
    """What is read of a case."""

    @property
    def town(self) -> pd.Series: ...
    @property
    def solution(self) -> pd.Series: ...
    @property
    def is_own(self) -> bool: ...
    @property
    def origin(self) -> pd.Series | None: ...
    @property
    def answers(self) -> pd.DataFrame: ...
    @property
    def own_answers(self) -> pd.DataFrame: ...
    @property
    def hints(self) -> pd.DataFrame: ...
    @property
    def outcome(self) -> Outcome: ...
    @property
    def criteria(self) -> pd.DataFrame: ...
    @property
    def similar(self) -> pd.DataFrame: ...
    @property
    def factors(self) -> pd.DataFrame: ...
    @property
    def pitfalls(self) -> pd.DataFrame: ...
    @property
    def decision(self) -> pd.Series | None: ...
    @property
    def standing(self) -> pd.DataFrame | None: ...
    @property
    def flips(self) -> pd.DataFrame | None: ...
    @property
    def options(self) -> pd.DataFrame: ...
    @property
    def costs(self) -> pd.DataFrame: ...
    @property
    def steps(self) -> pd.DataFrame: ...
    @property
    def indicators(self) -> pd.DataFrame: ...
    @property
    def questions(self) -> pd.DataFrame: ...


def proposal(case: Case) -> str:
    """What is to be done next, by the outcome of the fit check."""
    who = f"Die Verwaltung wird beauftragt, die Erfahrungen aus {project(case)}"
    if case.outcome.statement == "knockout":
        return (
            "Die Lösung wird in dieser Form nicht übernommen. "
            "Die genannten Hindernisse werden zuerst geklärt."
        )
    if case.outcome.statement == "unknown":
        return f"{who} einzuholen und die Übertragbarkeit zu prüfen."
    return f"{who} zu nutzen und einen Pilot mit den nötigen Anpassungen vorzubereiten."


def own_cost(case: Case, lead: str = "") -> Claim:
    """What the solution cost where it comes from, dated; said if nobody published it."""
    cost = case.solution["cost_de"]
    if german.is_missing(cost):
        return Claim(NO_COST, lead=lead)
    when = case.solution["status_as_of"]
    dated = "Jahr unbekannt" if german.is_missing(when) else f"Angabe von {german.date(when)}"
    return said(case.solution, f"{cost} ({dated}).", lead or "Kosten im Modellprojekt:")


def effort(steps: pd.DataFrame) -> str:
    """Person-days over all steps as a range; own estimates."""
    low, high = steps[["person_days_min", "person_days_max"]].sum().astype(int)
    return f"{low} bis {high}"


def status(row: pd.Series) -> str:
    """Where a solution stands, with the date."""
    return german.status(row["status"], row["status_as_of"])


def project(case: Case) -> str:
    """The model project the solution comes from."""
    return name(case.solution)


def lessons(lessons: pd.DataFrame) -> Listing:
    """Lessons with the model project they come from, where it is one."""
    return Listing(tuple(said(row, str(row["statement_de"]), _origin(row)) for _, row in lessons.iterrows()))


def _origin(lesson: pd.Series) -> str:
    return "" if german.is_missing(lesson.get("project")) else f"{lesson['project']}:"


def name(row: pd.Series) -> str:
    """The model project of a solution; a few belong to no single one."""
    return "einer nicht genannten Kommune" if german.is_missing(row["project"]) else str(row["project"])
