"""A page is made anew when data it has read has changed, and only then. Real guides, data changed by hand."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from transferkit import catalogue, project
from transferkit.knowledge import datasets, digests
from transferkit.publish.build import build
from transferkit.publish.build_result import BuildResult
from transferkit.publish.plan import Selection, Sources
from transferkit.publish.why import UNCHANGED, why


class Data:
    """A copy of the data package that a test may change, and the experience sheets built from it."""

    def __init__(self, folder: Path, out: Path) -> None:
        self.folder, self.out = folder, out
        with (folder / "lessons.csv").open(encoding="utf-8", newline="") as file:
            lessons = list(csv.DictReader(file))
        told = [lesson for lesson in lessons if lesson["solution_id"] and lesson["basis"] != "own"]
        self.lesson = told[0]
        others = dict.fromkeys(
            one["solution_id"] for one in told if one["project_id"] != self.lesson["project_id"]
        )
        self.solutions = [self.lesson["solution_id"], *list(others)[:2]]

    def sources(self) -> Sources:
        datasets.forget()
        return Sources(
            toc=project.toc(),
            notebooks=project.notebooks_folder(),
            domains=catalogue.domains(),
            tables=catalogue.tables(),
            digests=digests.of_files(),
            digests_of_reads=digests.of_reads,
            resolvers=catalogue.resolvers(),
        )

    def build(self) -> BuildResult:
        return build(self.sources(), self.out, Selection("experience-sheet", only=tuple(self.solutions)))

    def why(self, solution: str) -> str:
        [line] = why(self.sources(), self.out, solution, "experience-sheet")
        return line

    def change(self, table: str, key: str, column: str, text: str) -> None:
        """Write another text into one cell."""
        path = self.folder / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            rows, heading = list(reader), list(reader.fieldnames or ())
        [row] = [row for row in rows if row[heading[0]] == key]
        row[column] = text
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, heading, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Data:
    folder = tmp_path / "datasets"
    shutil.copytree(project.PACKAGE.parent / "datasets", folder, ignore=shutil.ignore_patterns("register"))
    monkeypatch.setenv("TRANSFERKIT_DATASETS", str(folder))
    monkeypatch.setenv("TRANSFERKIT_REGISTER", str(tmp_path / "no-register"))
    return Data(folder, tmp_path / "site")


def test_a_changed_lesson_makes_only_the_pages_anew_that_show_it(data: Data) -> None:
    shown, *others = data.solutions
    assert data.build().built == 3
    data.change("lessons", data.lesson["lesson_id"], "statement_de", "Das hat jemand anders erzählt.")
    assert data.why(shown).endswith("Daten haben sich geändert: lessons (verwendete Zeilen)")
    assert [data.why(other).partition(": ")[2] for other in others] == [UNCHANGED] * 2
    result = data.build()
    assert (result.built, result.unchanged, result.failures) == (1, 2, ())
    page = data.out / "loesungen" / f"{shown}.html"
    assert "Das hat jemand anders erzählt." in page.read_text(encoding="utf-8")


def test_what_decides_which_rows_are_shown_concerns_every_page_that_chose(data: Data) -> None:
    data.build()
    data.change("lessons", data.lesson["lesson_id"], "kind", data.lesson["kind"])
    assert data.build().unchanged == 3  # it is as it was, only written anew
    other = "success-factor" if data.lesson["kind"] == "pitfall" else "pitfall"
    data.change("lessons", data.lesson["lesson_id"], "kind", other)
    assert "lessons (Auswahl nach" in data.why(data.solutions[1])
    assert data.build().built == 3


def test_a_table_nobody_has_read_does_not_matter(data: Data) -> None:
    data.build()
    (data.folder / "maturity_questions.csv").touch()
    data.change("glossary", "ags", "definition_de", "Anders erklärt.")
    assert data.build().unchanged == 3
