"""The commands for Excel as their users meet them: a form, a filled form, a new page."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from transferkit.cli import main
from transferkit.knowledge import datasets

SOLUTION = {
    "Kommune (AGS) *": "",
    "Modellprojekt": "Ulm",
    "Name der Lösung *": "Bücherbox mit Zähler",
    "Thema *": "Smarte Regionen",
    "Passt das Thema? *": "am ehesten dieses",
    "Bereich *": "Kultur und Tourismus",
    "Kurzbeschreibung *": "Ein Sensor zählt, wie oft die Bücherbox aufgeht.",
    "Stand *": "Pilot",
    "Stand vom *": "2026",
    "Zum Stand *": "Pilot an einem Ort",
    "Quelloffen? *": "unbekannt",
    "Wie gut ist das belegt? *": "dünn: nur kurz erwähnt",
    "Quellen *": "Q1",
}
LESSON = (
    "Stolperfalle",
    "Der Sensor zählte auch Wind.",
    "Betrieb",
    "belegt: steht so in der Quelle",
    "Vermerk",
    "nein",
    "Q1",
)
SOURCE = (
    "Vermerk zur Bücherbox",
    "Stadt Ulm",
    "22.11.2026",
    None,
    "ganz gelesen",
    "24.11.2026",
    "Lizenz unbekannt",
)


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An experience sheet about an invented book box, in a folder with a data package of its own."""
    shutil.copytree(datasets.folder(), tmp_path / "daten", ignore=shutil.ignore_patterns("register"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRANSFERKIT_REGISTER", str(tmp_path / "no-register"))
    monkeypatch.setenv("TRANSFERKIT_DATASETS", str(datasets.folder()))  # put back what --into sets
    path = tmp_path / "box.xlsx"
    assert run("workbook", "new", "experience", path).exit_code == 0
    book = openpyxl.load_workbook(path)
    for row in book["Lösung"].iter_rows(min_row=5):
        row[1].value = SOLUTION.get(row[0].value)
    for column, value in enumerate(LESSON, 1):
        book["Erfahrungen"].cell(5, column).value = value
    for column, value in enumerate(SOURCE, 2):
        book["Quellen"].cell(5, column).value = value
    book.save(path)
    return path


def test_an_experience_ends_with_the_diff_of_the_package_and_the_new_page(
    filled: Path, tmp_path: Path
) -> None:
    result = run("workbook", "import", filled, "--into", "daten", "--site", "seiten")
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert [line for line in lines if line.endswith("mehr")] == [
        "sources.csv: 1 Zeile mehr",
        "solutions.csv: 1 Zeile mehr",
        "lessons.csv: 1 Zeile mehr",
    ]
    assert "Übernommen. Neue Lösung: ulm-buecherbox-mit-zaehler" in lines
    assert "1 gebaut, 0 unverändert, 0 fehlgeschlagen" in lines
    page = (tmp_path / "seiten" / "loesungen" / "ulm-buecherbox-mit-zaehler.html").read_text(encoding="utf-8")
    assert "Der Sensor zählte auch Wind." in page
    assert "Vermerk zur Bücherbox" in page


def test_faults_end_with_1_an_error_copy_and_an_untouched_package(filled: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(filled)
    book["Erfahrungen"]["C5"] = "Betreib"
    book["Quellen"]["H5"] = None
    book.save(filled)
    before = {path.name: path.read_bytes() for path in (tmp_path / "daten").iterdir()}
    result = run("workbook", "import", filled, "--into", "daten", "--error-copy", "fehler.xlsx")
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "2 Fehler in „box.xlsx“. Nichts wurde übernommen.",
        "  Blatt „Erfahrungen“, Zelle C5: „Betreib“. Das steht nicht in der Liste. Meinten Sie „Betrieb“?",
        "  Blatt „Quellen“, Zelle H5: „Lizenz“ ist leer. Das Feld muss ausgefüllt sein.",
        "Markiert:  fehler.xlsx",
    ]
    assert "Betrieb" in openpyxl.load_workbook("fehler.xlsx")["Erfahrungen"]["C5"].comment.text
    assert {path.name: path.read_bytes() for path in (tmp_path / "daten").iterdir()} == before


def test_what_looks_personal_needs_a_word(filled: Path) -> None:
    book = openpyxl.load_workbook(filled)
    book["Erfahrungen"]["B5"] = "Fragen Sie max.muster@ulm.de."
    book.save(filled)
    result = run("workbook", "import", filled, "--into", "daten")
    assert result.exit_code == 1
    assert "eine E-Mail-Adresse („max.muster@ulm.de“)" in result.output


@pytest.mark.usefixtures("filled")
def test_the_table_of_a_fit_check_is_shown_or_saved(tmp_path: Path) -> None:
    run("workbook", "new", "fit", "fit.xlsx")
    book = openpyxl.load_workbook("fit.xlsx")
    book["Angaben"]["B5"] = "01001000"
    book["Angaben"]["B6"] = "ProbierLaden Jena (Jena)"
    book["Antworten"]["F5"] = "gleich"
    book.save("fit.xlsx")
    table = "criterion_id,answer_id,reason_de,source_de\np1,gleich,,\n"
    assert run("workbook", "import", "fit.xlsx").output == table
    assert run("workbook", "import", "fit.xlsx", "--out", "fit.csv").exit_code == 0
    assert (tmp_path / "fit.csv").read_text(encoding="utf-8") == table


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("new", "experiense", "x.xlsx"), "Meinten Sie „experience“?"),
        (("new", "fit", "x.xls"), "muss auf .xlsx enden"),
        (("new", "fit", "box.xlsx"), "wird nicht überschrieben"),
        (("import", "fehlt.xlsx"), "„fehlt.xlsx“ gibt es nicht"),
        (("import", "box.xlsx", "--into", "nirgends"), "liegt kein Datenpaket"),
    ],
)
@pytest.mark.usefixtures("filled")
def test_a_call_that_cannot_work_ends_with_2(words: tuple[str, ...], said: str) -> None:
    result = run("workbook", *words)
    assert result.exit_code == 2
    assert said in result.output
