"""Results of a session as tables for a notebook: distributions, what to discuss, rankings, the protocol.

`of` takes a session from the store, `load` a file of `transferkit workshop export`; both hold aggregates and
released texts only. Tables are pandas DataFrames. Of fewer than five answers only the number is told.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from transferkit.errors import SessionError, WorkshopError
from transferkit.workshop import codes, json_file
from transferkit.workshop.rows import Entry
from transferkit.workshop.sessions import Record
from transferkit.workshop.tally import Bar, Part, Tally, tally

if TYPE_CHECKING:
    import pandas as pd

FORMAT: Final = "transferkit-ergebnisse"
VERSION: Final = 1
LARGEST: Final = 20 * json_file.MEGABYTE
_BAR: Final = json_file.exactly(
    id=json_file.ONE_LINE, label=json_file.ONE_LINE, number=json_file.NUMBER, share=json_file.NUMBER
)
_PART: Final = json_file.exactly(
    id=json_file.ONE_LINE,
    label=json_file.ONE_LINE,
    answers=json_file.COUNT,
    bars={"anyOf": [{"type": "null"}, json_file.several(_BAR)]},
    spread={"anyOf": [{"type": "null"}, json_file.NUMBER]},
    sentence=json_file.ONE_LINE,
)
_FORM: Final = json_file.exactly(
    **dict.fromkeys(("code", "title", "format"), json_file.ONE_LINE),
    date=json_file.DAY,
    parameters={"type": "object"},
    tallies=json_file.several(
        json_file.exactly(
            exercise=json_file.EXERCISE,
            answers=json_file.COUNT,
            parts=json_file.several(_PART),
            texts=json_file.several(json_file.ONE_LINE),
        )
    ),
    protocol=json_file.several(json_file.ENTRY),
)


@dataclass(frozen=True)
class Results:
    """What a session brought; `date` is ISO text, `parameters` those of its notebook."""

    code: str
    title: str
    format: str
    date: str
    parameters: Mapping[str, Any]
    tallies: tuple[Tally, ...]
    protocol: tuple[Entry, ...]

    def tally(self, exercise: str) -> Tally:
        """The count of one exercise; SessionError if the session has no such question."""
        for one in self.tallies:
            if one.exercise["id"] == exercise:
                return one
        raise SessionError(f"Die Frage „{exercise}“ gibt es in dieser Werkstatt nicht.")


def of(record: Record) -> Results:
    """The results of a session as it stands."""
    values: dict[str, list[Any]] = defaultdict(list)
    texts: dict[str, list[str]] = defaultdict(list)
    for answer in record.answers:
        values[answer.exercise].append(answer.value)
        if answer.released:
            texts[answer.exercise].append(answer.value)
    session = record.session
    return Results(
        code=codes.grouped(session.code),
        title=session.title,
        format=session.format,
        date=f"{session.day:%Y-%m-%d}",
        parameters=session.parameters,
        tallies=tuple(
            tally(exercise, values[exercise["id"]], texts[exercise["id"]]) for exercise in session.exercises
        ),
        protocol=record.protocol,
    )


def answers(results: Results) -> pd.DataFrame:
    """A row per exercise: `exercise`, `kind`, `question`, `answers` (how many)."""
    rows = [
        {
            "exercise": one.exercise["id"],
            "kind": one.exercise["kind"],
            "question": one.exercise["question"],
            "answers": one.answers,
        }
        for one in results.tallies
    ]
    return _table(rows, "exercise", "kind", "question", "answers")


def distribution(results: Results, exercise: str) -> pd.DataFrame | None:
    """How the answers to one exercise are distributed; None below five (`sentence` says so in German).

    Columns: `item`, `item_label` (empty but for assessment and fit), `option`, `label`, `number` (answers;
    dots; points of a ranking; for numbers the value itself) and `share` of all. Items below five are missing.
    """
    rows = [
        {
            "item": part.id,
            "item_label": part.label,
            "option": bar.id,
            "label": bar.label,
            "number": bar.number,
            "share": bar.share,
        }
        for part in results.tally(exercise).parts
        for bar in part.bars or ()
    ]
    return _table(rows, "item", "item_label", "option", "label", "number", "share") if rows else None


def sentence(results: Results, exercise: str) -> str:
    """What is seen in one exercise, or why nothing is shown."""
    return " ".join(
        f"{part.label}: {part.sentence}" if part.label else part.sentence
        for part in results.tally(exercise).parts
    )


def spread(results: Results) -> pd.DataFrame:
    """What to discuss, the most disputed first: `exercise`, `question`, `item_label`, `answers`, `spread`
    (0 all agree, 1 as far apart as can be), `sentence`."""
    rows = [
        {
            "exercise": one.exercise["id"],
            "question": one.exercise["question"],
            "item_label": part.label,
            "answers": part.answers,
            "spread": part.spread,
            "sentence": part.sentence,
        }
        for one in results.tallies
        for part in one.parts
        if part.spread is not None
    ]
    rows.sort(key=lambda row: -row["spread"])
    return _table(rows, "exercise", "question", "item_label", "answers", "spread", "sentence")


def ranking(results: Results, exercise: str) -> pd.DataFrame | None:
    """Options of a dot vote or a ranking, the first one first: `place` (ties share one), `option`, `label`,
    `number`; None below five answers."""
    found = distribution(results, exercise)
    if found is None:
        return None
    place = found["number"].rank(method="min", ascending=False).astype(int)
    columns = ["place", "option", "label", "number"]
    return found.assign(place=place).sort_values("place", kind="stable")[columns].reset_index(drop=True)


def texts(results: Results, exercise: str | None = None) -> pd.DataFrame:
    """Free texts the facilitator has released: `exercise`, `question`, `text`."""
    rows = [
        {"exercise": one.exercise["id"], "question": one.exercise["question"], "text": text}
        for one in results.tallies
        if exercise in (None, one.exercise["id"])
        for text in one.texts
    ]
    return _table(rows, "exercise", "question", "text")


def decisions(results: Results) -> pd.DataFrame:
    """What was decided: `text`."""
    return _entries(results, "decision")[["text"]]


def questions(results: Results) -> pd.DataFrame:
    """What stayed open: `text`, `role` (who finds out), `due`."""
    return _entries(results, "question")


def tasks(results: Results) -> pd.DataFrame:
    """What is to be done: `text`, `role` (who does it, no name), `due` (as it was written)."""
    return _entries(results, "task")


def as_json(results: Results) -> str:
    """The results as the text of a file that `load` reads."""
    content = {"format": FORMAT, "version": VERSION, "results": asdict(results)}
    return json.dumps(content, ensure_ascii=False, indent=1)


def load(file: Path) -> Results:
    """Read a file of results; WorkshopError if it is damaged or something else."""
    content = json_file.read(file, LARGEST)
    if not isinstance(content, dict) or (content.get("format"), content.get("version")) != (FORMAT, VERSION):
        raise WorkshopError(f"{file} enthält keine Ergebnisse einer Werkstatt, die diese Version liest.")
    values: Any = content.get("results")
    json_file.require(values, _FORM, file)
    tallies = tuple(_tally(one) for one in values["tallies"])
    protocol = tuple(Entry(**entry) for entry in values["protocol"])
    return Results(**{**values, "tallies": tallies, "protocol": protocol})


def _tally(row: Mapping[str, Any]) -> Tally:
    parts = (
        Part(**{**part, "bars": None if part["bars"] is None else tuple(Bar(**bar) for bar in part["bars"])})
        for part in row["parts"]
    )
    return Tally(row["exercise"], row["answers"], tuple(parts), tuple(row["texts"]))


def _entries(results: Results, kind: str) -> pd.DataFrame:
    rows = [asdict(entry) for entry in results.protocol if entry.kind == kind]
    return _table(rows, "text", "role", "due")


def _table(rows: Sequence[Mapping[str, object]], *columns: str) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame([[row[column] for column in columns] for row in rows], columns=list(columns))
