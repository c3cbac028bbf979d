"""An experience sheet: one solution with what is known, how sure that is, and what to ask."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from transferkit.present import german, tables
from transferkit.present.block import Block, fragment, source_marks
from transferkit.present.tables import Fact

OPENNESS = {"yes": "ja", "no": "nein"}
QUESTIONS = {
    "cost_de": "Was hat die Lösung einmalig gekostet, und was kostet der Betrieb im Jahr?",
    "duration_de": "Wie lange dauerte es von der Idee bis zum Betrieb?",
    "technology_de": "Welche Technik und welche Schnittstellen nutzen Sie?",
    "scale_de": "Wie viele Menschen nutzen die Lösung, und wie messen Sie das?",
    "repository": "Dürfen wir Code, Vorlagen und Verträge nachnutzen?",
}
ALWAYS_ASKED = (
    "Läuft die Lösung heute noch, und wer bezahlt sie nach dem Ende der Förderung?",
    "Was würden Sie heute anders machen?",
)


def facts(solution: pd.Series, theme: str) -> Block:
    """All that is known about a solution; what is not reads „nicht veröffentlicht“."""
    link = solution["repository"]
    return tables.facts(
        [
            Fact("Wer", _project(solution)),
            Fact(
                "Stand",
                german.status(solution["status"], solution["status_as_of"]),
                source_ids=solution["source_ids"],
            ),
            *_status_note(solution),
            Fact("Thema", tables.link(f"themen/{solution['theme_id']}.html", theme)),
            Fact("Bereich", solution["area_de"], source_ids=solution["source_ids"]),
            Fact("Technik", solution["technology_de"], source_ids=solution["source_ids"]),
            Fact("Quelloffen", OPENNESS.get(str(solution["open_source"]))),
            Fact("Code", None if german.is_missing(link) else Markup('<a href="{0}">{0}</a>').format(link)),
            Fact("Kosten", solution["cost_de"], source_ids=solution["source_ids"]),
            Fact("Dauer", solution["duration_de"], source_ids=solution["source_ids"]),
            Fact("Umfang und Nutzung", solution["scale_de"], source_ids=solution["source_ids"]),
        ]
    ).resting_on(solution)


def _status_note(solution: pd.Series) -> list[Fact]:
    """What the source adds to the status; nothing if it only repeats it."""
    note = solution["status_note_de"]
    if german.is_missing(note) or note in german.STATUS.values():
        return []
    return [Fact("Dazu die Quelle", note, source_ids=solution["source_ids"])]


def _project(solution: pd.Series) -> object:
    if german.is_missing(solution["project_id"]):
        return None
    return tables.link(f"projekte/{solution['project_id']}.html", str(solution["project"]))


def summary(solution: pd.Series) -> Block:
    """What it is, with its sources; a contested solution never without the counter-note."""
    note = solution["note_de"] if solution["evidence"] == "contested" else None
    said = Markup("{}{}").format(solution["summary_de"], source_marks(solution["source_ids"]))
    return tables.prose(said) if german.is_missing(note) else tables.prose(said, f"Gegenhinweis: {note}")


def certainty(solution: pd.Series) -> Block:
    """How sure we are: the strength of the evidence in words, and every note on uncertainty."""
    strength = german.EVIDENCE[str(solution["evidence"])]
    lines = [f"Beleg: {strength}. {german.EVIDENCE_TEXT[str(solution['evidence'])]}"]
    if not german.is_missing(solution["note_de"]):
        lines.append(f"Hinweis: {solution['note_de']}")
    lines.append(
        "Der Stand gilt für das Datum der Quelle, nicht für heute. Fragen Sie nach, bevor Sie entscheiden."
    )
    return tables.prose(*lines)


def questions(solution: pd.Series) -> Block:
    """What to ask the project: whatever is not published, and what no source can tell."""
    missing = [words for field, words in QUESTIONS.items() if german.is_missing(solution[field])]
    return fragment("questions-to-ask", questions=[*missing, *ALWAYS_ASKED])


def project_facts(project: pd.Series) -> Block:
    """A model project in fact lines."""
    return tables.facts(
        [
            Fact(
                "Titel",
                project["title"],
                when="eigene Formulierung" if project["title_basis"] == "own" else "",
            ),
            Fact("Land", str(project["land_names"]).replace(";", ", "), source_ids=project["source_ids"]),
            Fact("Ausgewählt", f"{project['cohort_year']}, Runde {project['cohort']}"),
            Fact("Kategorie der Auswahl", project["kind"]),
            Fact(
                "Förderung",
                project["funding_de"],
                when="Angaben aus Presse und Porträts"
                if not german.is_missing(project["funding_de"])
                else "",
                source_ids=project["source_ids"],
            ),
            *([] if german.is_missing(project["note_de"]) else [Fact("Hinweis", project["note_de"])]),
        ]
    ).resting_on(project)


def communities(relations: pd.DataFrame) -> Block | None:
    """Which communities a project is known to belong to, with the source of each."""
    frame = relations.assign(
        said=_with_marks(relations["relation_de"], relations["source_ids"]),
    )
    return tables.table(frame, {"community": "Gemeinschaft", "said": "Bezug"}, "Belegte Bezüge")


def _with_marks(words: pd.Series, sources: pd.Series) -> pd.Series:
    """Text with its source marks; as objects, because a text column would lose the markup."""
    said = [Markup("{}{}").format(w, source_marks(s)) for w, s in zip(words, sources, strict=True)]
    return pd.Series(said, index=words.index, dtype=object)


def events(table: pd.DataFrame, edition: str) -> Block | None:
    """Events of a project; those before the edition are told as past."""
    past = table["date"].astype(str).str[:7] < edition[:7]
    said = table.assign(
        when=[german.date(day) for day in table["date"]],
        tense=["war" if is_past else "kommt" for is_past in past],
        said=_with_marks(table["title_de"], table["source_ids"]),
    )
    return tables.table(
        said,
        {"when": "Datum", "said": "Veranstaltung", "place_de": "Ort"},
        "Veranstaltungen",
        subtitle=f"Stand {german.date(edition)}" + (". Alle genannten liegen zurück." if past.all() else ""),
    )
