"""An agenda: minutes add up exactly, breaks come in time, methods keep within their limits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from transferkit.errors import MethodError
from transferkit.methods import agenda
from transferkit.methods.agenda import Agenda

DATA = Path(__file__).parents[2] / "datasets"
METHODS, STEPS, RULES, FALLBACKS = (
    pd.read_csv(DATA / f"workshop_{name}.csv") for name in ("methods", "steps", "rules", "fallbacks")
)
LIMITS = dict(zip(RULES["rule"], RULES["value"], strict=True))
CHOICES = st.lists(st.sampled_from(list(METHODS["method_id"])), min_size=1, max_size=5, unique=True)


def plan(chosen: list[str], start: str = "9:00", minutes: int = 90, **further: Any) -> Agenda:
    return agenda.agenda(METHODS, STEPS, RULES, FALLBACKS, chosen, start, minutes, **further)


def minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


@st.composite
def plans(draw: st.DrawFn) -> tuple[list[str], int, Agenda]:
    chosen, minutes = draw(CHOICES), draw(st.integers(30, 900))
    start = f"{draw(st.integers(6, 8))}:{draw(st.integers(0, 59)):02}"
    try:
        return chosen, minutes, plan(chosen, start, minutes)
    except MethodError as error:
        assume("brauchen Sie mindestens" not in str(error))
        raise


@settings(deadline=None)
@given(plans())
def test_minutes_add_up_exactly_and_the_clock_never_jumps(case: tuple[list[str], int, Agenda]) -> None:
    _, minutes, planned = case
    rows = planned.rows
    assert rows["minutes"].sum() == minutes
    assert (rows["minutes"] > 0).all()
    assert list(rows["start"])[1:] == list(rows["end"])[:-1]
    for start, end, length in rows[["start", "end", "minutes"]].to_numpy():
        assert (minute(end) - minute(start)) % (24 * 60) == length


@settings(deadline=None)
@given(plans())
def test_every_method_keeps_its_limits_and_all_its_steps_in_order(
    case: tuple[list[str], int, Agenda],
) -> None:
    chosen, _, planned = case
    steps = planned.rows[planned.rows["kind"] == "step"]
    assert list(dict.fromkeys(steps["method_id"])) == chosen
    for method in chosen:
        row = METHODS.set_index("method_id").loc[method]
        own = steps[steps["method_id"] == method]
        assert row["minutes_min"] <= own["minutes"].sum() <= row["minutes_max"]
        told = STEPS[STEPS["method_id"] == method].sort_values("order")["text_de"]
        assert list(own["text_de"]) == list(told)


@settings(deadline=None)
@given(plans())
def test_nobody_works_longer_than_the_rule_without_a_break(case: tuple[list[str], int, Agenda]) -> None:
    kinds = list(case[2].rows["kind"])
    assert kinds[0] == "opening"
    assert kinds[-1] == "closing"
    worked, longest = 0, 0
    for kind, length in case[2].rows[["kind", "minutes"]].to_numpy():
        if kind in ("opening", "step"):
            alone = worked == 0
            worked += length
            longest = max(longest, 0 if alone else worked)
        else:
            worked = 0
    single = case[2].rows["minutes"].max()
    assert longest <= max(LIMITS["longest_stretch"], single + LIMITS["frame_long"])
    pauses = [number for number, kind in enumerate(kinds) if kind == "break"]
    assert all(kinds[number + 1] == "step" for number in pauses)


@settings(deadline=None)
@given(CHOICES)
def test_the_shortest_duration_named_in_the_refusal_is_possible_or_close(chosen: list[str]) -> None:
    shortest = int(METHODS.set_index("method_id").loc[chosen, "minutes_min"].sum())
    with pytest.raises(MethodError, match="brauchen Sie mindestens"):
        plan(chosen, minutes=shortest)
    assert plan(chosen, minutes=2 * shortest + 60).rows["minutes"].sum() == 2 * shortest + 60


@settings(deadline=None)
@given(st.integers(0, 500), st.lists(st.floats(0.01, 50), min_size=1, max_size=12))
def test_whole_shares_add_up_and_stay_next_to_their_exact_value(total: int, weights: list[float]) -> None:
    parts = agenda.shared(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - weight * total / sum(weights)) < 1 + 1e-6


def test_a_first_talk_goes_into_75_minutes_without_a_break() -> None:
    planned = plan(["erstgespraech"], "9:30", 75)
    assert list(planned.rows["kind"]) == ["opening", *["step"] * 5, "closing"]
    assert (planned.rows["start"].iloc[0], planned.rows["end"].iloc[-1]) == ("09:30", "10:45")


def test_a_break_lies_between_two_methods_rather_than_within_one() -> None:
    kinds = plan(["marktplatz", "punktabfrage", "fishbowl"], minutes=200).rows
    before = kinds.index[kinds["kind"] == "break"][0]
    assert kinds.loc[before - 1, "method_id"] != kinds.loc[before + 1, "method_id"]


def test_what_is_left_over_is_time_for_questions_before_the_end() -> None:
    rows = plan(["punktabfrage"], minutes=60).rows
    assert list(rows["kind"])[-2:] == ["buffer", "closing"]
    assert rows["minutes"].iloc[-2] == 20


def test_materials_are_named_once_and_fallbacks_fit_the_methods() -> None:
    planned = plan(["akteurskarte", "betreibermodell-canvas"], minutes=180)
    assert planned.materials.count("Stifte") == 1
    assert planned.materials[0] == "Gedruckte Übungen, eine je Person"
    assert {"Der Beamer fällt aus", "Das Netz fällt aus"} <= set(planned.fallbacks["situation_de"])
    assert planned.fallbacks["method_id"].isna().all()
    assert "premortem" in set(plan(["premortem"]).fallbacks["method_id"])


def test_a_group_of_the_wrong_size_is_told() -> None:
    assert plan(["troika"], people=12).notes == ()
    assert plan(["world-cafe"], minutes=120, people=8).notes == (
        "„World Café“ ist für 15 bis 80 Personen gedacht, nicht für 8.",
    )


@pytest.mark.parametrize(
    ("chosen", "start", "minutes", "words"),
    [
        ([], "9:00", 60, "mindestens eine Methode"),
        (["troika", "troika"], "9:00", 90, "doppelt gewählt"),
        (["trojka"], "9:00", 60, "„trojka“ gibt es nicht. Möglich sind: .*troika"),
        (["troika"], "25:00", 60, "keine Uhrzeit"),
        (["troika"], "neun", 60, "keine Uhrzeit"),
        (["troika"], "9:00", 30, "mindestens 40 Minuten, vorgesehen sind 30"),
        (["troika"], "9:00", -5, "mindestens 40 Minuten"),
    ],
)
def test_what_cannot_be_planned_is_refused_in_words(
    chosen: list[str], start: str, minutes: int, words: str
) -> None:
    with pytest.raises(MethodError, match=words):
        plan(chosen, start, minutes)


def test_the_durations_in_the_data_are_the_sums_of_their_steps() -> None:
    sums = STEPS.groupby("method_id")["minutes"].sum()
    assert dict(METHODS.set_index("method_id")["steps_total_minutes"]) == dict(sums)
