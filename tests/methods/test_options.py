"""Options: nothing missing counts as zero, no tie is hidden, and every flip can be checked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transferkit.errors import MethodError
from transferkit.methods.options import flips, standing

Scores = dict[str, list[float | None]]


def tables(scores: Scores, weights: list[float]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Options named by their keys, criteria k0, k1, ... with these default weights; None is no score."""
    options = pd.DataFrame(
        [
            {"decision_id": "d", "option_id": key, "order": n, "name_de": key.upper()}
            for n, key in enumerate(scores)
        ]
    )
    criteria = pd.DataFrame(
        [
            {"decision_id": "d", "criterion_id": f"k{n}", "order": n, "name_de": f"K{n}", "weight_default": w}
            for n, w in enumerate(weights)
        ]
    )
    given_scores = pd.DataFrame(
        [
            {"decision_id": "d", "option_id": key, "criterion_id": f"k{n}", "score": score}
            for key, row in scores.items()
            for n, score in enumerate(row)
            if score is not None
        ]
    )
    return options, criteria, given_scores


def by_option(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.set_index("option_id")


def test_points_rank_and_acceptability_agree_with_the_hand():
    """a = (5, 2), b = (2, 4), weights 60:40.

    Points: a = 0,6·5 + 0,4·2 = 3,8; b = 0,6·2 + 0,4·4 = 2,8.
    With t on k0: a = 2 + 3t, b = 4 - 2t; a leads for 5t > 2, t > 0,4. t is uniform on 0 to 1 for two
    criteria (flat Dirichlet), so a leads in 60 % of the weightings.
    """
    found = by_option(standing(*tables({"a": [5, 2], "b": [2, 4]}, [0.6, 0.4])))
    assert found.loc["a", "points"] == pytest.approx(3.8)
    assert found.loc["b", "points"] == pytest.approx(2.8)
    assert list(found["rank"]) == [1, 2]
    assert found.loc["a", "first"] == pytest.approx(0.6, abs=0.015)
    assert list(found["top_two"]) == [1.0, 1.0]


def test_the_flip_is_exact():
    """From above: a = 2 + 3t, b = 4 - 2t are level at t = 0,4; below it b leads. Seen from k1 that is 0,6."""
    found = flips(*tables({"a": [5, 2], "b": [2, 4]}, [0.6, 0.4]))
    assert list(found["side"]) == ["below", "above"]
    assert list(found["criterion_id"]) == ["k0", "k1"]
    assert list(found["weight"]) == pytest.approx([0.4, 0.6])
    assert list(found["option_id"]) == ["b", "b"]


def test_the_flip_names_the_first_rival_on_the_way():
    """With t on k0 and the rest shared equally: a = 4 - 2t, b = 2 + 2t, c = 1 + 4t.

    At t = 0,25: a = 3,5; b = 2,5; c = 2. Upwards a meets b at 4t = 2 and c at 6t = 3: both at t = 0,5.
    Just beyond, c is ahead of b, because it gains 4 per unit of weight instead of 2.
    """
    scores: Scores = {"a": [2, 4, 4], "b": [4, 2, 2], "c": [5, 1, 1]}
    found = flips(*tables(scores, [0.25, 0.375, 0.375]))
    above = found[(found["criterion_id"] == "k0") & (found["side"] == "above")].iloc[0]
    assert above["weight"] == pytest.approx(0.5)
    assert above["option_id"] == "c"


def test_what_fails_a_requirement_is_out_and_says_why():
    found = by_option(standing(*tables({"a": [5, 2], "b": [2, 4]}, [1, 1]), requirements={"k1": 3}))
    assert found.loc["a", "state"] == "excluded"
    assert found.loc["a", "failed"] == ("K1",)
    assert found.loc["b", "first"] == 1.0


def test_a_requirement_without_a_score_stays_open_instead_of_failing():
    found = by_option(standing(*tables({"a": [5, None], "b": [2, 4]}, [1, 0]), requirements={"k1": 3}))
    assert found.loc["a", "state"] == "compared"
    assert found.loc["a", "unclear"] == ("K1",)


def test_a_dominated_option_names_who_beats_it():
    found = by_option(standing(*tables({"a": [3, 3], "b": [3, 4], "c": [5, 1]}, [1, 1])))
    assert found.loc["a", "dominated_by"] == ("B",)
    assert found.loc["b", "dominated_by"] == ()


def test_equal_options_do_not_dominate_each_other_and_share_the_first_place():
    tied = tables({"a": [3, 4], "b": [3, 4]}, [1, 1])
    found = by_option(standing(*tied))
    assert list(found["dominated_by"]) == [(), ()]
    assert list(found["rank"]) == [1, 1]
    assert list(found["first"]) == [0.5, 0.5]
    assert flips(*tied).empty


def test_a_missing_score_is_no_zero_and_no_rank():
    found = by_option(standing(*tables({"a": [5, None], "b": [1, 1]}, [1, 1])))
    assert found.loc["a", "state"] == "incomplete"
    assert found.loc["a", "missing"] == ("K1",)
    assert pd.isna(found.loc["a", "points"])
    assert pd.isna(found.loc["a", "first"])
    assert found.loc["b", "dominated_by"] == ()


def test_a_score_missing_where_nothing_counts_does_no_harm():
    found = by_option(standing(*tables({"a": [5, None], "b": [1, 1]}, [1, 0])))
    assert found.loc["a", "rank"] == 1


def test_the_unit_of_the_weights_does_not_matter():
    case = tables({"a": [5, 2, 1], "b": [2, 4, 3]}, [0.2, 0.3, 0.5])
    hundred = standing(*case, weights={"k0": 20, "k1": 30, "k2": 50})
    pd.testing.assert_frame_equal(standing(*case), hundred)


@pytest.mark.parametrize(
    ("weights", "told"),
    [
        ({"k0": -1, "k1": 1}, "„K0“.*negativ"),
        ({"k0": float("nan"), "k1": 1}, "„K0“.*keine Zahl"),
        ({"k0": float("inf"), "k1": 1}, "„K0“.*keine Zahl"),
        ({"k0": "20", "k1": 1}, "„K0“.*keine Zahl"),
        ({"k0": 1}, "„K1“.*fehlt"),
        ({"k0": 1, "k1": 1, "kk1": 1}, "„kk1“. Meinten Sie „k1“"),
        ({"k0": 0, "k1": 0}, "Alle Gewichte sind 0"),
    ],
)
def test_a_bad_weight_is_refused_with_its_criterion(weights, told):
    with pytest.raises(MethodError, match=told):
        standing(*tables({"a": [5, 2], "b": [2, 4]}, [1, 1]), weights=weights)


def test_several_decisions_at_once_are_refused():
    options, criteria, scores = tables({"a": [5], "b": [2]}, [1])
    with pytest.raises(MethodError, match="genau einer Entscheidung"):
        standing(options.assign(decision_id=["d", "e"]), criteria, scores)


def grids(least_weight: int = 0):
    shape = st.tuples(st.integers(2, 5), st.integers(1, 4))
    return shape.flatmap(
        lambda size: st.tuples(
            st.lists(
                st.lists(st.integers(1, 5), min_size=size[1], max_size=size[1]),
                min_size=size[0],
                max_size=size[0],
            ),
            st.lists(st.integers(least_weight, 5), min_size=size[1], max_size=size[1]).filter(any),
        )
    )


def case_of(grid: tuple[list[list[int]], list[int]]):
    rows, weights = grid
    return tables({f"o{n}": list(row) for n, row in enumerate(rows)}, [float(w) for w in weights])


@settings(max_examples=30, deadline=None)
@given(grids(), st.data())
def test_a_better_score_never_lowers_acceptability_points_or_rank(grid, data):
    rows, weights = grid
    option = data.draw(st.integers(0, len(rows) - 1))
    criterion = data.draw(st.integers(0, len(weights) - 1))
    raised = [list(row) for row in rows]
    raised[option][criterion] = min(5, raised[option][criterion] + 1)
    before = by_option(standing(*case_of(grid))).loc[f"o{option}"]
    after = by_option(standing(*case_of((raised, weights)))).loc[f"o{option}"]
    assert after["first"] >= before["first"] - 1e-12
    assert after["points"] >= before["points"] - 1e-12
    assert after["rank"] <= before["rank"]


@settings(max_examples=30, deadline=None)
@given(grids(), st.integers(0, 1000))
def test_the_order_of_rows_does_not_matter(grid, seed):
    case = case_of(grid)
    shuffled = [frame.sample(frac=1, random_state=seed) for frame in case]
    pd.testing.assert_frame_equal(standing(*case), standing(*shuffled))
    pd.testing.assert_frame_equal(flips(*case), flips(*shuffled))


@settings(max_examples=30, deadline=None)
@given(grids(least_weight=1))
def test_a_dominated_option_is_never_first_under_positive_weights(grid):
    found = standing(*case_of(grid))
    beaten = found[found["dominated_by"].map(bool)]
    assert (beaten["rank"] > 1).all()
    assert (beaten["first"] == 0).all()


@settings(max_examples=30, deadline=None)
@given(grids())
def test_weights_of_zero_are_safe_and_shares_sum_to_one(grid):
    found = standing(*case_of(grid))
    assert found["first"].sum() == pytest.approx(1)
    assert np.isfinite(found["points"]).all()


@settings(max_examples=30, deadline=None)
@given(grids(least_weight=1))
def test_beyond_a_flip_the_named_option_beats_the_winner_and_before_it_does_not(grid):
    case = case_of(grid)
    share = case[1].set_index("criterion_id")["weight_default"]
    share = share / share.sum()
    for flip in flips(*case).to_dict("records"):
        step = 1e-6 if flip["side"] == "above" else -1e-6
        for beyond in (True, False):
            at = flip["weight"] + (step if beyond else -step)
            if not 0 < at < 1:
                continue
            moved = share * (1 - at) / (1 - share[flip["criterion_id"]])
            moved[flip["criterion_id"]] = at
            points = by_option(standing(*case, weights=moved.to_dict()))["points"]
            assert bool(points[flip["option_id"]] > points[flip["winner"]]) == beyond
