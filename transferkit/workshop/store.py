"""The store: sessions, answers and protocols in SQLite or PostgreSQL, the same tables and the same code.

Whatever a method has written is committed when it returns; an answer is confirmed only then. The store keeps
no people: an answer lies under a key that only its author's device can make (see `codes`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields, replace
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, TimeoutError

from transferkit.errors import SessionError, StoreError, UnknownSessionError
from transferkit.workshop import database
from transferkit.workshop.rows import Answer, Entry, SessionRow

MOST_ANSWERS: Final = 1000  # per exercise: nobody fills a disk with answers from a phone
UNKNOWN: Final = "Eine Werkstatt mit diesem Code gibt es nicht. Prüfen Sie den Code."
DROPPED: Final = "Die Datenbank der Werkstätten antwortet nicht"

_tables = MetaData()
SESSIONS = Table(
    "sessions",
    _tables,
    Column("code", String(8), primary_key=True),
    *(Column(name, Text, nullable=False) for name in ("facilitator", "format", "title")),
    Column("day", Date, nullable=False),
    Column("expires", Date, nullable=False),
    Column("open", Boolean, nullable=False),
    *(Column(name, Text, nullable=False) for name in ("responsible", "parameters", "exercises")),
    *(Column(name, Text, nullable=False) for name in ("page", "facilitator_page")),
)
ANSWERS = Table(
    "answers",
    _tables,
    Column("session", String(8), primary_key=True),
    Column("exercise", String(60), primary_key=True),
    Column("key", String(32), primary_key=True),
    Column("value", Text, nullable=False),
    Column("released", Boolean, nullable=False),
    sqlite_with_rowid=False,
)
PROTOCOL = Table(
    "protocol",
    _tables,
    Column("session", String(8), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    *(Column(name, Text, nullable=False) for name in ("kind", "text", "role", "due")),
)


class Store:
    """A door to one database; may be used from many threads."""

    def __init__(self, url: str | None = None) -> None:
        """Open it and bring it up to date; StoreError if it cannot be had or is newer than this program."""
        self._engine = database.open_engine(url or database.default_url())

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    def add(self, session: SessionRow) -> None:
        """Keep a new session."""
        values = {**asdict(session), "parameters": _json(session.parameters)}
        with self._writing() as connection:
            connection.execute(
                insert(SESSIONS).values({**values, "exercises": _json(list(session.exercises))})
            )

    def sessions(self) -> list[SessionRow]:
        """All sessions by day, without their pages."""
        light = [column for column in SESSIONS.columns if column.name not in ("page", "facilitator_page")]
        with self._reading() as connection:
            rows = connection.execute(select(*light).order_by(SESSIONS.c.day, SESSIONS.c.code)).all()
        return [_session(row) for row in rows]

    def session(self, code: str) -> SessionRow:
        """The session with this code; UnknownSessionError if there is none."""
        with self._reading() as connection:
            row = connection.execute(select(SESSIONS).where(SESSIONS.c.code == code)).one_or_none()
        if row is None:
            raise UnknownSessionError(UNKNOWN)
        return _session(row)

    def state(self, code: str) -> dict[str, Any]:
        """What can change of a session: `open`, `facilitator`, and the day it `expires`."""
        columns = SESSIONS.c.open, SESSIONS.c.facilitator, SESSIONS.c.expires
        with self._reading() as connection:
            row = connection.execute(select(*columns).where(SESSIONS.c.code == code)).one_or_none()
        if row is None:
            raise UnknownSessionError(UNKNOWN)
        return dict(row._mapping)

    def change(self, code: str, **values: object) -> None:
        """Set `open` or `facilitator` of a session."""
        with self._writing() as connection:
            connection.execute(update(SESSIONS).where(SESSIONS.c.code == code).values(values))

    def delete(self, *codes: str) -> None:
        """Delete sessions with everything in them: the rows, and then the bytes."""
        with self._writing() as connection:
            for code in codes:
                for table in (ANSWERS, PROTOCOL):
                    connection.execute(delete(table).where(table.c.session == code))
                connection.execute(delete(SESSIONS).where(SESSIONS.c.code == code))
        with _told():
            database.leave_no_bytes(self._engine)

    def put(self, code: str, *given: Answer, even_closed: bool = False) -> int:
        """Keep answers, each under its key once: the last counts. Returns how many were new or changed.

        SessionError if the session is unknown, closed (unless `even_closed`) or full.
        """
        with self._writing() as connection:
            _require_open(connection, code, even_closed)
            return sum(_upsert(connection, code, answer) for answer in given)

    def take_back(self, code: str, exercise: str, key: str) -> None:
        """Forget one answer; nothing happens if there is none."""
        with self._writing() as connection:
            _require_open(connection, code, False)
            connection.execute(delete(ANSWERS).where(*_place(code, exercise, key)))

    def answers(self, code: str, *keys: str) -> list[Answer]:
        """All answers of a session in the order of their keys, or those with certain keys."""
        chosen = select(ANSWERS).where(ANSWERS.c.session == code)
        if keys:
            chosen = chosen.where(ANSWERS.c.key.in_(keys))
        with self._reading() as connection:
            rows = connection.execute(chosen.order_by(ANSWERS.c.exercise, ANSWERS.c.key)).all()
        return [Answer(row.exercise, row.key, json.loads(row.value), row.released) for row in rows]

    def release(self, code: str, exercise: str, key: str, released: bool) -> None:
        """Let all see a free text, or hide it again."""
        with self._writing() as connection:
            connection.execute(update(ANSWERS).where(*_place(code, exercise, key)).values(released=released))

    def settle(self, code: str) -> None:
        """Lay the answers down anew in the order of their keys.

        PostgreSQL keeps rows in the order they came, and that could tell whose answers belong together.
        """
        with self._writing() as connection:
            rows = connection.execute(
                delete(ANSWERS).where(ANSWERS.c.session == code).returning(ANSWERS)
            ).all()
            if rows:
                connection.execute(insert(ANSWERS), [dict(row._mapping) for row in sorted(rows, key=tuple)])

    def protocol(self, code: str) -> list[Entry]:
        """The protocol in the order it was written."""
        chosen = select(PROTOCOL).where(PROTOCOL.c.session == code).order_by(PROTOCOL.c.number)
        with self._reading() as connection:
            rows = connection.execute(chosen).all()
        return [Entry(*(getattr(row, name.name) for name in fields(Entry))) for row in rows]

    def note(self, code: str, entry: Entry) -> Entry:
        """Write an entry into the protocol; number 0 becomes the next free one."""
        with self._writing() as connection:
            _require_open(connection, code, True)
            if not entry.number:
                last = select(func.max(PROTOCOL.c.number)).where(PROTOCOL.c.session == code)
                entry = replace(entry, number=(connection.execute(last).scalar() or 0) + 1)
            connection.execute(
                delete(PROTOCOL).where(PROTOCOL.c.session == code, PROTOCOL.c.number == entry.number)
            )
            connection.execute(insert(PROTOCOL).values(session=code, **asdict(entry)))
        return entry

    def strike(self, code: str, number: int) -> None:
        """Remove an entry from the protocol."""
        with self._writing() as connection:
            connection.execute(
                delete(PROTOCOL).where(PROTOCOL.c.session == code, PROTOCOL.c.number == number)
            )

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with _told(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with _told(), self._engine.connect() as connection:
            yield connection.execution_options(reading=True)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (DBAPIError, TimeoutError) as error:
        reason = str(getattr(error, "orig", error)).strip().partition("\n")[0]
        raise StoreError(f"{DROPPED}: {reason}") from error


def _require_open(connection: Connection, code: str, even_closed: bool) -> None:
    """Hold the session's row, so that it cannot be closed between this and the commit."""
    chosen = select(SESSIONS.c.open).where(SESSIONS.c.code == code).with_for_update(read=True)
    is_open = connection.execute(chosen).scalar()
    if is_open is None:
        raise UnknownSessionError(UNKNOWN)
    if not is_open and not even_closed:
        raise SessionError("Diese Werkstatt ist geschlossen. Sie nimmt keine Antworten mehr an.")


