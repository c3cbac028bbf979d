"""From what people put into the form of an exercise to the answer as it is kept, and back.

`filled` maps the names of the controls (see `exercises`) to what they hold, radio buttons and check boxes
only if they are ticked. Answers: choice "a"; choices ["a", "b"]; scale 3; dots {"a": 2}; assessment and fit
{"item": "option"}; ranking ["b", "a"]; number 12.5; text "…". Nothing filled in is None.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from transferkit.errors import MethodError
from transferkit.present import german
from transferkit.present.exercises import LONGEST_TEXT, Exercise

# "1.234,5" and "1234.5" can be read; "1.234" may be either, so nobody guesses.
GERMAN_NUMBER = re.compile(r"-?(\d{1,3}(\.\d{3})+|\d+),\d+|-?\d{1,3}(\.\d{3}){2,}")
PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?")
AMBIGUOUS = re.compile(r"-?[1-9]\d{0,2}\.\d{3}")
GROUPING = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(\D|$))")

Filled = Mapping[str, str]


def answer(exercise: Exercise, filled: Filled) -> Any:
    """The answer a form holds, None if it holds none; MethodError says what is not right yet."""
    given = {name: value.strip() for name, value in filled.items() if value.strip()}
    if not given:
        return None
    return _READERS[exercise.kind](exercise, given)


def filled(exercise: Exercise, given: Any) -> dict[str, str]:
    """What the form must hold to give this answer; the way back from `answer`."""
    if given is None:
        return {}
    if exercise.kind in ("choice", "scale", "text"):
        return {"answer": str(given)}
    if exercise.kind == "number":
        return {"answer": format(Decimal(repr(given)), "f").replace(".", ",")}
    if exercise.kind == "choices":
        return {option: option for option in given}
    if exercise.kind == "ranking":
        return {option: str(place) for place, option in enumerate(given, start=1)}
    return {name: str(value) for name, value in given.items()}


def _choice(exercise: Exercise, given: Filled) -> str:
    return _known(exercise, given["answer"])


def _choices(exercise: Exercise, given: Filled) -> list[str]:
    return [option.id for option in exercise.options if option.id in given]


def _scale(exercise: Exercise, given: Filled) -> int:
    step = _whole(given["answer"])
    if step not in exercise.steps:
        raise MethodError(f"Die Stufe {step} gibt es nicht. {exercise.how}")
    return step


def _dots(exercise: Exercise, given: Filled) -> dict[str, int]:
    dots = {_known(exercise, name): _whole(value) for name, value in given.items()}
    if min(dots.values()) < 0:
        raise MethodError("Punkte sind ganze Zahlen ab 0.")
    if (total := sum(dots.values())) > exercise.dots:
        raise MethodError(
            f"Das sind {german.count(total, 'Punkt', 'Punkte')}, "
            f"zu verteilen {'ist' if exercise.dots == 1 else 'sind'} {exercise.dots}."
        )
    return {option: count for option, count in dots.items() if count}


def _rows(exercise: Exercise, given: Filled) -> dict[str, str]:
    return {item.id: _known(exercise, given[item.id]) for item in exercise.items if item.id in given}


def _ranking(exercise: Exercise, given: Filled) -> list[str]:
    places = {_known(exercise, name): _whole(value) for name, value in given.items()}
    wanted = list(range(1, len(exercise.options) + 1))
    if sorted(places.values()) != wanted:
        raise MethodError(f"Vergeben Sie jeden Platz von 1 bis {wanted[-1]} genau einmal.")
    return sorted(places, key=lambda option: places[option])


def _number(exercise: Exercise, given: Filled) -> float:
    value = number_of(given["answer"])
    low, high = exercise.minimum, exercise.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        raise MethodError(exercise.how)
    return value


def _text(exercise: Exercise, given: Filled) -> str:
    if len(given["answer"]) > LONGEST_TEXT:
        raise MethodError(exercise.how)
    return given["answer"]


def number_of(typed: str) -> float:
    """A number as people in Germany type it; MethodError for anything else, and for the ambiguous "1.234"."""
    plain = GROUPING.sub("", typed)
    if AMBIGUOUS.fullmatch(plain):
        either = f"{plain.replace('.', '')} oder {plain.replace('.', ',')}"
        raise MethodError(f"„{typed}“ ist nicht eindeutig. Schreiben Sie {either}.")
    if GERMAN_NUMBER.fullmatch(plain):
        plain = plain.replace(".", "").replace(",", ".")
    elif not PLAIN_NUMBER.fullmatch(plain):
        raise MethodError(f"„{typed}“ ist keine Zahl. Schreiben Sie zum Beispiel 12,5.")
    return float(plain)


def _whole(typed: str) -> int:
    if not re.fullmatch(r"-?\d{1,6}", typed):
        raise MethodError(f"„{typed}“ ist keine ganze Zahl. Schreiben Sie zum Beispiel 2.")
    return int(typed)


def _known(exercise: Exercise, option: str) -> str:
    if option not in {one.id for one in exercise.options}:
        raise MethodError(f"Die Antwort „{option}“ gibt es bei dieser Frage nicht.")
    return option


_READERS = {
    "choice": _choice,
    "choices": _choices,
    "scale": _scale,
    "dots": _dots,
    "assessment": _rows,
    "fit": _rows,
    "ranking": _ranking,
    "number": _number,
    "text": _text,
}
