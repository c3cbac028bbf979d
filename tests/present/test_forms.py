"""Forms: what a reader may choose, what is refused, and how it is told on a page."""

from __future__ import annotations

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from IPython.display import display
from IPython.utils.capture import capture_output

from transferkit.errors import MethodError
from transferkit.present import forms
from transferkit.present.controls import Control

TOWN = pd.Series({"short_name": "Fuchstal"}, name="09181121")
THINGS = pd.DataFrame({"key": ["size", "area"], "name": ["Größe", "Fläche"], "weight": [10, 5]})
SCALE = pd.DataFrame({"key": ["yes", "no"], "words": ["ja", "nein"]})
QUESTIONS = pd.DataFrame(
    {
        "key": ["a", "b"],
        "question": ["Gibt es A?", "Gibt es B?"],
        "group": ["Eins", "Zwei"],
        "hint": ["", "Fragen Sie <b>."],
    }
)


def suggest(typed: str) -> pd.DataFrame:
    return pd.DataFrame({"key": ["1"], "name": [typed], "where": ["überall"]})


def weights(given: str) -> forms.Weights:
    return forms.weights("weights", given, "Gewichte", THINGS, elsewhere=["other"])


def controls() -> list[Control]:
    """One of each kind."""
    return [
        forms.place("place", TOWN, suggest),
        forms.choice("choice", "size", "Was?", THINGS),
        forms.slider("count", 4, "Wie viele?", 3, 20),
        weights("size=3"),
        forms.limits("least", "", "Mindestens", THINGS, 5),
        forms.answers("answers", "a=yes", "Antworten", QUESTIONS, SCALE),
        forms.checks("checks", "", "Auswahl", THINGS, (1, 2), ["area"]),
        forms.fields("numbers", "size=1,5", "Zahlen", THINGS),
        forms.kept("earlier", "a=yes"),
    ]


def test_proposed_weights_are_no_weights_of_ones_own() -> None:
    """So that the result is to the last bit that of the guides."""
    assert weights("").value == {}
    assert weights("size=10;area=5").value == {}
    assert weights("size=10;area=5").raw == ""


def test_a_changed_weight_comes_with_all_others() -> None:
    assert weights("size=3").value == {"size": 3, "area": 5}
    assert weights("size=3;area=5").raw == "size=3"


def test_weights_of_another_choice_are_left_out_and_unknown_ones_refused() -> None:
    assert weights("other=3;size=2").raw == "size=2"
    with pytest.raises(MethodError, match="Meinten Sie „size“"):
        _ = weights("sise=2").value


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ("size=11", "zwischen 0 und 10"),
        ("size=viel", "keine Zahl"),
        ("size", "lassen sich nicht lesen"),
        ("size=1;size=2", "zweimal"),
        ("size=0;area=0", "Alle Gewichte sind 0"),
        ("size=" + "1" * 5000, "zu lang"),
    ],
)
def test_what_cannot_be_read_is_refused_in_german(given: str, complaint: str) -> None:
    with pytest.raises(MethodError, match=complaint):
        _ = weights(given).raw


def test_no_requirement_is_no_mistake() -> None:
    least = forms.limits("least", "size=3", "Mindestens", THINGS, 5)
    assert least.value == {"size": 3}
    assert forms.limits("least", "", "Mindestens", THINGS, 5).value == {}


def test_a_choice_gives_way_only_to_another_choice() -> None:
    assert forms.choice("c", "elsewhere", "Was?", THINGS, elsewhere=["elsewhere"]).raw == "size"
    with pytest.raises(MethodError, match="Meinten Sie „size“"):
        _ = forms.choice("c", "siez", "Was?", THINGS, elsewhere=["elsewhere"]).raw


