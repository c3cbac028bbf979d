"""Filled fit checks, impact plans and applications become tidy tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from transferkit.errors import WorkbookError
from transferkit.knowledge.workbook import forms, tidy
from transferkit.knowledge.workbook.filled import UnsoundError

ABOUT = {"Kommune (AGS)": "01001000", "Lösung": "ProbierLaden Jena (Jena)", "Datum": "22.11.2026"}
USES = "Entscheidungen, die den Zwilling nutzen"
APPLICATION = {
    "Kennung": "B01",
    "Kommune (AGS)": "01001000",
    "Interesse 1": "Smarte Regionen",
    "Interesse 3": "City-Apps",
    "Bedarf 2": "Mobilität",
    "Angebot 1": "Energie",
    "Wie weit?": "Pilot",
    "Einwilligung": "ja",
    "Wie viele begleiten?": 2,
}


def value(
    period: str, number: object, kind: str = "Messwert", unit: str = "Anzahl/Jahr"
) -> dict[str, object]:
    return {"Kennzahl": USES, "Art": kind, "Zeitraum": period, "Wert": number, "Einheit": unit}


def rows(path: Path) -> list[dict[str, object]]:
    table = tidy.table(forms.read(path), path.name)
    return [
        {str(name): cell for name, cell in row.items() if not pd.isna(cell)}
        for row in table.to_dict("records")
    ]


def problems(path: Path) -> list[str]:
    with pytest.raises(UnsoundError) as unsound:
        tidy.table(forms.read(path), path.name)
    return [str(problem) for problem in unsound.value.problems]


def test_answers_of_a_fit_check_come_by_criterion_and_empty_rows_stay_open(fill: Callable[..., Path]) -> None:
    path = fill(
        "fit",
        {
            "Angaben": ABOUT,
            "Antworten": [
                {"Antwort": "gleich", "Begründung": "=so groß wie wir", "Quelle": "Melderegister, 1.1.2026"},
                {},
                {"Antwort": "unbekannt"},
            ],
        },
    )
    assert rows(path) == [
        {
            "criterion_id": "p1",
            "answer_id": "gleich",
            "reason_de": "=so groß wie wir",
            "source_de": "Melderegister, 1.1.2026",
        },
        {"criterion_id": "p3", "answer_id": "unbekannt"},
    ]


def test_a_reason_without_an_answer_is_asked_about(fill: Callable[..., Path]) -> None:
    path = fill("fit", {"Angaben": ABOUT, "Antworten": [{"Begründung": "weil"}]})
    assert ["Blatt „Antworten“, Zelle F5" in line for line in problems(path)] == [True]


def test_values_of_an_impact_plan_have_machine_numbers(fill: Callable[..., Path]) -> None:
    path = fill(
        "impact",
        {
            "Angaben": ABOUT,
            "Werte": [
                value("2025", 3, "Ausgangswert"),
                value("2030", "12,5", "Ziel"),
                value("Q1 2026", 1234.5),
            ],
        },
    )
    assert [(row["kind"], row["period"], row["value"]) for row in rows(path)] == [
        ("baseline", "2025", "3"),
        ("target", "2030", "12.5"),
        ("value", "2026-Q1", "1234.5"),
    ]


def test_wrong_units_and_a_period_given_twice_are_refused(fill: Callable[..., Path]) -> None:
    path = fill(
        "impact",
        {"Angaben": ABOUT, "Werte": [value("2025", 3), value("2025", 4), value("2026", 4, unit="%")]},
    )
    assert problems(path) == [
        "Blatt „Werte“, Zelle E7: „%“. Die Einheit dieser Kennzahl ist „Anzahl/Jahr“.",
        "Blatt „Werte“, Zelle A6: „Entscheidungen, die den Zwilling nutzen“. Das steht schon in Zelle A5. "
        "Löschen Sie eine der beiden Zeilen.",
    ]


def test_choices_of_an_application_are_joined(fill: Callable[..., Path]) -> None:
    path = fill("applications", {"Bewerbungen": [APPLICATION]})
    assert rows(path) == [
        {
            "application_id": "B01",
            "place_key": "01001000",
            "interests": "smart-regions;city-apps",
            "needs": "Mobilität",
            "offers": "Energie",
            "stage": "phase-3",
            "consent": "yes",
            "capacity": "2",
        }
    ]


def test_applications_that_clash_are_refused(fill: Callable[..., Path]) -> None:
    second = {**APPLICATION, "Angebot 1": None, "Wie viele begleiten?": 12}
    said = problems(fill("applications", {"Bewerbungen": [APPLICATION, second]}))
    assert [line.partition("Zelle ")[2].partition(":")[0] for line in said] == ["A6", "B6", "N6", "N6"]
    assert "Erlaubt sind 0 bis 10." in said[2]
    assert "nennt ein Angebot" in said[3]


def test_a_table_is_saved_with_what_the_form_says_about_itself(
    fill: Callable[..., Path], tmp_path: Path
) -> None:
    path = fill("impact", {"Angaben": ABOUT, "Werte": [value("2025", 3)]})
    filled = forms.read(path)
    saved = tidy.save(filled, tidy.table(filled, path.name), tmp_path / "plan.csv")
    assert [one.name for one in saved] == ["plan.csv", "plan-angaben.csv"]
    assert saved[0].read_text(encoding="utf-8") == (
        "indicator_id,kind,period,value,unit_de,note_de\ndigital-twins-02,value,2025,3,Anzahl/Jahr,\n"
    )
    about = pd.read_csv(saved[1], dtype="str").set_index("field")["value"]
    assert about.to_dict() == {
        "place_key": "01001000",
        "solution_id": "jena-probierladen",
        "day": "2026-11-22",
    }
    with pytest.raises(WorkbookError, match=r"auf \.csv enden"):
        tidy.save(filled, tidy.table(filled, path.name), tmp_path / "plan.txt")
