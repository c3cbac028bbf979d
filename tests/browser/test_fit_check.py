"""The fit check of a municipality guide, answered in the saved file: no server, no network, the same words."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

import transferkit as tk
from transferkit.present.fit import told

QUESTIONS = [str(key) for key in tk.load("transfer_criteria")["criterion_id"]]
SCALE = [str(key) for key in tk.load("transfer_answers")["answer_id"]]
SETS = 1000
Answers = Mapping[str, str]


@pytest.fixture
def guide(built_site: Path, open_page: Callable[..., Page]) -> Page:
    """The guide of a city, opened by double click without network."""
    return open_page(built_site / "kommunen" / "16053000.html")


def some_answers(number: int) -> dict[str, str]:
    """From few answers to all, from well to badly fitting: every outcome and both sides of every limit."""
    chance = random.Random(number)
    share, weights = chance.choice((0.3, 0.7, 0.85, 1.0)), [chance.choice((0, 1, 8)) for _ in SCALE]
    answered = [question for question in QUESTIONS if chance.random() < share]
    return {
        question: chance.choices(SCALE, [weight + 0.01 for weight in weights])[0] for question in answered
    }


def python_says(answers: Answers) -> dict[str, object]:
    frame = pd.DataFrame(list(answers.items()), columns=["criterion_id", "answer_id"], dtype="str")
    outcome = tk.fit_of(frame)
    return {"outcome": outcome.statement, **told(outcome)}


def test_a_thousand_answer_sets_give_the_same_statement_word_for_word(guide: Page) -> None:
    sets = [some_answers(number) for number in range(SETS)]
    ours = [python_says(answers) for answers in sets]
    theirs = guide.evaluate("sets => sets.map(told)", sets)
    assert {one["outcome"] for one in ours} == {"knockout", "unknown", "adaptation", "small-adaptation"}
    assert theirs == ours
