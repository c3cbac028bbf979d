"""The fit check as readers see it: the statement, an interval per dimension, what data say, what to ask.

Frames and outcome as made by `methods.fit` and `methods.fit_prefill`.
"""

from __future__ import annotations

from typing import Protocol

import pandas as pd

from transferkit.present import german
from transferkit.present.block import Block, fragment
from transferkit.present.records import Row, cells, records

OUTCOMES = {
    "knockout": "So nicht übernehmen",
    "unknown": "Noch nicht entscheidbar",
    "adaptation": "Übernahme nur mit Anpassungen",
    "small-adaptation": "Übernahme mit kleinen Anpassungen",
}
ANSWERS = {"hindernis": "ein Hindernis", "gleich": "wie im Original"}
CAUTION = "Eigene Einschätzung. Eine Erwartung, keine Messung: Überprüfen Sie sie nach dem Pilotbetrieb."
NAMED = 4  # criteria named in one sentence


class Outcome(Protocol):
    """What is shown of a check."""

    @property
    def statement(self) -> str: ...
    @property
    def said(self) -> str: ...
    @property
    def dimensions(self) -> pd.DataFrame: ...
    @property
    def tasks(self) -> pd.DataFrame: ...
    @property
    def flips(self) -> pd.DataFrame: ...


def statement(fit: Outcome, solution: str, origin: str) -> Block:
    """The statement, what would change it, and an interval per dimension with what is unknown in it."""
    rows = [
        row
        | {
            "said": _span(float(row["low"]), float(row["high"])),
            "from": f"{float(row['low']):.0%}",
            "width": f"{float(row['high']) - float(row['low']):.0%}",
            "open": german.percent(row["unknown"]),
        }
        for row in records(fit.dimensions)
    ]
    return fragment(
        "fit-statement",
        said=fit.said,
        solution=solution,
        origin=origin,
        rows=rows,
        flips=[_flip(row) for row in records(fit.flips)],
        tasks=list(fit.tasks["name_de"]),
    )


def in_words(fit: Outcome) -> str:
    """The statement with what would change it and the interval per dimension, as lines for a terminal."""
    spans = [
        f"{row['name_de']}: {_span(float(row['low']), float(row['high']))}" for row in records(fit.dimensions)
    ]
    flips = [_flip(row) for row in records(fit.flips)]
    tasks = [f"Aufgaben: {german.enumerate_words(fit.tasks['name_de'])}."] if len(fit.tasks) else []
    return "\n".join([fit.said, *flips, *tasks, *spans, CAUTION])


def answers(
    criteria: pd.DataFrame, dimensions: pd.DataFrame, given: pd.DataFrame, hints: pd.DataFrame
) -> Block:
    """All criteria: answered ones with answer and reason, open ones with what helps and who can answer.

    `given`: criterion_id, answer_de, reason_de of what is answered; `hints`: criterion_id, hint_de,
    source_ids.
    """
    answered = {row["criterion_id"]: row for row in records(given)}
    told: dict[str, list[Row]] = {}
    for hint in records(hints):
        told.setdefault(hint["criterion_id"], []).append(hint)
    rows = [
        row | {"answer": answered.get(row["criterion_id"]), "hints": told.get(row["criterion_id"], [])}
        for row in with_dimensions(criteria, dimensions)
    ]
    return fragment("fit-answers", criteria=rows)


def with_dimensions(criteria: pd.DataFrame, dimensions: pd.DataFrame) -> list[Row]:
    """The criteria as rows, with the name of their dimension."""
    names = dict(zip(cells(dimensions["dimension_id"]), cells(dimensions["name_de"]), strict=True))
    return [row | {"name_de_dimension": names[row["dimension_id"]]} for row in records(criteria)]


def _span(low: float, high: float) -> str:
    if german.percent(low) == german.percent(high):
        return german.percent(low)
    return f"{german.percent(low)} bis {german.percent(high)}"


def _flip(row: Row) -> str:
    names = [str(name) for name in row["names"]]
    more = len(names) - NAMED
    listed = [f"„{name}“" for name in names[:NAMED]] + ([f"{more} weitere"] if more > 0 else [])
    what = "eine dieser Bedingungen" if len(names) > 1 else "diese Bedingung"
    outcome, answer = OUTCOMES[str(row["statement"])], ANSWERS[str(row["answer_id"])]
    return f"Kippt zu „{outcome}“, wenn {what} {answer} ist: {german.enumerate_words(listed)}."
