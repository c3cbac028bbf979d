"""The same answers give the same statement from a notebook, a table and an Excel form."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner, Result

import transferkit as tk
from transferkit.cli import main

GIVEN = {"gleich": 20, "abweichend, anpassbar": 3, "unbekannt": 1}  # 24 criteria, in the order of the form


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def form(tmp_path: Path) -> Path:
    """The form, filled as a person would: every row one answer from the list."""
    path = tmp_path / "fit.xlsx"
    assert run("workbook", "new", "fit", path).exit_code == 0
    book = openpyxl.load_workbook(path)
    labels = [label for label, count in GIVEN.items() for _ in range(count)]
    sheet = book["Antworten"]
    head = next(row for row in sheet.iter_rows() if "Antwort" in [cell.value for cell in row])
    column = [cell.value for cell in head].index("Antwort") + 1
    for number, label in enumerate(labels, head[0].row + 1):
        sheet.cell(number, column).value = label
    book["Angaben"]["B5"].value = "09181121"
    book["Angaben"]["B6"].value = _first_choice(book)
    book.save(path)
    return path


def _first_choice(book: openpyxl.Workbook) -> str:
    wanted = tk.load("solutions")["title"].iloc[0]
    cells = (cell.value for row in book["Listen"].iter_rows() for cell in row)
    return next(str(value) for value in cells if str(value).startswith(wanted))


def test_notebook_table_and_form_say_the_same(form: Path, tmp_path: Path) -> None:
    table = tmp_path / "fit.csv"
    saved = run("workbook", "import", form, "--out", table)
    assert saved.exit_code == 0, saved.output
    from_form, from_table = run("fit", form), run("fit", table)
    assert (from_form.exit_code, from_table.exit_code) == (0, 0), from_form.output
    assert from_form.output == from_table.output
    outcome = tk.fit_of(pd.read_csv(table, dtype="str"))
    assert outcome.said in from_form.output
    assert outcome.statement == "adaptation"
    assert "keine Messung" in from_form.output


def test_a_form_with_faults_ends_with_1_and_names_them(tmp_path: Path) -> None:
    path = tmp_path / "fit.xlsx"
    run("workbook", "new", "fit", path)
    result = run("fit", path)
    assert result.exit_code == 1
    assert "Zelle B5: „Kommune (AGS)“ ist leer" in result.output


def test_a_table_without_answers_names_the_missing_column(tmp_path: Path) -> None:
    table = tmp_path / "x.csv"
    table.write_text("criterion_id\np1\n", encoding="utf-8")
    result = run("fit", table)
    assert result.exit_code == 2
    assert "Es fehlt die Spalte „answer_id“" in result.output


def saved(path: Path, answers: object) -> Path:
    content = {"format": "transferkit-antworten", "version": 1, "session": "", "secret": "x" * 32}
    content["answers"] = answers
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_what_was_saved_on_a_page_says_the_same(tmp_path: Path) -> None:
    result = run("fit", saved(tmp_path / "saved.json", {"fit-dorf-app": {"e4": "hindernis"}}))
    assert result.exit_code == 0, result.output
    assert "So nicht übernehmen. Zuerst klären: Haushalt und Förderende." in result.output


@pytest.mark.parametrize("answers", [{}, {"q1": "a"}, {"fit-a": {}, "fit-b": {}}, {"fit-a": 7}])
def test_a_saved_file_without_answers_to_one_solution_is_refused(answers: object, tmp_path: Path) -> None:
    result = run("fit", saved(tmp_path / "saved.json", answers))
    assert result.exit_code == 2
    assert "enthält keine Antworten auf „Passt das zu uns?“" in result.output


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "saved.json"
    path.write_text("{", encoding="utf-8")
    result = run("fit", path)
    assert result.exit_code == 2
    assert "beschädigt" in result.output
    assert "saved.json" in result.output
