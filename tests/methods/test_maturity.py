"""Maturity: levels of what was answered, the next steps, and what changed; never a grade."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transferkit.errors import MethodError
from transferkit.methods import maturity

DATASETS = Path(__file__).parents[2] / "datasets"
QUESTIONS = pd.read_csv(DATASETS / "maturity_questions.csv")
RULES = pd.read_csv(DATASETS / "maturity_rules.csv")
IDS = list(QUESTIONS["question_id"])


def answers(**levels: object) -> pd.DataFrame:
    table = {key.replace("_", "-"): level for key, level in levels.items()}
    return pd.DataFrame({"question_id": list(table), "level": list(table.values())}, dtype=object)


def profile(given: pd.DataFrame) -> pd.DataFrame:
    return maturity.profile(QUESTIONS, given, RULES).set_index("dimension_id")


def test_golden_a_level_is_the_mean_of_the_answered_questions():
    """strategy: 1, 0, 4, one open: mean 5/3, median 1, 3 of 4 answered; below 2, so weak.
    data: 0 of a single answer, 1 of 4 answered = 25 % < 50 %: not judged."""
    table = profile(answers(strategy_1=1, strategy_2=0, strategy_3=4, strategy_4=None, data_1=0))
    row = table.loc["strategy"]
    assert row["level"] == pytest.approx(5 / 3)
    assert (row["median"], row["lowest"], row["highest"], row["share_answered"]) == (1, 0, 4, 0.75)
    assert row["weak"]
    assert not table.loc["data", "weak"]
    assert table.loc["skills", ["level", "median"]].isna().all()


def test_golden_weights_count_and_weights_of_zero_leave_no_level():
    """Weights 3 and 1, answers 4 and 0: (3*4 + 1*0) / 4 = 3."""
    weighted = QUESTIONS.assign(weight_default=[3.0, 1.0] + [0.0] * 30)
    table = maturity.profile(weighted, answers(strategy_1=4, strategy_2=0, data_1=2), RULES)
    table = table.set_index("dimension_id")
    assert table.loc["strategy", "level"] == 3
    assert pd.isna(table.loc["data", "level"])


def test_golden_the_two_steps_of_a_weak_dimension_belong_to_its_lowest_answers():
    """strategy 2, 0, 1, 0: mean 0.75; lowest are questions 2 and 4. data is at 3: no steps."""
    given_ = answers(strategy_1=2, strategy_2=0, strategy_3=1, strategy_4=0, data_1=3, data_2=3)
    assert list(maturity.next_steps(QUESTIONS, given_, RULES)["question_id"]) == ["strategy-2", "strategy-4"]


def test_an_open_question_gives_no_step():
    steps = maturity.next_steps(QUESTIONS, answers(strategy_1=1, strategy_2=None, strategy_3=1), RULES)
    assert list(steps["question_id"]) == ["strategy-1", "strategy-3"]


def test_golden_a_change_counts_only_what_was_answered_both_times():
    """strategy-1: 1 -> 2 is common; strategy-2 is new, strategy-3 has gone: change +1, not the new mean 3."""
    table = maturity.compare(
        QUESTIONS, answers(strategy_1=1, strategy_3=0), answers(strategy_1=2, strategy_2=4)
    ).set_index("dimension_id")
    assert tuple(table.loc["strategy", ["common", "before", "after", "change"]]) == (1, 1, 2, 1)
    assert pd.isna(table.loc["data", "change"])


LEVELS = st.dictionaries(st.sampled_from(IDS), st.integers(0, 4), max_size=32)


def table_of(levels: dict[str, int]) -> pd.DataFrame:
    return pd.DataFrame({"question_id": list(levels), "level": list(levels.values())}, dtype=object)


@given(LEVELS, st.sampled_from(IDS), st.integers(0, 4))
@settings(max_examples=40, deadline=None)
def test_an_answer_touches_only_its_own_dimension_and_never_lowers_the_share_answered(levels, one, level):
    levels.pop(one, None)
    without, with_it = profile(table_of(levels)), profile(table_of(levels | {one: level}))
    own = QUESTIONS.set_index("question_id").at[one, "dimension_id"]
    pd.testing.assert_frame_equal(without.drop(own), with_it.drop(own))
    assert (with_it["share_answered"] >= without["share_answered"]).all()


@given(LEVELS, st.sampled_from(IDS))
@settings(max_examples=40, deadline=None)
def test_an_unanswered_question_is_never_a_zero(levels, one):
    levels.pop(one, None)
    empty = pd.concat([table_of(levels), pd.DataFrame({"question_id": [one], "level": [None]}, dtype=object)])
    pd.testing.assert_frame_equal(profile(table_of(levels)), profile(empty))


@given(LEVELS, st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_the_order_of_answers_does_not_matter(levels, chance):
    shuffled = list(levels.items())
    chance.shuffle(shuffled)
    pd.testing.assert_frame_equal(profile(table_of(levels)), profile(table_of(dict(shuffled))))


def test_all_bad_answers_are_said_at_once():
    rows = pd.DataFrame(
        {
            "question_id": ["strategi-1", "data-1", "data-1", "data-2", "data-3"],
            "level": [5, "x", None, 2.5, True],
        }
    )
    with pytest.raises(MethodError) as caught:
        profile(rows)
    said = str(caught.value)
    assert (
        "Zeile 1, Spalte question_id: Die Frage „strategi-1“ gibt es nicht. Meinten Sie „strategy-1“?" in said
    )
    assert "Zeile 1, Spalte level: „5“" in said
    assert "Zeile 2, Spalte level: „x“" in said
    assert "Zeile 3, Spalte question_id: „data-1“ ist schon in Zeile 2 beantwortet" in said
    assert "Zeile 4, Spalte level: „2.5“" in said
    assert "Zeile 5, Spalte level: „True“" in said


def test_a_missing_column_and_unknown_rules_are_named():
    with pytest.raises(MethodError, match="Spalte „level“"):
        profile(pd.DataFrame({"question_id": []}))
    with pytest.raises(MethodError, match="maturity_rules, Regel „steps“"):
        maturity.profile(QUESTIONS, answers(), RULES[RULES["rule"] != "steps"])
