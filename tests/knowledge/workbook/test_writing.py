"""The empty forms: safe, German, complete, and with nobody's name in them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from transferkit.errors import WorkbookError
from transferkit.knowledge import datasets
from transferkit.knowledge.workbook import forms, writing
from transferkit.knowledge.workbook.form import HEAD_ROW, HINTS, LISTS

KINDS = list(forms.FORMS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_protects_its_headings_and_opens_its_fields(kind: str, empty: Callable[[str], Path]) -> None:
    book = openpyxl.load_workbook(empty(kind))
    assert book.sheetnames[0] == HINTS
    assert book[LISTS].sheet_state == "hidden"
    assert all(sheet.protection.sheet and not sheet.protection.password for sheet in book)
    for described in forms.FORMS[kind]().sheets:
        sheet = book[described.title]
        assert sheet.cell(HEAD_ROW, 1).protection.locked
        first = next((n for n, field in enumerate(described.fields) if not field.fixed), None)
        if first is not None:
            place = (HEAD_ROW + 1 + first, 2) if described.upright else (HEAD_ROW + 1, first + 1)
            assert not sheet.cell(*place).protection.locked
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.freeze_panes.endswith(str(HEAD_ROW + 1))


@pytest.mark.parametrize("kind", KINDS)
def test_every_choice_has_its_list_and_every_field_its_help(kind: str, empty: Callable[[str], Path]) -> None:
    book = openpyxl.load_workbook(empty(kind))
    for described in forms.FORMS[kind]().sheets:
        rules = book[described.title].data_validations.dataValidation
        asked = [field for field in described.fields if not field.fixed]
        assert len(rules) == len(asked)
        for rule, field in zip(rules, asked, strict=True):
            assert rule.promptTitle
            assert rule.prompt
            assert len(rule.prompt) < 256
            if field.choices:
                name = book.defined_names[rule.formula1]
                [(title, area)] = name.destinations
                cells = [row[0].value for row in book[title][area.replace("$", "")]]
                assert cells == list(field.choices.values())
                assert len(set(cells)) == len(cells)


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_holds_no_formula_and_no_name_of_a_person(kind: str, empty: Callable[[str], Path]) -> None:
    path = empty(kind)
    for sheet in openpyxl.load_workbook(path):
        assert all(cell.data_type != "f" for row in sheet for cell in row)
    with zipfile.ZipFile(path) as parts:
        properties = parts.read("docProps/core.xml").decode()
    assert re.findall(r"<dc:creator[^>]*>(.*?)</dc:creator>", properties) == ["transferkit"]
    assert "lastModifiedBy" not in properties


def test_keys_are_text_cells_so_that_no_zero_gets_lost(empty: Callable[[str], Path]) -> None:
    book = openpyxl.load_workbook(empty("applications"))
    assert {book["Bewerbungen"].cell(row, 2).number_format for row in range(5, 305)} == {"@"}


def test_the_fit_form_asks_for_every_criterion(empty: Callable[[str], Path]) -> None:
    sheet = openpyxl.load_workbook(empty("fit"))["Antworten"]
    criteria = datasets.load("transfer_criteria")
    asked = [sheet.cell(row, 1).value for row in range(5, 5 + len(criteria))]
    assert asked == criteria["criterion_id"].tolist()


def test_the_lists_of_an_experience_offer_what_the_data_package_allows(empty: Callable[[str], Path]) -> None:
    solutions, lessons = datasets.load("solutions"), datasets.load("lessons")
    fields = {field.name: field for sheet in forms.FORMS["experience"]().sheets for field in sheet.fields}
    for table, names in (
        (solutions, ["status", "theme_fit", "open_source", "evidence"]),
        (
            lessons,
            ["kind", "phase", "basis"],
        ),
    ):
        for name in names:
            assert set(fields[name].choices) == set(table[name].cat.categories), name


def test_a_file_that_is_there_is_not_overwritten(empty: Callable[[str], Path], tmp_path: Path) -> None:
    path = empty("fit")
    with pytest.raises(WorkbookError, match="wird nicht überschrieben"):
        writing.write(forms.FORMS["fit"](), path)
    with pytest.raises(WorkbookError, match=r"auf \.xlsx enden"):
        writing.write(forms.FORMS["fit"](), tmp_path / "fit.xls")
