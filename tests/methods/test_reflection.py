"""Expected and happened: what differed becomes the draft of an experience, nothing is made up."""

from __future__ import annotations

import pandas as pd
import pytest

from transferkit.errors import MethodError
from transferkit.knowledge.datasets import load
from transferkit.methods.reflection import compare, draft

SOLUTION = pd.Series({"title": "Rufbus", "theme_id": "smart-regions", "area_de": "Mobilität"})


def answers(**given: str) -> pd.DataFrame:
    return pd.DataFrame({"criterion_id": list(given), "answer_id": list(given.values())})


def compared(expected: pd.DataFrame, happened: pd.DataFrame) -> pd.DataFrame:
    return compare(load("transfer_criteria"), load("transfer_answers"), expected, happened)


def test_a_worse_a_better_and_an_unknown_answer_are_told_apart() -> None:
    """Worked by hand: gleich 1, aehnlich 0.75, anpassbar 0.4: p1 0.75 - 1 = -0.25; e2 1 - 0.4 = 0.6."""
    found = compared(
        answers(p1="gleich", e2="anpassbar", t5="gleich", i1="gleich"),
        answers(p1="aehnlich", e2="gleich", i1="gleich"),
    ).set_index("criterion_id")
    assert found["step"][["p1", "e2"]].tolist() == pytest.approx([-0.25, 0.6])
    assert found["change"][["p1", "e2", "t5", "i1"]].tolist() == ["worse", "better", "unknown", "same"]


def test_only_what_differed_becomes_a_lesson_that_asks_why() -> None:
    found = compared(answers(p1="gleich", e2="gleich"), answers(p1="hindernis", e2="gleich"))
    sheet, lessons = draft(SOLUTION, "09181121", "Fuchstal", found)
    assert sheet.to_dict("records") == [
        {
            "place_key": "09181121",
            "title": "Rufbus in Fuchstal",
            "theme_id": "smart-regions",
            "area_de": "Mobilität",
        }
    ]
    assert lessons["kind"].tolist() == ["pitfall"]
    assert lessons["statement_de"].iloc[0].startswith("Zielgruppe und Größe: kam schwieriger als erwartet")
    assert lessons["statement_de"].iloc[0].endswith("Woran lag das?")
    assert lessons["basis"].tolist() == ["own"]


def test_nothing_differed_gives_no_lesson() -> None:
    found = compared(answers(p1="gleich"), answers(p1="gleich"))
    assert draft(SOLUTION, "09181121", "Fuchstal", found)[1].empty


def test_an_unknown_answer_is_refused_with_the_near_miss() -> None:
    with pytest.raises(MethodError, match="gleich"):
        compared(answers(p1="gleiche"), answers(p1="gleich"))
