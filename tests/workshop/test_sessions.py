"""Sessions from beginning to end: codes, expiry, backups, files of answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.workshop.example import EXERCISES, answer
from transferkit.errors import UnknownSessionError, WorkshopError
from transferkit.workshop import answer_file, backup, codes, collecting, sessions
from transferkit.workshop.rows import Entry, SessionRow
from transferkit.workshop.store import Store


def test_codes_can_be_read_aloud_and_typed_any_way(store: Store, session: SessionRow) -> None:
    assert not set("01OIL") & set(codes.ALPHABET)
    shown = codes.grouped(session.code)
    for typed in (shown, shown.lower(), session.code, f" {shown.replace('-', ' ')} "):
        assert sessions.find(store, typed).code == session.code


@pytest.mark.parametrize("typed", ["", "KM7F", "KM7F-3QXR-9HTB", "KM7F-3QX0", "'; DROP TABLE sessions"])
def test_what_cannot_be_a_code_is_told_so(store: Store, typed: str) -> None:
    with pytest.raises(UnknownSessionError, match="ist kein Code"):
        sessions.find(store, typed)


def test_the_store_knows_the_facilitators_secret_by_its_fingerprint_only(
    store: Store, session: SessionRow
) -> None:
    old = sessions.renew_facilitator(store, session.code)
    assert codes.matches(old, store.session(session.code).facilitator)
    new = sessions.renew_facilitator(store, session.code)
    kept = store.session(session.code).facilitator
    assert codes.matches(new, kept)
    assert not codes.matches(old, kept)
    assert new not in kept


def test_a_session_is_deleted_when_its_time_has_come(store: Store, begin: Callable[..., SessionRow]) -> None:
    short, long = begin(days=1), begin(days=30)
    assert sessions.forget_expired(store, short.expires - timedelta(days=1)) == []
    assert sessions.forget_expired(store, short.expires) == [short.code]
    assert [one.code for one in store.sessions()] == [long.code]


def test_a_session_for_yesterday_still_has_its_days(begin: Callable[..., SessionRow]) -> None:
    late = begin(day=date.today() - timedelta(days=90), days=2)
    assert late.expires == date.today() + timedelta(days=2)


@pytest.mark.parametrize("days", [0, 366])
def test_nobody_keeps_answers_for_ever(begin: Callable[..., SessionRow], days: int) -> None:
    with pytest.raises(WorkshopError, match="1 bis 365 Tage"):
        begin(days=days)


def test_two_questions_of_one_id_are_refused(begin: Callable[..., SessionRow]) -> None:
    material = sessions.Material("", "", [EXERCISES[0], EXERCISES[0]])
    with pytest.raises(WorkshopError, match="mehr als einmal"):
        begin(material=material)


def test_a_backup_brings_everything_back_and_nothing_twice(
    store: Store, session: SessionRow, tmp_path: Path
) -> None:
    given = [answer(session, "vote", {"a": 3}), answer(session, "why", "Zeit – „fehlt“")]
    store.put(session.code, *given)
    entry = store.note(session.code, Entry(0, "task", "Anrufen", "Bauamt", "März"))
    file = tmp_path / "Sicherung.json"
    assert [one.code for one in backup.backup(store, file)] == [session.code]
    assert file.stat().st_mode & 0o077 == 0
    whole = sessions.record(store, session.code)
    store.delete(session.code)
    assert backup.restore(store, file) == backup.Restored(1, 2, 1, 0)
    assert sessions.record(store, session.code) == whole
    assert backup.restore(store, file) == backup.Restored(0, 0, 0, 0)
    assert store.protocol(session.code) == [entry]


def test_a_backup_of_sqlite_can_be_read_into_postgresql_and_back(
    store: Store, session: SessionRow, tmp_path: Path
) -> None:
    store.put(session.code, answer(session, "cost", 12.5))
    backup.backup(store, tmp_path / "one.json")
    other = Store(f"sqlite:///{tmp_path / 'other.sqlite'}")
    backup.restore(other, tmp_path / "one.json")
    backup.backup(other, tmp_path / "two.json")
    other.close()
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


def test_restoring_never_overwrites_what_is_newer(store: Store, session: SessionRow, tmp_path: Path) -> None:
    secret = codes.new_secret()
    store.put(session.code, answer(session, "first", "a", secret))
    backup.backup(store, tmp_path / "old.json")
    newer = answer(session, "first", "b", secret)
    store.put(session.code, newer)
    backup.restore(store, tmp_path / "old.json")
    assert store.answers(session.code) == [newer]


def test_what_has_expired_stays_deleted(store: Store, session: SessionRow, tmp_path: Path) -> None:
    backup.backup(store, tmp_path / "old.json")
    store.delete(session.code)
    assert backup.restore(store, tmp_path / "old.json", session.expires) == backup.Restored(0, 0, 0, 1)
    assert store.sessions() == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"format": "x"}',
        '{"format": "transferkit-werkstaetten", "version": 9, "sessions": []}',
    ],
)
def test_a_damaged_backup_is_told_with_its_name(store: Store, tmp_path: Path, text: str) -> None:
    file = tmp_path / "kaputt.json"
    file.write_text(text)
    with pytest.raises(WorkshopError, match=r"kaputt\.json"):
        backup.restore(store, file)


def saved(path: Path, session: str, **answers: object) -> Path:
    """A file of answers as a notebook on somebody's machine writes it."""
    file = answer_file.AnswerFile(path, session)
    for exercise, value in answers.items():
        file.keep(exercise, value)
    return path


