"""Exercises: sound HTML for screen, keyboard and paper, and bad use refused in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from transferkit.errors import MethodError
from transferkit.present import exercises
from transferkit.present.exercises import MIMETYPE, Exercise, Item

OPTIONS = {"rufbus": "Rufbus & mehr", "karte": "Karte <neu>"}
ROWS = [Item("p1", "Ist der Bedarf anerkannt?", "Ohne ihn bleibt alles ungenutzt."), Item("p2", "Reicht es?")]
KINDS = [
    exercises.choice("q-choice", "Was zuerst?", OPTIONS),
    exercises.choices("q-choices", "Was noch?", OPTIONS),
    exercises.scale("q-scale", "Wie sicher?", 1, 4, low="gar nicht", high="sehr"),
    exercises.dots("q-dots", "Was ansehen?", OPTIONS, dots=2),
    exercises.assessment("q-assessment", "Wo stehen Sie?", ROWS, {"0": "0 nichts", "1": "1 geplant"}),
    exercises.fit("q-fit", "Passt das?", ROWS, {"gleich": "gleich", "unbekannt": "unbekannt"}),
    exercises.ranking("q-ranking", "Was ist wichtig?", OPTIONS),
    exercises.number("q-number", "Wie viel?", "Euro", minimum=0, maximum=2.5),
    exercises.text("q-text", "Was wissen andere nicht?"),
]


@pytest.fixture(params=KINDS, ids=lambda exercise: exercise.kind)
def exercise(request: pytest.FixtureRequest) -> Exercise:
    found: Exercise = request.param
    return found


def controls(form: Tag) -> list[Tag]:
    return form.select("input, textarea")


def form_of(exercise: Exercise) -> Tag:
    form = BeautifulSoup(exercise.html, "html.parser").form
    assert form
    return form


def test_a_form_names_its_exercise_and_says_how_to_answer(exercise: Exercise) -> None:
    form = form_of(exercise)
    assert form["data-exercise"] == exercise.id
    assert form["data-kind"] == exercise.kind
    assert exercise.question in form.text
    assert exercise.how in form.text
    assert form.select_one("[data-said][role=status]")
    assert not form.has_attr("action")


def test_every_control_has_a_label_in_words(exercise: Exercise) -> None:
    form = form_of(exercise)
    assert controls(form)
    for control in controls(form):
        label = control.find_parent("label") or form.find("label", attrs={"for": control.get("id")})
        assert label
        assert label.text.strip()


def test_groups_of_controls_carry_the_question_as_their_legend(exercise: Exercise) -> None:
    form = form_of(exercise)
    if exercise.kind not in ("number", "text"):
        assert form.fieldset
        assert form.fieldset.legend
        assert form.fieldset.legend.text == exercise.question


def test_controls_bear_the_ids_of_options_or_items() -> None:
    named = {
        exercise.kind: {(c["name"], c.get("value")) for c in controls(form_of(exercise))}
        for exercise in KINDS
    }
    assert named["choice"] == {("answer", "rufbus"), ("answer", "karte")}
    assert named["choices"] == {("rufbus", "rufbus"), ("karte", "karte")}
    assert named["scale"] == {("answer", str(step)) for step in range(1, 5)}
    assert named["dots"] == named["ranking"] == {("rufbus", None), ("karte", None)}
    assert named["assessment"] == {(item, level) for item in ("p1", "p2") for level in "01"}
    assert named["fit"] == {(item, said) for item in ("p1", "p2") for said in ("gleich", "unbekannt")}
    assert named["number"] == named["text"] == {("answer", None)}


def test_ids_of_elements_are_unique_on_a_page_with_all_kinds() -> None:
    page = BeautifulSoup("".join(exercise.html for exercise in KINDS), "html.parser")
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))
    for tag in page.select("[aria-describedby]"):
        assert set(str(tag["aria-describedby"]).split()) <= set(ids)


def test_labels_are_text_never_markup() -> None:
    assert "Rufbus &amp; mehr" in KINDS[0].html
    assert "Karte &lt;neu&gt;" in KINDS[0].html


def test_json_beside_the_html_tells_what_a_server_must_know() -> None:
    bundle = KINDS[3]._repr_mimebundle_()
    assert bundle[MIMETYPE] == {
        "id": "q-dots",
        "kind": "dots",
        "question": "Was ansehen?",
        "options": [
            {"id": "rufbus", "label": "Rufbus & mehr"},
            {"id": "karte", "label": "Karte <neu>"},
        ],
        "dots": 2,
    }
    assert bundle["text/html"] == KINDS[3].html
    told = {exercise.kind: exercise.definition() for exercise in KINDS}
    assert (told["scale"]["minimum"], told["scale"]["maximum"]) == (1, 4)
    assert told["fit"]["items"][0]["hint"] == "Ohne ihn bleibt alles ungenutzt."
    assert (told["number"]["unit"], told["number"]["minimum"]) == ("Euro", 0)


def test_free_text_is_not_released_unless_somebody_says_so() -> None:
    assert exercises.text("q", "Was?").definition()["released"] is False
    assert exercises.text("q", "Was?", released=True).definition()["released"] is True
    assert "released" not in KINDS[0].definition()


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: exercises.choice("q", "Was?", {"a": "Eins"}), "mindestens zwei Antworten, hier 1"),
        (lambda: exercises.choice("q", "Was?", {}), "Es fehlen die Antworten"),
        (lambda: exercises.choices("q", "Was?", [Item("a", "1"), Item("a", "2")]), "„a“ kommt mehr als ein"),
        (lambda: exercises.choice("Q 1", "Was?", OPTIONS), "„Q 1“ geht nicht"),
        (lambda: exercises.choice("q", "Was?", {"Ä": "x", "b": "y"}), "zum Beispiel „erster-schritt“"),
        (lambda: exercises.choice("q", " ", OPTIONS), "fehlt der Text der Frage"),
        (lambda: exercises.choice("q", "Was?", {"a": "", "b": "y"}), "Zu „a“ fehlt der Text"),
        (lambda: exercises.scale("q", "Was?", 3, 3), "tk.ask.number"),
        (lambda: exercises.scale("q", "Was?", 0, 100), "2 bis 11 Stufen"),
        (lambda: exercises.dots("q", "Was?", OPTIONS, dots=0), "mindestens einen Punkt"),
        (lambda: exercises.assessment("q", "Was?", [], {"0": "a", "1": "b"}), "Es fehlen die Zeilen"),
        (lambda: exercises.fit("q", "Was?", ROWS, {"ja": "ja"}), "mindestens zwei Antworten"),
        (lambda: exercises.number("q", "Was?", ""), "braucht eine Einheit"),
        (lambda: exercises.number("q", "Was?", "Euro", minimum=2, maximum=1), "unter der größten"),
    ],
)
def test_a_question_nobody_could_answer_is_refused_in_words(ask: Callable[[], Any], words: str) -> None:
    with pytest.raises(MethodError, match=words):
        ask()
