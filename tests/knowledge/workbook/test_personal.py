"""What looks like data about people is flagged; offices are not."""

from __future__ import annotations

import pytest

from transferkit.knowledge.workbook import personal
from transferkit.knowledge.workbook.form import Filled, Form, Record


def flagged(text: str) -> list[str]:
    record = Record("Blatt", {"note": text}, {"note": "B5"})
    return [
        problem.remedy for problem in personal.findings(Filled(Form("x", "X", (), ()), {"Blatt": (record,)}))
    ]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Schreiben Sie an max.muster@stadt.de.", "E-Mail-Adresse"),
        ("max (at) stadt.de", "E-Mail-Adresse"),
        ("Telefon 0731 161-0", "Telefonnummer"),
        ("Rufen Sie +49 731 1610 an", "Telefonnummer"),
        ("0731/161-1234", "Telefonnummer"),
        ("Durchwahl: 4711", "Telefonnummer"),
        ("Fragen Sie Frau Muster.", "Personenname"),
        ("laut Herrn Dr. Muster", "Personenname"),
        ("Prof. Dr. Muster leitete das Projekt", "Personenname"),
        ("Ansprechperson: Erika Muster", "Personenname"),
    ],
)
def test_contact_data_and_names_are_flagged(text: str, what: str) -> None:
    assert any(what in remedy for remedy in flagged(text))


@pytest.mark.parametrize(
    "text",
    [
        "Der Oberbürgermeister Herr Muster eröffnete die Halle.",
        "Landrätin Dr. Muster",
        "Frau Bürgermeisterin Muster sprach",
        "12.500 Euro einmalig (2025), 01/2024 bis 08/2025",
        "https://example.org/ampel-2025",
        "Frauen und Herren aller Altersgruppen",
        "AGS 09181121, Stand 2024-12-31",
        "@Beteiligung",
        "Kontakt zu anderen Kommunen hilft",
    ],
)
def test_offices_numbers_and_addresses_are_not_flagged(text: str) -> None:
    assert flagged(text) == []
