"""Questions in a notebook: forms to print on a page, forms that keep their answers in JupyterLab."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from transferkit import ask, face
from transferkit.errors import MethodError
from transferkit.knowledge.datasets import load
from transferkit.present.exercises import Exercise
from transferkit.present.lab_forms import LabForm

OPTIONS = {"a": "Eins", "b": "Zwei"}


@pytest.fixture(autouse=True)
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test is a notebook of its own, on a page unless it says otherwise."""
    monkeypatch.setenv("TRANSFERKIT_FACE", "page")
    ask.begin("probe")
    yield
    ask.begin("probe")


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of a notebook in JupyterLab; the kernel is all that is not real."""
    monkeypatch.delenv("TRANSFERKIT_FACE", raising=False)
    monkeypatch.setattr(face, "kernel", lambda: SimpleNamespace())
    monkeypatch.chdir(tmp_path)
    ask.begin("probe", "K7Q2-ABCD")
    return tmp_path


def form(shown: Exercise | LabForm) -> Any:
    assert isinstance(shown, LabForm)
    return shown.form


def test_on_a_page_a_question_is_an_exercise_and_nothing_is_kept() -> None:
    assert ask.begin("probe") is None
    assert isinstance(ask.choice("q", "Was?", OPTIONS), Exercise)
    assert ask.given("q") is None
    assert ask.reset() is None


def test_in_the_lab_an_answer_is_kept_at_once_and_the_screen_says_so(lab: Path) -> None:
    shown = form(ask.dots("q", "Was?", OPTIONS))
    shown.filled = {"a": "2", "b": ""}
    assert shown.said == "Gespeichert."
    kept = json.loads((lab / "antworten-K7Q2-ABCD.json").read_text(encoding="utf-8"))
    assert kept["answers"] == {"q": {"a": 2}}
    assert ask.given("q") == {"a": 2}


def test_the_lab_says_where_answers_are(lab: Path) -> None:
    shown = ask.begin("probe")
    assert shown is not None
    assert str(lab / "antworten-probe.json") in shown.text


def test_a_slip_is_told_and_the_earlier_answer_stays(lab: Path) -> None:
    shown = form(ask.dots("q", "Was?", OPTIONS, dots=3))
    shown.filled = {"a": "3"}
    shown.filled = {"a": "3", "b": "1"}
    assert shown.said == "Noch nicht gespeichert. Das sind 4 Punkte, zu verteilen sind 3."
    assert ask.given("q") == {"a": 3}


def test_opened_again_the_form_is_filled_as_before(lab: Path) -> None:
    form(ask.choice("q", "Was?", OPTIONS)).filled = {"answer": "b"}
    ask.begin("probe", "K7Q2-ABCD")
    again = form(ask.choice("q", "Was?", OPTIONS))
    assert again.filled == {"answer": "b"}
    assert again.said == "Ihre frühere Antwort."


def test_an_answer_that_fits_no_more_is_left_out_of_the_form(lab: Path) -> None:
    form(ask.choice("q", "Was?", OPTIONS)).filled = {"answer": "b"}
    ask.begin("probe", "K7Q2-ABCD")
    assert form(ask.dots("q", "Was?", OPTIONS)).filled == {}


def test_an_answer_can_be_taken_back(lab: Path) -> None:
    shown = form(ask.choice("q", "Was?", OPTIONS))
    shown.filled = {"answer": "b"}
    shown.filled = {}
    assert shown.said == "Keine Antwort gespeichert."
    assert ask.given("q") is None


def test_a_form_in_the_lab_shows_as_widget_and_is_an_exercise_for_everybody_else(lab: Path) -> None:
    shown = ask.choice("q", "Was?", OPTIONS)
    bundle = shown._repr_mimebundle_()
    assert bundle["application/vnd.transferkit.exercise+json"]["id"] == "q"
    assert "data-exercise" in bundle["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in bundle


@pytest.mark.parametrize("ran", ["once", "twice"])
def test_an_id_stands_for_one_question(ran: str) -> None:
    for _ in range(1 if ran == "once" else 2):
        ask.choice("q", "Was?", OPTIONS)
    with pytest.raises(MethodError, match="gehört schon zur Frage „Was"):
        ask.choice("q", "Wer?", OPTIONS)


def test_in_the_lab_a_notebook_has_to_begin(lab: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ask, "_notebook", ask._Notebook())
    with pytest.raises(MethodError, match=r"tk\.ask\.begin"):
        ask.choice("q", "Was?", OPTIONS)


def test_a_vote_names_each_solution_with_its_project() -> None:
    solutions = load("solutions").head(2).assign(project="Projekt X")
    asked = ask.vote("q", "Welche?", solutions)
    assert isinstance(asked, Exercise)
    assert [option.id for option in asked.options] == list(solutions["solution_id"])
    assert asked.options[0].hint == "Projekt X"


def test_the_fit_check_asks_all_its_questions_with_the_answers_of_the_data() -> None:
    asked = ask.fit("q", "Passt es?")
    assert isinstance(asked, Exercise)
    assert len(asked.items) == len(load("transfer_criteria"))
    assert [option.id for option in asked.options] == list(load("transfer_answers")["answer_id"])


def test_the_self_assessment_can_be_cut_to_one_question_for_each_area() -> None:
    short, whole = ask.maturity("q", "Wo?", per_dimension=1), ask.maturity("w", "Wo?")
    assert isinstance(short, Exercise)
    assert isinstance(whole, Exercise)
    assert (len(short.items), len(whole.items)) == (8, 32)
    assert [option.id for option in whole.options] == list("01234")


def test_reset_asks_first_then_deletes_the_answers(lab: Path) -> None:
    form(ask.choice("q", "Was?", OPTIONS)).filled = {"answer": "b"}
    button = ask.reset()
    assert button is not None
    assert "löschen" in button.form.question.lower()
    assert (lab / "antworten-K7Q2-ABCD.json").exists()
    button.form.wanted = 1
    assert not (lab / "antworten-K7Q2-ABCD.json").exists()
    assert "Das Notebook selbst bleibt" in button.form.said
    assert not button.form.restored
