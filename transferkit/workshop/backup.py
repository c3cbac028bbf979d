"""Backups: all sessions in one JSON file, the same from SQLite and from PostgreSQL, read back into either."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from transferkit.errors import AnswerError, UnknownSessionError, WorkshopError
from transferkit.workshop import answers, codes, json_file
from transferkit.workshop.rows import Answer, Entry, SessionRow
from transferkit.workshop.sessions import MOST_DAYS, Record, exercise, record
from transferkit.workshop.store import Store

FORMAT: Final = "transferkit-werkstaetten"
VERSION: Final = 1
LARGEST: Final = 200 * json_file.MEGABYTE
_ANSWER: Final = json_file.exactly(
    exercise=json_file.ONE_LINE,
    key={"type": "string", "pattern": r"^[0-9a-f]{32}\Z"},
    value={},
    released=json_file.FLAG,
)
_FORM: Final = json_file.exactly(
    **dict.fromkeys(("code", "format", "title", "responsible"), json_file.ONE_LINE),
    facilitator={"type": "string", "pattern": r"^[0-9a-f]{64}\Z"},
    **dict.fromkeys(("day", "expires"), json_file.DAY),
    open=json_file.FLAG,
    parameters={"type": "object"},
    exercises=json_file.several(json_file.EXERCISE),
    **dict.fromkeys(("page", "facilitator_page"), json_file.LONG),
    answers=json_file.several(_ANSWER),
    protocol=json_file.several(json_file.ENTRY),
)


@dataclass(frozen=True)
class Restored:
    """How many sessions, answers and entries of the protocol came back; `expired` sessions did not."""

    sessions: int
    answers: int
    entries: int
    expired: int


def backup(store: Store, file: Path) -> list[SessionRow]:
    """Write all sessions into a new file that only this user may read; returns them."""
    records = [record(store, session.code) for session in store.sessions()]
    content = {"format": FORMAT, "version": VERSION, "sessions": [_as_json(one) for one in records]}
    write_private(file, json.dumps(content, ensure_ascii=False, indent=1))
    return [one.session for one in records]


def restore(store: Store, file: Path, today: date | None = None) -> Restored:
    """Bring back what is missing; what the store has stays as it is. WorkshopError for a damaged file."""
    today = today or date.today()
    sessions = new = entries = expired = 0
    for one in _records(file):
        if one.session.expires <= today:
            expired += 1
            continue
        try:
            store.session(one.session.code)
        except UnknownSessionError:
            store.add(one.session)
            sessions += 1
        here = {(answer.exercise, answer.key) for answer in store.answers(one.session.code)}
        missing = [answer for answer in one.answers if (answer.exercise, answer.key) not in here]
        new += store.put(one.session.code, *missing, even_closed=True)
        numbers = {entry.number for entry in store.protocol(one.session.code)}
        for entry in one.protocol:
            if entry.number not in numbers:
                store.note(one.session.code, entry)
                entries += 1
    return Restored(sessions, new, entries, expired)


def write_private(file: Path, text: str) -> None:
    """Write a file in one step, readable for this user only; WorkshopError if that is not possible."""
    beside = None
    try:
        # A name nobody can guess: in a shared folder somebody else could have put a file of their own there.
        handle, beside = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(beside, file)
    except OSError as error:
        if beside is not None:
            Path(beside).unlink(missing_ok=True)
        raise WorkshopError(f"{file} lässt sich nicht schreiben ({error.strerror}).") from error


def _as_json(one: Record) -> dict[str, Any]:
    session = asdict(one.session)
    return {
        **session,
        "day": f"{one.session.day:%Y-%m-%d}",
        "expires": f"{one.session.expires:%Y-%m-%d}",
        "answers": [asdict(answer) for answer in one.answers],
        "protocol": [asdict(entry) for entry in one.protocol],
    }


def _records(file: Path) -> list[Record]:
    """All sessions of the file, or none: WorkshopError before anything is kept."""
    content = json_file.read(file, LARGEST)
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise WorkshopError(f"{file} ist keine Sicherung von Werkstätten.")
    if content.get("version") != VERSION:
        raise WorkshopError(f"{file} stammt aus einer neueren Version. Aktualisieren Sie transferkit.")
    rows: Any = content.get("sessions")
    json_file.require(rows, json_file.several(_FORM), file)
    try:
        return [_record(row) for row in rows]
    except (ValueError, OverflowError, AnswerError) as error:
        raise WorkshopError(
            f"{file} ist beschädigt: Ein Tag oder eine Antwort kann nicht stimmen."
        ) from error


def _record(row: Mapping[str, Any]) -> Record:
    """A session as the file has it; ValueError or AnswerError for what this program would never have kept."""
    values = dict(row)
    given = tuple(Answer(**answer) for answer in values.pop("answers"))
    protocol = tuple(Entry(**entry) for entry in values.pop("protocol"))
    for name in ("day", "expires"):
        values[name] = date.fromisoformat(values[name])
    session = SessionRow(**values)
    if not codes.is_code(session.code):
        raise ValueError(session.code)
    if session.expires > max(session.day, date.today()) + timedelta(days=MOST_DAYS):
        raise ValueError("nobody keeps answers for ever")
    for answer in given:
        answers.checked(exercise(session, answer.exercise), answer.value)
    return Record(session, given, protocol)
