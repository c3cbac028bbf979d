"""A filled form is read as a whole: everything wrong is said at once, with sheet, cell, value and remedy."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transferkit.errors import WorkbookError
from transferkit.knowledge.workbook import forms, marking
from transferkit.knowledge.workbook.filled import UnsoundError

IMPACT = {
    "Angaben": {"Kommune (AGS)": "08421000", "Lösung": "ProbierLaden Jena (Jena)"},
    "Werte": [
        {
            "Kennzahl": "Entscheidungen, die den Zwilling nutzen",
            "Art": "Ausgangswert",
            "Zeitraum": "2025",
            "Wert": 3,
            "Einheit": "Anzahl/Jahr",
        }
    ],
}


def problems(path: Path) -> list[str]:
    with pytest.raises(UnsoundError) as unsound:
        forms.read(path)
    return [str(problem) for problem in unsound.value.problems]


def test_all_faults_are_said_at_once_with_place_value_and_remedy(fill: Callable[..., Path]) -> None:
    path = fill(
        "impact",
        IMPACT,
        Angaben={"B5": "Ulm", "B7": "31.02.2026"},
        Werte={"B5": "Ausgangwert", "C5": "bald", "D5": "1.234", "E5": None, "F5": "=1+1", "A6": "unfug"},
    )
    said = problems(path)
    assert said[:6] == [
        "Blatt „Angaben“, Zelle B5: „Ulm“. Bitte schreiben Sie den Schlüssel: 08421000 (Ulm).",
        "Blatt „Angaben“, Zelle B7: „31.02.2026“. Diesen Tag gibt es nicht im Kalender.",
        "Blatt „Werte“, Zelle B5: „Ausgangwert“. Das steht nicht in der Liste. Meinten Sie „Ausgangswert“?",
        "Blatt „Werte“, Zelle C5: „bald“. Das ist kein eindeutiges Datum. Schreiben Sie es so: "
        "22.11.2026 oder 2026-11-22, 11/2026, 2026, 1. Quartal 2026.",
        "Blatt „Werte“, Zelle D5: „1.234“. Das ist mehrdeutig: Es kann 1234 oder 1,234 heißen. Geben Sie das "
        "Dezimalzeichen an, oder tippen Sie die Zahl ohne Tausenderzeichen als Zahl.",
        "Blatt „Werte“, Zelle E5: „Einheit“ ist leer. Das Feld muss ausgefüllt sein.",
    ]
    assert said[6].startswith("Blatt „Werte“, Zelle F5: „=1+1“. Hier steht eine Formel.")
    assert len(said) == 12  # the row begun with A6 has a wrong choice and four empty cells


def test_the_declared_decimal_sign_settles_what_is_ambiguous(fill: Callable[..., Path]) -> None:
    path = fill("impact", IMPACT, Angaben={"B8": "Komma (1.234,5)"}, Werte={"D5": "1.234"})
    assert forms.read(path).records["Werte"][0].values["value"] == 1234
    path.unlink()
    path = fill("impact", IMPACT, Angaben={"B8": "Punkt (1,234.5)"}, Werte={"D5": "1.234"})
    assert forms.read(path).records["Werte"][0].values["value"] == 1.234


def test_real_excel_dates_and_numbers_are_taken_as_they_are(fill: Callable[..., Path]) -> None:
    path = fill("impact", IMPACT, Angaben={"B7": datetime.date(2026, 11, 22)}, Werte={"D5": -0.5, "C5": 2025})
    found = forms.read(path)
    assert found.only("Angaben").values["day"] == "2026-11-22"
    assert (found.records["Werte"][0].values["value"], found.records["Werte"][0].text("period")) == (
        -0.5,
        "2025",
    )


@settings(max_examples=10, deadline=None)
@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60), max_size=24))
def test_every_text_survives_the_round_trip(
    texts: list[str], templates: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("round") / "fit.xlsx"
    book = openpyxl.load_workbook(templates["fit"])
    book["Angaben"]["B5"], book["Angaben"]["B6"] = "01001000", "ProbierLaden Jena (Jena)"
    for row, text in enumerate(texts, 5):
        cell = book["Antworten"].cell(row, 7)
        cell.value = text
        cell.data_type = "s"
    book.save(path)
    read = {
        record.cells["reason_de"]: record.text("reason_de")
        for record in forms.read(path).records["Antworten"]
    }
    assert read == {f"G{row}": text.strip() for row, text in enumerate(texts, 5) if text.strip()}


def test_nothing_typed_beside_the_form_is_lost_in_silence(fill: Callable[..., Path]) -> None:
    path = fill("impact", IMPACT, Werte={"H9": "Notiz"}, Angaben={"A30": "noch eine"})
    book = openpyxl.load_workbook(path)
    book.security.lockStructure = False
    book.create_sheet("Tabelle1")["B2"] = "hier auch"
    book.create_sheet("Tabelle2")
    book.save(path)
    said = problems(path)
    assert [line.split(".")[0] for line in said] == [
        "Blatt „Angaben“, Zelle A30: „noch eine“",
        "Blatt „Werte“, Zelle H9: „Notiz“",
        "Blatt „Tabelle1“: Das Blatt gehört nicht zum Formular",
    ]


def test_a_lost_heading_and_a_lost_sheet_are_named(fill: Callable[..., Path]) -> None:
    path = fill("impact", IMPACT, Werte={"C4": "Zeit"})
    book = openpyxl.load_workbook(path)
    del book["Kennzahlen"]
    book.save(path)
    said = problems(path)
    assert "Blatt „Werte“: Diese Überschriften fehlen: „Zeitraum“. Stellen Sie sie wieder her." in said
    assert "Blatt „Kennzahlen“: Das Blatt fehlt. Stellen Sie es unter diesem Namen wieder her." in said


def test_the_error_copy_marks_every_bad_cell_and_leaves_the_original_alone(
    fill: Callable[..., Path], tmp_path: Path
) -> None:
    path = fill("impact", IMPACT, Werte={"D5": "1.234", "F5": "=1+1"})
    before = path.read_bytes()
    with pytest.raises(UnsoundError) as unsound:
        forms.read(path)
    copy = tmp_path / "kopie.xlsx"
    marking.mark(path, unsound.value.problems, copy)
    sheet = openpyxl.load_workbook(copy)["Werte"]
    assert "mehrdeutig" in sheet["D5"].comment.text
    assert "Formel" in sheet["F5"].comment.text
    assert sheet["D5"].fill.fgColor.rgb == sheet["F5"].fill.fgColor.rgb == "00FDE7C8"
    assert sheet["A5"].comment is None
    assert sheet.data_validations.count == 6
    assert path.read_bytes() == before
    with pytest.raises(WorkbookError, match="anderen Namen"):
        marking.mark(path, unsound.value.problems, path)


def test_a_corrected_error_copy_is_read_like_the_form(fill: Callable[..., Path], tmp_path: Path) -> None:
    path = fill("impact", IMPACT, Werte={"D5": "1.234"})
    with pytest.raises(UnsoundError) as unsound:
        forms.read(path)
    copy = tmp_path / "kopie.xlsx"
    marking.mark(path, unsound.value.problems, copy)
    book = openpyxl.load_workbook(copy)
    book["Werte"]["D5"] = 1234
    book.save(copy)
    assert forms.read(copy).records["Werte"][0].values["value"] == 1234
