"""What is loaded before the fork is all a guide needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbformat.v4 import new_code_cell, new_notebook

GUIDES = Path(__file__).parents[1] / "notebooks" / "guides"


def test_a_guide_imports_nothing_that_was_not_there_before_the_fork() -> None:
    """What every child would import for itself, and compute for the first time, ten thousand times."""
    ask = new_code_cell("import sys\nprint(*sorted(sys.modules))")
    guide = nbformat.read(GUIDES / "municipality-guide.ipynb", as_version=4)
    guide.cells.append(ask)
    assert modules_at_the_end(guide) - modules_at_the_end(new_notebook(cells=[ask])) == set()


def modules_at_the_end(notebook: Any) -> set[str]:
    executed = papermill.execute_notebook(
        notebook, None, engine_name="fork", kernel_name="python3", language="python", progress_bar=False
    )
    return set(executed.cells[-1].outputs[0]["text"].split())
