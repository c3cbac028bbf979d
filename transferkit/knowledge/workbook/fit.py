"""The form of the fit check „Passt das zu uns?“: 24 criteria, one answer each."""

from __future__ import annotations

from transferkit.knowledge import datasets
from transferkit.knowledge.workbook.form import Field, Form, Sheet
from transferkit.knowledge.workbook.hints import FILLING, importing, labels, solutions

ABOUT, ANSWERS = "Angaben", "Antworten"
COLUMNS = ("criterion_id", "answer_id", "reason_de", "source_de")


def form() -> Form:
    """The form with the criteria and answers of the data package in use."""
    answers = datasets.load("transfer_answers")
    return Form(
        kind="fit",
        title="Passt das zu uns? Fragen zur Übertragung einer Lösung",
        hints=(
            "Mit diesem Formular prüfen Sie, ob eine Lösung aus einer anderen Kommune zu Ihrer passt. "
            "Beantworten Sie die "
            "Fragen zu zweit oder in der Gruppe. Es gibt keine Note: Am Ende stehen Hindernisse, Aufgaben "
            "und offene Fragen.",
            *FILLING,
            "# Die Antworten",
            *(f"{name}: {text}" for name, text in zip(answers["name_de"], answers["text_de"], strict=True)),
            "Die Merkmale sind ein eigener Vorschlag von transferkit (eigene Einschätzung).",
            *importing("Mit --out DATEI.csv speichern Sie die Antworten als Tabelle."),
        ),
        sheets=(about(), _answers()),
    )


def about() -> Sheet:
    """What the answers are about: place, solution, day."""
    return Sheet(
        ABOUT,
        "Wofür dieses Formular gilt.",
        (
            Field(
                "place_key",
                "Kommune (AGS)",
                "Amtlicher Gemeindeschlüssel, 8 Ziffern.",
                kind="place",
                required=True,
            ),
            Field(
                "solution_id",
                "Lösung",
                "Aus der Liste: Name der Lösung und Modellprojekt.",
                kind="choice",
                choices=solutions(),
                required=True,
            ),
            Field("day", "Datum", "Wann ausgefüllt: 22.11.2026.", kind="day"),
        ),
        upright=True,
    )


def _answers() -> Sheet:
    criteria = datasets.load("transfer_criteria")
    dimensions = labels("transfer_dimensions", "dimension_id", "name_de")
    return Sheet(
        ANSWERS,
        "Bitte wählen Sie in jeder Zeile eine Antwort. Was Sie nicht wissen, beantworten Sie mit "
        "„unbekannt“ oder lassen es leer.",
        (
            Field("criterion_id", "Nr.", "", fixed=True, width=6),
            Field("dimension", "Bereich", "", fixed=True, width=13),
            Field("name", "Merkmal", "", fixed=True, width=21),
            Field("question", "Frage", "", fixed=True, width=42),
            Field("where", "Wo Sie nachsehen", "", fixed=True, width=27),
            Field(
                "answer_id",
                "Antwort",
                "Wie ist es bei Ihnen, verglichen mit dem Original?",
                kind="choice",
                choices=labels("transfer_answers", "answer_id", "name_de"),
                width=20,
            ),
            Field(
                "reason_de",
                "Begründung",
                "Ein Satz, an den Sie sich in einem Jahr noch erinnern.",
                width=34,
                lines=2,
            ),
            Field("source_de", "Quelle", "Woher Sie das wissen, mit Datum.", width=26),
        ),
        rows=len(criteria),
        prefilled=tuple(
            {
                "criterion_id": row["criterion_id"],
                "dimension": dimensions[str(row["dimension_id"])],
                "name": row["name_de"],
                "question": row["question_de"],
                "where": row["where_to_find_de"],
            }
            for row in criteria.to_dict("records")
        ),
    )
