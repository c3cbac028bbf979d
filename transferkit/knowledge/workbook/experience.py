"""The form „Erfahrungsblatt“: one solution, what went well and what did not, and the sources."""

from __future__ import annotations

from transferkit.knowledge import datasets
from transferkit.knowledge.workbook.experience_words import (
    BASIS,
    EVIDENCE,
    KIND,
    LICENCES,
    OPEN_SOURCE,
    PHASE,
    STATUS,
    THEME_FIT,
)
from transferkit.knowledge.workbook.form import Field, Form, Sheet
from transferkit.knowledge.workbook.hints import FILLING, PEOPLE, YES_NO, importing, labels

SOLUTION, LESSONS, SOURCES = "Lösung", "Erfahrungen", "Quellen"
FURTHER_THEMES = ("further_theme_1", "further_theme_2")
LESSON_ROWS, SOURCE_ROWS = 30, 15


def form() -> Form:
    """The form with the lists of the data package in use."""
    return Form(
        kind="experience",
        title="Erfahrungsblatt: eine Lösung und was daraus zu lernen ist",
        hints=(
            "Mit diesem Formular geben Sie weiter, was Ihre Kommune mit einer Lösung erlebt hat. Was nicht "
            "gelang, ist "
            "ebenso willkommen wie ein Erfolg. Daraus entsteht eine Seite, auf der andere Kommunen "
            "nachlesen.",
            *FILLING,
            "# Die drei Blätter",
            "Lösung: ein Eintrag je Zeile. Erfahrungen: je Zeile ein Erfolgsfaktor oder eine Stolperfalle "
            "in ein bis zwei "
            "eigenen Sätzen. Quellen: je Zeile eine Veröffentlichung oder ein Vermerk, mit einem Kürzel "
            "wie Q1.",
            "Jede Tatsache braucht eine Quelle; nennen Sie ihr Kürzel, mehrere mit ; getrennt. Ohne Quelle "
            "ist eine "
            "Erfahrung Ihre eigene Einschätzung und wird auf der Seite so genannt. Schreiben Sie nicht ab.",
            *PEOPLE,
            *importing(
                "Die Angaben kommen in das Datenpaket, die neue Seite wird gebaut, und Sie sehen, was "
                "dazukam.",
            ),
        ),
        sheets=(_solution(), _lessons(), _sources()),
    )


def _solution() -> Sheet:
    themes = labels("themes", "theme_id", "name_de")
    areas = sorted(set(datasets.load("solutions")["area_de"].astype(str)))
    return Sheet(
        SOLUTION,
        "Eine Lösung je Arbeitsmappe. Beschreiben Sie den Stand der Quelle, nicht den geplanten.",
        (
            Field(
                "project_id",
                "Modellprojekt",
                "Aus der Liste. Leer, wenn Ihre Kommune kein Modellprojekt ist.",
                kind="choice",
                choices=labels("model_projects", "project_id", "name"),
            ),
            Field(
                "place_key",
                "Kommune (AGS)",
                "Amtlicher Gemeindeschlüssel, 8 Ziffern. Nötig ohne Modellprojekt.",
                kind="place",
            ),
            Field("title", "Name der Lösung", "Wie die Lösung heißt, ohne Werbung.", required=True, words=15),
            Field(
                "theme_id", "Thema", "Eines der acht Themen.", kind="choice", choices=themes, required=True
            ),
            Field(
                "theme_fit",
                "Passt das Thema?",
                "Passt keines genau, wählen Sie das nächstliegende.",
                kind="choice",
                choices=THEME_FIT,
                required=True,
            ),
            Field(
                FURTHER_THEMES[0],
                "Weiteres Thema",
                "Wenn die Lösung zu mehreren gehört.",
                kind="choice",
                choices=themes,
            ),
            Field(
                FURTHER_THEMES[1],
                "Noch ein Thema",
                "Wenn die Lösung zu mehreren gehört.",
                kind="choice",
                choices=themes,
            ),
            Field(
                "area_de",
                "Bereich",
                "Aus der Liste, oder ein eigenes Wort, wenn keines passt.",
                choices={area: area for area in areas},
                required=True,
            ),
            Field(
                "summary_de",
                "Kurzbeschreibung",
                "Was sie tut und für wen. Ein bis zwei eigene Sätze, höchstens 30 Wörter.",
                required=True,
                words=30,
                lines=3,
            ),
            Field("status", "Stand", "Wo die Lösung steht.", kind="choice", choices=STATUS, required=True),
            Field(
                "status_as_of",
                "Stand vom",
                "Wann das galt: 2026, 11/2026 oder 22.11.2026; sonst „unbekannt“.",
                kind="moment",
                unknown=True,
                required=True,
            ),
            Field(
                "status_note_de",
                "Zum Stand",
                "In wenigen Worten, zum Beispiel „in Betrieb seit Mai“.",
                required=True,
            ),
            Field("technology_de", "Technik", "Software, Geräte, Schnittstellen.", lines=2),
            Field(
                "open_source",
                "Quelloffen?",
                "„ja“ nur, wenn eine Lizenz es belegt.",
                kind="choice",
                choices=OPEN_SOURCE,
                required=True,
            ),
            Field("repository", "Adresse des Codes", "Vollständig, mit https://"),
            Field(
                "cost_de",
                "Kosten",
                "Mit Jahr, und ob einmalig oder jährlich. Auch Arbeitszeit zählt.",
                lines=2,
            ),
            Field("duration_de", "Dauer", "Von wann bis wann, zum Beispiel „01/2024 bis 08/2025“."),
            Field(
                "scale_de", "Umfang und Nutzung", "Wie viele Menschen, Orte oder Geräte; mit Jahr.", lines=2
            ),
            Field(
                "evidence",
                "Wie gut ist das belegt?",
                "Ihre ehrliche Einschätzung der Quellen.",
                kind="choice",
                choices=EVIDENCE,
                required=True,
            ),
            Field(
                "note_de",
                "Was ist unsicher?",
                "Was andere wissen müssen, bevor sie sich darauf stützen.",
                lines=2,
            ),
            Field(
                "source_keys",
                "Quellen",
                "Kürzel vom Blatt „Quellen“, mehrere mit ; getrennt: Q1;Q2",
                required=True,
            ),
        ),
        upright=True,
    )


