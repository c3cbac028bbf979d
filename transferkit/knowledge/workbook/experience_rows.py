"""From a filled „Erfahrungsblatt“ to new rows of the tables solutions, lessons and sources."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from transferkit.errors import PlaceError
from transferkit.knowledge import datasets, place
from transferkit.knowledge.workbook.experience import FURTHER_THEMES, LESSONS, SOLUTION, SOURCES
from transferkit.knowledge.workbook.filled import UnsoundError, repeated
from transferkit.knowledge.workbook.form import Filled, Problem, Record

Row = dict[str, str]
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
SOLUTION_LENGTH, SOURCE_LENGTH = 48, 64
SAME_SOURCE = ("title", "publisher", "date", "url")
COPIED = [
    "title",
    "theme_id",
    "theme_fit",
    "area_de",
    "summary_de",
    "status",
    "status_as_of",
    "status_note_de",
    "technology_de",
    "open_source",
    "repository",
    "cost_de",
    "duration_de",
    "scale_de",
    "evidence",
]


@dataclass(frozen=True)
class NewRows:
    """Rows to append, by table, in the order in which references stay whole; and the new solution's key."""

    solution_id: str
    tables: Mapping[str, list[Row]]


def new_rows(filled: Filled, name: str) -> NewRows:
    """Make the rows; UnsoundError names every field that contradicts the data or the other fields."""
    solution, lessons = filled.only(SOLUTION), filled.records[LESSONS]
    sources = filled.records[SOURCES]
    known = datasets.load("sources")
    cited = _Citations(sources, set(known["source_id"].astype(str)))
    problems = [
        *_solution_problems(solution),
        *repeated(sources, ["key"]),
        *cited.problems((solution, *lessons)),
        *_lesson_problems(lessons),
        *_address_problems((solution, *sources)),
    ]
    if problems:
        raise UnsoundError(name, problems)
    source_ids, source_rows = _source_rows(sources, known.fillna("").astype(str))
    row = _solution_row(solution, cited.ids(solution, source_ids))
    lesson_rows = [
        _lesson_row(number, lesson, row, cited.ids(lesson, source_ids))
        for number, lesson in enumerate(lessons, 1)
    ]
    return NewRows(row["solution_id"], {"sources": source_rows, "solutions": [row], "lessons": lesson_rows})


def slug(text: str, length: int) -> str:
    """Small letters, digits and hyphens; cut at a word."""
    plain = unicodedata.normalize("NFKD", text.translate(UMLAUTS)).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return words if len(words) <= length else words[: length + 1].rpartition("-")[0] or words[:length]


class _Citations:
    """The short names of sources: those of the sheet, and keys of the data package."""

    def __init__(self, sources: Iterable[Record], known: Collection[str]) -> None:
        self.sources = {record.text("key").casefold(): record for record in sources}
        self.known = known

    def problems(self, records: Iterable[Record]) -> list[Problem]:
        """Short names that lead nowhere, and sources that nobody names."""
        found, used = [], set[str]()
        for record in records:
            for key in _keys(record):
                used.add(key.casefold())
                if key.casefold() not in self.sources and key not in self.known:
                    remedy = (
                        f"Die Quelle „{key}“ steht nicht auf dem Blatt „{SOURCES}“. Tragen Sie sie dort ein."
                    )
                    found.append(record.problem("source_keys", remedy))
        return found + [
            record.problem(
                "key", "Diese Quelle wird nirgends genannt. Nennen Sie ihr Kürzel, oder leeren Sie die Zeile."
            )
            for key, record in self.sources.items()
            if key not in used
        ]

    def ids(self, record: Record, source_ids: Mapping[str, str]) -> str:
        return ";".join(dict.fromkeys(source_ids.get(key.casefold(), key) for key in _keys(record)))


def _keys(record: Record) -> list[str]:
    return [key.strip() for key in re.split(r"[;,]", record.text("source_keys")) if key.strip()]


def _solution_problems(solution: Record) -> Iterable[Problem]:
    project, town = solution.text("project_id"), solution.text("place_key")
    if not project and not town:
        yield solution.problem("place_key", "Nennen Sie das Modellprojekt oder die Kommune (AGS).")
    places = datasets.load("project_places")
    own = set(places.loc[places["project_id"] == project, "place_key"].astype(str))
    if project and town and town not in own:
        yield solution.problem(
            "place_key",
            "Diese Kommune gehört nicht zu dem Modellprojekt. Prüfen Sie beides, oder lassen Sie eines leer.",
        )
    table = datasets.load("solutions")
    same = table[(table["project_id"].fillna("") == project) & (table["title"] == solution.text("title"))]
    if not same.empty:
        yield solution.problem(
            "title",
            f"Diese Lösung gibt es schon ({same['solution_id'].iloc[0]}). Geben Sie einer anderen Lösung "
            "einen anderen Namen; Änderungen gehören in die Zeile des Datenpakets.",
        )
    if ";" in solution.text("area_de"):
        yield solution.problem("area_de", "Ein Bereich genügt, ohne Strichpunkt.")
    themes = [solution.text(name) for name in ("theme_id", *FURTHER_THEMES) if solution.text(name)]
    if len(set(themes)) < len(themes):
        yield solution.problem("theme_id", "Ein Thema ist zweimal gewählt. Leeren Sie eines der Felder.")


