"""What readers see of impact: the example said to be one, open places said to be open, German numbers."""

from pathlib import Path

import pandas as pd
import pytest

from transferkit.methods import impact as method
from transferkit.present import impact

DATASETS = Path(__file__).parents[2] / "datasets"
INDICATORS = pd.read_csv(DATASETS / "indicators.csv")
RULES = pd.read_csv(DATASETS / "impact_rules.csv")
ENTRIES = pd.DataFrame(
    [
        ("smart-regions-01", "baseline", "2024", 1000, "Besuche/Monat"),
        ("smart-regions-01", "target", "2028", 2000, "Besuche/Monat"),
        ("smart-regions-01", "value", "2025-Q4", 1234.5, "Besuche/Monat"),
    ],
    columns=["indicator_id", "kind", "period", "value", "unit_de"],
)


def test_the_logic_names_the_solution_and_tags_own_examples():
    solution = pd.Series({"theme_id": "smart-regions", "title": "Hub <A>", "theme_fit": "nearest"})
    logic = method.logic_for(solution, pd.read_csv(DATASETS / "logic_model.csv"))
    html = impact.logic(logic, solution).html
    assert "nächstliegenden Thema der Lösung „Hub &lt;A&gt;“" in html
    assert html.count("eigene Einschätzung") == 4


def test_a_plan_without_values_asks_to_set_them_and_says_who_proposes_the_indicator():
    text = impact.plan(method.plan(method.chosen(INDICATORS, ["smart-regions"]))).text
    assert text.count("bitte festlegen") == 6  # baseline and target of three indicators
    assert "eigene Einschätzung" in text


def test_the_chart_says_the_finding_and_holds_the_numbers_in_german():
    """2024 ends day 0, 2025 day 365, 2028 day 1461: planned 365/1461 = 25 %; reached 234.5/1000 = 23 %."""
    stand = method.progress(ENTRIES, INDICATORS, RULES).iloc[0]
    chart = impact.chart(stand, method.checked(ENTRIES, INDICATORS))
    assert chart.finding == "„Besuche des Hubs“ hat 23\u202f% des Wegs zum Ziel geschafft und liegt im Plan"
    assert "1.234,5 (4. Quartal 2025)" in chart.description
    assert "1.234,5" in chart.table.text
    assert set(chart.drawings) == {"wide", "narrow"}
    assert "legend" not in str(chart.drawings).lower()


def test_the_standing_says_last_value_way_plan_and_advice():
    text = impact.standing(method.progress(ENTRIES, INDICATORS, RULES)).text
    assert "1.234,5 (4. Quartal 2025) 23 % 25 % noch keine im Plan" in text


def test_a_plan_without_values_is_drawn_and_said_to_be_unmeasured():
    planned = ENTRIES[ENTRIES["kind"] != "value"]
    stand = method.progress(planned, INDICATORS, RULES).iloc[0]
    chart = impact.chart(stand, method.checked(planned, INDICATORS))
    assert "noch nicht gemessen" in chart.finding
    assert "Noch kein Messwert" in chart.description


def test_the_rules_behind_the_advice_are_shown_as_own():
    text = impact.rules(RULES).text
    assert text.count("eigene Einschätzung") == len(RULES)


@pytest.mark.parametrize(
    ("value", "said"), [(1234.5, "1.234,5"), (100, "100"), (0.25, "0,25"), (1000, "1.000")]
)
def test_values_are_said_as_they_were_given(value, said):
    assert impact.number(value) == said
