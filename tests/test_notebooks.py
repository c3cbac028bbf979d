"""The rules of every notebook we publish: thin, told in words, committed as it was written."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = sorted(Path(__file__).parent.parent.joinpath("notebooks").rglob("*.ipynb"))
TAGS = {"parameters", "remove-cell", "remove-input", "app-only", "page-only", "facilitator"}
LONGEST = 10
FORBIDDEN = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Try,
    ast.Lambda,
)
# `%magic` and `!command` start a line; a path has a slash, or is a file by its ending.
MAGIC = re.compile(r"^\s*[%!]", re.MULTILINE)
A_PATH = re.compile(r"^[\w.~-]*/[\w./~-]+$|^[\w-]+\.(csv|xlsx|json|ipynb|html|txt|parquet)$|^[A-Z]:\\")

Cells = list[nbformat.NotebookNode]


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def cells(request: pytest.FixtureRequest) -> Cells:
    found: Cells = nbformat.read(request.param, as_version=4)["cells"]
    return found


def code(cells: Cells) -> Cells:
    return [cell for cell in cells if cell["cell_type"] == "code"]


def tags(cell: nbformat.NotebookNode) -> list[str]:
    return list(cell["metadata"].get("tags", []))


def imports_only_at_the_start(statements: list[ast.stmt]) -> bool:
    kinds = [isinstance(statement, ast.Import | ast.ImportFrom) for statement in statements]
    return kinds == sorted(kinds, reverse=True)


def test_a_notebook_opens_with_its_title_and_one_paragraph(cells: Cells) -> None:
    assert cells[0]["cell_type"] == "markdown"
    title, paragraph, *rest = re.split(r"\n\s*\n", cells[0]["source"].strip())
    assert re.fullmatch(r"# \S.*", title)
    assert not paragraph.startswith(("#", "-", "*", "|"))
    assert rest == []


def test_one_cell_of_parameters_comes_before_all_other_code(cells: Cells) -> None:
    assert ["parameters" in tags(cell) for cell in code(cells)].count(True) == 1
    assert "parameters" in tags(code(cells)[0])


def test_every_parameter_has_a_type_a_literal_default_and_a_comment(cells: Cells) -> None:
    source = code(cells)[0]["source"]
    lines = source.splitlines()
    for statement in ast.parse(source).body:
        assert isinstance(statement, ast.AnnAssign)
        assert statement.value is not None
        ast.literal_eval(statement.value)
        assert statement.end_lineno
        assert re.search(r"#\s*\S", lines[statement.end_lineno - 1][statement.end_col_offset :])


def test_imports_stand_together_after_the_parameters(cells: Cells) -> None:
    bodies = [ast.parse(cell["source"]).body for cell in code(cells)]
    with_imports = [
        number
        for number, body in enumerate(bodies)
        if any(isinstance(statement, ast.Import | ast.ImportFrom) for statement in body)
    ]
    assert with_imports == [1]
    assert imports_only_at_the_start(bodies[1])


def test_a_code_cell_is_one_idea_and_never_a_definition(cells: Cells) -> None:
    for cell in code(cells):
        source = cell["source"]
        assert 0 < len(source.splitlines()) <= LONGEST, source
        assert not MAGIC.search(source), source
        nodes = list(ast.walk(ast.parse(source)))
        assert not [node for node in nodes if isinstance(node, FORBIDDEN)], source


def test_no_cell_names_a_path(cells: Cells) -> None:
    for cell in code(cells):
        for node in ast.walk(ast.parse(cell["source"])):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not A_PATH.search(node.value), node.value


def test_a_notebook_is_committed_as_it_was_written(cells: Cells) -> None:
    for cell in code(cells):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None


def test_only_known_tags_are_used(cells: Cells) -> None:
    assert {tag for cell in cells for tag in tags(cell)} <= TAGS


def test_there_are_notebooks_to_hold_to_the_rules() -> None:
    assert {"theme-guide", "municipality-guide", "experience-sheet", "project-profile"} <= {
        path.stem for path in NOTEBOOKS
    }
