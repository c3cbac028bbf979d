"""Every rule for notebooks catches its planted defect, names the cell and the line, and says nothing else."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from transferkit import project
from transferkit.finding import Finding
from transferkit.publish import notebook
from transferkit.publish.check import notebooks

NAME = "workshops/theme-workshop.ipynb"
KNOWN = frozenset({"GV"})
CLEAN = "Wir helfen."
LONG = (
    "Wir haben mit allen Ämtern und Vereinen im Herbst lange beraten und dann eine App gekauft, die Menschen "
    "jeden Alters gern nutzen, weil sie schnell hilft und wenig kostet."
)
TOC = f"""
[site]
title = "transferkit"
edition = "2026-11-22"

[[guide]]
name = "theme-guide"
notebook = "guides/theme-guide.ipynb"
title = "Leitfaden"
group = "Themen"
group_page = "themen.html"
address = "themen/{{value}}.html"
parameters = {{ theme = "themes.theme_id" }}

[[workshop]]
name = "theme-workshop"
notebook = "{NAME}"
title = "Themenwerkstatt"
text = "Ein Thema."
parameters = {{ theme = "themes.theme_id", places = "places.key" }}
"""
Change = Callable[[NotebookNode], None]


@pytest.fixture(scope="module")
def shipped() -> NotebookNode:
    return notebook.load(project.notebooks_folder() / NAME)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one notebook of the shipped ones and a toc.toml that publishes it."""
    (tmp_path / "workshops").mkdir()
    (tmp_path / "toc.toml").write_text(TOC, encoding="utf-8")
    (tmp_path / "guides").mkdir()
    shutil.copy(project.notebooks_folder() / "guides/theme-guide.ipynb", tmp_path / "guides")
    shutil.copy(project.notebooks_folder() / NAME, tmp_path / NAME)
    return tmp_path


def planted(folder: Path, shipped: NotebookNode, change: Change) -> list[Finding]:
    changed = copy.deepcopy(shipped)
    change(changed)
    notebook.save(changed, folder / NAME)
    return notebooks.findings(folder, KNOWN)


def code(source: str, at: int = 5, **more: Any) -> Change:
    """A new code cell as cell number `at`."""
    return lambda book: book.cells.insert(at - 1, new_code_cell(source, **more))


def words(source: str, at: int = 6, **more: Any) -> Change:
    return lambda book: book.cells.insert(at - 1, new_markdown_cell(source, **more))


def edit(number: int, old: str, new: str) -> Change:
    def change(book: NotebookNode) -> None:
        cell = book.cells[number - 1]
        assert old in cell.source, cell.source
        cell.source = cell.source.replace(old, new, 1)

    return change


def within(number: int, **values: Any) -> Change:
    return lambda book: book.cells[number - 1].update(values)


def tagged(number: int, *tags: str) -> Change:
    return lambda book: book.cells[number - 1].metadata.update(tags=list(tags))


def test_the_shipped_notebook_keeps_the_rules(folder: Path) -> None:
    assert notebooks.findings(folder, KNOWN) == []


