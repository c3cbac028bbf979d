"""What a store promises, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import re
import sqlite3
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from tests.workshop.example import Cluster, Database, answer
from transferkit.errors import SessionError, StoreError
from transferkit.workshop import codes, sessions
from transferkit.workshop import database as opening
from transferkit.workshop import store as storing
from transferkit.workshop.rows import Entry, SessionRow
from transferkit.workshop.store import Store


def test_a_session_comes_back_as_it_was_kept(store: Store, session: SessionRow) -> None:
    assert store.session(session.code) == SessionRow(
        **{**vars(session), "exercises": list(session.exercises)}
    )
    assert [one.code for one in store.sessions()] == [session.code]


def test_the_same_answer_sent_twice_counts_once(store: Store, session: SessionRow) -> None:
    given = answer(session, "first", "a")
    assert store.put(session.code, given) == 1
    assert store.put(session.code, given) == 0
    assert store.answers(session.code) == [given]


def test_a_changed_mind_replaces_the_answer(store: Store, session: SessionRow) -> None:
    secret = codes.new_secret()
    store.put(session.code, answer(session, "first", "a", secret))
    changed = answer(session, "first", "b", secret)
    assert store.put(session.code, changed) == 1
    assert store.answers(session.code) == [changed]


def test_an_answer_can_be_taken_back(store: Store, session: SessionRow) -> None:
    given = answer(session, "first", "a")
    store.put(session.code, given)
    store.take_back(session.code, "first", given.key)
    store.take_back(session.code, "first", given.key)
    assert store.answers(session.code) == []


def test_a_hundred_people_answering_at_once_lose_nothing(store: Store, session: SessionRow) -> None:
    given = [answer(session, "vote", {"a": 1, "b": 2}) for _ in range(100)]
    with ThreadPoolExecutor(20) as people:
        kept = list(people.map(lambda one: store.put(session.code, one), [*given, *given]))
    assert sum(kept) == 100
    assert store.answers(session.code) == sorted(given, key=lambda one: one.key)


def test_a_closed_session_takes_nothing_and_an_unknown_one_neither(store: Store, session: SessionRow) -> None:
    sessions.close(store, session.code)
    with pytest.raises(SessionError, match="geschlossen"):
        store.put(session.code, answer(session, "first", "a"))
    with pytest.raises(SessionError, match="gibt es nicht"):
        store.put("ZZZZZZZZ", answer(session, "first", "a"))
    sessions.open_again(store, session.code)
    assert store.put(session.code, answer(session, "first", "a")) == 1


def test_closing_leaves_no_trace_of_the_order_in_which_answers_came(
    store: Store, session: SessionRow, database: Database
) -> None:
    for _ in range(30):
        store.put(session.code, answer(session, "ready", 2))
    sessions.close(store, session.code)
    with _engine(database).connect() as connection:
        keys = connection.execute(text("SELECT key FROM answers")).scalars().all()
    assert len(keys) == 30
    assert list(keys) == sorted(keys)


def test_nobody_fills_the_disk_with_answers(
    store: Store, session: SessionRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storing, "MOST_ANSWERS", 3)
    first = answer(session, "first", "a")
    store.put(session.code, first, *(answer(session, "first", "a") for _ in range(2)))
    with pytest.raises(SessionError, match="schon 3 Antworten"):
        store.put(session.code, answer(session, "first", "a"))
    assert store.put(session.code, answer(session, "also", ["a"])) == 1


def test_a_text_that_is_changed_waits_for_its_release_again(store: Store, session: SessionRow) -> None:
    secret = codes.new_secret()
    given = answer(session, "why", "Kosten", secret)
    store.put(session.code, given)
    store.release(session.code, "why", given.key, True)
    assert store.answers(session.code)[0].released
    store.put(session.code, answer(session, "why", "Zeit", secret))
    assert not store.answers(session.code)[0].released


def test_the_protocol_keeps_its_order_and_can_be_mended(store: Store, session: SessionRow) -> None:
    first = store.note(session.code, Entry(0, "decision", "Wir fragen Fuchstal."))
    second = store.note(session.code, Entry(0, "task", "Anrufen", "Bauamt", "bis März"))
    mended = store.note(session.code, Entry(first.number, "decision", "Wir fragen Hof."))
    assert store.protocol(session.code) == [mended, second]
    store.strike(session.code, first.number)
    assert store.protocol(session.code) == [second]


def test_deleting_a_session_leaves_no_byte_of_it(
    store: Store, begin: Callable[..., SessionRow], database: Database
) -> None:
    kept, gone = begin(title="Bleibt-hier"), begin(title="Verschwindet-ganz")
    for number in range(50):
        store.put(gone.code, answer(gone, "why", f"Geheimniskraemerei {number}"))
        store.put(kept.code, answer(kept, "why", "Bleibekram"))
    store.note(gone.code, Entry(0, "task", "Protokollgeheimnis"))
    assert database.holds("Geheimniskraemerei")
    store.delete(gone.code)
    for word in ("Geheimniskraemerei", "Verschwindet-ganz", "Protokollgeheimnis", gone.code):
        assert not database.holds(word), word
    assert database.holds("Bleibekram")
    assert len(store.answers(kept.code)) == 50
    with pytest.raises(SessionError):
        store.session(gone.code)


def test_deleting_makes_the_file_shrink(
    store: Store, begin: Callable[..., SessionRow], database: Database
) -> None:
    def size() -> int:
        return sum(path.stat().st_size for path in database.files() if path.is_file())

    gone = begin()
    for start in range(0, 900, 300):
        store.put(gone.code, *(answer(gone, "why", f"{n}" * 90) for n in range(start, start + 300)))
    before = size()
    store.delete(gone.code)
    assert size() < before - 100_000


def test_deleting_does_not_mind_that_others_read(
    store: Store, begin: Callable[..., SessionRow], database: Database
) -> None:
    gone, kept = begin(), begin()
    other = Store(database.url)
    store.put(gone.code, answer(gone, "why", "Geheimniskraemerei"))
    with ThreadPoolExecutor(1) as reader:
        reading = reader.submit(lambda: [other.answers(kept.code) for _ in range(300)])
        store.delete(gone.code)
        reading.result()
    other.close()
    assert not database.holds("Geheimniskraemerei")


def test_a_dump_holds_no_person_no_address_and_no_time(
    store: Store, session: SessionRow, database: Database, request: pytest.FixtureRequest
) -> None:
    secrets = [codes.new_secret() for _ in range(6)]
    for secret in secrets:
        store.put(session.code, answer(session, "first", "a", secret), answer(session, "ready", 2, secret))
    dumped = _dump(database, request)
    assert "answers" in dumped
    for secret in secrets:
        assert secret not in dumped
        assert codes.grouped(secret) not in dumped
        per_exercise = {codes.key(secret, session.code, exercise) for exercise in ("first", "ready")}
        assert len(per_exercise) == 2  # nothing both answers of a person have in common
    assert not re.search(r"\b\d{1,3}(\.\d{1,3}){3}\b", dumped)
    data = "\n".join(line for line in dumped.splitlines() if not line.startswith("--"))
    assert not re.search(r"\d\d:\d\d", data)
    tables = set(re.findall(r"CREATE TABLE (?:public\.)?(\w+)", dumped))
    assert tables == {"sessions", "answers", "protocol", "alembic_version"}


def test_an_answer_is_kept_with_its_key_its_value_and_its_release_and_nothing_more() -> None:
    columns = {column.name for column in storing.ANSWERS.columns}
    assert columns == {"session", "exercise", "key", "value", "released"}


def test_a_store_newer_than_the_program_is_left_alone(
    store: Store, session: SessionRow, database: Database
) -> None:
    with _engine(database).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '99'"))
    with pytest.raises(StoreError, match=r"neueren Version.*Aktualisieren Sie transferkit"):
        Store(database.url)
    assert store.session(session.code).code == session.code


def test_the_newest_migration_is_the_one_the_program_expects_and_makes_its_tables(
    store: Store, database: Database
) -> None:
    config = Config()
    config.set_main_option("script_location", str(opening.MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == opening.SCHEMA
    for table in storing._tables.tables.values():
        with _engine(database).connect() as connection:
            connection.execute(table.select())


def test_many_who_open_a_new_store_at_once_all_get_in(database: Database) -> None:
    with ThreadPoolExecutor(6) as people:
        stores = list(people.map(lambda _: Store(database.url), range(6)))
    assert [one.sessions() for one in stores] == [[]] * 6
    for one in stores:
        one.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("werkstatt.sqlite", "keine Adresse einer Datenbank"),
        ("sqlite://", "brauchen eine Datei"),
        ("mysql://host/db", "Möglich sind SQLite und PostgreSQL"),
        ("postgresql://user:geheim@127.0.0.1:1/nichts", "lässt sich nicht öffnen"),
        ("sqlite:////dev/null/x/werkstatt.sqlite", "lässt sich nicht anlegen"),
    ],
)
def test_an_address_that_cannot_work_is_told_in_german_without_its_password(url: str, said: str) -> None:
    with pytest.raises(StoreError, match=said) as told:
        Store(url)
    assert "geheim" not in str(told.value)


def test_the_file_is_for_its_owner_only_and_answers_survive_a_power_cut(tmp_path: Path) -> None:
    file = tmp_path / "neu" / "werkstatt.sqlite"
    store = Store(f"sqlite:///{file}")
    assert file.stat().st_mode & 0o077 == 0
    with store._reading() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "secure_delete")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}
    store.close()


def _engine(database: Database):  # type: ignore[no-untyped-def]
    return create_engine(database.url.replace("postgresql:", "postgresql+psycopg:"))


def _dump(database: Database, request: pytest.FixtureRequest) -> str:
    """The whole database as the tool of its kind writes it."""
    if database.url.startswith("sqlite"):
        with sqlite3.connect(database.url.removeprefix("sqlite:///")) as connection:
            return "\n".join(connection.iterdump())
    cluster: Cluster = request.getfixturevalue("postgresql")
    done = subprocess.run(
        [cluster.programs / "pg_dump", database.url], capture_output=True, text=True, check=True
    )
    return done.stdout
