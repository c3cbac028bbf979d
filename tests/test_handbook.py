"""The handbook names only what exists, and each of its pages is read in five minutes."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

from tests.documents import assert_command_exists, assert_targets_exist, code_spans, commands, exists
from transferkit import catalogue, project
from transferkit.knowledge.workbook import forms
from transferkit.publish import site

NOTEBOOKS = sorted(project.notebooks_folder().joinpath("handbook").glob("*.ipynb"))
MOST_WORDS = 700
LONGEST_SENTENCE = 20  # words


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def prose(request: pytest.FixtureRequest) -> str:
    """The words of one page."""
    cells = nbformat.read(request.param, as_version=4)["cells"]
    return "\n\n".join(cell["source"] for cell in cells if cell["cell_type"] == "markdown")


def test_there_is_a_page_for_each_reader_and_one_for_what_is_not_known() -> None:
    assert {path.stem for path in NOTEBOOKS} == {
        *("participants", "consultants", "editors", "operators", "limits"),
    }
    notebooks = {guide.notebook for guide in project.toc().guides}
    assert {f"handbook/{path.name}" for path in NOTEBOOKS} <= notebooks


def test_every_command_and_option_exists(prose: str) -> None:
    assert_targets_exist(prose)
    for words in commands(prose):
        assert_command_exists(words)


def test_what_a_command_is_called_with_exists(prose: str) -> None:
    toc = project.toc()
    for command in commands(prose):
        match command:
            case ["build", name, *rest] if not name.startswith("-"):
                guide = toc.guide(name)
                given = {name for flag, name in pairwise(rest) if flag == "-p"}
                assert given <= set(guide.parameters)
            case ["workbook", "new", form, _]:
                assert form in forms.FORMS
            case ["workshop", "new", "--format", format, "--theme", theme, *_]:
                assert toc.workshop(format)
                assert theme in catalogue.domains()["themes.theme_id"]
            case ["serve", "--app", app]:
                assert toc.app(app)


def test_everything_else_in_code_letters_exists(prose: str) -> None:
    spans = [span for span in code_spans(prose) if not span.startswith(("make ", "transferkit "))]
    assert [span for span in spans if not exists(span)] == []


def test_every_link_leads_to_a_page_of_the_site(prose: str) -> None:
    pages = {guide.address for guide in project.toc().guides} | {f"{name}.html" for name in site.PAGES}
    assert set(re.findall(r"\]\(site:([^)#]+)", prose)) - pages == set()


def test_a_page_is_short_and_so_are_its_sentences(prose: str) -> None:
    text = re.sub(r"`[^`]*`|!\[[^\]]*\]\([^)]*\)|\]\([^)]*\)", "", prose)
    assert len(text.split()) < MOST_WORDS
    sentences = re.split(r"(?<=[.?!:])\s|\n", text)
    assert [one for one in sentences if len(one.split()) > LONGEST_SENTENCE] == []


def test_the_drafts_mark_what_no_program_can_know() -> None:
    templates = Path(site.TEMPLATES, "site")
    for name in ("barrierefreiheit", "datenschutz"):
        text = (templates / f"{name}.html.j2").read_text(encoding="utf-8")
        assert "Entwurf" in text
        assert "open(" in text
        assert "konform" not in text
