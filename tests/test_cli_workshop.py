"""The commands of a workshop as its facilitator meets them, from `new` to `delete`."""

from __future__ import annotations

import os
import re
import subprocess
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.publish.app_server import free_port
from tests.workshop.example import answer
from tests.workshop.serving import Person, Server
from transferkit.cli import main
from transferkit.cli_workshop_store import handlers
from transferkit.errors import StoreError
from transferkit.workshop import answer_file, codes, sessions
from transferkit.workshop.rows import Entry
from transferkit.workshop.store import Store

ROOT = Path(__file__).parent.parent
ROW = """
[[workshop]]
name = "tiny"
notebook = "every_question.ipynb"
title = "Werkstatt im Test"
text = "Jede Art von Frage."
parameters = { theme = "themes.theme_id" }
"""


def run(*words: str | Path, typed: str | None = None) -> Result:
    return CliRunner().invoke(main, ["workshop", *map(str, words)], input=typed)


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database and a table of contents of this test's own, in a folder with a space and an umlaut."""
    notebooks = tmp_path / "Notizbücher 1"
    notebooks.mkdir()
    toc = (ROOT / "notebooks" / "toc.toml").read_text(encoding="utf-8").partition("[[workshop]]")[0]
    (notebooks / "toc.toml").write_text(toc + ROW, encoding="utf-8")
    notebook = ROOT / "tests" / "notebooks" / "every_question.ipynb"
    (notebooks / "every_question.ipynb").write_bytes(notebook.read_bytes())
    monkeypatch.setenv("TRANSFERKIT_NOTEBOOKS", str(notebooks))
    monkeypatch.setenv("TRANSFERKIT_WORKSHOPS", str(tmp_path / "Daten" / "werkstatt.sqlite"))
    monkeypatch.chdir(tmp_path)
    return f"sqlite:///{tmp_path / 'Daten' / 'werkstatt.sqlite'}"


@pytest.fixture
def begun(database: str) -> Result:
    result = run(
        "new",
        "--format",
        "tiny",
        "--theme",
        "smart-regions",
        "--date",
        "3.12.2026",
        "--address",
        "http://h:1/x",
    )
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture
def code(begun: Result) -> str:
    return re.search(r"Code: +(\S+)", begun.stdout)[1]  # type: ignore[index]


def test_new_shows_both_links_a_code_for_telephones_and_when_all_is_deleted(begun: Result, code: str) -> None:
    assert "Werkstatt im Test: Smarte Regionen, 3.12.2026" in begun.stdout
    assert f"Teilnehmende: http://h:1/x/w/{code}\n" in begun.stdout
    assert re.search(rf"Leitung: +http://h:1/x/w/leitung/{code}/#[\w-]{{43}}\n", begun.stdout)
    assert "█" in begun.stdout
    assert "Gelöscht wird alles am 2.1.2027." in begun.stdout