def test_what_data_propose_stands_until_somebody_answers_otherwise() -> None:
    given = forms.answers("a", "", "Antworten", QUESTIONS, SCALE, {"a": "yes"})
    assert (given.value, given.raw) == ({"a": "yes"}, "")
    overruled = forms.answers("a", "a=no", "Antworten", QUESTIONS, SCALE, {"a": "yes"})
    assert (overruled.value, overruled.raw) == ({"a": "no"}, "a=no")
    agreed = forms.answers("a", "a=yes", "Antworten", QUESTIONS, SCALE, {"a": "yes"})
    assert agreed.raw == ""


def test_an_answer_off_the_scale_is_refused() -> None:
    with pytest.raises(MethodError, match="Möglich: yes, no"):
        _ = forms.answers("a", "a=perhaps", "Antworten", QUESTIONS, SCALE).value


def test_too_many_or_too_few_checks_are_refused() -> None:
    assert forms.checks("c", "", "Auswahl", THINGS, (1, 2), ["area"]).value == ["area"]
    with pytest.raises(MethodError, match="Gewählt sind 2"):
        _ = forms.checks("c", "size;area", "Auswahl", THINGS, (1, 1)).value


def test_numbers_are_german_and_what_can_be_read_twice_is_asked_about() -> None:
    fields = forms.fields("n", "size=1234,5;area=0.5", "Zahlen", THINGS)
    assert fields.value == {"size": 1234.5, "area": 0.5}
    assert fields.raw == "size=1234,5;area=0,5"
    with pytest.raises(MethodError, match="Schreiben Sie 1234"):
        _ = forms.fields("n", "size=1.234", "Zahlen", THINGS).value


def test_the_state_is_what_the_address_says_and_says_the_same_when_read_again() -> None:
    form = forms.form(*controls())
    assert forms.query(form.state) == (
        "place=09181121&choice=size&count=4&weights=size=3&answers=a=yes&numbers=size=1,5&earlier=a=yes"
    )
    again = [weights(str(form.state["weights"])).raw, forms.slider("n", 4, "", 3, 20).raw]
    assert again == [form.state["weights"], form.state["count"]]


def test_an_address_cannot_be_broken_out_of() -> None:
    assert forms.query({"a": '"&b=<x>#+'}) == "a=%22%26b=%3Cx%3E%23%2B"


@pytest.mark.parametrize("control", controls(), ids=lambda control: control.template)
def test_every_control_has_a_label_of_its_own(control: Control) -> None:
    html = BeautifulSoup(forms.form(control).html(), "html.parser")
    for field in html.select("input:not([type=hidden]), select"):
        in_label = field.find_parent("label")
        assert in_label or html.select_one(f'label[for="{field["id"]}"]'), field
    assert all(fieldset.find("legend") for fieldset in html.select("fieldset"))
    ids = [one["id"] for one in html.select("[id]")]
    assert len(ids) == len(set(ids))
    assert html.select_one("form")["aria-label"]


def test_what_is_typed_or_told_is_never_markup() -> None:
    town = pd.Series({"short_name": '"><script>'}, name="1")
    html = forms.form(
        forms.place("place", town, suggest), forms.answers("a", "", "A", QUESTIONS, SCALE)
    ).html()
    assert "<script>" not in html
    assert "Fragen Sie &lt;b&gt;." in html


def test_without_a_script_the_form_sends_the_parameters_of_the_notebook() -> None:
    html = BeautifulSoup(forms.form(*controls()).html(), "html.parser")
    form = html.select_one("form")
    assert form["method"] == "get"
    named = {field["name"] for field in form.select("[name]") if field.get("type") != "radio"}
    assert named == {control.name for control in controls()}
    assert form.select_one("button[type=submit]")


def test_a_page_tells_what_was_chosen_and_has_no_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRANSFERKIT_FACE", "page")
    with capture_output() as captured:
        display(forms.form(*controls()))
    assert "Ihr Ort Fuchstal" in captured.stdout
    words = forms.form(*controls()).words()
    assert "<form" not in words.html
    assert "Größe 3, Fläche 5" in words.text
    assert "Gibt es A? ja" in words.text
    assert "earlier" not in words.html