def _upsert(connection: Connection, code: str, answer: Answer) -> bool:
    place = _place(code, answer.exercise, answer.key)
    value = _json(answer.value)
    kept = connection.execute(select(ANSWERS.c.value).where(*place)).scalar()
    if kept == value:
        return False
    if kept is None:
        counted = select(func.count()).where(ANSWERS.c.session == code, ANSWERS.c.exercise == answer.exercise)
        if connection.execute(counted).scalar_one() >= MOST_ANSWERS:
            raise SessionError(
                f"Zu dieser Frage gibt es schon {MOST_ANSWERS} Antworten, mehr nimmt sie nicht an."
            )
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    # Who changes a text that was released writes a new one: it waits for its release again.
    written = {"value": value, "released": answer.released}
    statement = dialect.insert(ANSWERS).values(
        session=code, exercise=answer.exercise, key=answer.key, **written
    )
    connection.execute(
        statement.on_conflict_do_update(index_elements=["session", "exercise", "key"], set_=written)
    )
    return True


def _place(code: str, exercise: str, key: str) -> tuple[Any, ...]:
    return ANSWERS.c.session == code, ANSWERS.c.exercise == exercise, ANSWERS.c.key == key


def _session(row: Row[Any]) -> SessionRow:
    values = dict(row._mapping)
    values["parameters"] = json.loads(values["parameters"])
    return SessionRow(**{**values, "exercises": json.loads(values["exercises"])})


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
