"""What the answers of one person or group say, by the methods everybody else's answers go through."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from transferkit import assessment, guide, learning, origin
from transferkit.methods import fit

Given = Mapping[str, str] | None


def maturity_of(given: Given) -> pd.DataFrame | None:
    """The profile of a self-assessment (question -> level), None as long as nobody has answered."""
    return assessment.maturity_profile(given) if given else None


def fit_given(given: Given) -> fit.Fit | None:
    """What the answers to „Passt das zu uns?“ (criterion -> answer) mean, None as long as there are none."""
    return guide.fit_of(_fit_answers(given)) if given else None


def reflected(expected: Given, happened: Given) -> pd.DataFrame | None:
    """Expected and happened per criterion, None as long as one of them is missing."""
    if not expected or not happened:
        return None
    return learning.reflect(_fit_answers(expected), _fit_answers(happened))


def _fit_answers(given: Mapping[str, str]) -> pd.DataFrame:
    answers = pd.DataFrame({"criterion_id": list(given), "answer_id": list(given.values())}, dtype="str")
    return origin.made(answers, fit.OWN_ANSWERS)
