"""The file of answers on a learner's machine: small, whole at every moment, without a name."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from transferkit.errors import WorkshopError
from transferkit.workshop import answer_file


def test_the_file_holds_session_secret_and_answers_and_nothing_else(tmp_path: Path) -> None:
    kept = answer_file.opened([tmp_path], "theme-workshop", "K7Q2")
    assert not kept.path.exists()
    kept.keep("q1", {"a": 2, "ü": 1})
    content = json.loads(kept.path.read_text(encoding="utf-8"))
    assert kept.path.name == "antworten-K7Q2.json"
    assert len(content.pop("secret")) >= 32
    assert content == {
        "format": "transferkit-antworten",
        "version": 1,
        "session": "K7Q2",
        "answers": {"q1": {"a": 2, "ü": 1}},
    }
    assert os.listdir(tmp_path) == [kept.path.name]


def test_opened_again_it_goes_on_with_the_same_secret(tmp_path: Path) -> None:
    first = answer_file.opened([tmp_path], "theme-workshop")
    first.keep("q1", "a")
    again = answer_file.opened([tmp_path], "theme-workshop")
    assert (again.answers, again.secret) == ({"q1": "a"}, first.secret)
    again.keep("q1", None)
    assert answer_file.read(first.path).answers == {}


def test_two_windows_do_not_lose_each_others_answers(tmp_path: Path) -> None:
    one = answer_file.opened([tmp_path], "n", "S")
    other = answer_file.opened([tmp_path], "n", "S")
    one.keep("q1", 1)
    other.keep("q2", 2)
    kept = answer_file.read(one.path)
    assert kept.answers == {"q1": 1, "q2": 2}
    assert kept.secret == one.secret == other.secret


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="rights as POSIX knows them")
def test_where_the_notebook_cannot_be_written_to_the_next_folder_serves(tmp_path: Path) -> None:
    shut, home = tmp_path / "shut", tmp_path / "home"
    shut.mkdir(mode=0o500)
    home.mkdir()
    assert answer_file.opened([shut, home], "n").path.parent == home


def test_a_folder_that_is_missing_is_passed_over(tmp_path: Path) -> None:
    assert answer_file.opened([tmp_path / "gone", tmp_path], "n").path.parent == tmp_path
    with pytest.raises(WorkshopError, match="nirgends speichern"):
        answer_file.opened([tmp_path / "gone"], "n")


def test_an_answer_that_cannot_be_kept_leaves_the_earlier_ones(tmp_path: Path) -> None:
    kept = answer_file.opened([tmp_path], "n")
    kept.keep("q1", 1)
    kept.path.unlink()
    tmp_path.rmdir()
    with pytest.raises(WorkshopError, match="ließ sich nicht"):
        kept.keep("q2", 2)
    assert kept.answers == {"q1": 1}


def test_removed_means_gone_and_a_new_secret(tmp_path: Path) -> None:
    kept = answer_file.opened([tmp_path], "n")
    kept.keep("q1", 1)
    before = kept.secret
    assert kept.remove()
    assert not kept.remove()
    assert os.listdir(tmp_path) == []
    assert (kept.answers, kept.secret == before) == ({}, False)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "beschädigt"),
        ("[]", "keine Datei mit Antworten"),
        ('{"format": "x"}', "keine Datei mit Antworten"),
        ('{"format": "transferkit-antworten", "version": 2}', "anderen Fassung"),
        ('{"format": "transferkit-antworten", "version": 1}', "unvollständig"),
        (
            '{"format": "transferkit-antworten", "version": 1, "session": "", "secret": "x", "answers": []}',
            "beschädigt",
        ),
        (" " * 1_000_001, "zu groß"),
    ],
)
def test_a_damaged_file_is_refused_and_left_alone(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / answer_file.name("n", "")
    path.write_text(content, encoding="utf-8")
    with pytest.raises(WorkshopError, match=words):
        answer_file.opened([tmp_path], "n")
    assert path.read_text(encoding="utf-8") == content
