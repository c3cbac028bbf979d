"""The database workshops are kept in: opened, brought up to date, emptied so that no byte stays.

SQLite needs nothing to be set up; PostgreSQL is for those who have it. Both keep the same tables, and Alembic
brings an older database up to date when it is opened.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import platformdirs
from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import QueuePool

from transferkit.errors import StoreError

SCHEMA: Final = "1"  # the newest migration; a test compares
MIGRATIONS: Final = Path(__file__).parent / "migrations"
BUSY_SECONDS: Final = 15
CONNECTIONS: Final = 8
TABLES: Final = {"sessions": "code", "answers": "session, exercise, key", "protocol": "session, number"}
UPGRADE_LOCK: Final = 7_246_031  # any number, the same for all who upgrade


def default_url() -> str:
    """SQLite in the user's data folder; TRANSFERKIT_WORKSHOPS names another address or file."""
    if wished := os.environ.get("TRANSFERKIT_WORKSHOPS"):
        return wished if "://" in wished else f"sqlite:///{Path(wished).resolve()}"
    folder = Path(platformdirs.user_data_dir("transferkit", appauthor=False))
    return f"sqlite:///{folder / 'workshops.sqlite'}"


def open_engine(url: str) -> Engine:
    """The database at this address, up to date; StoreError if out of reach or newer than the program."""
    engine = _engine(url)
    try:
        _upgrade(engine)
    except DBAPIError as error:
        raise StoreError(
            f"Die Datenbank {_shown(url)} lässt sich nicht öffnen: {_first_line(error)} "
            "Prüfen Sie die Adresse, die Rechte und ob die Datenbank läuft."
        ) from error
    return engine


def leave_no_bytes(engine: Engine) -> None:
    """Write the database anew without what was deleted; StoreError if others keep the old bytes in use."""
    if engine.dialect.name == "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            _retried(lambda: connection.exec_driver_sql("VACUUM"))
            _truncate_log(connection)
        return
    for table, order in TABLES.items():
        with engine.begin() as connection:  # one table at a time: who holds two could block somebody
            _write_anew(connection, table, order)


def _write_anew(connection: Connection, table: str, order: str) -> None:
    """Move the rows into a new file. VACUUM FULL would take deleted rows along as long as anybody, even
    PostgreSQL's own housekeeping, might still want to see them."""
    for statement in (
        f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
        f"CREATE TEMPORARY TABLE kept ON COMMIT DROP AS SELECT * FROM {table}",
        f"TRUNCATE {table}",
        f"INSERT INTO {table} SELECT * FROM kept ORDER BY {order}",
    ):
        connection.execute(text(statement))


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreError(
            f"„{_shown(url)}“ ist keine Adresse einer Datenbank. Richtig ist zum Beispiel "
            "postgresql://rechner/werkstatt oder sqlite:///werkstatt.sqlite."
        ) from error
    if parsed.drivername == "sqlite":
        return _sqlite(parsed.database or "")
    if parsed.get_backend_name() != "postgresql":
        raise StoreError(f"„{parsed.drivername}“ geht nicht. Möglich sind SQLite und PostgreSQL.")
    try:
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            pool_size=CONNECTIONS,
            hide_parameters=True,  # a message of an error goes to a log, and no answer may
        )
    except (ImportError, NoSuchModuleError) as error:
        raise StoreError(
            "Für PostgreSQL fehlt das Paket psycopg. Installieren Sie: pip install 'transferkit[postgresql]'"
        ) from error


def _sqlite(file: str) -> Engine:
    if not file or file == ":memory:":
        raise StoreError("Werkstätten brauchen eine Datei: sqlite:///werkstatt.sqlite")
    path = Path(file)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # before SQLite makes it: only this user may read it
    except OSError as error:
        raise StoreError(
            f"Die Datei {path} lässt sich nicht anlegen ({error.strerror}). Nennen Sie mit --database eine "
            "andere, oder prüfen Sie die Rechte."
        ) from error
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=QueuePool,
        pool_size=CONNECTIONS,
        hide_parameters=True,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # the driver would begin transactions late, after the first read
    for setting in (
        "journal_mode=WAL",
        "synchronous=FULL",  # a confirmed answer survives a power cut
        "secure_delete=ON",
        "temp_store=MEMORY",
    ):
        # The first to set the log locks the file, and SQLite does not wait for that by itself.
        _retried(partial(connection.execute, f"PRAGMA {setting}"), sqlite3.OperationalError)


def _begin_sqlite(connection: Connection) -> None:
    """Writers queue from their first step, so none finds at its last that somebody was quicker."""
    options = connection.get_execution_options()
    if options.get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN" if options.get("reading") else "BEGIN IMMEDIATE")


def _upgrade(engine: Engine) -> None:
    with engine.connect().execution_options(reading=True) as connection:
        if _version(connection) == SCHEMA:
            return
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})"))
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise StoreError(
                f"Diese Datenbank gehört zu einer neueren Version von transferkit (Stand "
                f"{_version(connection)}, hier {SCHEMA}). Aktualisieren Sie transferkit, oder nennen Sie mit "
                "--database eine andere Datenbank. Nichts wurde verändert."
            ) from error


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _truncate_log(connection: Connection) -> None:
    """Empty the write-ahead log; readers of a moment ago may still hold it."""
    end = time.monotonic() + BUSY_SECONDS
    while True:
        busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
        if not busy:
            return
        if time.monotonic() > end:
            raise StoreError(
                "Gelöscht, aber ein anderes Programm liest noch in der Datenbank und hält alte Daten fest. "
                "Beenden Sie es, und löschen Sie noch einmal."
            )
        time.sleep(0.05)


def _retried(call: Callable[[], object], failure: type[Exception] = DBAPIError) -> None:
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            call()
            return
        except failure:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def _shown(url: str) -> str:
    """The address without its password."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return url.partition("@")[2] or url


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).strip().partition("\n")[0]
