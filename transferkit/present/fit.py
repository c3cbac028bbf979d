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
    @property
    def knockouts(self) -> pd.DataFrame: ...
    @property
    def questions(self) -> pd.DataFrame: ...
    @property
    def judged(self) -> pd.DataFrame: ...


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


def offered(solutions: pd.DataFrame) -> pd.DataFrame:
    """Solutions for a choice: key, title with the model project."""
    projects = ["" if german.is_missing(one) else f" ({one})" for one in solutions["project"]]
    names = [f"{title}{project}" for title, project in zip(solutions["title"], projects, strict=True)]
    return pd.DataFrame({"key": list(solutions["solution_id"]), "name": names})


def asked(
    criteria: pd.DataFrame, dimensions: pd.DataFrame, given: pd.DataFrame, hints: pd.DataFrame
) -> pd.DataFrame:
    """The questions for a form: key, question, group (dimension), hint (what stops, helps, who knows)."""
    reasons = dict(zip(cells(given["criterion_id"]), cells(given["reason_de"]), strict=True))
    told: dict[str, list[str]] = {}
    for key, hint in zip(cells(hints["criterion_id"]), cells(hints["hint_de"]), strict=True):
        told.setdefault(key, []).append(hint)
    rows = []
    for row in with_dimensions(criteria, dimensions):
        key = row["criterion_id"]
        help_ = [
            "Ein Hindernis stoppt hier die Übernahme." if row["knockout_default"] else "",
            f"Die Daten sagen: {reasons[key]}" if key in reasons else "",
            *told.get(key, []),
            f"Antwort bei: {row['owner_de']}. Nachsehen in: {row['where_to_find_de']}.",
        ]
        question = f"{row['name_de']}. {row['question_de']}"
        rows.append((key, question, row["name_de_dimension"], " ".join(filter(None, help_))))
    return pd.DataFrame(rows, columns=["key", "question", "group", "hint"], dtype="str")


def to_do(fit: Outcome) -> Block | None:
    """What follows from the answers: obstacles to remove, tasks, questions; None if there is nothing."""
    groups = [
        ("Zuerst klären", "Diese Hindernisse stoppen die Übernahme.", fit.knockouts),
        ("Aufgaben", "Hier passt es erst mit einem Plan: was, wer, bis wann, zu welchen Kosten.", fit.tasks),
        ("Offene Fragen", "Fragen Sie hier nach. Dann wird die Spanne enger.", fit.questions),
    ]
    told = [(title, text, records(rows)) for title, text, rows in groups if len(rows)]
    return fragment("fit-to-do", groups=told) if told else None


def to_do_sheet(fit: Outcome, scale: pd.DataFrame) -> pd.DataFrame:
    """All criteria with their answers, for Excel."""
    rows, names = fit.judged, scale.set_index("answer_id")["name_de"]
    return pd.DataFrame(
        {
            "Merkmal": rows["name_de"],
            "Frage": rows["question_de"],
            "Antwort": rows["answer_id"].map(names),
            "K.-o.-Merkmal": rows["knockout"].map({True: "ja", False: ""}),
            "Plan nötig": rows["needs_task"].map({True: "ja", False: ""}),
            "Wer antworten kann": rows["owner_de"],
            "Wo nachsehen": rows["where_to_find_de"],
        }
    )


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
