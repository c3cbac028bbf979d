"""A form with proposals: read back as if a person had typed them, and never more than proposals."""

from __future__ import annotations

from pathlib import Path

import pytest

from transferkit.knowledge.workbook import experience, forms, proposal, writing
from transferkit.knowledge.workbook.filled import UnsoundError

LESSON = {
    "kind": "Stolperfalle",
    "statement_de": "=Niemand plante die Wartung ein.",
    "basis": "eigene Einschätzung, ohne Quelle",
}


def written(tmp_path: Path, proposals: proposal.Proposals) -> Path:
    path = tmp_path / "Vorschlag.xlsx"
    path.write_bytes(writing.content(proposal.proposed(experience.form(), proposals)))
    return path


def test_a_form_with_proposals_alone_is_not_accepted(tmp_path: Path) -> None:
    path = written(tmp_path, {experience.LESSONS: [LESSON]})
    with pytest.raises(UnsoundError) as refused:
        forms.read(path)
    problems = str(refused.value)
    assert "Name der Lösung" in problems
    assert "=Niemand" not in problems  # what was proposed is sound


def test_proposals_are_text_in_open_cells_whatever_they_begin_with(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.load_workbook(written(tmp_path, {experience.LESSONS: [LESSON]}))
    cell = book["Erfahrungen"]["B5"]
    assert (cell.value, cell.data_type) == (LESSON["statement_de"], "s")
    assert not cell.protection.locked


def test_fixed_cells_keep_what_the_form_puts_there(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.load_workbook(written(tmp_path, {experience.SOURCES: [{"title": "Vermerk"}]}))
    row = [cell.value for cell in book["Quellen"][5]]
    assert row[0] == "Q1"
    assert "Vermerk" in row


@pytest.mark.parametrize(
    "proposals",
    [
        {"Anderes Blatt": [{}]},
        {experience.LESSONS: [{"gibtsnicht": "x"}]},
        {experience.LESSONS: [{"kind": "pitfall"}]},
    ],
)
def test_what_the_form_does_not_know_is_refused(proposals: proposal.Proposals) -> None:
    with pytest.raises(KeyError):
        proposal.proposed(experience.form(), proposals)
