"""Stores on SQLite and on a real PostgreSQL, which the tests start for themselves, and a session in them."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.workshop.example import EXERCISES, Cluster, Database
from transferkit.workshop import codes, sessions
from transferkit.workshop.rows import SessionRow
from transferkit.workshop.store import Store


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    """A PostgreSQL that listens on a socket in a folder of its own; it refuses to run as root."""
    found = shutil.which("initdb") or next(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")), None)
    if found is None:
        pytest.skip("PostgreSQL fehlt: apt install postgresql")
    programs = Path(found).resolve().parent
    folder = Path(tempfile.mkdtemp(prefix="tk-pg-"))  # short: sockets have little room for their path
    user = _unprivileged(folder)

    def run(*command: str | Path) -> None:
        done = subprocess.run(command, user=user, capture_output=True, text=True, cwd=folder, env=_plain())
        assert done.returncode == 0, done.stdout + done.stderr

    data = folder / "data"
    run(programs / "initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync")
    settings = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c max_connections=60"
    run(programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", settings, "start")
    yield Cluster(folder, 5432, programs)
    run(programs / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    shutil.rmtree(folder, ignore_errors=True)


def _unprivileged(folder: Path) -> int | None:
    if os.getuid() != 0:
        return None
    user = pwd.getpwnam("nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return user.pw_uid


def _plain() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """An empty database, once in SQLite and once in PostgreSQL."""
    if request.param == "sqlite":
        file = tmp_path / "Werkstätten 1.sqlite"
        return Database(f"sqlite:///{file}", lambda: list(tmp_path.glob("Werkst*")))
    cluster: Cluster = request.getfixturevalue("postgresql")
    name = f"test_{codes.new_code().lower()}"
    driver = cluster.url("postgres").replace("postgresql:", "postgresql+psycopg:")
    server = create_engine(driver, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        folder = connection.execute(
            text(f"SELECT oid FROM pg_database WHERE datname = '{name}'")
        ).scalar_one()
    server.dispose()

    def files() -> list[Path]:
        """The files of the tables once the server has written everything to them."""
        engine = create_engine(driver, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("CHECKPOINT"))
        engine.dispose()
        return list((cluster.folder / "data" / "base" / str(folder)).iterdir())

    return Database(cluster.url(name), files)


@pytest.fixture
def store(database: Database) -> Iterator[Store]:
    opened = Store(database.url)
    yield opened
    opened.close()


@pytest.fixture
def begin(store: Store) -> Callable[..., SessionRow]:
    """Begin a session with an exercise of every kind."""

    def begin_one(**settings: object) -> SessionRow:
        material = sessions.Material("<p>Seite</p>", "<p>Leitung</p>", EXERCISES)
        given = {"format": "theme-workshop", "title": "Werkstatt", "day": date.today() + timedelta(days=1)}
        return sessions.new(store, **{**given, "material": material, **settings})[0]  # type: ignore[arg-type]

    return begin_one


@pytest.fixture
def session(begin: Callable[..., SessionRow]) -> SessionRow:
    return begin()
