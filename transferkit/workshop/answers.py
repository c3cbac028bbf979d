"""Answers: what each kind of question allows, checked before anything is kept.

An exercise is the JSON of `present.exercises`: id, kind, question, options, items, unit, limits, dots. Values
are JSON too: choice "a"; choices ["a", "b"]; scale 3; dots {"a": 2, "b": 1}; assessment and fit
{"item": "option"}; ranking ["b", "a"], the most important first; number 12.5; text "…".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from transferkit.errors import AnswerError

LONGEST_TEXT: Final = 280
FURTHEST: Final = 1e15  # no number of any workshop lies beyond

Definition = Mapping[str, Any]
Value = Any  # JSON


def checked(exercise: Definition, value: Value) -> Value:
    """The answer as it is kept; AnswerError says what would be right."""
    check = _CHECKS.get(exercise["kind"])
    if check is None:
        raise AnswerError(f"Fragen der Art „{exercise['kind']}“ nimmt diese Version nicht an.")
    return check(exercise, value)


def is_empty(value: Value) -> bool:
    """Whether somebody takes their answer back."""
    return value is None or value in ("", [], {}) or (isinstance(value, str) and not value.strip())


def clean(text: str) -> str:
    """The text without blanks around it and without control characters, which no export could hold."""
    return "".join(letter for letter in text.strip() if letter.isprintable() or letter == "\n")


def _choice(exercise: Definition, value: Value) -> str:
    return _one_of(value, _ids(exercise, "options"))


def _choices(exercise: Definition, value: Value) -> list[str]:
    return _distinct(value, _ids(exercise, "options"))


def _ranking(exercise: Definition, value: Value) -> list[str]:
    ids = _ids(exercise, "options")
    found = _distinct(value, ids)
    if len(found) < len(ids):
        raise AnswerError(f"Vergeben Sie jeden Platz von 1 bis {len(ids)} genau einmal.")
    return found


def _scale(exercise: Definition, value: Value) -> int:
    low, high = int(exercise["minimum"]), int(exercise["maximum"])
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise AnswerError(f"Möglich sind die Stufen {low} bis {high}.")
    return value


def _dots(exercise: Definition, value: Value) -> dict[str, int]:
    most = int(exercise["dots"])
    if not isinstance(value, dict):
        raise AnswerError("Bitte verteilen Sie Punkte auf die Antworten.")
    ids = _ids(exercise, "options")
    for option, dots in value.items():
        _one_of(option, ids)
        if isinstance(dots, bool) or not isinstance(dots, int) or not 0 <= dots <= FURTHEST:
            raise AnswerError("Punkte sind ganze Zahlen ab 0.")
    given = sum(value.values())
    if given > most:
        raise AnswerError(f"Sie haben {most} Punkte und {given} verteilt. Nehmen Sie {given - most} zurück.")
    if not given:
        raise AnswerError("Bitte verteilen Sie mindestens einen Punkt.")
    return {option: dots for option, dots in value.items() if dots}


def _per_item(exercise: Definition, value: Value) -> dict[str, str]:
    if not isinstance(value, dict):
        raise AnswerError("Bitte antworten Sie Zeile für Zeile.")
    items, options = _ids(exercise, "items"), _ids(exercise, "options")
    return {_one_of(item, items): _one_of(option, options) for item, option in value.items()}


def _number(exercise: Definition, value: Value) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise AnswerError("Bitte geben Sie eine Zahl ein, zum Beispiel 12,5.")
    if abs(value) > FURTHEST:  # before anything else: JSON has whole numbers that no float can hold
        raise AnswerError("Möglich sind Zahlen unter einer Billiarde.")
    low, high = exercise.get("minimum"), exercise.get("maximum")
    if (low is not None and value < low) or (high is not None and value > high):
        limits = (("ab", low), ("bis", high))
        bounds = " ".join(f"{word} {_said(limit)}" for word, limit in limits if limit is not None)
        raise AnswerError(f"Möglich sind Zahlen {bounds}.")
    return value


def _text(_: Definition, value: Value) -> str:
    if not isinstance(value, str):
        raise AnswerError("Bitte schreiben Sie einen Text.")
    cleaned = clean(value)
    if len(cleaned) > LONGEST_TEXT:
        raise AnswerError(f"Der Text hat {len(cleaned)} Zeichen, möglich sind {LONGEST_TEXT}.")
    return cleaned


_CHECKS: Final[Mapping[str, Callable[[Definition, Value], Value]]] = {
    "choice": _choice,
    "choices": _choices,
    "scale": _scale,
    "dots": _dots,
    "assessment": _per_item,
    "fit": _per_item,
    "ranking": _ranking,
    "number": _number,
    "text": _text,
}


def _ids(exercise: Definition, name: str) -> list[str]:
    return [row["id"] for row in exercise[name]]


def _one_of(value: Value, ids: Sequence[str]) -> str:
    if not isinstance(value, str) or value not in ids:
        raise AnswerError("Diese Antwort gibt es hier nicht.")
    return value


def _distinct(value: Value, ids: Sequence[str]) -> list[str]:
    if not isinstance(value, list) or not value:
        raise AnswerError("Bitte wählen Sie mindestens eine Antwort.")
    found = [_one_of(option, ids) for option in value]
    if len(set(found)) < len(found):
        raise AnswerError("Jede Antwort darf nur einmal vorkommen.")
    return found


def _said(number: float) -> str:
    return f"{number:g}".replace(".", ",").replace("-", "−")