# What is planted, the rule that must speak, and where.
DEFECTS = [
    # Title and paragraph.
    (edit(1, "# Themenwerkstatt", "Themenwerkstatt"), "notebook.opening", "Zelle 1"),
    (edit(1, "\n\n", "\n\nNoch ein Absatz.\n\n"), "notebook.opening", "Zelle 1"),
    (edit(1, "\n\nWas", "\n\n- Was"), "notebook.opening", "Zelle 1"),
    # Parameters.
    (tagged(2), "notebook.parameters", "Zelle 2"),
    (edit(2, "  # Beginn", ""), "notebook.parameters", "Zelle 2, Zeile 4"),
    (edit(2, "start: str =", "start ="), "notebook.parameters", "Zelle 2, Zeile 4"),
    (edit(2, '"9:00"', "str(9)"), "notebook.parameters", "Zelle 2, Zeile 4"),
    (tagged(3, "parameters"), "notebook.parameters", "Zelle 3"),
    # Imports, and one idea in a cell.
    (code("import json", at=6), "notebook.imports", "Zelle 6"),
    (
        edit(3, "import transferkit as tk", "import transferkit as tk\nprint(1)\nimport json"),
        "notebook.imports",
        "Zelle 3, Zeile 3",
    ),
    (code("\n".join(f"a{n} = {n}" for n in range(11))), "notebook.cell-length", "Zelle 5, Zeile 11"),
    (code(""), "notebook.cell-empty", "Zelle 5"),
    (code("a = 1\ndef f():\n    return a"), "notebook.definition", "Zelle 5, Zeile 2"),
    (code("class A:\n    pass"), "notebook.definition", "Zelle 5"),
    (code("try:\n    a = 1\nfinally:\n    b = 2"), "notebook.definition", "Zelle 5"),
    (code("f = lambda: 1"), "notebook.definition", "Zelle 5"),
    (code("a = 1\n%run other"), "notebook.magic", "Zelle 5, Zeile 2"),
    (code("!ls"), "notebook.magic", "Zelle 5"),
    (code('a = tk.load("data/themes")'), "notebook.path", "Zelle 5"),
    (code('b = 1\na = "themes.csv"'), "notebook.path", "Zelle 5, Zeile 2"),
    (code('a = "C:\\\\Daten"'), "notebook.path", "Zelle 5"),
    (code('a = "https://example.org/a"'), "notebook.path", "Zelle 5"),
    (code("a = ("), "notebook.syntax", "Zelle 5"),
    # Committed as it was written.
    (within(5, execution_count=3), "notebook.outputs", "Zelle 5"),
    (within(5, outputs=[nbformat.v4.new_output("stream", text="1")]), "notebook.outputs", "Zelle 5"),
    (lambda book: book.metadata.update(papermill={}), "notebook.metadata", "metadata.papermill"),
    # Tags, and what only those who lead may read.
    (tagged(5, "page-onyl"), "notebook.tag", "Zelle 5"),
    (tagged(5, "injected-parameters"), "notebook.tag", "Zelle 5"),
    (tagged(9), "notebook.facilitator", "Zelle 9"),
    (tagged(11), "notebook.facilitator", "Zelle 11"),
    (words("Ein Wort.\n\n**Moderation.** Warten Sie."), "notebook.facilitator", "Zelle 6, Zeile 3"),
    # Words.
    (words("# Noch ein Titel"), "notebook.headings", "Zelle 6"),
    (words("#### Zu tief"), "notebook.headings", "Zelle 6"),
    (words(f"{CLEAN}\n\n<b>Fett</b>"), "notebook.html", "Zelle 6, Zeile 3"),
    (words("![](bild.png)"), "notebook.alt-text", "Zelle 6"),
    (words("![Eine Karte](https://example.org/a.png)"), "notebook.foreign-image", "Zelle 6"),
    (words("Lesen Sie es [hier](https://example.org)."), "notebook.link-text", "Zelle 6"),
    (words("Lesen Sie [den Plan](http://example.org)."), "notebook.link", "Zelle 6"),
    (words("Lesen Sie [den Plan](file:///plan.pdf)."), "notebook.link", "Zelle 6"),
    (words(CLEAN, attachments={"a.png": {"image/png": "aGk="}}), "notebook.attachment", "Zelle 6"),
    # German.
    (words(LONG), "language.sentence-length", "Zelle 6"),
    (words("Das Angebot wurde geprüft. Die Daten werden gelöscht."), "language.passive", "Zelle 6"),
    (words("Fragen Sie die XBKV."), "language.abbreviation", "Zelle 6"),
    (words("Die Prüfung erfolgt später."), "language.office-words", "Zelle 6"),
    (edit(2, "# Beginn", "# Beginn laut XBKV"), "language.abbreviation", "Zelle 2"),
]


