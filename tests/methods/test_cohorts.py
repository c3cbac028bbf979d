"""Learning groups: consent first, mentors ahead and not overloaded, everybody placed or told why."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transferkit.errors import MethodError
from transferkit.knowledge.datasets import load
from transferkit.methods.cohorts import NO_CONSENT, NO_MENTOR, NOT_NEEDED, TOO_FEW, Cohorts, contrast, groups

PHASES = pd.DataFrame({"phase_id": ["p1", "p2", "p3"], "order": [1, 2, 3]})
EXPERIENCES = pd.DataFrame(
    [("m1", "bus", "Mobilität"), ("m2", "bus", "Mobilität"), ("m2", "app", "City-App")],
    columns=["place_key", "theme_id", "area_de"],
)
COLUMNS = ["application_id", "place_key", "interests", "needs", "offers", "stage", "consent", "capacity"]


def application(key: str, interests: str = "bus", **values: object) -> dict[str, object]:
    usual = {"place_key": key, "needs": "", "offers": "", "stage": "p1", "consent": "yes", "capacity": 0}
    return {"application_id": key, "interests": interests} | usual | values


def mentor(key: str, capacity: int, **values: object) -> dict[str, object]:
    return application(key, "", stage="p3", capacity=capacity, **values)


def formed(
    rows: list[dict[str, object]], overrides: list[tuple[str, str, str, str]] | None = None
) -> Cohorts:
    table = pd.DataFrame(rows, columns=COLUMNS)
    sizes = {str(key): 1000.0 + 100 * n for n, key in enumerate(sorted(table["place_key"]))}
    said = pd.DataFrame(overrides or [], columns=["kind", "application_id", "mentor", "reason_de"])
    return groups(table, EXPERIENCES, PHASES, sizes, load("cohort_rules"), said)


def members(found: Cohorts) -> dict[str, set[str]]:
    """Who learns from whom."""
    named = found.members.merge(found.groups, on="group_id")
    return {str(m): set(rows["application_id"]) for m, rows in named.groupby("mentor")}


def reasons(found: Cohorts) -> dict[str, str]:
    """Why each of those without a group has none."""
    return dict(found.unplaced[["application_id", "reason_de"]].to_numpy())


def test_a_group_worked_by_hand() -> None:
    """a: dearest theme, 1/1; needs Mobilität, which m1 has, 1/1; equal population, 1; two stages ahead, 1/2.

    Weights 3, 3, 2, 1: (3*1 + 3*1 + 2*1 + 1*0.5) / 9 = 8.5/9.
    b: second theme 1/2; needs City-App, which m1 has not: 0; ten times smaller: 0; one stage ahead: 1.
    (3*0.5 + 0 + 0 + 1*1) / 9 = 2.5/9.
    """
    rows = [
        mentor("m1", 3),
        application("a", needs="Mobilität"),
        application("b", "wald;bus", needs="City-App", stage="p2"),
        application("c"),
    ]
    sizes = {"m1": 10_000.0, "a": 10_000.0, "b": 1_000.0, "c": 10_000.0}
    found = groups(pd.DataFrame(rows, columns=COLUMNS), EXPERIENCES, PHASES, sizes, load("cohort_rules"))
    scores = found.members.set_index("application_id")["score"]
    assert scores["a"] == pytest.approx(8.5 / 9)
    assert scores["b"] == pytest.approx(2.5 / 9)
    assert found.groups.to_dict("records") == [
        {"group_id": "gruppe-01", "theme_id": "bus", "mentor": "m1", "size": 4}
    ]


def test_without_consent_nobody_is_in_a_group_whatever_anybody_says() -> None:
    rows = [mentor("m1", 5), *(application(key) for key in "abc"), application("d", consent="no")]
    found = formed(rows)
    assert members(found) == {"m1": {"a", "b", "c"}}
    assert found.unplaced.to_dict("records") == [{"application_id": "d", "reason_de": NO_CONSENT}]
    with pytest.raises(MethodError, match="„d“ hat nicht eingewilligt"):
        formed(rows, [("fix", "d", "m1", "Wunsch")])


def test_a_mentor_must_be_a_stage_ahead_and_have_the_experience() -> None:
    same_stage = [mentor("m1", 5), *(application(key, stage="p3") for key in "abc")]
    assert reasons(formed(same_stage)) == {"a": NO_MENTOR, "b": NO_MENTOR, "c": NO_MENTOR, "m1": NOT_NEEDED}
    other_theme = [mentor("m1", 5), *(application(key, "app") for key in "abc")]
    assert reasons(formed(other_theme))["a"] == NO_MENTOR


def test_too_few_for_a_group_are_told_so() -> None:
    found = formed([mentor("m1", 5), application("a"), application("b")])
    assert found.groups.empty
    assert reasons(found)["a"] == TOO_FEW


def test_the_need_somebody_can_meet_decides_between_two_mentors() -> None:
    rows = [
        mentor("m1", 3),
        mentor("m2", 3),
        *(application(key, needs="City-App") for key in "abc"),
        *(application(key, needs="Mobilität") for key in "def"),
    ]
    assert members(formed(rows))["m2"] == {"a", "b", "c"}


def test_a_person_fixes_and_forbids_and_the_reason_stays_on_record() -> None:
    rows = [
        mentor("m1", 3),
        mentor("m2", 4),
        *(application(key) for key in "abcdef"),
        application("x", "app"),
    ]
    found = formed(rows, [("fix", "x", "m1", "Nachbarn"), ("forbid", "a", "m2", "Streit")])
    assert "x" in members(found)["m1"]
    assert "a" not in members(found).get("m2", set())
    assert found.members.set_index("application_id")["override"]["x"] == "Nachbarn"


@pytest.mark.parametrize(
    ("override", "message"),
    [
        (("fix", "zz", "m1", "x"), "„zz“ gibt es nicht"),
        (("fix", "a", "m1", " "), "Es fehlt eine Begründung"),
        (("wish", "a", "m1", "x"), "Erlaubt sind fix und forbid"),
    ],
)
def test_an_override_that_cannot_hold_is_refused(override: tuple[str, str, str, str], message: str) -> None:
    with pytest.raises(MethodError, match=message):
        formed([mentor("m1", 3), *(application(key) for key in "abc")], [override])


def test_too_many_fixed_to_one_mentor_are_refused_with_the_number() -> None:
    rows = [mentor("m1", 3), *(application(key) for key in "abcd")]
    with pytest.raises(MethodError, match=r"setzt 4 Kommunen zu „m1“\. Möglich sind höchstens 3"):
        formed(rows, [("fix", key, "m1", "x") for key in "abcd"])


def test_a_contrast_is_the_most_different_place_outside_the_group() -> None:
    rows = [mentor("m1", 3), *(application(key) for key in "abc"), application("y"), application("z")]
    table = pd.DataFrame(rows, columns=COLUMNS)
    sizes = {"m1": 1000.0, "a": 1000.0, "b": 1000.0, "c": 1000.0, "y": 2000.0, "z": 50_000.0}
    found = groups(table, EXPERIENCES, PHASES, sizes, load("cohort_rules"))
    outside = {"y", "z"} - members(found)["m1"]
    chosen = contrast(found, table, sizes)["application_id"].tolist()
    assert chosen == [max(outside, key=lambda key: sizes[key])]


@st.composite
def applications(draw: st.DrawFn) -> list[dict[str, object]]:
    learners = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "interests": st.sampled_from(["bus", "app", "bus;app", "app;bus", "wald"]),
                    "needs": st.sampled_from(["", "Mobilität", "City-App;Mobilität"]),
                    "stage": st.sampled_from(["p1", "p2", "p3"]),
                    "consent": st.sampled_from(["yes", "yes", "yes", "no"]),
                }
            ),
            min_size=0,
            max_size=16,
        )
    )
    rows = [application(f"k{n:02}", **values) for n, values in enumerate(learners)]
    capacities = draw(st.tuples(st.integers(0, 10), st.integers(0, 10)))
    return [*rows, *(mentor(f"m{n}", capacity) for n, capacity in enumerate(capacities, start=1))]


@settings(max_examples=60, deadline=None)
@given(rows=applications(), seed=st.integers(0, 99))
def test_everybody_has_one_place_or_a_reason_and_order_does_not_matter(
    rows: list[dict[str, object]], seed: int
) -> None:
    found = formed(rows)
    placed = list(found.members["application_id"])
    leading = set(found.groups["mentor"])
    assert len(placed) == len(set(placed))
    assert set(placed) | leading | set(found.unplaced["application_id"]) == {
        str(row["application_id"]) for row in rows
    }
    assert not (set(placed) | leading) & set(found.unplaced["application_id"])
    assert found.groups["size"].between(4, 6).all()
    led = found.members.merge(found.groups, on="group_id")["mentor"].value_counts()
    capacity = {row["application_id"]: row["capacity"] for row in rows}
    assert all(count <= capacity[key] for key, count in led.items())
    consent = {row["application_id"]: row["consent"] for row in rows}
    assert {consent[key] for key in [*placed, *leading]} <= {"yes"}
    mixed = [rows[n] for n in np.random.default_rng(seed).permutation(len(rows))]
    again = formed(mixed)
    pd.testing.assert_frame_equal(again.members, found.members)
    pd.testing.assert_frame_equal(again.groups, found.groups)
    pd.testing.assert_frame_equal(again.unplaced, found.unplaced)
