"""Exercises that can be filled in in JupyterLab: the same form as on a page, with the kernel behind it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import traitlets

from transferkit.errors import TransferkitError
from transferkit.present.exercise_answers import answer, filled
from transferkit.present.exercises import Exercise
from transferkit.present.widget import WIDGET, AnyWidget

HERE = Path(__file__).parent

Keep = Callable[[Any], str]


class _Form(AnyWidget):
    """What the browser and the kernel share: the form, what is filled in, and what became of it."""

    _esm = HERE / "lab_form.js"
    _css = HERE / "lab_form.css"
    html = traitlets.Unicode().tag(sync=True)
    filled = traitlets.Dict(key_trait=traitlets.Unicode(), value_trait=traitlets.Unicode()).tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)


class LabForm:
    """An exercise as a form; `keep` is called with each sound answer and returns what to say about it."""

    def __init__(self, exercise: Exercise, given: Any, keep: Keep) -> None:
        self.exercise = exercise
        self._keep = keep
        before = _as_before(exercise, given)
        self.form = _Form(html=exercise.html, filled=before, said="Ihre frühere Antwort." if before else "")
        self.form.observe(self._take, names="filled")

    def _take(self, change: dict[str, Any]) -> None:
        """Keep what was filled in, or say what is missing; nothing is lost on screen either way."""
        try:
            self.form.said = self._keep(answer(self.exercise, change["new"]))
        except TransferkitError as error:
            self.form.said = f"Noch nicht gespeichert. {error}"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        bundle = self.exercise._repr_mimebundle_()
        return bundle | {WIDGET: _view(self.form)}

    def __repr__(self) -> str:
        return repr(self.exercise)


class _Reset(AnyWidget):
    """What the browser and the kernel share: the question, how often somebody said yes, what came of it."""

    _esm = HERE / "lab_reset.js"
    _css = HERE / "lab_form.css"
    question = traitlets.Unicode().tag(sync=True)
    wanted = traitlets.Int(0).tag(sync=True)
    restored = traitlets.Bool(False).tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)


class ResetForm:
    """A button that asks `question` and then calls `reset`, which says whether notebooks were restored, and
    what was done."""

    def __init__(self, question: str, reset: Callable[[], tuple[bool, str]]) -> None:
        self._reset = reset
        self.form = _Reset(question=question)
        self.form.observe(self._act, names="wanted")

    def _act(self, change: dict[str, Any]) -> None:
        try:
            self.form.restored, said = self._reset()
        except TransferkitError as error:
            said = str(error)
        self.form.said = said

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {WIDGET: _view(self.form), "text/plain": "Alles zurücksetzen"}


def _view(form: AnyWidget) -> dict[str, Any]:
    return {"version_major": 2, "version_minor": 0, "model_id": form.model_id}


def _as_before(exercise: Exercise, given: Any) -> dict[str, str]:
    """The form as it was filled in; empty if the question has changed since and the answer does not fit."""
    try:
        before = filled(exercise, given)
        answer(exercise, before)
    except (TransferkitError, AttributeError, TypeError, ArithmeticError, KeyError):
        return {}
    return before
