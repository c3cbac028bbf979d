"""Impact: what is chosen, what a plan must hold, how far it is, and when to change course."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transferkit.errors import MethodError
from transferkit.methods import impact
from transferkit.methods.impact_entries import Way

DATASETS = Path(__file__).parents[2] / "datasets"
INDICATORS = pd.read_csv(DATASETS / "indicators.csv")
LOGIC = pd.read_csv(DATASETS / "logic_model.csv")
RULES = pd.read_csv(DATASETS / "impact_rules.csv")
VISITS, WAIT = "smart-regions-01", "smart-regions-11"
UNITS = {VISITS: "Besuche/Monat", WAIT: "Euro"}
THEMES = sorted(set(LOGIC.loc[LOGIC["row_type"] == "example", "theme_id"]))


def entries(*rows: tuple[str, object, object], indicator: str = VISITS) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["kind", "period", "value"], dtype=object)
    return table.assign(indicator_id=indicator, unit_de=UNITS[indicator])


PLAN = (("baseline", "2024", 100), ("milestone", "2026", 160), ("target", "2028", 200))


def stand(*values: tuple[str, object, object], indicator: str = VISITS) -> pd.Series:
    return impact.progress(entries(*PLAN, *values, indicator=indicator), INDICATORS, RULES).iloc[0]


@pytest.mark.parametrize("theme", THEMES)
def test_a_solution_gets_the_four_stages_of_its_theme_tagged_with_their_basis(theme):
    logic = impact.logic_for(pd.Series({"theme_id": theme, "title": "L", "theme_fit": "nearest"}), LOGIC)
    assert list(logic["level"]) == list(impact.LEVELS)
    assert logic["basis"].isin(["own", "sourced"]).all()
    assert set(logic["theme_fit"]) == {"nearest"}


def test_a_theme_without_an_example_is_refused():
    with pytest.raises(MethodError, match="„none“ der Lösung „Hub“"):
        impact.logic_for(pd.Series({"theme_id": "none", "title": "Hub"}), LOGIC)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("count", [3, 4, 5])
def test_the_proposal_holds_an_output_and_an_outcome_where_the_theme_has_them(theme, count):
    chosen = impact.chosen(INDICATORS, [theme], count)
    offered = INDICATORS[(INDICATORS["theme_id"] == theme) & (INDICATORS["direction"] != "neutral")]
    assert len(chosen) <= count
    for level in {"output", "outcome"} & set(offered["level"]):
        assert level in set(chosen["level"])
    assert not (chosen["direction"] == "neutral").any()


def test_the_order_of_the_indicator_table_does_not_change_the_proposal():
    shuffled = INDICATORS.sample(frac=1, random_state=1)
    both = [impact.chosen(table, ["city-apps"])["indicator_id"].tolist() for table in (INDICATORS, shuffled)]
    assert both[0] == both[1]


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (["smart-regions-01", "smart-regions-02"], "3 bis 5 Kennzahlen, nicht 2"),
        (["smart-regions-01"] * 3, "mehrfach"),
        (["smart-region-01", "smart-regions-02", "smart-regions-03"], "Meinten Sie „smart-regions-01“"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(ids, message):
    with pytest.raises(MethodError, match=message):
        impact.chosen(INDICATORS, [], ids=ids)


def test_golden_the_share_of_the_way_and_the_planned_share():
    """Way 100 -> 200. Value 130 at the end of 2026: (130-100)/(200-100) = 30 %.
    Planned at the end of 2026: milestone 160 = 60 %. 60-30 = 30 > 10 points behind, one value only: watch."""
    result = stand(("value", "2026", 130))
    assert (result["share"], result["planned"], result["verdict"]) == (30, 60, "watch")
    assert result["trend"] == "unknown"


def test_golden_the_plan_is_straight_between_its_points():
    """2027 ends 365 days after 2026, the target ends 366 more days later (2028 is a leap year):
    60 + 40 * 365/731 = 79.973 %."""
    assert stand(("value", "2027", 200))["planned"] == pytest.approx(60 + 40 * 365 / 731)


def test_golden_two_values_in_a_row_behind_the_plan_mean_change_course():
    """Plan at the end of 2025: 60 * 365/730 = 30 %, of 2026: 60 %. Values 110 and 130 (10, 30 %): behind."""
    assert stand(("value", "2025", 110), ("value", "2026", 130))["verdict"] == "steer"
    assert stand(("value", "2025", 125), ("value", "2026", 130))["verdict"] == "watch"
    assert stand(("value", "2025", 110), ("value", "2026", 155))["verdict"] == "on-course"
    assert stand(("value", "2025", 201))["verdict"] == "reached"


def test_golden_the_trend_compares_the_last_value_with_the_first_of_three():
    """Shares 10, 40, 14: 4 points up is within 5, the same; 10, 40, 16: better; 30, 40, 20: worse."""
    for last, trend in ((114, "same"), (116, "better")):
        values = (("value", "2025-Q1", 110), ("value", "2025-Q2", 140), ("value", "2025-Q3", last))
        assert stand(*values)["trend"] == trend
    values = (("value", "2025-01", 130), ("value", "2025-02", 140), ("value", "2025-03", 120))
    assert stand(*values)["trend"] == "worse"


def test_small_counts_are_said_and_never_alone_a_reason_to_change_course():
    rows = entries(
        ("baseline", "2024", 4), ("target", "2026", 30), ("value", "2025-06", 4), ("value", "2025-12", 5)
    )
    result = impact.progress(rows, INDICATORS, RULES).iloc[0]
    assert result["small"]
    assert result["verdict"] == "watch"
    assert not stand(("value", "2025", 130))["small"]


def test_amounts_are_no_counts():
    rows = entries(("baseline", "2024", 12.86), ("target", "2026", 8), ("value", "2025", 10), indicator=WAIT)
    assert not impact.progress(rows, INDICATORS, RULES)["small"].any()


@given(st.permutations(range(6)))
@settings(max_examples=25, deadline=None)
def test_the_order_of_rows_does_not_matter(order):
    rows = entries(
        *PLAN, ("value", "2025", 110), ("value", "2026-06", 120), ("value", "2026-12", 140)
    ).reset_index(drop=True)
    first = impact.progress(rows, INDICATORS, RULES)
    pd.testing.assert_frame_equal(first, impact.progress(rows.iloc[list(order)], INDICATORS, RULES))


numbers = st.integers(-1000, 1000)


@given(numbers, numbers, numbers, numbers)
def test_a_better_value_never_worsens_the_distance_to_target(baseline, target, one, other):
    if baseline == target:
        return
    low, high = sorted((one, other))
    up, down = (
        Way(min(baseline, target), max(baseline, target), "up"),
        Way(max(baseline, target), min(baseline, target), "down"),
    )
    assert up.share(high) >= up.share(low)
    assert down.share(low) >= down.share(high)
    near, far = sorted((one, other), key=lambda value: abs(value - target))
    towards = Way(baseline, target, "target")
    assert towards.share(near) >= towards.share(far)


@given(st.lists(st.integers(20, 400), min_size=2, max_size=2).map(sorted))
@settings(max_examples=30, deadline=None)
def test_a_better_last_value_never_worsens_the_advice(values):
    ranks = ("steer", "watch", "on-course", "reached")
    low, high = (ranks.index(stand(("value", "2025", 110), ("value", "2026", v))["verdict"]) for v in values)
    assert high >= low


def faults(rows: pd.DataFrame) -> str:
    with pytest.raises(MethodError) as caught:
        impact.checked(rows, INDICATORS)
    return str(caught.value)


def test_all_faults_are_said_at_once_with_row_column_value_and_remedy():
    rows = entries(*PLAN, ("value", "28", 1), ("value", "2026", "zwölf"), ("messwert", "2027", 1))
    rows.loc[1, "unit_de"] = "Tage"
    rows.loc[2, "indicator_id"] = "smart-region-01"
    said = faults(rows)
    assert "Zeile 2, Spalte unit_de: „Tage“" in said
    assert "„Besuche/Monat“" in said
    assert "Zeile 3, Spalte indicator_id" in said
    assert "Meinten Sie „smart-regions-01“" in said
    assert "Zeile 4, Spalte period: „28“" in said
    assert "Zeile 5, Spalte value: „zwölf“ ist keine Zahl" in said
    assert "Zeile 6, Spalte kind: „messwert“" in said


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (PLAN[1:], "fehlt der Ausgangswert"),
        (PLAN[:2], "fehlt das Ziel"),
        ((*PLAN, ("baseline", "2023", 90)), "mehr als einmal: Ausgangswert"),
        ((*PLAN, ("value", "2025", 1), ("value", "2025-12", 2)), "Zeile 4, Zeile 5, Spalte period"),
        ((PLAN[0], ("target", "2028", 90)), "nicht höher als der Ausgangswert 100"),
        ((PLAN[0], ("target", "2028", 100)), "nicht höher"),
        ((*PLAN, ("milestone", "2027", 250)), "liegt nicht zwischen Ausgangswert 100 und Ziel 200"),
        ((*PLAN, ("milestone", "2029", 180)), "liegt nicht vor dem Ziel"),
        ((*PLAN, ("value", "2024-06", 90)), "endet nicht nach dem Ausgangswert"),
        ((*PLAN, ("value", "2025", "1.234")), "„1.234“ ist keine Zahl"),
        ((*PLAN, ("value", "2025", True)), "„True“ ist keine Zahl"),
        ((*PLAN, ("value", "2025", None)), "keine Zahl"),
        ((*PLAN, ("value", "2026-13", 1)), "„2026-13“ ist kein Zeitraum"),
    ],
)
def test_an_unsound_plan_is_refused(rows, message):
    assert message in faults(entries(*rows))


def test_a_target_above_the_baseline_is_refused_where_less_is_better():
    assert "nicht niedriger als der Ausgangswert 100" in faults(entries(*PLAN, indicator=WAIT))


def test_a_missing_column_is_named():
    assert "fehlt die Spalte „unit_de“" in faults(entries(*PLAN).drop(columns="unit_de"))


def test_a_plan_without_entries_shows_what_is_still_to_be_set():
    plan = impact.plan(impact.chosen(INDICATORS, ["smart-regions"]))
    assert len(plan) == 3
    assert plan[["baseline", "target", "milestones"]].isna().all().all()


def test_a_plan_shows_baseline_target_and_milestones():
    row = impact.plan(INDICATORS[INDICATORS["indicator_id"] == VISITS], entries(*PLAN)).iloc[0]
    assert (row["baseline"], row["baseline_period"]) == (100, "2024")
    assert (row["target"], row["target_period"], row["milestones"]) == (200, "2028", "2026: 160")


def test_what_is_exported_reads_back_as_the_same_entries():
    rows = impact.checked(entries(*PLAN, ("value", 2025, 110)), INDICATORS)
    back = impact.checked(impact.export(INDICATORS, rows), INDICATORS)
    columns = ["indicator_id", "kind", "period", "value", "unit_de"]
    pd.testing.assert_frame_equal(rows[columns], back[columns])


def test_an_export_without_entries_has_rows_to_fill():
    table = impact.export(impact.chosen(INDICATORS, ["smart-regions"]))
    assert list(table["kind"][:3]) == ["baseline", "milestone", "target"]
    assert table["unit_de"].notna().all()


def test_unknown_rules_are_refused():
    with pytest.raises(MethodError, match="impact_rules, Regel „behind“"):
        impact.progress(entries(*PLAN), INDICATORS, RULES[RULES["rule"] != "behind"])
