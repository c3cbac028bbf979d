"""The form for peer-learning groups: who wants to learn what, who can show what."""

from __future__ import annotations

from transferkit.knowledge import datasets
from transferkit.knowledge.workbook.form import Field, Form, Sheet
from transferkit.knowledge.workbook.hints import FILLING, PEOPLE, YES_NO, importing, labels

APPLICATIONS = "Bewerbungen"
COLUMNS = ("application_id", "place_key", "interests", "needs", "offers", "stage", "consent", "capacity")
LISTS = {"interests": "Interesse", "needs": "Bedarf", "offers": "Angebot"}
ROWS, CHOICES = 300, 3


def form() -> Form:
    """The form with the themes, areas and phases of the data package in use."""
    return Form(
        kind="applications",
        title="Bewerbungen für Lerngruppen",
        hints=(
            "Mit diesem Formular sammeln Sie, welche Kommune was lernen will und was sie zeigen kann. "
            "Daraus entsteht ein "
            "Vorschlag für Lerngruppen; die Entscheidung treffen Menschen.",
            *FILLING,
            "# Das Blatt „Bewerbungen“",
            "Je Zeile eine Kommune. Interessen sind Themen; Bedarf und Angebot sind Bereiche, in denen Sie "
            "Rat suchen oder "
            "geben. Wer etwas anbietet, nennt dazu, wie viele Kommunen er begleiten kann.",
            "Ohne Einwilligung („ja“) wird die Kommune niemandem vermittelt.",
            *PEOPLE,
            *importing("Mit --out DATEI.csv speichern Sie die Bewerbungen als Tabelle."),
        ),
        sheets=(_applications(),),
    )


def _applications() -> Sheet:
    themes = labels("themes", "theme_id", "name_de")
    areas = sorted(set(datasets.load("solutions")["area_de"].astype(str)))
    choices = {
        "interests": themes,
        "needs": {area: area for area in areas},
        "offers": {area: area for area in areas},
    }
    asked = {
        "interests": "Ein Thema, über das Sie lernen wollen.",
        "needs": "Ein Bereich, in dem Sie Erfahrung suchen.",
        "offers": "Ein Bereich, in dem Sie Erfahrung weitergeben können.",
    }
    return Sheet(
        APPLICATIONS,
        "Je Zeile eine Kommune. Bis zu drei Interessen, drei Bedarfe, drei Angebote.",
        (
            Field(
                "application_id", "Kennung", "Kurz und eindeutig, zum Beispiel B01.", required=True, width=13
            ),
            Field(
                "place_key",
                "Kommune (AGS)",
                "Amtlicher Gemeindeschlüssel, 8 Ziffern.",
                kind="place",
                required=True,
                width=14,
            ),
            *(
                Field(
                    f"{name}_{number}",
                    f"{head} {number}",
                    asked[name],
                    kind="choice",
                    choices=choices[name],
                    required=name == "interests" and number == 1,
                    width=19,
                )
                for name, head in LISTS.items()
                for number in range(1, CHOICES + 1)
            ),
            Field(
                "stage",
                "Wie weit?",
                "Die Phase, in der Sie mit Ihrem ersten Thema sind.",
                kind="choice",
                choices=labels("lifecycle_phases", "phase_id", "name_de"),
                required=True,
                width=15,
            ),
            Field(
                "consent",
                "Einwilligung",
                "Dürfen andere Kommunen der Gruppe erfahren, dass Sie dabei sind?",
                kind="choice",
                choices=YES_NO,
                required=True,
                width=15,
            ),
            Field(
                "capacity",
                "Wie viele begleiten?",
                "Nur mit Angebot: Zahl der Kommunen, 0 bis 10.",
                kind="whole",
                width=14,
            ),
        ),
        rows=ROWS,
        at_least=1,
    )