@pytest.mark.parametrize(("change", "rule", "place"), DEFECTS)
def test_a_planted_defect_is_caught_in_its_cell_and_nowhere_else(
    folder: Path, shipped: NotebookNode, change: Change, rule: str, place: str
) -> None:
    found = planted(folder, shipped, change)
    assert {(one.where, one.rule, one.place) for one in found} == {(f"notebooks/{NAME}", rule, place)}, found
    assert all(one.text and one.remedy for one in found)


def test_the_line_is_that_of_the_file(folder: Path, shipped: NotebookNode) -> None:
    found = planted(folder, shipped, code("alpha = 1\nbeta = lambda: alpha"))
    lines = (folder / NAME).read_text(encoding="utf-8").splitlines()
    assert found[0].line
    assert "beta = lambda: alpha" in lines[found[0].line - 1]


def test_code_before_the_parameters_is_caught(folder: Path, shipped: NotebookNode) -> None:
    found = planted(folder, shipped, code("a = 1", at=2))
    assert ("notebook.parameters-first", "Zelle 3") in {(one.rule, one.place) for one in found}


@pytest.mark.filterwarnings("ignore:Non-unique cell id")  # nbformat mends what it reads, and says so
def test_two_cells_with_one_id_are_caught(folder: Path, shipped: NotebookNode) -> None:
    changed = copy.deepcopy(shipped)
    changed.cells[6]["id"] = changed.cells[5]["id"]
    text = nbformat.v4.writes(changed)
    (folder / NAME).write_text(text, encoding="utf-8")
    found = notebooks.findings(folder, KNOWN)
    assert [(one.rule, one.place) for one in found] == [("notebook.cell-id", "Zelle 7")]


def test_a_text_that_is_passive_throughout_is_told_once(folder: Path, shipped: NotebookNode) -> None:
    passive = "\n\n".join(f"Wir lernen. Angebot {n} wird geprüft. Alle reden." for n in range(60))
    found = planted(folder, shipped, words(passive))
    assert [one.rule for one in found] == ["language.passive-share"]
    assert "Sätzen stehen im Passiv" in found[0].text


def test_a_damaged_notebook_is_named(folder: Path) -> None:
    (folder / NAME).write_text("{", encoding="utf-8")
    found = notebooks.findings(folder, KNOWN)
    assert [(one.rule, one.where) for one in found] == [("notebook.unreadable", f"notebooks/{NAME}")]


def test_the_words_of_the_table_of_contents_are_read_too(folder: Path) -> None:
    toc = folder / "toc.toml"
    toc.write_text(TOC.replace("Ein Thema.", "Fragen Sie die XBKV."), encoding="utf-8")
    found = notebooks.findings(folder, KNOWN)
    assert [(one.where, one.rule, one.place) for one in found] == [
        ("notebooks/toc.toml", "language.abbreviation", "theme-workshop")
    ]
    assert found[0].line
    assert "XBKV" in toc.read_text(encoding="utf-8").splitlines()[found[0].line - 1]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "workshops/theme-workshop.ipynb",
            "workshops/theme-workshp.ipynb",
            "Meinten Sie „workshops/theme-workshop",
        ),
        ("{ theme = ", "{ thema = ", "Den Parameter „thema“ gibt es"),
    ],
)
def test_what_the_table_of_contents_says_wrongly_is_named_at_its_line(
    folder: Path, old: str, new: str, said: str
) -> None:
    toc = folder / "toc.toml"
    before, workshop = toc.read_text(encoding="utf-8").split("[[workshop]]")
    toc.write_text(f"{before}[[workshop]]{workshop.replace(old, new, 1)}", encoding="utf-8")
    found = notebooks.findings(folder, KNOWN)
    assert [(one.where, one.rule, one.place) for one in found] == [
        ("notebooks/toc.toml", "notebook.toc", "theme-workshop")
    ]
    assert said in found[0].text + found[0].remedy
    assert found[0].line
    assert "theme-worksh" in toc.read_text(encoding="utf-8").splitlines()[found[0].line - 1]