def test_files_of_answers_are_merged_and_twice_the_same_changes_nothing(
    store: Store, session: SessionRow, tmp_path: Path
) -> None:
    one = saved(tmp_path / "anna.json", codes.grouped(session.code), first="a", cost=12.5)
    two = saved(tmp_path / "ben.json", session.code.lower(), first="b")
    told = collecting.collect(store, [one, two])
    assert [(one.new, one.as_before, one.problems) for one in told] == [(2, 0, ()), (1, 0, ())]
    again = collecting.collect(store, [one, two, one])
    assert [(one.new, one.as_before) for one in again] == [(0, 2), (0, 1), (0, 2)]
    assert len(store.answers(session.code)) == 3


def test_a_newer_file_of_the_same_person_replaces_their_answers(
    store: Store, session: SessionRow, tmp_path: Path
) -> None:
    file = answer_file.AnswerFile(tmp_path / "anna.json", session.code)
    file.keep("first", "a")
    collecting.collect(store, [file.path])
    file.keep("first", "c")
    collecting.collect(store, [file.path])
    assert [one.value for one in store.answers(session.code)] == ["c"]


def test_a_damaged_file_is_named_and_the_rest_goes_on(
    store: Store, session: SessionRow, tmp_path: Path
) -> None:
    good = saved(tmp_path / "gut.json", session.code, first="a")
    cut = tmp_path / "halb.json"
    cut.write_text(good.read_text()[:40])
    told = collecting.collect(store, [cut, tmp_path / "fehlt.json", good])
    assert "halb.json" in told[0].problems[0]
    assert "fehlt.json" in told[1].problems[0]
    assert told[2].new == 1


def test_an_impossible_answer_is_named_and_the_others_of_the_file_count(
    store: Store, session: SessionRow, tmp_path: Path
) -> None:
    file = saved(tmp_path / "anna.json", session.code, first="z", nothing="a", vote={"a": 9}, also=["b"])
    [told] = collecting.collect(store, [file])
    assert told.new == 1
    assert len(told.problems) == 3
    assert any("Nehmen Sie 6 zurück" in problem for problem in told.problems)


def test_a_file_without_a_session_needs_one_and_one_of_another_is_refused(
    store: Store, begin: Callable[..., SessionRow], tmp_path: Path
) -> None:
    here, there = begin(), begin()
    free = saved(tmp_path / "frei.json", "", first="a")
    other = saved(tmp_path / "andere.json", there.code, first="a")
    assert "--session" in collecting.collect(store, [free])[0].problems[0]
    told = collecting.collect(store, [free, other], here.code)
    assert told[0].new == 1
    assert "gehört zur Werkstatt" in told[1].problems[0]


def test_a_fit_check_from_a_guide_counts_for_the_question_somebody_names(
    store: Store, session: SessionRow, tmp_path: Path
) -> None:
    file = answer_file.AnswerFile(tmp_path / "passt.json", "")
    file.keep("fit-zwoenitz-erzmobil", {"data": "2"})
    [told] = collecting.collect(store, [file.path], session.code)
    assert "--question" in told.problems[0]
    assert collecting.collect(store, [file.path], session.code, "fits")[0].new == 1
    assert [(one.exercise, one.value) for one in store.answers(session.code)] == [("fits", {"data": "2"})]


def test_a_closed_session_still_collects_files(store: Store, session: SessionRow, tmp_path: Path) -> None:
    sessions.close(store, session.code)
    assert collecting.collect(store, [saved(tmp_path / "a.json", session.code, first="a")])[0].new == 1


def test_a_file_that_claims_to_be_huge_or_deep_does_no_harm(store: Store, tmp_path: Path) -> None:
    deep = tmp_path / "tief.json"
    deep.write_text("[" * 200_000)
    huge = tmp_path / "riesig.json"
    huge.write_text(json.dumps({"x": "y" * 2_000_000}))
    assert all(one.problems for one in collecting.collect(store, [deep, huge]))
