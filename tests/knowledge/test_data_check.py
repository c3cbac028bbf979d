"""The data package as a whole: the shipped one is sound, and what breaks the schema is named in its file."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from transferkit.errors import DatasetError
from transferkit.finding import Finding
from transferkit.knowledge import data_check, datasets
from transferkit.knowledge.checks import rows, schema


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A copy of the package that a test may spoil."""
    copy = tmp_path / "datasets"
    shutil.copytree(datasets.folder(), copy, ignore=shutil.ignore_patterns("register"))
    yield copy
    datasets.forget()


def spoil(folder: Path, table: str, old: str, new: str) -> int:
    """Change the first place where `old` stands; return its line."""
    path = folder / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text.count("\n", 0, text.index(old) + (old[0] == "\n")) + 1


def broken(folder: Path) -> list[Finding]:
    return list(schema.findings(rows.read(folder), folder))


def test_the_shipped_data_is_sound() -> None:
    assert data_check.findings(datasets.folder()) == []


def test_the_answer_depends_on_the_given_day_and_not_on_the_clock(folder: Path) -> None:
    late = data_check.findings(folder, datetime.date(2028, 1, 1))
    assert {one.rule for one in late} == {"data.stale"}


@pytest.mark.parametrize(
    ("table", "old", "new", "rule", "column"),
    [
        ("solutions", ",running,", ",runing,", "data.cell", "status"),
        ("places", ",96326,", ",96.326,", "data.cell", "population"),
        ("places", ",2025-11-30,", ",30.11.2025,", "data.cell", "register_date"),
        ("places", "\n01001000,", "\n1001000,", "data.cell", "place_key"),
        ("sources", ",2026-11,", ",11/2026,", "data.cell", "checked"),
        ("lessons", "erfolg-general-10,", "erfolg-general-11,", "data.key", "lesson_id"),
        ("project_places", "\nulm,", "\nulmen,", "data.reference", "project_id"),
        ("themes", "kommune21-gemeinsam-smart", "kommune21-gemeinsam-schlau", "data.reference", "source_ids"),
        ("solutions", ",jena,", ",jenna,", "data.reference", "project_id"),
    ],
)
def test_a_cell_that_breaks_the_schema_is_named_at_its_line(
    folder: Path, table: str, old: str, new: str, rule: str, column: str
) -> None:
    line = spoil(folder, table, old, new)
    found = [one for one in broken(folder) if one.where == f"datasets/{table}.csv"]
    first = found[0]
    assert (first.rule, first.place.split(", Spalte ")[1]) == (rule, column), found
    assert first.line == line or rule == "data.key"
    assert len(found) == 1
    assert first.remedy


def test_a_row_after_a_cell_of_several_lines_is_named_at_its_own_line(folder: Path) -> None:
    spoil(folder, "themes", "Regio-Hubs, Nahversorgung", "Regio-Hubs,\nNahversorgung")
    line = spoil(folder, "themes", "\nclimate-adaptation,", "\nclimate-adaptation,x")
    found = [one for one in broken(folder) if one.where == "datasets/themes.csv"]
    assert [(one.rule, one.line) for one in found] == [("data.cell", line)]


def test_a_missing_file_is_named_once(folder: Path) -> None:
    (folder / "glossary.csv").unlink()
    assert [(one.rule, one.where, one.line) for one in broken(folder)] == [
        ("data.file", "datasets/glossary.csv", None)
    ]


def test_a_package_without_a_readable_description_is_refused(folder: Path) -> None:
    (folder / "datapackage.json").write_text("{", encoding="utf-8")
    with pytest.raises(DatasetError, match="nicht lesbar"):
        data_check.findings(folder)
    (folder / "datapackage.json").unlink()
    with pytest.raises(DatasetError, match="Das Datenpaket fehlt"):
        data_check.findings(folder)


def test_what_was_mended_since_the_last_look_is_mended(folder: Path) -> None:
    spoil(folder, "solutions", ",running,", ",runing,")
    assert [one.rule for one in data_check.findings(folder)] == ["data.cell"]
    spoil(folder, "solutions", ",runing,", ",running,")
    assert data_check.findings(folder) == []


def test_what_only_the_standard_sees_is_named_with_its_table(folder: Path) -> None:
    spoil(folder, "communities", "\n", "\n\n")
    assert {(one.rule, one.where) for one in broken(folder)} == {
        ("data.standard", "datasets/communities.csv")
    }
