"""The form of the impact plan: indicators with baseline, milestones, target, and values as they come."""

from __future__ import annotations

from transferkit.knowledge import datasets
from transferkit.knowledge.workbook.fit import about
from transferkit.knowledge.workbook.form import DECIMAL, Field, Form, Sheet
from transferkit.knowledge.workbook.hints import FILLING, NUMBERS, german_day, importing, labels

VALUES = "Werte"
CATALOGUE = "Kennzahlen"
COLUMNS = ("indicator_id", "kind", "period", "value", "unit_de", "note_de")
KIND = {"baseline": "Ausgangswert", "milestone": "Zwischenziel", "target": "Ziel", "value": "Messwert"}
ROWS = 60


def form() -> Form:
    """The form with the indicators of the data package in use."""
    start = about()
    units = sorted(set(datasets.load("indicators")["unit_de"].astype(str)))
    return Form(
        kind="impact",
        title="Wirkung messen: Plan und Werte",
        hints=(
            "Mit diesem Formular legen Sie fest, woran Sie erkennen, ob eine Lösung wirkt, und tragen "
            "später die Messwerte "
            "nach. Drei bis fünf Kennzahlen genügen. Jede braucht einen Ausgangswert und ein Ziel.",
            *FILLING,
            *NUMBERS,
            "# Das Blatt „Werte“",
            "Je Zeile ein Wert: Kennzahl, Art, Zeitraum, Zahl und Einheit. Zeitraum: 2026, 11/2026, 1. "
            "Quartal 2026 oder ein Tag. "
            "Die Einheit ist die der Kennzahl; Prozentwerte schreiben Sie als 12,5 ohne Prozentzeichen.",
            "Kennzahlen und Einheiten stehen auf dem Blatt „Kennzahlen“.",
            *importing("Mit --out DATEI.csv speichern Sie Plan und Werte als Tabelle."),
        ),
        sheets=(
            Sheet(start.title, start.intro, (*start.fields, DECIMAL), upright=True),
            _values(units),
            _catalogue(),
        ),
    )


def _values(units: list[str]) -> Sheet:
    return Sheet(
        VALUES,
        f"Die Kennzahlen stammen aus dem Datenpaket, Stand {german_day(datasets.edition())}. Neue Messwerte "
        "tragen Sie unten an.",
        (
            Field(
                "indicator_id",
                "Kennzahl",
                "Aus der Liste. Die Bedeutung steht auf dem Blatt „Kennzahlen“.",
                kind="choice",
                choices=labels("indicators", "indicator_id", "name_de"),
                required=True,
                width=46,
            ),
            Field(
                "kind",
                "Art",
                "Ausgangswert, Zwischenziel, Ziel oder Messwert.",
                kind="choice",
                choices=KIND,
                required=True,
                width=16,
            ),
            Field(
                "period",
                "Zeitraum",
                "2026, 11/2026, 1. Quartal 2026 oder 22.11.2026.",
                kind="period",
                required=True,
                width=16,
            ),
            Field(
                "value", "Wert", "Nur die Zahl, zum Beispiel 1234,5.", kind="number", required=True, width=13
            ),
            Field(
                "unit_de",
                "Einheit",
                "Die Einheit der Kennzahl.",
                kind="choice",
                choices={unit: unit for unit in units},
                required=True,
                width=20,
            ),
            Field(
                "note_de",
                "Quelle, Hinweis",
                "Woher der Wert stammt, mit Datum; was an ihm unsicher ist.",
                width=46,
            ),
        ),
        rows=ROWS,
        at_least=1,
    )


def _catalogue() -> Sheet:
    names = labels("indicators", "indicator_id", "name_de")
    return Sheet(
        CATALOGUE,
        "Zum Nachschlagen: was jede Kennzahl bedeutet. Hier ist nichts einzutragen.",
        (
            Field("name", "Kennzahl", "", fixed=True, width=44),
            Field("definition", "Bedeutung", "", fixed=True, width=56),
            Field("unit", "Einheit", "", fixed=True, width=18),
            Field("measured", "Wie gemessen", "", fixed=True, width=44),
            Field("often", "Wie oft", "", fixed=True, width=13),
        ),
        prefilled=tuple(
            {
                "name": names[row["indicator_id"]],
                "definition": row["definition_de"],
                "unit": row["unit_de"],
                "measured": row["measured_by_de"],
                "often": row["frequency_de"],
            }
            for row in datasets.load("indicators").to_dict("records")
        ),
    )
