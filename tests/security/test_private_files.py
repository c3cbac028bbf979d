"""Files that others on the same machine must not read, and files they have laid out as traps."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.workshop.example import EXERCISES, answer
from transferkit.errors import WorkshopError
from transferkit.workshop import answer_file, backup, collecting, sessions
from transferkit.workshop.rows import Entry
from transferkit.workshop.store import Store


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with one session and what people answered."""
    opened = Store(f"sqlite:///{tmp_path / 'w.sqlite'}")
    material = sessions.Material("<p>Seite</p>", "<p>Leitung</p>", EXERCISES)
    day = date.today() + timedelta(days=1)
    session, _ = sessions.new(opened, format="theme-workshop", title="W", day=day, material=material)
    opened.put(session.code, answer(session, "first", "a"), answer(session, "why", "Weil"))
    opened.note(session.code, Entry(0, "task", "Anrufen", "Bauamt", "Mai"))
    yield opened
    opened.close()


def test_a_backup_does_not_go_into_a_file_somebody_else_has_laid_out(store: Store, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    old = os.umask(0)
    try:
        trap = shared / f".Sicherung.json.{os.getpid()}"
        trap.symlink_to(tmp_path / "gestohlen.json")
        backup.backup(store, shared / "Sicherung.json")
    finally:
        os.umask(old)
    assert not (tmp_path / "gestohlen.json").exists()
    assert mode(shared / "Sicherung.json") == 0o600
    assert not (shared / "Sicherung.json").is_symlink()
    assert {path.name for path in shared.iterdir()} == {trap.name, "Sicherung.json"}


def test_answers_on_ones_own_machine_are_for_oneself(tmp_path: Path) -> None:
    file = answer_file.AnswerFile(tmp_path / "antworten.json", "")
    file.keep("first", "a")
    assert mode(file.path) == 0o600


def test_the_database_and_its_log_are_for_its_owner(store: Store, tmp_path: Path) -> None:
    assert {mode(path) for path in tmp_path.glob("w.sqlite*")} == {0o600}


FAR = f"{date.today() + timedelta(days=9999)}"
DOCTORED = [
    ("code", "../../etc"),
    ("code", "' OR 1=1"),
    ("facilitator", "ä" * 64),
    ("expires", FAR),
    ("expires", "0000-00-00"),
    ("day", 7),
    ("open", "ja"),
    ("page", ["<p>"]),
    ("exercises", [{"id": "x", "kind": "choice", "question": "?"}]),
    ("exercises", [{"id": "x", "kind": "scale", "question": "?", "minimum": 0, "maximum": 10**12}]),
    ("parameters", "x"),
    ("fremd", 1),
]


@pytest.mark.parametrize(("name", "value"), DOCTORED)
def test_a_doctored_backup_is_refused_as_a_whole(
    name: str, value: object, store: Store, tmp_path: Path
) -> None:
    file = tmp_path / "Sicherung.json"
    [session] = backup.backup(store, file)
    content = json.loads(file.read_text())
    content["sessions"].append({**content["sessions"][0], "code": "BCDFGHJK", name: value})
    file.write_text(json.dumps(content))
    store.delete(session.code)
    with pytest.raises(WorkshopError, match=r"Sicherung\.json ist beschädigt"):
        backup.restore(store, file)
    assert store.sessions() == []  # not even the sound one: nobody can tell what else was changed


@pytest.mark.parametrize(
    "change",
    [{"key": "x"}, {"exercise": "nichts"}, {"value": "d"}, {"value": 10**400}, {"released": 1}, {"fremd": 1}],
)
def test_a_backup_with_an_answer_nobody_could_have_given_is_refused(
    change: dict[str, object], store: Store, tmp_path: Path
) -> None:
    file = tmp_path / "Sicherung.json"
    backup.backup(store, file)
    content = json.loads(file.read_text())
    content["sessions"][0]["answers"][0].update(change)
    file.write_text(json.dumps(content))
    with pytest.raises(WorkshopError, match=r"Sicherung\.json ist beschädigt"):
        backup.restore(store, file)


@pytest.mark.parametrize(
    "data", [b"[" * 200_000, b'{"a": NaN}', b'{"secret": "\\ud800"}', b"\xff", b"9" * 5000]
)
def test_files_that_break_parsers_are_one_clear_message_each(
    data: bytes, store: Store, tmp_path: Path
) -> None:
    file = tmp_path / "antworten.json"
    file.write_bytes(data)
    [done] = collecting.collect(store, [file])
    assert done.problems == (f"{file} ist nicht lesbar oder beschädigt.",)
    with pytest.raises(WorkshopError, match="nicht lesbar oder beschädigt"):
        backup.restore(store, file)


def test_a_file_without_end_is_not_read_to_its_end(store: Store) -> None:
    [done] = collecting.collect(store, [Path("/dev/zero")])
    assert "zu groß" in done.problems[0]


def test_a_file_of_answers_with_a_number_without_end_loses_only_that(store: Store, tmp_path: Path) -> None:
    [session] = store.sessions()
    file = tmp_path / "antworten.json"
    content = {"format": "transferkit-antworten", "version": 1, "session": session.code, "secret": "x" * 32}
    file.write_text(json.dumps({**content, "answers": {"cost": 10**400, "first": "b"}}))
    [done] = collecting.collect(store, [file])
    assert done.new == 1
    assert "Billiarde" in done.problems[0]