def test_participants_never_see_what_is_for_the_facilitator(database: str, code: str) -> None:
    store = Store(database)
    session = sessions.find(store, code)
    store.close()
    assert "Nur für die Leitung" not in session.page
    assert "Nur für die Leitung" in session.facilitator_page
    assert [one["id"] for one in session.exercises][:2] == ["first", "also"]
    assert 'href="index.html"' not in session.page  # there is no site around it


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--format", "tiny", "--date", "gestern"), "Das ist kein Tag. Richtig ist zum Beispiel 2026-12-03."),
        (("--format", "tinny", "--date", "2026-12-03"), "Meinten Sie „tiny“?"),
        (("--format", "tiny", "--date", "2026-12-03", "--theme", "smart-region"), "„smart-regions“"),
        (("--format", "tiny", "--date", "2026-12-03", "--days", "999"), "1 bis 365 Tage"),
        (("--format", "tiny", "--date", "2026-12-03", "-p", "nichts", "1"), "Den Parameter „nichts“"),
        (
            ("--format", "tiny", "--date", "2026-12-03", "--database", "quatsch"),
            "keine Adresse einer Datenbank",
        ),
    ],
)
def test_what_cannot_begin_is_told_with_what_would_be_right(
    database: str, words: tuple[str, ...], said: str
) -> None:
    result = run("new", *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_list_close_and_open(code: str) -> None:
    assert f"{code}   3.12.2026  offen" in run("list").stdout
    assert run("close", code.lower()).exit_code == 0
    assert "geschlossen" in run("list").stdout
    assert run("open", code).exit_code == 0
    assert "offen" in run("list").stdout


def test_a_new_link_for_the_facilitator_replaces_the_old(begun: Result, code: str) -> None:
    def secret(shown: str) -> str:
        return re.search(r"#(\S+)", shown)[1]  # type: ignore[index]

    assert secret(run("link", code).stdout) != secret(begun.stdout)


def test_export_and_delete(database: str, code: str, tmp_path: Path) -> None:
    store = Store(database)
    session = sessions.find(store, code)
    store.put(session.code, *(answer(session, "first", "bus") for _ in range(5)))
    store.note(session.code, Entry(0, "decision", "Wir fragen Hof."))
    store.close()
    assert run("export", code).exit_code == 0
    folder = tmp_path / f"werkstatt-{code}"
    assert "Rufbus auf dem Land;5;1" in (folder / "verteilungen.csv").read_text(encoding="utf-8-sig")
    assert "Wir fragen Hof." in (folder / "protokoll.csv").read_text(encoding="utf-8-sig")
    refused = run("delete", code, typed="nein\n")
    assert refused.exit_code == 1
    assert "Nichts wurde gelöscht." in refused.stdout
    assert run("delete", code, typed=f"{code}\n").exit_code == 0
    assert "Keine Werkstatt." in run("list").stdout
    for file in (tmp_path / "Daten").iterdir():
        assert session.code.encode() not in file.read_bytes()


def test_backup_and_restore(code: str, tmp_path: Path) -> None:
    assert "Löschen Sie sie spätestens am 2.1.2027." in run("backup", "alles.json").stdout
    run("delete", code, "--yes")
    assert "Zurückgeholt: 1 Werkstatt, 0 Antworten" in run("restore", "alles.json").stdout
    assert code in run("list").stdout
    (tmp_path / "kaputt.json").write_text("{")
    result = run("restore", "kaputt.json")
    assert result.exit_code == 2
    assert "kaputt.json ist nicht lesbar" in result.stderr


def test_collect_takes_good_files_names_bad_ones_and_ends_with_1(code: str, tmp_path: Path) -> None:
    answer_file.AnswerFile(tmp_path / "anna.json", code).keep("first", "bus")
    assert run("collect", "anna.json").stdout == "anna.json: 1 neu oder geändert, 0 wie bisher\n"
    (tmp_path / "kaputt.json").write_text("{")
    result = run("collect", "kaputt.json", "anna.json")
    assert result.exit_code == 1
    assert result.stdout == "anna.json: 0 neu oder geändert, 1 wie bisher\n"
    assert "kaputt.json" in result.stderr


def test_what_has_expired_is_gone_whatever_is_called(database: str, code: str) -> None:
    store = Store(database)
    store.change(codes.plain(code), expires=date.today())
    store.close()
    assert code not in run("list").stdout


def test_serve_takes_the_workshops_in_beside_the_apps(code: str, transferkit: Path) -> None:
    port = free_port()
    server = subprocess.Popen(
        [transferkit, "serve", "--port", str(port)], stdout=subprocess.PIPE, text=True, env=os.environ
    )
    try:
        assert server.stdout
        next(line for line in server.stdout if "bereit" in line)
        person = Person(Server("", port=port), codes.plain(code))
        assert "Werkstatt im Test" in person.get(code).text
        assert person.answer("first", "bus").json() == {"kept": True}
    finally:
        server.terminate()
        server.wait()


def test_apps_are_served_where_no_workshop_can_be_stored(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRANSFERKIT_WORKSHOPS", "/dev/null/werkstatt.sqlite")
    assert handlers(None, "") == []
    assert "Ohne Werkstätten" in capsys.readouterr().err
    with pytest.raises(StoreError):
        handlers("sqlite:////dev/null/werkstatt.sqlite", "")
