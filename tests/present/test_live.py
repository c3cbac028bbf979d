"""A form that is changed: the cells after it follow, in a real kernel and by real messages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.present.live_kernel import LiveKernel

PARAMETERS = 'theme: str = "a"\nchoice: str = "a1"\ncount: int = 3\nplace: str = "x"'
IMPORTS = "import pandas as pd\nimport transferkit as tk\nfrom IPython.display import display\nruns = []"
FIRST = """
themes = pd.DataFrame({"key": ["a", "b"], "name": ["Thema A", "Thema B"]})
town = pd.Series({"short_name": place.upper()}, name=place)
found = pd.DataFrame({"key": ["y"], "name": ["<Y>"], "where": ["nirgends"]})
first = tk.forms.form(
    tk.forms.place("place", town, lambda typed: found),
    tk.forms.choice("theme", theme, "Thema", themes),
)
first"""
SECOND = """
offered = pd.DataFrame({"key": [first["theme"] + n for n in "12"], "name": ["eins", "zwei"]})
second = tk.forms.form(
    tk.forms.choice("choice", choice, "Wahl", offered, elsewhere=["a1", "a2", "b1", "b2"]),
    tk.forms.slider("count", count, "Zahl", 1, 9),
    label="Wahl",
)
second"""
SUM = 'size = count * 10\ntk.tables.prose(second["choice"] + f": {size}")'
SOMETIMES = 'if count > 5:\n    display(tk.tables.prose("Das ist viel."))'
UNCHANGED = 'tk.tables.prose(tk.tables.link("kommunen/1.html", "immer gleich"))'
TROUBLE = "quotient = 1 / (9 - count)\nfrom transferkit.errors import PlaceError"
CHART = """
from transferkit.present import charts
frame = pd.DataFrame({"name": ["a"], "value": [count]})
table = tk.tables.table(frame, {"name": "Name"}, "Tabelle")
charts.Chart(f"Es sind {count}", "Stück", "Ein Balken.", charts.bars(frame, "name", "value"), table)"""
CELLS = (PARAMETERS, IMPORTS, FIRST, SECOND, SUM, SOMETIMES, UNCHANGED, TROUBLE, CHART)


@pytest.fixture(scope="module")
def app() -> Iterator[LiveKernel]:
    with LiveKernel("app") as kernel:
        kernel.run(*CELLS)
        yield kernel


@pytest.fixture(autouse=True)
def as_it_was(request: pytest.FixtureRequest) -> None:
    if "app" in request.fixturenames:
        kernel: LiveKernel = request.getfixturevalue("app")
        kernel.change(place="x", theme="a", choice="a1", count=3)


def test_a_page_has_its_forms_its_outputs_as_regions_and_one_wire(app: LiveKernel) -> None:
    assert "<form" in app.html(2)
    assert "<form" in app.html(3)
    assert app.html(4).startswith('<div class="region" data-region="2">')
    assert app.html(5) == '<div class="region" data-region="3"></div>'
    assert len(app.wires) == 1
    figure = app.html(8)
    assert "<strong>Es sind 3</strong>" in figure
    assert '<script type="application/json">' in figure


def test_a_change_sends_only_what_follows_from_it(app: LiveKernel) -> None:
    answer = app.change(place="x", theme="a", choice="a1", count=4)
    assert answer["kind"] == "results"
    assert set(answer["regions"]) == {"2", "6"}
    assert "a1: 40" in answer["regions"]["2"]
    assert answer["said"] == "Neu berechnet: Es sind 4."
    assert answer["query"] == "place=x&theme=a&choice=a1&count=4"
    assert answer["controls"] == {}


def test_what_appears_later_has_its_place(app: LiveKernel) -> None:
    assert "Das ist viel." in app.change(place="x", theme="a", choice="a1", count=6)["regions"]["3"]
    assert app.change(place="x", theme="a", choice="a1", count=5)["regions"]["3"] == ""


def test_a_choice_that_depends_on_another_follows_it(app: LiveKernel) -> None:
    answer = app.change(place="x", theme="b", choice="a1", count=3)
    assert set(answer["controls"]) == {"choice"}
    assert 'value="b1" selected' in answer["controls"]["choice"]
    assert "choice=b1" in answer["query"]
    assert "b1: 30" in answer["regions"]["2"]


def test_an_unknown_value_is_refused_and_changes_nothing(app: LiveKernel) -> None:
    answer = app.change(place="x", theme="c", choice="a1", count=3)
    assert answer["kind"] == "refused"
    assert "Thema: „c“ gibt es nicht" in answer["said"]
    assert "a1: 40" in app.change(place="x", theme="a", choice="a1", count=4)["regions"]["2"]


@pytest.mark.parametrize(
    "state", [{"os": "x"}, {"theme": "a", "__builtins__": ""}, "theme", None, ["theme"], {"count": "viel"}]
)
def test_only_the_forms_own_parameters_are_taken(state: object, app: LiveKernel) -> None:
    assert app.tell(kind="change", state=state)["kind"] == "refused"


def test_a_failure_is_an_incident_and_the_old_state_stays(app: LiveKernel) -> None:
    answer = app.change(place="x", theme="a", choice="a1", count=9)
    assert answer["kind"] == "refused"
    assert "Vorfall" in answer["said"]
    assert "division" not in answer["said"]
    assert app.change(place="x", theme="a", choice="a1", count=8)["kind"] == "results"


def test_a_place_is_searched_for_while_somebody_types(app: LiveKernel) -> None:
    answer = app.tell(kind="search", name="place", text="Fuchstahl")
    assert answer["places"] == [["y", "<Y>", "nirgends"]]
    assert app.tell(kind="search", name="theme", text="a")["places"] == []


def test_links_to_pages_an_app_has_not_become_their_text(app: LiveKernel) -> None:
    assert "immer gleich" in app.html(6)
    assert "site:" not in app.html(6)


def test_in_jupyterlab_outputs_are_exchanged_by_their_display_id() -> None:
    with LiveKernel("lab") as kernel:
        kernel.run(*CELLS)
        assert len(kernel.wires) == 2  # each form is a widget of its own
        ids = [one["transient"]["display_id"] for one in kernel.outputs[4]]
        state = {"place": "x", "theme": "a"}
        kernel.wires.reverse()  # speak for the second form
        answer, heard = kernel.tell_and_hear(kind="change", state={"choice": "a2", "count": 7})
        updates = {
            one["content"]["transient"]["display_id"]: one["content"]["data"]
            for one in heard
            if one["msg_type"] == "update_display_data"
        }
        assert answer["regions"] == {}
        assert "a2: 70" in updates[ids[0]]["text/html"]
        assert any("Das ist viel." in data.get("text/html", "") for data in updates.values())
        assert any("application/vnd.vegalite.v6+json" in data for data in updates.values())
        kernel.wires.reverse()
        _, heard = kernel.tell_and_hear(kind="change", state=state | {"theme": "b"})
        told = [one["content"]["data"]["content"] for one in heard if one["msg_type"] == "comm_msg"]
        assert any(one["kind"] == "controls" and "choice" in one["controls"] for one in told)


def test_in_jupyterlab_the_first_cell_may_be_run_again() -> None:
    with LiveKernel("lab") as kernel:
        kernel.run(PARAMETERS, IMPORTS, FIRST, SECOND, SUM, FIRST, SECOND, SUM)
        kernel.wires = kernel.wires[3:]
        answer = kernel.change(choice="a2", count=7)
        assert answer["kind"] == "results"