def _lesson_problems(lessons: Iterable[Record]) -> Iterable[Problem]:
    for lesson in lessons:
        own, cites = lesson.text("basis") == "own", bool(_keys(lesson))
        if own and cites:
            yield lesson.problem(
                "basis", "Eine eigene Einschätzung nennt keine Quelle. Ändern Sie Grundlage oder Quellen."
            )
        if not own and not cites:
            yield lesson.problem(
                "source_keys",
                "Hier fehlt die Quelle. Nennen Sie ein Kürzel, oder wählen Sie „eigene Einschätzung“.",
            )


def _address_problems(records: Iterable[Record]) -> Iterable[Problem]:
    for record in records:
        for name in ("url", "repository"):
            text = record.text(name)
            if text and not re.fullmatch(r"https?://[^\s/]+\.[^\s]+", text):
                yield record.problem(
                    name,
                    "Das ist keine vollständige Adresse. Sie beginnt mit https:// und hat keine Leerzeichen.",
                )


def _source_rows(records: Iterable[Record], known: pd.DataFrame) -> tuple[dict[str, str], list[Row]]:
    """The key of each source by its short name, and the rows that are new; a known source is taken."""
    rows_known = [dict(zip(known.columns, row, strict=True)) for row in known.itertuples(index=False)]
    there = {tuple(row[name] for name in SAME_SOURCE): row["source_id"] for row in rows_known}
    taken = {row["source_id"] for row in rows_known}
    ids, rows = {}, []
    for record in records:
        same = tuple(record.text(name) for name in SAME_SOURCE)
        if same not in there:
            words = slug(f"{record.text('publisher')} {record.text('title')}", SOURCE_LENGTH)
            there[same] = _unused(words, taken)
            taken.add(there[same])
            names = (*SAME_SOURCE, "accessed_note", "checked", "licence")
            row = {"source_id": there[same], **{name: record.text(name) for name in names}}
            if not row["url"]:  # so the form tells what an empty address means
                row["accessed_note"] += "; nicht veröffentlicht"
            rows.append(row)
        ids[record.text("key").casefold()] = there[same]
    return ids, rows


def _solution_row(solution: Record, source_ids: str) -> Row:
    project, town = solution.text("project_id"), solution.text("place_key")
    start = project or slug(_place_name(town), SOLUTION_LENGTH // 2)
    taken = set(datasets.load("solutions")["solution_id"].astype(str))
    note = " ".join(
        filter(None, [f"Aus {_place_name(town)} ({town})." if town else "", solution.text("note_de")])
    )
    return {
        "solution_id": _unused(slug(f"{start} {solution.text('title')}", SOLUTION_LENGTH), taken),
        "project_id": project,
        **{name: solution.text(name) for name in COPIED},
        "further_theme_ids": ";".join(solution.text(name) for name in FURTHER_THEMES if solution.text(name)),
        "note_de": note,
        "basis": "sourced",  # the form asks for a source of every solution
        "source_ids": source_ids,
    }


def _lesson_row(number: int, lesson: Record, solution: Row, source_ids: str) -> Row:
    own = lesson.text("basis") == "own"
    word = "erfolg" if lesson.text("kind") == "success-factor" else "stolper"
    names = ("kind", "statement_de", "phase", "basis", "secondary_source", "origin_de", "note_de")
    return {
        "lesson_id": f"{word}-{solution['solution_id']}-{number:02}",
        **{name: lesson.text(name) for name in names},
        "theme_id": solution["theme_id"],
        "project_id": solution["project_id"],
        "solution_id": solution["solution_id"],
        "scope": "general" if own else "mpsc" if solution["project_id"] else "context",
        "source_ids": source_ids,
    }


def _place_name(key: str) -> str:
    try:
        return str(place.place(key)["short_name"])
    except PlaceError:  # known by its key only: the shipped places are few
        return key


def _unused(key: str, taken: Collection[str]) -> str:
    number, free = 2, key
    while free in taken:
        free, number = f"{key}-{number}", number + 1
    return free
