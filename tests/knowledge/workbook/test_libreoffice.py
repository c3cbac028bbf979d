"""A form filled in LibreOffice, opened, typed into and saved there, is read without loss."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from transferkit.knowledge.workbook import forms, tidy
from transferkit.knowledge.workbook.experience_rows import new_rows


def test_an_experience_typed_in_libreoffice_is_the_one_filled_by_openpyxl(
    fill: Callable[..., Path], libreoffice: Callable[..., None], experience: dict[str, Any], tmp_path: Path
) -> None:
    experience["Lösung"]["Kosten"] = "12.500 Euro einmalig (2025)"  # a line break is no typing
    filled = fill("experience", experience)
    empty, typed = tmp_path / "leer.xlsx", tmp_path / "getippt.xlsx"
    filled.rename(tmp_path / "voll.xlsx")
    fill("experience", {}).rename(empty)
    libreoffice(empty, experience, typed)
    expected = new_rows(forms.read(tmp_path / "voll.xlsx"), "voll.xlsx")
    assert new_rows(forms.read(typed), "getippt.xlsx") == expected


def test_german_typing_gives_numbers_dates_and_keys(
    fill: Callable[..., Path], libreoffice: Callable[..., None], tmp_path: Path
) -> None:
    typed = tmp_path / "getippt.xlsx"
    value = {
        "Kennzahl": "Entscheidungen, die den Zwilling nutzen",
        "Art": "Messwert",
        "Einheit": "Anzahl/Jahr",
    }
    libreoffice(
        fill("impact", {}),
        {
            "Angaben": {
                "Kommune (AGS)": "01001000",
                "Lösung": "ProbierLaden Jena (Jena)",
                "Datum": "22.11.2026",
            },
            "Werte": [
                {**value, "Zeitraum": "11/2025", "Wert": "1.234,5", "Quelle, Hinweis": "=HYPERLINK(„x“)"},
                {**value, "Zeitraum": "2026", "Wert": "-3", "Quelle, Hinweis": "+49 gezählt"},
            ],
        },
        typed,
    )
    filled = forms.read(typed)
    assert filled.only("Angaben").values == {
        "place_key": "01001000",
        "solution_id": "jena-probierladen",
        "day": "2026-11-22",
    }
    rows = tidy.table(filled, typed.name)
    assert rows[["period", "value", "note_de"]].to_numpy().tolist() == [
        ["2025-11", "1234.5", "=HYPERLINK(„x“)"],
        ["2026", "-3", "+49 gezählt"],
    ]
