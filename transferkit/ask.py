"""Ask the people in a workshop: `tk.ask.choice(…)` and its siblings.

On a page a question is a form to print; in JupyterLab it is a form that keeps the answers in one small file
on this machine (see `begin`). What a question may look like stands in `present.exercises`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

import pandas as pd

from transferkit import face
from transferkit.errors import MethodError
from transferkit.knowledge.datasets import load
from transferkit.lab import folder
from transferkit.present import exercises, german, tables
from transferkit.present.block import Block
from transferkit.present.exercises import Exercise, Item
from transferkit.present.lab_note import LabNote
from transferkit.present.records import records
from transferkit.workshop import answer_file

if TYPE_CHECKING:
    from transferkit.present.lab_forms import LabForm, ResetForm

Asked = ParamSpec("Asked")


@dataclass
class _Notebook:
    """What has been asked in this notebook, and where its answers go."""

    questions: dict[str, str] = field(default_factory=dict)
    answers: answer_file.AnswerFile | None = None


_notebook = _Notebook()


def begin(notebook: str, session: str = "") -> Block | None:
    """Begin a notebook with exercises: in JupyterLab say where answers are kept, elsewhere nothing.

    `session`: the code of a session, so that the file can be handed in. The file lies beside the notebook, or
    in the user's folder where that cannot be written to; it is made with the first answer.
    """
    _notebook.questions.clear()
    _notebook.answers = None
    if not face.is_lab():
        return None
    kept = _notebook.answers = answer_file.opened([Path.cwd(), Path.home()], notebook, session)
    there = german.count(len(kept.answers), "Antwort liegt", "Antworten liegen")
    told = tables.prose(
        f"Ihre Antworten werden nur auf diesem Rechner gespeichert, in der Datei {kept.path}",
        *([f"{there} schon darin."] if kept.answers else []),
    )
    return LabNote(told.html)


def given(exercise: str) -> Any | None:
    """What was answered to an exercise of this notebook on this machine; None if nothing, or on a page."""
    return _notebook.answers.answers.get(exercise) if _notebook.answers else None


def reset(*, everything: bool = False) -> ResetForm | None:
    """A button that, after asking, deletes the answers and restores the notebook; nothing on a page.

    `everything`: the answers and notebooks of the whole folder.
    """
    if not face.is_lab():
        return None
    from transferkit.present.lab_forms import ResetForm

    what = "alle Notebooks" if everything else "dieses Notebook"
    question = f"Löschen Sie damit Ihre Antworten und alles, was Sie geändert haben? Ersetzt wird {what}."
    return ResetForm(question, _reset_everything if everything else _reset_notebook)


def _reset_notebook() -> tuple[bool, str]:
    if _notebook.answers:
        _notebook.answers.remove()
    where, name = folder.in_use(), folder.current()
    if where is None or name is None:
        return False, "Ihre Antworten sind gelöscht. Das Notebook selbst bleibt, wie es ist."
    folder.restore(where, name)
    return True, "Ihre Antworten sind gelöscht, das Notebook ist wiederhergestellt."


def _reset_everything() -> tuple[bool, str]:
    where = folder.in_use()
    if where is None:
        return False, "Das geht nur in JupyterLab, das mit „transferkit lab“ oder „make lab“ gestartet wurde."
    count = answer_file.remove_all(where)
    for name in folder.shipped():
        folder.restore(where, name)
    gone = german.count(count, "Datei mit Antworten", "Dateien mit Antworten")
    return True, f"Gelöscht: {gone}. Alle Notebooks sind wiederhergestellt."


def _asking(make: Callable[Asked, Exercise]) -> Callable[Asked, Exercise | LabForm]:
    """The same question, shown as the face of the notebook demands; MethodError for an id used twice."""

    @functools.wraps(make)
    def ask(*args: Asked.args, **kwargs: Asked.kwargs) -> Exercise | LabForm:
        exercise = make(*args, **kwargs)
        _require_new(exercise)
        return _form(exercise) if face.is_lab() else exercise

    return ask


choice = _asking(exercises.choice)
choices = _asking(exercises.choices)
scale = _asking(exercises.scale)
dots = _asking(exercises.dots)
assessment = _asking(exercises.assessment)
ranking = _asking(exercises.ranking)
number = _asking(exercises.number)
text = _asking(exercises.text)


@_asking
def vote(id: str, question: str, solutions: pd.DataFrame, dots: int = 3) -> Exercise:
    """A dot vote on solutions (as `tk.solutions_of` gives them), each told with its project."""
    options = [Item(row["solution_id"], row["title"], str(row["project"])) for row in records(solutions)]
    return exercises.dots(id, question, options, dots)


@_asking
def fit(id: str, question: str) -> Exercise:
    """The questions of „Passt das zu uns?“, answered by each person for themselves."""
    items = [
        Item(row["criterion_id"], row["question_de"], row["why_de"])
        for row in records(load("transfer_criteria"))
    ]
    answers = {row["answer_id"]: row["name_de"] for row in records(load("transfer_answers"))}
    return exercises.fit(id, question, items, answers)


@_asking
def maturity(id: str, question: str, per_dimension: int | None = None) -> Exercise:
    """The self-assessment: all its questions, or the first few of each dimension."""
    asked = load("maturity_questions")
    if per_dimension is not None:
        asked = asked[asked["order"] <= per_dimension]
    items = [
        Item(
            row["question_id"],
            f"{row['dimension_de']}: {row['question_de']}",
            f"Stufe 0: {row['anchor_0_de']}. Stufe 4: {row['anchor_4_de']}.",
        )
        for row in records(asked)
    ]
    levels = {level.split(" ", 1)[0]: level for level in str(asked["scale_de"].iloc[0]).split("; ")}
    return exercises.assessment(id, question, items, levels)


def _require_new(exercise: Exercise) -> None:
    """An id stands for one question; a cell may be run again where a person runs cells."""
    asked = _notebook.questions.setdefault(exercise.id, exercise.question)
    if asked != exercise.question:
        raise MethodError(
            f"Die Kennung „{exercise.id}“ gehört schon zur Frage „{asked}“. "
            "Geben Sie jeder Frage eine eigene, oder führen Sie das Notebook von vorn aus."
        )


def _form(exercise: Exercise) -> LabForm:
    from transferkit.present.lab_forms import LabForm  # widgets are for people, pages do without

    kept = _notebook.answers
    if kept is None:
        raise MethodError("Vor der ersten Frage steht tk.ask.begin(…). Führen Sie die Zellen von oben aus.")

    def keep(answer: Any) -> str:
        kept.keep(exercise.id, answer)
        return "Gespeichert." if answer is not None else "Keine Antwort gespeichert."

    return LabForm(exercise, kept.answers.get(exercise.id), keep)
