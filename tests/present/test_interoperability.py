"""Bridges between systems: direction, support and open questions in words; words for a tender."""

import pandas as pd

from transferkit.present import interoperability

STANDARDS = pd.DataFrame(
    {
        "standard_id": ["x", "y"],
        "name": ["Norm X", "Norm Y"],
        "full_name": ["Lange Norm X", "Norm Y"],
        "require_when_de": ["Sensoren beschaffen", None],
    }
)
SYSTEMS = pd.DataFrame({"system_id": list("abcde"), "name": ["Ah", "Be", "Ce", "De", "Ee"]})
SIDES = pd.DataFrame(
    [
        ("x", "a", "gives", "native"),
        ("x", "b", "takes", "via-connector"),
        ("x", "c", "no", "none"),
        ("x", "d", "unknown", "unknown"),
        ("y", "a", "gives", "native"),
    ],
    columns=["standard_id", "system_id", "side", "support"],
)


def test_a_bridge_tells_giver_taker_support_refusal_and_what_is_open():
    text = interoperability.bridges(SIDES, STANDARDS, SYSTEMS).text
    assert "Ah → Norm X → Be (Konnektor) nein: Ce offen: De" in text
    assert "nicht beurteilt. Das heißt nicht „nein“" in text
    assert "eigene Einschätzung" in text


def test_a_standard_with_one_side_only_is_named_as_no_bridge():
    text = interoperability.bridges(SIDES, STANDARDS, SYSTEMS).text
    assert "Nur eine Seite oder keine ist bekannt bei: Norm Y." in text


def test_one_system_that_gives_and_takes_is_no_bridge():
    alone = pd.DataFrame([("x", "a", "both", "native")], columns=SIDES.columns)
    assert interoperability.bridges(alone, STANDARDS, SYSTEMS) is None


def test_a_tender_asks_only_for_what_has_an_occasion_and_says_whose_words_it_uses():
    text = interoperability.tender_text(STANDARDS).text
    assert "Sensoren beschaffen: „Die Lösung unterstützt Norm X (Lange Norm X)." in text
    assert "Norm Y" not in text
    assert "Formulierung: eigene Einschätzung" in text


def test_the_standard_that_connects_most_is_named_with_what_nobody_assessed():
    found = pd.DataFrame(
        [("x", 4, 5, 1), ("y", 2, 5, 3)], columns=["standard_id", "connected", "systems", "unassessed"]
    )
    text = interoperability.reach(found, STANDARDS).text
    assert "Norm X verbindet die meisten Systeme dieser Liste: 4 von 5" in text
    assert "Danach folgt Norm Y (2)" in text
    assert "Bei 1 Systemen" not in text
    assert "Bei einem System ist das nicht beurteilt. Das heißt nicht „nein“" in text


def test_a_standard_that_connects_nothing_is_not_praised():
    found = pd.DataFrame([("x", 0, 5, 5)], columns=["standard_id", "connected", "systems", "unassessed"])
    assert interoperability.reach(found, STANDARDS) is None
