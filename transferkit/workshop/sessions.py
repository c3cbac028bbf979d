"""Sessions: begun, opened, closed, forgotten when their time has come, and read as one record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from transferkit.errors import SessionError, UnknownSessionError, WorkshopError
from transferkit.workshop import codes
from transferkit.workshop.rows import Answer, Entry, SessionRow
from transferkit.workshop.store import Store

DAYS: Final = 30  # after the day of the workshop a session is deleted
MOST_DAYS: Final = 365
KINDS: Final = {"decision": "Entscheidung", "question": "Offene Frage", "task": "Aufgabe"}


@dataclass(frozen=True)
class Material:
    """What a session shows: two pages of HTML made from the format's notebook, and the exercises in them."""

    page: str
    facilitator_page: str
    exercises: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Record:
    """A session with all that is in it."""

    session: SessionRow
    answers: tuple[Answer, ...]
    protocol: tuple[Entry, ...]


def new(
    store: Store,
    *,
    format: str,
    title: str,
    day: date,
    material: Material,
    parameters: Mapping[str, Any] | None = None,
    responsible: str = "",
    days: int = DAYS,
    code: str = "",
) -> tuple[SessionRow, str]:
    """Begin an open session; returns it with the facilitator's secret, which is kept nowhere.

    Without a `code` it gets one. It is deleted `days` after its `day`. WorkshopError for too many days or two
    exercises of one id.
    """
    if not 1 <= days <= MOST_DAYS:
        raise WorkshopError(f"Eine Werkstatt bleibt 1 bis {MOST_DAYS} Tage gespeichert, nicht {days}.")
    ids = [exercise["id"] for exercise in material.exercises]
    if twice := sorted({id for id in ids if ids.count(id) > 1}):
        raise WorkshopError(f"Die Frage „{twice[0]}“ kommt im Notizbuch mehr als einmal vor.")
    secret = codes.new_facilitator_secret()
    session = SessionRow(
        code=code or codes.new_code(),
        facilitator=codes.fingerprint(secret),
        format=format,
        title=title,
        day=day,
        expires=max(day, date.today()) + timedelta(days=days),
        open=True,
        responsible=responsible,
        parameters=parameters or {},
        exercises=tuple(material.exercises),
        page=material.page,
        facilitator_page=material.facilitator_page,
    )
    store.add(session)
    return session, secret


def find(store: Store, typed: str) -> SessionRow:
    """The session of a code as people type it; UnknownSessionError if there is none."""
    code = codes.plain(typed)
    if not codes.is_code(code):
        raise UnknownSessionError(
            f"„{typed}“ ist kein Code einer Werkstatt. Ein Code hat {codes.CODE_LETTERS} Zeichen, "
            "zum Beispiel KM7F-3QXR."
        )
    return store.session(code)


def open_again(store: Store, code: str) -> None:
    """Take answers again."""
    store.change(code, open=True)


def close(store: Store, code: str) -> None:
    """Take no more answers, and leave no trace of the order in which they came."""
    store.change(code, open=False)
    store.settle(code)


def renew_facilitator(store: Store, code: str) -> str:
    """A new secret for the facilitator; the old link leads nowhere from now on."""
    secret = codes.new_facilitator_secret()
    store.change(code, facilitator=codes.fingerprint(secret))
    return secret


def forget_expired(store: Store, today: date | None = None) -> list[str]:
    """Delete every session whose time has come; returns their codes."""
    today = today or date.today()
    expired = [session.code for session in store.sessions() if session.expires <= today]
    if expired:
        store.delete(*expired)
    return expired


def record(store: Store, code: str) -> Record:
    """A session with its answers and its protocol; SessionError if there is none."""
    return Record(store.session(code), tuple(store.answers(code)), tuple(store.protocol(code)))


def exercise(session: SessionRow, id: str) -> Mapping[str, Any]:
    """The definition of one exercise; SessionError if the session has no such question."""
    for definition in session.exercises:
        if definition["id"] == id:
            return definition
    raise SessionError("Diese Frage gibt es in der Werkstatt nicht.")
