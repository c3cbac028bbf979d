"""What people put into a form becomes the answer they meant, or a sentence that says what is missing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transferkit.errors import MethodError
from transferkit.present import exercises
from transferkit.present.exercise_answers import answer, filled, number_of
from transferkit.present.exercises import Exercise

OPTIONS = {key: key.upper() for key in "abcd"}
CHOICE = exercises.choice("q", "Was?", OPTIONS)
CHOICES = exercises.choices("q", "Was?", OPTIONS)
SCALE = exercises.scale("q", "Wie?", 1, 5)
DOTS = exercises.dots("q", "Was?", OPTIONS, dots=3)
FIT = exercises.fit("q", "Passt?", {"p1": "Bedarf?", "p2": "Geld?"}, {"ja": "ja", "nein": "nein"})
RANKING = exercises.ranking("q", "Was?", OPTIONS)
NUMBER = exercises.number("q", "Wie viel?", "Euro", minimum=0)
TEXT = exercises.text("q", "Was?")


def sound_answers() -> st.SearchStrategy[tuple[Exercise, Any]]:
    several = st.lists(st.sampled_from("abcd"), min_size=1, unique=True).map(sorted)
    dots = st.lists(st.sampled_from("abcd"), min_size=1, max_size=3)
    rows = st.dictionaries(st.sampled_from(["p1", "p2"]), st.sampled_from(["ja", "nein"]), min_size=1)
    return st.one_of(
        st.tuples(st.just(CHOICE), st.sampled_from("abcd")),
        st.tuples(st.just(CHOICES), several),
        st.tuples(st.just(SCALE), st.integers(1, 5)),
        st.tuples(st.just(DOTS), dots.map(lambda given: {key: given.count(key) for key in given})),
        st.tuples(st.just(FIT), rows),
        st.tuples(st.just(RANKING), st.permutations("abcd").map(list)),
        st.tuples(st.just(NUMBER), st.floats(0, 1e15, allow_subnormal=False)),
        st.tuples(st.just(TEXT), st.text("abc ÄÖ.", min_size=1).map(str.strip).filter(bool)),
    )


@given(sound_answers())
def test_an_answer_survives_the_way_into_the_form_and_back(case: tuple[Exercise, Any]) -> None:
    exercise, meant = case
    assert answer(exercise, filled(exercise, meant)) == meant


@pytest.mark.parametrize("exercise", [CHOICE, CHOICES, SCALE, DOTS, FIT, RANKING, NUMBER, TEXT])
def test_an_empty_form_is_no_answer(exercise: Exercise) -> None:
    assert answer(exercise, {}) is None
    assert answer(exercise, {"answer": " ", "a": ""}) is None
    assert filled(exercise, None) == {}


@pytest.mark.parametrize(
    ("exercise", "typed", "words"),
    [
        (CHOICE, {"answer": "x"}, "„x“ gibt es bei dieser Frage nicht"),
        (SCALE, {"answer": "6"}, "Stufe 6 gibt es nicht"),
        (DOTS, {"a": "2", "b": "2"}, "Das sind 4 Punkte, zu verteilen sind 3"),
        (DOTS, {"a": "-1"}, "ganze Zahlen ab 0"),
        (DOTS, {"a": "1,5"}, "keine ganze Zahl"),
        (FIT, {"p1": "vielleicht"}, "gibt es bei dieser Frage nicht"),
        (RANKING, {"a": "1", "b": "1", "c": "2", "d": "3"}, "jeden Platz von 1 bis 4 genau einmal"),
        (RANKING, {"a": "1"}, "jeden Platz von 1 bis 4 genau einmal"),
        (NUMBER, {"answer": "-1"}, "eine Zahl ab 0"),
        (NUMBER, {"answer": "viel"}, "ist keine Zahl"),
        (TEXT, {"answer": "x" * 281}, "Höchstens 280 Zeichen"),
    ],
)
def test_a_slip_is_told_in_words(exercise: Exercise, typed: dict[str, str], words: str) -> None:
    with pytest.raises(MethodError, match=words):
        answer(exercise, typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("12,5", 12.5),
        ("12.5", 12.5),
        ("1.234,5", 1234.5),
        ("1.234.567", 1234567),
        ("1 234", 1234),
        ("1\u202f234,50", 1234.5),
        ("0.125", 0.125),
        ("-3", -3),
    ],
)
def test_numbers_are_read_as_people_write_them(typed: str, meant: float) -> None:
    assert number_of(typed) == meant


def test_nobody_guesses_what_an_ambiguous_number_means() -> None:
    with pytest.raises(MethodError, match="Schreiben Sie 1234 oder 1,234"):
        number_of("1.234")