def _lessons() -> Sheet:
    return Sheet(
        LESSONS,
        "Je Zeile eine Erfahrung: was geholfen hat oder woran es hakte. Mindestens eine.",
        (
            Field(
                "kind",
                "Art",
                "Erfolgsfaktor oder Stolperfalle.",
                kind="choice",
                choices=KIND,
                required=True,
                width=16,
            ),
            Field(
                "statement_de",
                "Aussage",
                "Ein bis zwei Sätze in eigenen Worten, so dass andere danach handeln können.",
                required=True,
                words=60,
                lines=3,
                width=60,
            ),
            Field(
                "phase",
                "Phase",
                "Wann es sich zeigte.",
                kind="choice",
                choices=PHASE,
                required=True,
                width=15,
            ),
            Field(
                "basis",
                "Grundlage",
                "Woher Sie das wissen.",
                kind="choice",
                choices=BASIS,
                required=True,
                width=27,
            ),
            Field(
                "origin_de",
                "Woher stammt die Aussage?",
                "Zum Beispiel „Abschlussbericht Ulm“.",
                required=True,
                width=26,
            ),
            Field(
                "secondary_source",
                "Quelle ist Meinung oder Anriss?",
                "„ja“, wenn die Quelle nur eine Meinung, ein Dossier oder ein Anriss ist.",
                kind="choice",
                choices=YES_NO,
                required=True,
                width=15,
            ),
            Field(
                "source_keys",
                "Quellen",
                "Kürzel, mehrere mit ; getrennt. Leer bei eigener Einschätzung.",
                width=14,
            ),
            Field("note_de", "Was ist unsicher?", "Hinweis für andere, darf leer sein.", width=30),
        ),
        rows=LESSON_ROWS,
        at_least=1,
    )


def _sources() -> Sheet:
    return Sheet(
        SOURCES,
        "Je Zeile eine Quelle. Auch ein Vermerk Ihrer Verwaltung ist eine Quelle, wenn Sie ihn auf "
        "Nachfrage zeigen können.",
        (
            Field("key", "Kürzel", "", fixed=True, width=9),
            Field(
                "title",
                "Titel",
                "Titel der Veröffentlichung oder des Vermerks.",
                required=True,
                width=48,
                lines=2,
            ),
            Field(
                "publisher",
                "Herausgeber",
                "Stelle oder Zeitung, keine Privatperson.",
                required=True,
                width=30,
            ),
            Field(
                "date",
                "Datum",
                "2026, 11/2026 oder 22.11.2026. Leer, wenn unbekannt.",
                kind="moment",
                width=13,
            ),
            Field("url", "Adresse", "Vollständig, mit https://. Leer, wenn nicht veröffentlicht.", width=42),
            Field(
                "accessed_note",
                "Wie ausgewertet?",
                "Zum Beispiel „ganz gelesen“ oder „nur die Zusammenfassung“.",
                required=True,
                width=28,
            ),
            Field(
                "checked", "Gelesen am", "Zuletzt, als Tag: 22.11.2026.", kind="day", required=True, width=13
            ),
            Field(
                "licence",
                "Lizenz",
                "Aus der Liste oder wie in der Quelle. „Lizenz unbekannt“ heißt: keine Texte übernehmen.",
                choices={name: name for name in LICENCES},
                required=True,
                width=22,
            ),
        ),
        rows=SOURCE_ROWS,
        prefilled=tuple({"key": f"Q{number}"} for number in range(1, SOURCE_ROWS + 1)),
        at_least=1,
    )
