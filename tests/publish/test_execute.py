"""Real kernels: what they are given, how they fail, and that nothing of them stays."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import nbformat
import psutil
import pytest

from transferkit.errors import ParameterError
from transferkit.publish.execute import CellError, execute

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"


def kernels() -> list[psutil.Process]:
    """The kernels this process has started and that still run."""
    children = psutil.Process().children(recursive=True)
    return [child for child in children if any("ipykernel" in part for part in child.cmdline())]


@pytest.fixture(autouse=True)
def _no_kernel_outlives_a_call() -> Iterator[None]:
    folder = os.getcwd()
    yield
    assert kernels() == []
    assert os.getcwd() == folder


@pytest.fixture(scope="module")
def greeting() -> nbformat.NotebookNode:
    return execute(NOTEBOOKS / "greeting.ipynb", {"place": "05315000", "count": "12"})


def test_parameters_arrive_with_their_declared_types(greeting: nbformat.NotebookNode) -> None:
    shown = greeting.cells[3].outputs[0].data["text/plain"]
    assert shown == "('05315000', 12)"


def test_the_kernel_works_in_the_folder_of_the_notebook(greeting: nbformat.NotebookNode) -> None:
    assert greeting.cells[4].outputs[0].data["text/plain"] == "'notebooks'"


def test_the_result_tells_nothing_of_clock_machine_or_user(greeting: nbformat.NotebookNode) -> None:
    assert greeting.metadata.papermill == {"parameters": {"place": "05315000", "count": 12}}
    assert greeting.cells[2].id == "injected-parameters"
    assert all(set(cell.metadata) <= {"tags"} for cell in greeting.cells)
    assert str(NOTEBOOKS) not in nbformat.writes(greeting)


def test_a_second_run_gives_the_same_notebook(greeting: nbformat.NotebookNode) -> None:
    again = execute(NOTEBOOKS / "greeting.ipynb", {"place": "05315000", "count": 12})
    assert nbformat.writes(again) == nbformat.writes(greeting)


def test_a_failing_cell_is_told_by_its_number_with_the_notebook_so_far() -> None:
    with pytest.raises(CellError) as failure:
        execute(NOTEBOOKS / "failing_cell.ipynb", {})
    error = failure.value
    assert str(error) == "Zelle 3: ZeroDivisionError: division by zero"
    assert (error.cell, error.error, error.source) == (3, "ZeroDivisionError", "before / 0")
    assert error.notebook is not None
    executed = [cell for cell in error.notebook.cells if cell.cell_type == "code"]
    assert executed[-2].outputs[0].ename == "ZeroDivisionError"
    assert executed[-1].execution_count is None
    assert all("papermill" not in cell.source for cell in error.notebook.cells)


def test_a_notebook_that_takes_too_long_is_ended() -> None:
    with pytest.raises(CellError, match="Zelle 2: Zeitüberschreitung: nach 2 Sekunden abgebrochen"):
        execute(NOTEBOOKS / "slow_cell.ipynb", {}, timeout=2)


def test_a_notebook_that_wants_too_much_memory_fails_alone() -> None:
    with pytest.raises(CellError, match=r"Zelle 2: MemoryError: der Speicher reicht nicht.* 300 MB"):
        execute(NOTEBOOKS / "greedy_cell.ipynb", {}, memory_mb=300)


def test_a_kernel_that_dies_is_a_failure_with_its_cell() -> None:
    with pytest.raises(CellError, match="Zelle 2: Absturz"):
        execute(NOTEBOOKS / "crashing_cell.ipynb", {})


def test_unknown_parameters_and_undeclared_notebooks_are_refused_before_a_kernel_starts() -> None:
    with pytest.raises(ParameterError, match="Meinten Sie „place“"):
        execute(NOTEBOOKS / "greeting.ipynb", {"plcae": "x"})
    with pytest.raises(ParameterError, match="fehlt"):
        execute(NOTEBOOKS / "no_parameters_cell.ipynb", {})
