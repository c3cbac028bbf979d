"""The command line as its users meet it: German, with examples, with exit codes one can rely on."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from transferkit import project
from transferkit.cli import main

ENGLISH = ("Usage", "Options", "Commands", "Show this", "Error:", "No such", "Missing", "Try '", "Got ")


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def commands(command: click.Command = main, *path: str) -> Iterator[tuple[str, ...]]:
    """The words of every command and group."""
    yield path
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from commands(inner, *path, name)


@pytest.fixture
def own_notebooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of notebooks to work in: the shipped ones."""
    folder = tmp_path / "notebooks"
    shutil.copytree(project.PACKAGE.parent / "notebooks", folder)
    monkeypatch.setenv("TRANSFERKIT_NOTEBOOKS", str(folder))
    monkeypatch.setenv("TRANSFERKIT_REGISTER", str(tmp_path / "no-register"))
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_every_help_is_german_and_shows_an_example(words: tuple[str, ...]) -> None:
    result = run(*words, "--help")
    assert result.exit_code == 0
    text, _, _ = result.output.partition("\nOptionen:")
    assert text.strip().splitlines()[-1].strip().startswith("Beispiel: transferkit " + " ".join(words))
    assert [word for word in ENGLISH if word in result.output] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("buidl", "Meinten Sie „build“?"),
        ("build --onyl x", "Meinten Sie „--only“?"),
        ("build --jobs", "Die Option „--jobs“ ist nicht vollständig"),
        ("build --jobs 0", "ganze Zahl ab 1"),
        ("build --jobs viele", "ganze Zahl ab 1"),
        ("build --jobs 2 --scheduler tcp://rechner:8786", "--jobs gilt nur für diesen Rechner"),
        ("build --scheduler rechner", "Richtig ist zum Beispiel tcp://rechner:8786"),
        ("build --keep-going=ja", "einen Wert zu viel"),
        ("build -p place", "nicht vollständig"),
        ("build theme-guide Jena", "Das ist zu viel: Jena"),
        ("build -p place 1 -p place 2", "nur einmal"),
        ("build theme-giude", "Meinten Sie „theme-guide“?"),
        ("build municipality-guide -p plcae 1", "Meinten Sie „place“?"),
        ("build municipality-guide -p place Jna", "16053000  Jena, Stadt"),
        ("build --only digital-twin", "Meinten Sie „digital-twins“?"),
        ("new guide", "NAME fehlt"),
        ("new guide Müll", "Kleinbuchstaben"),
        ("new guide theme-guide", "gibt es schon"),
        ("register import", "DATEI… fehlt"),
        ("register import gibt-es-nicht.txt", "Die Datei gibt-es-nicht.txt gibt es nicht"),
        ("register", "Befehle:"),
    ],
)
@pytest.mark.usefixtures("own_notebooks")
def test_wrong_use_ends_with_2_and_a_german_sentence(words: str, said: str) -> None:
    result = run(*words.split())
    assert result.exit_code == 2
    assert said in result.output
    assert [word for word in (*ENGLISH, "Traceback") if word in result.output] == []


def test_a_new_guide_builds_at_once(own_notebooks: Path, tmp_path: Path) -> None:
    created = run("new", "guide", "mobility-guide")
    assert created.exit_code == 0, created.output
    assert (own_notebooks / "guides" / "mobility-guide.ipynb").is_file()
    built = run("build", "mobility-guide", "-p", "theme", "smart-regions", "--out", "site")
    assert (built.exit_code, built.stdout.splitlines()[0]) == (
        0,
        "1 gebaut, 0 unverändert, 0 fehlgeschlagen",
    ), built.output
    assert (tmp_path / "site" / "mobility-guide" / "smart-regions.html").is_file()


def test_a_failed_page_ends_with_1_and_says_where_to_look(own_notebooks: Path, tmp_path: Path) -> None:
    run("new", "guide", "broken-guide")
    notebook = own_notebooks / "guides" / "broken-guide.ipynb"
    notebook.write_text(notebook.read_text(encoding="utf-8").replace("head(3)", "haed(3)"), encoding="utf-8")
    result = run("build", "broken-guide", "--only", "smart-regions", "--out", "site")
    assert result.exit_code == 1
    assert "0 gebaut, 0 unverändert, 1 fehlgeschlagen" in result.output
    looked_at = Path("executed") / "broken-guide" / "smart-regions.ipynb"
    assert "broken-guide/smart-regions.html: Zelle 3: AttributeError" in result.output
    assert f"(ausgeführtes Notizbuch: {looked_at})" in result.output
    assert (tmp_path / looked_at).is_file()
    assert "Nichts wurde veröffentlicht" in result.output
    assert not (tmp_path / "site").exists()


@pytest.mark.usefixtures("own_notebooks")
def test_the_register_in_use_can_be_looked_at() -> None:
    result = run("register", "status")
    assert result.exit_code == 0
    assert "Mitgelieferte Orte" in result.output


def test_a_bad_cell_in_the_data_ends_check_with_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "datasets"
    shutil.copytree(project.PACKAGE.parent / "datasets", data, ignore=shutil.ignore_patterns("register"))
    table = data / "communities.csv"
    first, *rest = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join([first, *rest, rest[0]]) + "\n", encoding="utf-8")
    monkeypatch.setenv("TRANSFERKIT_DATASETS", str(data))
    result = run("check")
    assert result.exit_code == 1
    assert "datasets/communities.csv\n" in result.output
    assert "[data.key]" in result.output
    assert "Fehler, nach Regel:" in result.output


def test_what_cannot_be_checked_ends_check_with_2(tmp_path: Path) -> None:
    result = run("check", "--site", str(tmp_path / "nichts"))
    assert result.exit_code == 2
    assert "Nicht geprüft: Seiten." in result.output


def test_pages_of_others_end_check_with_1_and_the_report_is_written_for_machines(tmp_path: Path) -> None:
    site, written = tmp_path / "site", [tmp_path / name for name in ("r.json", "r.xml", "r.sarif")]
    site.mkdir()
    (site / "index.html").write_text("<html><body><img src='a.png'></body></html>", encoding="utf-8")
    options = [
        word
        for pair in zip(("--json", "--junit", "--sarif"), map(str, written), strict=True)
        for word in pair
    ]
    result = run("check", "--site", str(site), *options)
    assert result.exit_code == 1
    assert "[page.alt-text]" in result.output
    assert all("page.alt-text" in path.read_text(encoding="utf-8") for path in written)


def test_the_command_line_starts_without_importing_anything_heavy() -> None:
    heavy = "{'pandas', 'papermill', 'nbconvert', 'tqdm'}"
    code = f"import sys, transferkit.cli; print({heavy} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "set()"
