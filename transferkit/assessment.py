"""What a notebook may ask about a self-assessment: the profile of answers, next steps, what changed.

Each function joins the questionnaire of `knowledge` with the method `maturity`; `tk.<name>` in notebooks.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from transferkit import origin
from transferkit.knowledge.datasets import load
from transferkit.methods import maturity

CHANGE = ("dimension_id", "dimension_de", "questions", "common", "before", "after", "change")


def maturity_profile(answers: Mapping[str, str]) -> pd.DataFrame:
    """Levels per dimension (`maturity.profile`); `answers`: level 0 to 4 by question."""
    questions, rules = load("maturity_questions"), load("maturity_rules")
    return origin.made(maturity.profile(questions, _levels(answers), rules), maturity.HOW, questions, rules)


def maturity_steps(answers: Mapping[str, str]) -> pd.DataFrame:
    """The next steps (`maturity.next_steps`)."""
    questions, rules = load("maturity_questions"), load("maturity_rules")
    steps = maturity.next_steps(questions, _levels(answers), rules)
    return origin.made(steps, maturity.HOW, questions, rules)


def maturity_change(earlier: Mapping[str, str], now: Mapping[str, str]) -> pd.DataFrame:
    """What changed per dimension (`maturity.compare`); no rows without earlier answers."""
    if not earlier:
        return pd.DataFrame(columns=list(CHANGE))
    questions = load("maturity_questions")
    compared = maturity.compare(questions, _levels(earlier), _levels(now))
    return origin.made(compared, maturity.HOW, questions)


def _levels(answers: Mapping[str, str]) -> pd.DataFrame:
    levels = [int(level) for level in answers.values()]
    return pd.DataFrame({"question_id": pd.Series(list(answers), dtype="str"), "level": levels})
