"""Which answers each kind of question allows."""

from __future__ import annotations

import pytest

from tests.workshop.example import EXERCISES
from transferkit.errors import AnswerError
from transferkit.workshop import answers

BY_ID = {exercise["id"]: exercise for exercise in EXERCISES}


@pytest.mark.parametrize(
    ("exercise", "value"),
    [
        ("first", "a"),
        ("also", ["c", "a"]),
        ("ready", 0),
        ("vote", {"a": 2, "b": 1}),
        ("self", {"data": "2"}),
        ("fits", {"data": "0", "people": "1"}),
        ("order", ["b", "c", "a"]),
        ("cost", 12.5),
        ("why", "Zeit\nund Geld"),
    ],
)
def test_a_right_answer_is_kept_as_it_is(exercise: str, value: object) -> None:
    assert answers.checked(BY_ID[exercise], value) == value


@pytest.mark.parametrize(
    ("exercise", "value", "said"),
    [
        ("first", "z", "gibt es hier nicht"),
        ("first", ["a"], "gibt es hier nicht"),
        ("also", ["a", "a"], "nur einmal"),
        ("also", "a", "mindestens eine"),
        ("ready", 5, "Stufen 0 bis 4"),
        ("ready", True, "Stufen 0 bis 4"),
        ("ready", 1.5, "Stufen 0 bis 4"),
        ("vote", {"a": 2, "b": 2}, "Nehmen Sie 1 zurück"),
        ("vote", {"a": -1, "b": 2}, "ganze Zahlen ab 0"),
        ("vote", {"z": 1}, "gibt es hier nicht"),
        ("vote", {"a": 0}, "mindestens einen"),
        ("self", {"data": "9"}, "gibt es hier nicht"),
        ("self", {"moon": "1"}, "gibt es hier nicht"),
        ("self", "2", "Zeile für Zeile"),
        ("order", ["a", "b"], "jeden Platz von 1 bis 3"),
        ("cost", -1, "Zahlen ab 0"),
        ("cost", float("nan"), "eine Zahl"),
        ("cost", "12", "eine Zahl"),
        ("cost", 1e300, "möglich sind Zahlen"),
        ("why", "x" * 281, "281 Zeichen"),
        ("why", {"a": 1}, "schreiben Sie einen Text"),
    ],
)
def test_a_wrong_answer_is_told_what_would_be_right(exercise: str, value: object, said: str) -> None:
    with pytest.raises(AnswerError, match=f"(?i){said}"):
        answers.checked(BY_ID[exercise], value)


def test_a_text_loses_what_no_export_could_hold() -> None:
    assert answers.checked(BY_ID["why"], " a\x00\x1bb\u202e \n c ") == "ab \n c"


@pytest.mark.parametrize("value", [None, "", "  ", [], {}])
def test_an_empty_answer_takes_the_old_one_back(value: object) -> None:
    assert answers.is_empty(value)


@pytest.mark.parametrize("value", [0, "0", ["a"], {"a": 0}, False])
def test_nought_is_an_answer(value: object) -> None:
    assert not answers.is_empty(value)
