"""Exercises: questions to the people in a workshop, as a form of a page that also works printed on paper.

An exercise shows as `text/html`, the form, and as `application/vnd.transferkit.exercise+json`, what a server
needs to take answers. The form is `<form data-exercise="ID" data-kind="KIND">`; its controls are named so:

    choice, scale          radio buttons named "answer"; the value is the option's id or the number
    choices                a checkbox per option, named as the option's id
    dots, ranking          a number field per option, named as the option's id: dots given, or rank from 1
    assessment, fit        radio buttons per item, named as the item's id; the value is the option's id
    number                 a text field named "answer"; people type "12,5" or "12.5"
    text                   a text area named "answer"

`<p data-said role="status">` is empty: a script that takes the answers says there what became of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from transferkit.errors import MethodError
from transferkit.present import german
from transferkit.present.block import fragment

MIMETYPE = "application/vnd.transferkit.exercise+json"
AN_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
STEPS = 10  # a scale with more steps is a number
LONGEST_TEXT = 280

Names = Mapping[str, str]


@dataclass(frozen=True)
class Item:
    """An option to choose, or a row to assess; `hint` says more in small print."""

    id: str
    label: str
    hint: str = ""

    def definition(self) -> dict[str, str]:
        """The item as JSON knows it."""
        told = {"id": self.id, "label": self.label}
        return told | {"hint": self.hint} if self.hint else told


@dataclass(frozen=True)
class Exercise:
    """One question; which of the fields count depends on `kind`."""

    id: str
    kind: str
    question: str
    options: tuple[Item, ...] = ()
    items: tuple[Item, ...] = ()
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    low: str = ""  # what the lowest step of a scale means
    high: str = ""
    dots: int = 0
    released: bool = False  # free text only: may the others see it?

    def definition(self) -> dict[str, Any]:
        """The exercise as JSON: what a server or a file of answers must know."""
        told: dict[str, Any] = {"id": self.id, "kind": self.kind, "question": self.question}
        for name in ("options", "items"):
            if rows := getattr(self, name):
                told[name] = [row.definition() for row in rows]
        for name in ("unit", "minimum", "maximum", "low", "high", "dots"):
            if (value := getattr(self, name)) not in ("", None) and (name != "dots" or value):
                told[name] = value
        return told | ({"released": self.released} if self.kind == "text" else {})

    @property
    def how(self) -> str:
        """How to answer, in one sentence."""
        return {
            "choice": "Wählen Sie eine Antwort.",
            "choices": "Mehrere Antworten sind möglich.",
            "scale": f"Wählen Sie eine Stufe von {_said(self.minimum)} bis {_said(self.maximum)}.",
            "dots": f"Verteilen Sie {german.count(self.dots, 'Punkt', 'Punkte')}. "
            "Sie dürfen einer Antwort mehrere geben.",
            "assessment": "Wählen Sie in jeder Zeile eine Stufe. Lassen Sie frei, was Sie nicht wissen.",
            "fit": "Antworten Sie für Ihre Kommune. Auch „unbekannt“ ist eine gute Antwort.",
            "ranking": "Geben Sie jeder Antwort einen Platz. Platz 1 ist am wichtigsten.",
            "number": self._limits(),
            "text": f"Höchstens {LONGEST_TEXT} Zeichen. Bitte nennen Sie keine Namen.",
        }[self.kind]

    @property
    def steps(self) -> range:
        """The steps of a scale; no steps for other kinds."""
        if self.kind != "scale" or self.minimum is None or self.maximum is None:
            return range(0)
        return range(int(self.minimum), int(self.maximum) + 1)

    @property
    def html(self) -> str:
        """The form: labelled, for the keyboard, for paper."""
        return fragment("exercise", exercise=self, longest_text=LONGEST_TEXT).html

    def _limits(self) -> str:
        low, high = _said(self.minimum), _said(self.maximum)
        if low and high:
            return f"Tragen Sie eine Zahl von {low} bis {high} ein."
        if low:
            return f"Tragen Sie eine Zahl ab {low} ein."
        return f"Tragen Sie eine Zahl bis {high} ein." if high else "Tragen Sie eine Zahl ein."

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {MIMETYPE: self.definition(), "text/html": self.html, "text/plain": repr(self)}

    def __repr__(self) -> str:
        return f"Frage: {self.question}"


def choice(id: str, question: str, options: Names | Sequence[Item]) -> Exercise:
    """One of several options; `options`: id -> label, at least two. MethodError otherwise."""
    return _checked(Exercise(id, "choice", question, _several(id, options, "Antworten")))


def choices(id: str, question: str, options: Names | Sequence[Item]) -> Exercise:
    """As many of the options as fit."""
    return _checked(Exercise(id, "choices", question, _several(id, options, "Antworten")))


def scale(
    id: str, question: str, minimum: int = 0, maximum: int = 5, *, low: str = "", high: str = ""
) -> Exercise:
    """A whole number from `minimum` to `maximum`; `low` and `high` say what the ends mean."""
    if not 1 <= maximum - minimum <= STEPS:
        raise MethodError(
            f"Frage „{id}“: Eine Skala hat 2 bis {STEPS + 1} Stufen, hier von {minimum} bis {maximum}. "
            "Nehmen Sie für größere Bereiche tk.ask.number."
        )
    return _checked(Exercise(id, "scale", question, minimum=minimum, maximum=maximum, low=low, high=high))


def dots(id: str, question: str, options: Names | Sequence[Item], dots: int = 3) -> Exercise:
    """Dots to give away, several to one option if wanted."""
    if dots < 1:
        raise MethodError(f"Frage „{id}“: Es muss mindestens einen Punkt zu verteilen geben, nicht {dots}.")
    return _checked(Exercise(id, "dots", question, _several(id, options, "Antworten"), dots=dots))


def assessment(
    id: str, question: str, items: Names | Sequence[Item], levels: Names | Sequence[Item]
) -> Exercise:
    """A level for each item; `levels`: id -> label, at least two, `items` at least one."""
    return _checked(
        Exercise(id, "assessment", question, _several(id, levels, "Stufen"), _some(id, items, "Zeilen"))
    )


def fit(id: str, question: str, items: Names | Sequence[Item], answers: Names | Sequence[Item]) -> Exercise:
    """The fit check, each person for themselves: one of the `answers` to each question in `items`."""
    return _checked(
        Exercise(id, "fit", question, _several(id, answers, "Antworten"), _some(id, items, "Fragen"))
    )


def ranking(id: str, question: str, options: Names | Sequence[Item]) -> Exercise:
    """The options in order, the most important first."""
    return _checked(Exercise(id, "ranking", question, _several(id, options, "Antworten")))


def number(
    id: str, question: str, unit: str, *, minimum: float | None = None, maximum: float | None = None
) -> Exercise:
    """A number with its unit, within the limits if there are any."""
    if minimum is not None and maximum is not None and minimum >= maximum:
        raise MethodError(
            f"Frage „{id}“: Die kleinste Zahl {minimum} muss unter der größten {maximum} liegen."
        )
    if not unit:
        raise MethodError(f"Frage „{id}“: Eine Zahl braucht eine Einheit, zum Beispiel „Euro“ oder „Wochen“.")
    return _checked(Exercise(id, "number", question, unit=unit, minimum=minimum, maximum=maximum))


def text(id: str, question: str, *, released: bool = False) -> Exercise:
    """A short free text; nobody else sees it before it is `released`."""
    return _checked(Exercise(id, "text", question, released=released))


def _checked(exercise: Exercise) -> Exercise:
    """The exercise, if its ids are keys and its question asks something; MethodError otherwise."""
    for key in (exercise.id, *(row.id for row in (*exercise.options, *exercise.items))):
        if not AN_ID.fullmatch(key):
            raise MethodError(
                f"Frage „{exercise.id}“: Die Kennung „{key}“ geht nicht. Möglich sind höchstens 60 kleine "
                "Buchstaben ohne Umlaut, Ziffern und Bindestriche, zum Beispiel „erster-schritt“."
            )
    if not exercise.question.strip():
        raise MethodError(f"Frage „{exercise.id}“: Es fehlt der Text der Frage.")
    return exercise


def _several(id: str, rows: Names | Sequence[Item], what: str) -> tuple[Item, ...]:
    found = _some(id, rows, what)
    if len(found) < 2:
        raise MethodError(f"Frage „{id}“: Es braucht mindestens zwei {what}, hier {len(found)}.")
    return found


def _some(id: str, rows: Names | Sequence[Item], what: str) -> tuple[Item, ...]:
    """The rows as items, each id once and each with a label; MethodError otherwise."""
    if isinstance(rows, Mapping):
        found = tuple(Item(str(key), str(label)) for key, label in rows.items())
    else:
        found = tuple(rows)
    if not found:
        raise MethodError(f"Frage „{id}“: Es fehlen die {what}.")
    keys = [row.id for row in found]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise MethodError(f"Frage „{id}“: Die Kennung „{twice[0]}“ kommt mehr als einmal vor.")
    for row in found:
        if not row.label.strip():
            raise MethodError(f"Frage „{id}“: Zu „{row.id}“ fehlt der Text.")
    return found


def _said(value: float | None) -> str:
    return "" if value is None else german.number(value, 0 if float(value).is_integer() else 2)
