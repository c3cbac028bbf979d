"""What apps ask of the library: options with own weights, systems, answers, a plan with numbers, files."""

from __future__ import annotations

import io

import openpyxl
import pandas as pd
import pytest

import transferkit as tk
from transferkit.errors import MethodError


def test_weights_one_by_one_as_proposed_stand_as_the_guides_say() -> None:
    _, criteria, _ = tk.decision_tables("hub")
    given = dict(zip(criteria["criterion_id"], criteria["weight_default"] * 100, strict=True))
    usual, own = tk.standing("hub"), tk.standing("hub", given)
    assert list(usual["option_id"]) == list(own["option_id"])
    assert usual["first"].equals(own["first"])
    assert list(tk.flips("hub")["winner"]) == list(tk.flips("hub", given)["winner"])


def test_a_requirement_excludes_and_weights_change_who_leads() -> None:
    strict = tk.standing("hub", None, {"hub-legal": 5})
    assert "excluded" in set(strict["state"])
    flip = tk.flips("hub").iloc[0]
    _, criteria, _ = tk.decision_tables("hub")
    weights = dict.fromkeys(criteria["criterion_id"], 1.0) | {flip["criterion_id"]: 1000.0}
    assert tk.standing("hub", weights)["option_id"].iloc[0] != flip["winner"] or flip["side"] == "below"


def test_a_missing_way_names_who_can_stand_between() -> None:
    yes = tk.handover("frost", "masterportal")
    assert yes.answer == "yes"
    assert "SensorThings API" in set(yes.ways.loc[yes.ways["answer"] == "yes", "name"])
    no = tk.handover("frost", "ckan")
    assert no.answer == "unknown"
    assert {"name", "takes", "hands_on", "same"} <= set(no.between.columns)
    with pytest.raises(MethodError, match="Meinten Sie „frost“"):
        tk.handover("frots", "ckan")


def test_answers_by_question_make_a_profile_and_without_earlier_ones_no_change() -> None:
    answers = {"strategy-1": "0", "strategy-2": "1"}
    profile = tk.maturity_profile(answers).set_index("dimension_id")
    assert profile.at["strategy", "level"] == 0.5
    assert set(tk.maturity_steps(answers)["dimension_id"]) == {"strategy"}
    assert tk.maturity_change({}, answers).empty
    assert tk.maturity_change({"strategy-1": "0"}, {"strategy-1": "2"})["change"].max() == 2


def test_a_plan_shows_what_is_there_and_judges_what_is_whole() -> None:
    solution = tk.row("solutions", "zwoenitz-erzmobil")
    keys = tk.proposed_indicators(solution)
    assert set(keys) <= set(tk.indicators_for(solution)["indicator_id"])
    years = {"baseline": 2026, "target": 2029, "value": 2027}
    half = tk.measuring_plan(keys, {f"{keys[0]}.baseline": 10.0}, years)
    assert half.plan["baseline"].dropna().to_list() == [10.0]
    assert half.standing.empty
    whole = {f"{keys[0]}.baseline": 10.0, f"{keys[0]}.target": 40.0, f"{keys[0]}.value": 20.0}
    assert tk.measuring_plan(keys, whole, years).standing["verdict"].to_list() == ["on-course"]


@pytest.mark.parametrize(
    ("numbers", "years", "complaint"),
    [
        ({"baseline": 10.0, "target": 5.0}, {}, "Das Ziel muss höher sein"),
        ({}, {"target": 2026}, "Jahr des Ziels"),
        ({"value": 5.0}, {"value": 2026}, "Jahr des Messwerts"),
    ],
)
def test_a_plan_that_cannot_be_is_explained(
    numbers: dict[str, float], years: dict[str, int], complaint: str
) -> None:
    table = tk.load("indicators")
    key = table.loc[(table["direction"] == "up") & (table["unit_de"] == "%"), "indicator_id"].iloc[0]
    given = {f"{key}.{kind}": value for kind, value in numbers.items()}
    with pytest.raises(MethodError, match=complaint):
        tk.measuring_plan([key], given, {"baseline": 2026, "target": 2029, "value": 2027} | years)


def test_an_excel_file_keeps_text_text_and_numbers_numbers() -> None:
    frame = pd.DataFrame({"Ort": ["=1+1", "Köln"], "Schlüssel": ["05315000", "0"], "Zahl": [-1.5, None]})
    file = tk.excel("Ein Titel", {"Tabelle": frame}, tk.cite("register"))
    sheet = openpyxl.load_workbook(io.BytesIO(file.content))["Tabelle"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows == [("Ort", "Schlüssel", "Zahl"), ("=1+1", "05315000", -1.5), ("Köln", "0", None)]
    assert sheet["A2"].data_type == "s"
    assert file.content == tk.excel("Ein Titel", {"Tabelle": frame}, tk.cite("register")).content
