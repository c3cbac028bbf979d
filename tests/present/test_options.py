"""A choice in one sentence: who leads, how safely, what would change it; own work says so."""

import pandas as pd
import pytest

from transferkit.present import options


@pytest.fixture
def standing() -> pd.DataFrame:
    nothing: dict[str, object] = {
        "state": "compared",
        "failed": (),
        "missing": (),
        "unclear": (),
        "dominated_by": (),
    }
    return pd.DataFrame(
        [
            {"name_de": "A", "rank": 1, "first": 0.712} | nothing,
            {"name_de": "B", "rank": 2, "first": 0.288} | nothing,
            {"name_de": "C", "rank": 3, "first": 0.0} | nothing | {"dominated_by": ("A", "B")},
            {"name_de": "D", "rank": pd.NA, "first": None}
            | nothing
            | {"state": "incomplete", "missing": ("Zeit",)},
        ]
    )


def flip(**changed: object) -> pd.DataFrame:
    row = {"criterion_de": "Kosten", "side": "above", "now": 0.14, "weight": 0.35, "name_de": "B"}
    return pd.DataFrame([row | changed])


def test_the_sentence_names_leader_share_and_the_weight_that_changes_it(standing):
    said = options.sentence(standing, flip()).replace("\u202f", " ")
    assert said == (
        "„A“ liegt mit den vorgeschlagenen Gewichten vorn und ist in 71 % aller Gewichtungen vorn; "
        "„B“ gewinnt, sobald „Kosten“ mehr als 35 % wiegt (jetzt 14 %)."
    )


def test_a_close_limit_keeps_a_decimal_so_that_it_differs_from_now(standing):
    said = options.sentence(standing, flip(weight=0.1362, side="below")).replace("\u202f", " ")
    assert said.endswith("sobald „Kosten“ weniger als 13,6 % wiegt (jetzt 14,0 %).")


def test_an_option_that_leads_more_often_than_the_winner_is_named(standing):
    said = options.sentence(standing.assign(first=[0.46, 0.5, 0.04, None]), flip()).replace("\u202f", " ")
    assert "in 46 % aller Gewichtungen vorn (am häufigsten „B“: 50 %); „B“ gewinnt" in said


def test_a_tie_names_no_winner(standing):
    said = options.sentence(standing.assign(rank=[1, 1, 3, pd.NA]), flip().head(0))
    assert said.startswith("Mit den vorgeschlagenen Gewichten liegen „A“ und „B“ gleichauf.")


def test_a_lead_that_nothing_flips_says_so(standing):
    assert options.sentence(standing, flip().head(0)).endswith("kein einzelnes Gewicht ändert das.")


def test_every_option_stands_with_its_share_or_why_it_has_none_and_all_is_tagged_as_own(standing):
    block = options.result(standing, flip(), "Weg")
    assert "nicht vergleichbar: keine Punkte bei „Zeit“" in block.text
    assert "schlechter als „A“ und „B“" in block.text
    assert "eigene Einschätzung" in block.text
    assert len(block.html.encode()) < 3000


def test_a_share_is_never_rounded_to_nothing(standing):
    html = options.result(standing.assign(first=[0.996, 0.004, 0, None]), flip(), "Weg").html
    assert "über 99\u202f%" in html
    assert "unter 1\u202f%" in html
