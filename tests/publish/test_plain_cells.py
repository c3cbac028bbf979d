"""Plain Python is recognised without looking at its tokens; everything else IPython takes apart as ever."""

from __future__ import annotations

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from transferkit.project import notebooks_folder
from transferkit.publish.line_kernel import PlainFirst
from transferkit.publish.notebook import load

CELLS = [
    "1",
    "x = 1\n",
    "\n\nx = 1",
    "    x = 1\n    y = 2",
    "%time 1",
    "%%bash\necho",
    "files = !ls",
    "!ls",
    "print?",
    "??print",
    "x = (5\n% 3)",
    "'100 %!?'",
    ">>> x = 1\n>>> y = 2",
    "In [3]: x = 1",
    ",f a b",
    ";f a b",
    "/f a",
    "if x:\n    /f a",
    "text = '''\n%time\n'''",
    "# nur ein Kommentar",
    "a\\\n + b",
    "x = 1\r\ny = 2",
    "await f()",
    "def f(:\n",
]


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_becomes_what_ipython_makes_of_it(cell: str) -> None:
    assert PlainFirst().transform_cell(cell) == TransformerManager().transform_cell(cell)


def test_every_cell_of_every_notebook_becomes_what_ipython_makes_of_it() -> None:
    paths = sorted(notebooks_folder().rglob("*.ipynb"))
    cells = [cell.source for path in paths for cell in load(path).cells if cell.cell_type == "code"]
    assert len(cells) > 50
    ours, stock = PlainFirst(), TransformerManager()
    assert [ours.transform_cell(cell) for cell in cells] == [stock.transform_cell(cell) for cell in cells]


def test_a_notebook_that_changes_its_own_cells_is_heard() -> None:
    ours = PlainFirst()
    ours.cleanup_transforms.append(lambda lines: [line.replace("eins", "1") for line in lines])
    assert ours.transform_cell("x = eins") == "x = 1\n"
