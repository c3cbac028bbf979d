"""Backups: all sessions in one JSON file, the same from SQLite and from PostgreSQL, read back into either."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from transferkit.errors import UnknownSessionError, WorkshopError
from transferkit.workshop.rows import Answer, Entry, SessionRow
from transferkit.workshop.sessions import Record, record
from transferkit.workshop.store import Store

FORMAT: Final = "transferkit-werkstaetten"
VERSION: Final = 1


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
    sessions = answers = entries = expired = 0
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
        answers += store.put(one.session.code, *missing, even_closed=True)
        numbers = {entry.number for entry in store.protocol(one.session.code)}
        for entry in one.protocol:
            if entry.number not in numbers:
                store.note(one.session.code, entry)
                entries += 1
    return Restored(sessions, answers, entries, expired)


def write_private(file: Path, text: str) -> None:
    """Write a file in one step, readable for this user only; WorkshopError if that is not possible."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        beside.touch(mode=0o600)
        with beside.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(text + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(beside, file)
    except OSError as error:
        beside.unlink(missing_ok=True)
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
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise WorkshopError(f"{file} ist keine Sicherung von Werkstätten.")
        if content["version"] != VERSION:
            raise WorkshopError(f"{file} stammt aus einer neueren Version. Aktualisieren Sie transferkit.")
        return [_record(row) for row in content["sessions"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WorkshopError(f"{file} ist nicht lesbar oder beschädigt: {error}") from error


def _record(row: Mapping[str, Any]) -> Record:
    values = dict(row)
    answers = tuple(Answer(**answer) for answer in values.pop("answers"))
    protocol = tuple(Entry(**entry) for entry in values.pop("protocol"))
    for name in ("day", "expires"):
        values[name] = date.fromisoformat(values[name])
    return Record(SessionRow(**values), answers, protocol)
