"""What a workshop brought: its results as tables, and the group's experience as a form to be reviewed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from transferkit.knowledge.datasets import load
from transferkit.knowledge.workbook import experience, experience_words, proposal, writing
from transferkit.present import german
from transferkit.present.office_file import OfficeFile, stable
from transferkit.project import notebooks_folder
from transferkit.workshop import results

EXAMPLE = "workshops/beispiel-ergebnisse.json"
LESSONS = {"gelungen": "success-factor", "gehakt": "pitfall"}  # exercise -> kind of lesson
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Answered:
    """One question with what the answers say; `table` as `results.distribution`, None below five answers."""

    question: str
    answers: int
    sentence: str
    table: pd.DataFrame | None


@dataclass(frozen=True)
class Report:
    """A session's results. `date`: ISO. Tables: `decisions` (text), `questions` and `tasks` (text, role,
    due), `spread` (as `results.spread`), `texts` (exercise, question, text: released ones only).
    """

    title: str
    code: str
    date: str
    parameters: Mapping[str, Any]
    answered: tuple[Answered, ...]
    decisions: pd.DataFrame
    questions: pd.DataFrame
    tasks: pd.DataFrame
    spread: pd.DataFrame
    texts: pd.DataFrame
    is_example: bool


def workshop_report(file: str = "") -> Report:
    """Read the file of results that `transferkit workshop export` wrote; without one, an invented example.

    Raises WorkshopError for a file that is damaged or something else.
    """
    found = results.load(Path(file) if file else notebooks_folder() / EXAMPLE)
    return Report(
        title=found.title,
        code=found.code,
        date=found.date,
        parameters=found.parameters,
        answered=tuple(
            Answered(
                row["question"],
                row["answers"],
                results.sentence(found, row["exercise"]),
                # The quarters of numbers are told in the sentence; they have no shares.
                None if row["kind"] == "number" else results.distribution(found, row["exercise"]),
            )
            for row in results.answers(found).to_dict("records")
            if row["kind"] != "text"
        ),
        decisions=results.decisions(found),
        questions=results.questions(found),
        tasks=results.tasks(found),
        spread=results.spread(found),
        texts=results.texts(found),
        is_example=not file,
    )


def experience_form(report: Report) -> OfficeFile | None:
    """What the group told of its own experience, in the form for an experience sheet; None if nothing.

    It counts only when a person has reviewed, completed and imported it (`transferkit workbook import`).
    """
    told = report.texts[report.texts["exercise"].isin(list(LESSONS))]
    if told.empty:
        return None
    lessons = [
        {
            "kind": experience_words.KIND[LESSONS[exercise]],
            "statement_de": text,
            "basis": experience_words.BASIS["own"],
        }
        for exercise, text in told[["exercise", "text"]].to_numpy()
    ]
    proposals = {experience.SOLUTION: [_solution(report)], experience.LESSONS: lessons}
    form = proposal.proposed(experience.form(), proposals)
    content = stable(writing.content(form), report.date)
    return OfficeFile("Erfahrungsblatt zum Prüfen", "Excel-Datei (XLSX)", "Erfahrung.xlsx", XLSX, content)


def _solution(report: Report) -> dict[str, str]:
    """What is known of the solution without asking: theme and place, and where the words come from."""
    origin = "Beispiel" if report.is_example else f"Werkstatt am {german.date(report.date)}"
    given = {"note_de": f"{origin}: Aussagen aus der Gruppe, noch nicht geprüft."}
    themes = dict(load("themes")[["theme_id", "name_de"]].to_numpy())
    if (theme := report.parameters.get("theme")) in themes:
        given["theme_id"] = str(themes[theme])
    place = str(report.parameters.get("place") or report.parameters.get("places") or "")
    if place and "+" not in place:
        given["place_key"] = place
    return given
