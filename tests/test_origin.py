"""Data remember where they were read, through choosing and sorting, and say what was computed from them."""

from __future__ import annotations

import pandas as pd
import pytest

import transferkit as tk
from transferkit import origin
from transferkit.knowledge import register_origin
from transferkit.methods import fit, options, peer_weights, peers
from transferkit.own_answers import fit_given

FUCHSTAL = "09181121"


def named(found: origin.Origin) -> dict[str, tuple[str, ...]]:
    return {rows.table.name: rows.keys for rows in found.rows}


def test_rows_are_those_that_are_left_when_they_are_shown() -> None:
    steps = tk.load("transfer_steps").sort_values("order", ascending=False)
    assert named(origin.of(steps.head(2))) == {"transfer_steps": ("transfer-10", "transfer-09")}
    assert named(origin.of(steps.iloc[0])) == {"transfer_steps": ("transfer-10",)}


def test_rows_with_a_key_of_several_columns_are_named_by_all_of_them() -> None:
    score = tk.load("scores").iloc[[0]]
    assert named(origin.of(score)) == {"scores": (f"{score.iat[0, 1]} {score.iat[0, 2]}",)}


def test_a_table_whose_keys_were_dropped_is_named_without_rows() -> None:
    assert named(origin.of(tk.load("costs")[["name_de", "value"]])) == {"costs": ()}


def test_who_says_so_is_read_from_the_rows() -> None:
    rules = tk.load("cohort_rules")
    lessons = tk.load("lessons")
    assert origin.of(rules).rows[0].basis == set(rules["basis"])
    assert origin.of(lessons[lessons["basis"] == "own"]).rows[0].basis == {"own"}


def test_the_same_table_from_two_sides_is_named_once_with_the_rows_of_both() -> None:
    steps = tk.load("transfer_steps")
    both = origin.of(steps.head(2), steps.iloc[1:3])
    assert named(both) == {"transfer_steps": ("transfer-01", "transfer-02", "transfer-03")}


def test_what_nobody_marked_has_no_origin() -> None:
    assert origin.of(pd.DataFrame({"a": [1]})) == origin.Origin()
    assert tk.tables.finding(["Etwas."])._repr_mimebundle_() == {}


def test_answers_of_people_are_said_to_be_theirs() -> None:
    outcome = fit_given({"p1": "gleich"})
    assert origin.of(outcome.dimensions).how == (fit.OWN_ANSWERS, fit.HOW)
    assert named(origin.of(outcome.dimensions)) == {}


def test_weights_of_a_reader_are_said_to_be_theirs() -> None:
    decision = tk.load("decisions")["decision_id"].iloc[0]
    weights = dict.fromkeys(tk.decision_tables(decision)[1]["criterion_id"], 1.0)
    assert origin.of(tk.standing(decision)).how == (options.HOW,)
    assert options.OWN_WEIGHTS in origin.of(tk.standing(decision, weights)).how[0]


def test_an_app_and_the_lab_say_all_of_it_where_a_page_links(monkeypatch) -> None:
    block = tk.tables.table(tk.load("transfer_steps").head(1), {"name_de": "Schritt"}, "Schritte")
    assert '<a href="#t-transfer_steps">' in block._repr_html_()
    monkeypatch.setenv("TRANSFERKIT_FACE", "app")
    assert "<a " not in block._repr_html_()
    assert "Version 1.0.0, Stand 22.11.2026, transferkit. Lizenz CC-BY-4.0." in block._repr_html_()


@pytest.mark.usefixtures("whole_register")
def test_peers_rest_on_the_register_and_their_numbers_stand_in_its_rows() -> None:
    town = tk.place(FUCHSTAL)
    found = tk.peers(town)
    rests = origin.of(town, found)
    assert named(rests) == {"register": (FUCHSTAL, *found.index)}
    assert {rows.table.name for rows in rests.rules} == {"peer_model", "peer_rules"}
    assert rests.how == (peers.HOW,)
    day = tk.german.date(town["register_date"])
    assert register_origin.table().package.state.startswith(f"Gebietsstand {day}")
    official = tk.municipalities().loc[list(found.index), "population"]
    figures = tk.peer_charts.by_population(town, found)._repr_mimebundle_()
    assert all(tk.german.number(people) in str(figures) for people in official)
    assert peer_weights.HOW in origin.of(tk.peers(town, weights={"population": 1.0})).how[0]


@pytest.mark.usefixtures("whole_register")
def test_a_sum_of_municipalities_is_said_to_be_one() -> None:
    kreis = tk.place("09181")
    assert named(origin.of(kreis)) == {"register": ("09181",)}
    assert "summiert" in origin.of(kreis).how[0]
    two = sorted(kreis["members"])[:2]
    assert named(origin.of(tk.place("+".join(two)))) == {"register": tuple(two)}
