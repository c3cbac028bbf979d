"""Every notebook we publish keeps the rules of `publish.check.notebooks`."""

from __future__ import annotations

from transferkit import project
from transferkit.knowledge import data_check, datasets
from transferkit.publish.check import notebooks


def test_the_notebooks_keep_the_rules() -> None:
    known = data_check.abbreviations(datasets.folder())
    assert notebooks.findings(project.notebooks_folder(), known) == []


def test_there_are_notebooks_to_hold_to_the_rules() -> None:
    stems = {path.stem for path in project.notebooks_folder().rglob("*.ipynb")}
    assert {"theme-guide", "municipality-guide", "experience-sheet", "project-profile"} <= stems
