"""The fit check as readers see it: the statement, an interval per dimension, what data say, what to ask.

Frames and outcome as made by `methods.fit` and `methods.fit_prefill`. On a page readers answer by hand: its
script `fit-check.js` judges as `methods.fit` does, and says it in the words of this module.
"""

from __future__ import annotations

import json
import re
from typing import Any, Protocol

import pandas as pd
from markupsafe import Markup

from transferkit.present import german
from transferkit.present.block import Block, fragment
from transferkit.present.records import Row, cells, records

OUTCOMES = {
    "knockout": "So nicht übernehmen",
    "unknown": "Noch nicht entscheidbar",
    "adaptation": "Übernahme nur mit Anpassungen",
    "small-adaptation": "Übernahme mit kleinen Anpassungen",
}
OBSTACLE = "hindernis"  # an answer that stops where a condition must hold
# What would change the outcome, if it were the answer.
ANSWERS = {OBSTACLE: "ein Hindernis", "gleich": "wie im Original"}
WORDS = {
    "flip": "Kippt zu „{outcome}“, wenn {what} {answer} ist: {names}.",
    "one": "diese Bedingung",
    "several": "eine dieser Bedingungen",
    "more": "{count} weitere",
    "plan": "Dafür brauchen Sie einen Plan: {names}. "
    "Klären Sie, was zu tun ist, wer es macht, bis wann und zu welchen Kosten.",
    "span": "{low} bis {high}",
    "and": "und",
}
CAUTION = "Eigene Einschätzung. Eine Erwartung, keine Messung: Überprüfen Sie sie nach dem Pilotbetrieb."
YOURS_FIRST = "Was Sie selbst antworten, ist Ihre Angabe und zählt vor den Daten."
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


class Questionnaire(Protocol):
    """The rules of the check as plain values (see `methods.fit_sheet.Sheet.plain`)."""

    def plain(self) -> dict[str, Any]: ...


def statement(fit: Outcome, solution: str, origin: str) -> Block:
    """The statement, what would change it, and an interval per dimension with what is unknown in it."""
    said = fragment("fit-statement", solution=solution, origin=origin, **told(fit))
    return said.resting_on(fit.dimensions, how=YOURS_FIRST)


def told(fit: Outcome) -> dict[str, Any]:
    """The outcome in words: `said`, `further` (what would change it, what needs a plan), `rows` by dimension.

    A row has name, said, open, and low and high (0 to 1) to be drawn.
    """
    further = [_flip(row) for row in records(fit.flips)]
    if len(fit.tasks):
        further.append(WORDS["plan"].format(names=german.enumerate_words(fit.tasks["name_de"])))
    rows = [
        {
            "name": row["name_de"],
            "said": _span(float(row["low"]), float(row["high"])),
            "open": german.percent(row["unknown"]),
            "low": float(row["low"]),
            "high": float(row["high"]),
        }
        for row in records(fit.dimensions)
    ]
    return {"said": fit.said, "further": further, "rows": rows}


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

    `given`: criterion_id, answer_id, answer_de, reason_de of what is answered; `hints`: criterion_id,
    hint_de, source_ids.
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


def by_hand(sheet: Questionnaire, solution_id: str, place: str) -> Block:
    """What lets readers answer on the page itself: the rules, and what to do with the answers.

    Hidden until the page's script takes it; `place` names the file of answers.
    """
    return fragment("fit-by-hand", rules=Markup(_rules(sheet, solution_id, place)))


def exercise_id(solution_id: str) -> str:
    """Under which key the answers about a solution are kept, in files and in workshops."""
    return f"fit-{solution_id}"


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


def _rules(sheet: Questionnaire, solution_id: str, place: str) -> str:
    """All that the script needs to know, as JSON that may stand in HTML."""
    plain = sheet.plain()
    known = {
        "exercise": exercise_id(solution_id),
        "file": f"Passt-das-zu-uns-{re.sub(r'[^0-9A-Za-zÄÖÜäöüß]+', '-', place)[:60].strip('-')}.json",
        # The page shows the names of the criteria already.
        "criteria": [[key, *rest] for key, _, *rest in plain["criteria"]],
        "dimensions": plain["dimensions"],
        "scale": plain["scale"],
        "limits": {name: plain["limits"][name] for name in ("unknown_limit", "low_limit")},
        "sentences": {name: plain["sentences"][name] for name in OUTCOMES},
        "outcomes": OUTCOMES,
        "answers": ANSWERS,
        "obstacle": OBSTACLE,
        "named": NAMED,
        "words": WORDS,
    }
    return json.dumps(known, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _span(low: float, high: float) -> str:
    ends = german.percent(low), german.percent(high)
    return ends[0] if ends[0] == ends[1] else WORDS["span"].format(low=ends[0], high=ends[1])


def _flip(row: Row) -> str:
    names = [str(name) for name in row["names"]]
    listed = [f"„{name}“" for name in names[:NAMED]]
    if len(names) > NAMED:
        listed.append(WORDS["more"].format(count=len(names) - NAMED))
    return WORDS["flip"].format(
        outcome=OUTCOMES[str(row["statement"])],
        what=WORDS["several" if len(names) > 1 else "one"],
        answer=ANSWERS[str(row["answer_id"])],
        names=german.enumerate_words(listed),
    )
