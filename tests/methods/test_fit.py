"""The fit check: what answers lead to, by properties and by hand-worked numbers."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transferkit.errors import MethodError
from transferkit.methods import fit, fit_prefill, fit_sheet

DATASETS = Path(__file__).parents[2] / "datasets"


def table(name: str) -> pd.DataFrame:
    frame = pd.read_csv(DATASETS / f"transfer_{name}.csv")
    flags = [column for column in ("knockout_default", "needs_task") if column in frame]
    return frame.assign(**{flag: frame[flag] == "yes" for flag in flags})


CRITERIA, DIMENSIONS, SCALE, RULES = (table(name) for name in ("criteria", "dimensions", "answers", "rules"))
IDS = CRITERIA["criterion_id"].tolist()
KNOWN = ["hindernis", "anpassbar", "aehnlich", "gleich"]  # from worst to best
ANSWERS = st.lists(st.sampled_from([*KNOWN, "unbekannt"]), min_size=len(IDS), max_size=len(IDS))


def answers(chosen: list[str] | dict[str, str]) -> pd.DataFrame:
    pairs = chosen if isinstance(chosen, dict) else dict(zip(IDS, chosen, strict=True))
    return pd.DataFrame(list(pairs.items()), columns=["criterion_id", "answer_id"], dtype="str")


def check(chosen: list[str] | dict[str, str], criteria: pd.DataFrame = CRITERIA) -> fit.Fit:
    return fit.check(criteria, DIMENSIONS, SCALE, RULES, answers(chosen))


def all_but(answer: str, **others: str) -> dict[str, str]:
    return dict.fromkeys(IDS, answer) | others


@settings(max_examples=150, deadline=None)
@given(ANSWERS, st.integers(0, len(IDS) - 1))
def test_a_better_answer_never_worsens_the_statement(chosen: list[str], which: int) -> None:
    """From one known answer to the next better one; what is unknown is neither better nor worse."""
    if chosen[which] not in KNOWN[:-1]:
        return
    better = list(chosen)
    better[which] = KNOWN[KNOWN.index(chosen[which]) + 1]
    before, after = (fit.STATEMENTS.index(check(one).statement) for one in (chosen, better))
    assert after >= before


@settings(max_examples=150, deadline=None)
@given(ANSWERS, st.integers(0, len(IDS) - 1))
def test_an_unknown_widens_the_interval_and_never_lifts_its_lower_end(chosen: list[str], which: int) -> None:
    less = list(chosen)
    less[which] = "unbekannt"
    before, after = check(chosen).dimensions, check(less).dimensions
    assert (after["low"] <= before["low"] + 1e-12).all()
    assert (after["high"] - after["low"] >= before["high"] - before["low"] - 1e-12).all()


@settings(max_examples=50, deadline=None)
@given(ANSWERS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(chosen: list[str], random: object) -> None:
    shuffled = answers(chosen).sample(frac=1, random_state=1)
    mixed = CRITERIA.sample(frac=1, random_state=2)
    one, other = check(chosen), fit.check(mixed, DIMENSIONS, SCALE, RULES, shuffled)
    assert (one.statement, one.said) == (other.statement, other.said)
    pd.testing.assert_frame_equal(one.dimensions, other.dimensions)


def test_golden_numbers() -> None:
    """p1 20 gleich, p2 25 aehnlich, p3 15 anpassbar, p4 15 unbekannt, p5 10 and p6 15 gleich; sum 100.

    low = (20 + 25*0.75 + 15*0.4 + 0 + 10 + 15) / 100 = 69.75 %; high = low + 15 / 100 = 84.75 %.
    The other dimensions are all „gleich“: 100 %. Unknown is 15 of 400 = 3.75 % <= 30 %, no knock-out, the
    lowest low is 69.75 % < 70 %: only with adaptations.
    """
    found = check(all_but("gleich", p2="aehnlich", p3="anpassbar", p4="unbekannt"))
    people = found.dimensions.iloc[0]
    assert (people["low"], people["high"]) == pytest.approx((0.6975, 0.8475))
    assert found.dimensions["low"].tolist()[1:] == [1, 1, 1]
    assert found.statement == "adaptation"
    assert found.said == "Übernahme nur mit Anpassungen."
    assert found.tasks["criterion_id"].tolist() == ["p3"]
    assert found.questions["criterion_id"].tolist() == ["p4"]


def test_one_knock_out_stops_everything_and_is_named() -> None:
    found = check(all_but("gleich", e4="hindernis"))
    assert found.statement == "knockout"
    assert found.said == "So nicht übernehmen. Zuerst klären: Haushalt und Förderende."


def test_an_obstacle_that_is_no_knock_out_does_not_stop() -> None:
    assert check(all_but("gleich", p5="hindernis")).statement == "small-adaptation"


def test_too_much_unknown_cannot_be_decided() -> None:
    """Two dimensions of four unknown: half of the weight, more than 30 %."""
    half = {key: "unbekannt" for key in IDS if key[0] in "pi"}
    found = check(all_but("gleich") | half)
    assert found.statement == "unknown"
    assert len(found.questions) == 12


def test_the_sheet_as_plain_values_is_ready_for_json_and_complete() -> None:
    plain = fit_sheet.sheet(CRITERIA, DIMENSIONS, SCALE, RULES).plain()
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert sorted(row[0] for row in plain["criteria"]) == sorted(IDS)
    assert ["e4", "Haushalt und Förderende", 2, 15, 1] in plain["criteria"]
    assert plain["scale"]["anpassbar"] == ["abweichend, anpassbar", 0.4, 1]
    assert plain["scale"]["unbekannt"] == ["unbekannt", None, 0]
    assert plain["sentences"]["knockout"] == "So nicht übernehmen. Zuerst klären: {Merkmale}."
    assert plain["sentences"]["unknown"] == "Noch nicht entscheidbar."


def test_no_answer_at_all_is_all_unknown() -> None:
    found = check({})
    assert found.statement == "unknown"
    assert found.dimensions[["low", "high", "unknown"]].to_numpy().tolist() == [[0, 1, 1]] * 4


def test_it_says_which_single_answer_would_change_the_statement() -> None:
    """„Menschen“: 20 + 25*0.4 + 15 + 15 + 10 + 15 = 85 %; without p1 65 % < 70 %, without p3 70 %."""
    found = check(all_but("gleich", p2="anpassbar"))
    by_outcome = found.flips.set_index("statement")["names"]
    assert "Anerkannter Bedarf" in by_outcome["knockout"]
    assert by_outcome["adaptation"] == ["Zielgruppe und Größe"]


def test_a_dimension_without_weight_does_not_count() -> None:
    weights = CRITERIA["weight_default"].where(CRITERIA["dimension_id"] != "menschen", 0)
    found = check(all_but("gleich", p1="unbekannt"), CRITERIA.assign(weight_default=weights))
    assert "menschen" not in found.dimensions["dimension_id"].tolist()
    assert found.statement == "small-adaptation"


def test_weights_that_are_all_zero_are_refused() -> None:
    with pytest.raises(MethodError, match="Alle Gewichte"):
        check({}, CRITERIA.assign(weight_default=0))


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ([("p9", "gleich")], "„p9“ nicht .Merkmal.. Möglich: p1, p2"),
        ([("p1", "änlich")], "„änlich“ nicht .Antwort.. Meinten Sie „aehnlich“"),
        ([("p1", "gleich"), ("p1", "hindernis")], "„p1“ ist zweimal beantwortet"),
    ],
)
def test_a_wrong_answer_is_named(given_: list[tuple[str, str]], message: str) -> None:
    frame = pd.DataFrame(given_, columns=["criterion_id", "answer_id"], dtype="str")
    with pytest.raises(MethodError, match=message):
        fit.check(CRITERIA, DIMENSIONS, SCALE, RULES, frame)


def town(**other: object) -> pd.Series:
    place = {
        "short_name": "Aue",
        "land_code": "09",
        "land_name": "Bayern",
        "population": 4000,
        "density_per_km2": 100,
        "population_within_30km": 400_000,
    }
    return pd.Series(place | other)


TOWN = town()


def test_data_answer_by_the_larger_ratio_and_give_their_figures() -> None:
    """p1: 4000/3000 = 1.33 and 100/90 = 1.11: above 1.25, below 2: alike. e6: 400/100 = 4: adaptable."""
    origin = town(short_name="Bad Ems", population=3000, density_per_km2=90, population_within_30km=100_000)
    found = fit_prefill.prefill(TOWN, origin, RULES).set_index("criterion_id")
    assert found["answer_id"].to_dict() == {"p1": "aehnlich", "e6": "anpassbar"}
    assert found.loc["p1", "reason_de"].startswith(
        "Bevölkerung 4.000 gegen 3.000 Personen; Dichte 100 gegen 90"
    )


def test_data_never_call_a_difference_an_obstacle() -> None:
    origin = town(population=3_000_000, density_per_km2=4000)
    assert "hindernis" not in set(fit_prefill.prefill(TOWN, origin, RULES)["answer_id"])


def test_a_missing_figure_gives_no_answer() -> None:
    origin = town(population=pd.NA)
    assert fit_prefill.prefill(TOWN, origin, RULES)["criterion_id"].tolist() == ["e6"]


def test_another_land_is_a_hint_and_the_same_land_no_answer() -> None:
    solution = pd.Series(
        dict.fromkeys(("technology_de", "cost_de", "repository", "open_source", "source_ids"))
    )
    other = town(land_code="08", land_name="Baden-Württemberg", short_name="Ulm")
    told = fit_prefill.hints(TOWN, other, solution)
    assert "Ulm liegt in einem anderen Land (Baden-Württemberg)" in told["hint_de"].iloc[0]
    assert "Datenschutz und Vergabe prüfen" in fit_prefill.hints(TOWN, TOWN, solution)["hint_de"].iloc[0]


def test_people_overrule_data_and_that_stays_on_record() -> None:
    data = answers({"p1": "aehnlich", "e6": "gleich"}).assign(reason_de="Zahlen", source_de="Daten")
    people = answers({"p1": "hindernis", "p2": "gleich"}).assign(
        reason_de="Gespräch", source_de="Bauchgefühl"
    )
    merged = fit.merge(data, people).set_index("criterion_id")
    assert merged["answer_id"].to_dict() == {"e6": "gleich", "p1": "hindernis", "p2": "gleich"}
    assert merged.loc["p1", ["prefilled", "overridden", "reason_de"]].tolist() == [
        "aehnlich",
        True,
        "Gespräch",
    ]
    assert not merged.loc["e6", "overridden"]
    assert not merged.loc["p2", "overridden"]


def ratings(p1: list[str]) -> pd.DataFrame:
    rows = [(f"person-{number}", "p1", answer) for number, answer in enumerate(p1)]
    return pd.DataFrame(rows, columns=["person", "criterion_id", "answer_id"], dtype="str")


def test_a_group_discusses_what_lies_two_steps_apart() -> None:
    close = ["gleich", "gleich", "aehnlich", "aehnlich", "gleich"]
    far = ["gleich", "gleich", "aehnlich", "anpassbar", "gleich"]
    near, wide = (fit.spread(CRITERIA, SCALE, RULES, ratings(one)).iloc[0] for one in (close, far))
    assert (near["steps"], near["discuss"]) == (1, False)
    assert (wide["steps"], wide["discuss"]) == (2, True)


def test_fewer_than_five_answers_show_no_distribution() -> None:
    found = fit.spread(
        CRITERIA, SCALE, RULES, ratings(["gleich", "hindernis", "gleich", "gleich", "unbekannt"])
    )
    assert found["people"].tolist() == [4]
    assert found["steps"].isna().all()
    assert not found["discuss"].any()
