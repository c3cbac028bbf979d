"""What is hardest to do like an ordinary kernel: the same cells from the engine and from papermill's own."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from nbclient.exceptions import DeadKernelError
from nbformat.v4 import new_code_cell, new_notebook

from transferkit.publish.execute import execute
from transferkit.publish.streams import joined

FEATURES = {
    "text of a thread, whichever cell it began in": [
        "import threading\ngo = threading.Event()\ndef say():\n    go.wait()\n    print('spät')\n"
        "thread = threading.Thread(target=say)\nthread.start()\nprint('los')",
        "go.set()\nthread.join()\nprint('jetzt')",
    ],
    "many threads and both streams": [
        "import sys\nfrom concurrent.futures import ThreadPoolExecutor\nfor number in range(20):\n"
        "    print(number)\n    print('e', number, file=sys.stderr)\n"
        "with ThreadPoolExecutor(1) as pool:\n    list(pool.map(print, range(50)))",
    ],
    "processes of its own": [
        "import os\npid = os.fork()\nif pid == 0:\n    print('Kind')\n    os._exit(0)\nos.waitpid(pid, 0)[1]",
        "import math\nfrom concurrent.futures import ProcessPoolExecutor\n"
        "with ProcessPoolExecutor(2) as pool:\n    roots = list(pool.map(math.sqrt, [1, 4]))\nroots",
    ],
    "clearing when the next comes": [
        "from IPython.display import clear_output, display\nfor step in range(3):\n"
        "    clear_output(wait=True)\n    print('Schritt', step)",
        "display('bleibt')\nclear_output(wait=True)",
        "print('weg')\nclear_output(wait=True)\ndisplay('neu')\nprint('dazu')",
    ],
    "displays updated from other cells, ids used twice, updates of nothing": [
        "from IPython.display import HTML, display, update_display\n"
        "outer = display(HTML('a'), display_id='o')\ninner = display(HTML('b'), display_id='i')\n"
        "again = display(HTML('c'), display_id='o')",
        "outer.update(HTML('neu'))\ninner.update(HTML('innen neu'))\nupdate_display('x', display_id='nie')",
        "display('noch', display_id='i', update=True)\nwith_id = display(1, display_id=True)",
    ],
    "output widgets": [
        "import ipywidgets as w\nout = w.Output()\nout",
        "with out:\n    print('später')\n    display('auch')",
        "out.append_stdout('noch')\nslider = w.IntSlider()\n"
        "slider.observe(lambda change: print('neu', change.new), 'value')\nslider.value = 9\nslider",
    ],
    "a comm of its own": [
        "from ipykernel.comm import Comm\ncomm = Comm(target_name='x', data={'a': 1})\ncomm.send({'b': 2})\n"
        "comm.close()"
    ],
    "questions nobody answers": [
        "try:\n    input('Name? ')\nexcept Exception as error:\n    print(type(error).__name__, error)",
        "from getpass import getpass\ntry:\n    getpass()\nexcept Exception as error:\n    print(error)",
    ],
    "captured text and other languages": [
        "%%capture --no-stderr said\nimport sys\nprint('still')\nprint('laut', file=sys.stderr)\n1",
        "said.show()",
        "%%bash\necho bash\necho fehler >&2",
        "%precision 2\n1/3",
        "%env X=1",
        "get_ipython().set_next_input('nächste')",
        "%reset -f\n'x' in globals()",
    ],
    "logs, warnings, progress": [
        "import logging, warnings\nlogging.warning('Achtung')\nlogging.getLogger('x').error('Fehler')",
        "def old():\n    warnings.warn('alt', DeprecationWarning)\nold()\nold()",
        "for percent in (0, 50):\n    print(f'\\r{percent} %', end='', flush=True)\nprint('\\rfertig')",
        "import sys\nfrom tqdm import tqdm\n"
        "for _ in tqdm([1], bar_format='{n} von {total}', file=sys.stdout): pass",
    ],
    "tasks that run on": [
        "import asyncio\nseen = []\nasync def tick():\n    while True:\n        seen.append(1)\n"
        "        await asyncio.sleep(0)\ntask = asyncio.create_task(tick())",
        "while len(seen) < 5: await asyncio.sleep(0)\n"
        "task.cancel()\nawait asyncio.sleep(0)\ntask.cancelled()",
        "async def noisy():\n    print('aus der Aufgabe')\n    raise ValueError('dort')\n"
        "task = asyncio.create_task(noisy())",
        "await asyncio.wait([task])\ntask.exception()",
        "try:\n    asyncio.run(tick())\nexcept RuntimeError as error:\n    print(error)",
    ],
    "everything an object can be": [
        "class Rich:\n    def _repr_mimebundle_(self, include=None, exclude=None):\n"
        "        data = {'text/plain': 'r', 'application/json': {'a': [1]}}\n"
        "        return data, {'application/json': {'expanded': True}}\nRich()",
        "class Self:\n    def _ipython_display_(self):\n        print('selbst')\nSelf()",
        "class Picture:\n    def __repr__(self): return 'Bild'\n"
        "    def _repr_png_(self): return b'\\x89PNG'\n    def _repr_latex_(self): return '$x$'\nPicture()",
        "display({'text/plain': 'roh'}, raw=True, metadata={'k': 1}, transient={'t': 1})",
        "from IPython.display import JSON, Code, Image, Javascript, Latex\n"
        "display(JSON({'a': 1}), Latex('$x$'), Javascript('1'), Code('x = 1'))",
        "display({'application/json': {'x': [1.5, None, True, 'ä']}, 'text/plain': 'j'}, raw=True)",
    ],
    "much": ["print('x' * 5_000_000)", "'y' * 5_000_000"],
    "many": ["for number in range(3000): print(number)", "for number in range(200): display(number)"],
    "text that is none": [
        "print(b'gr\\xfcn'.decode(errors='surrogateescape'))",
        "'\\x00\\x1b[31mrot\\x1b[0m\\u2028', b'\\xff'",
    ],
    "what is there before the first cell": [
        "sorted(globals())",
        "__doc__",
        "import sys\n'' in sys.path",
        "import neighbour\nneighbour.WORD",
        "import os\n{name: os.environ.get(name) for name in ('TERM', 'PAGER', 'FORCE_COLOR', 'MPLBACKEND')}",
    ],
    "hooks between cells": [
        "def after(result): print('danach', result.success)\n"
        "get_ipython().events.register('post_run_cell', after)",
        "1",
    ],
}
FAILURES = {
    "one error from another": [
        "try:\n    1 / 0\nexcept Exception as error:\n    raise ValueError('b') from error"
    ],
    "several at once": ["raise ExceptionGroup('g', [ValueError('a'), TypeError('b')])"],
    "in a coroutine": ["async def bad():\n    raise KeyError('k')\nawait bad()"],
    "no such magic": ["%gibtsnicht"],
    "another language fails": ["%%bash\nexit 3"],
    "an object that cannot be shown": [
        "class Broken:\n    def __repr__(self): return 'ganz'\n"
        "    def _repr_html_(self): raise ValueError('kaputt')\nBroken()"
    ],
    "an error shown by a hook": [
        "get_ipython().set_custom_exc((ValueError,), lambda *what, tb_offset=None: print('eigene', what[2]))",
        "raise ValueError('x')",
    ],
    "a question": ["input('Name? ')"],
    "lines of its own": [
        "class E(Exception):\n    def _render_traceback_(self): return ['eigene Zeilen']\nraise E()"
    ],
    "an end that is meant": ["import sys\nprint('vorher')\nsys.exit(1)", "1"],
    "an interrupt": [
        "import os, signal, threading\nos.kill(os.getpid(), signal.SIGINT)\nthreading.Event().wait()"
    ],
    "an interrupt while awaiting": [
        "import asyncio, os, signal\nos.kill(os.getpid(), signal.SIGINT)\nawait asyncio.Event().wait()"
    ],
}
DEATHS = {
    "os._exit": ["import os\nprint('vorher')", "os._exit(3)", "1"],
    "a crash": ["import ctypes\nctypes.string_at(0)", "1"],
}


def run(cells: list[str], engine: str | None, cwd: Path) -> tuple[nbformat.NotebookNode, str]:
    """The notebook papermill leaves in a file, and the name and text of the error it ended with."""
    (cwd / "neighbour.py").write_text("WORD = 'nebenan'\n", encoding="utf-8")
    out, code = cwd / "out.ipynb", [new_code_cell(text, id=f"c{number}") for number, text in enumerate(cells)]
    error = ""
    try:
        papermill.execute_notebook(
            new_notebook(cells=code),
            out,
            engine_name=engine,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            execution_timeout=60,  # a cell nothing interrupts must not hang the test
            resources={"metadata": {"path": str(cwd)}},
        )
    except (papermill.exceptions.PapermillExecutionError, DeadKernelError) as failure:
        error = f"{type(failure).__name__}: {failure}"
    return nbformat.read(out, as_version=4), error


def plain(notebook: nbformat.NotebookNode) -> str:
    """Counts and outputs as text, with what is random replaced in the order in which it appears."""
    seen: dict[str, str] = {}
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    text = json.dumps([[cell.source, cell.execution_count, joined(cell.outputs)] for cell in cells])
    by_chance = r"[0-9a-f]{32}|ipykernel_\d+|0x[0-9a-f]+"
    return re.sub(by_chance, lambda found: seen.setdefault(found[0], f"id{len(seen)}"), text)


@pytest.mark.parametrize("feature", FEATURES)
def test_the_same_cells_come_from_both_engines(feature: str, tmp_path: Path) -> None:
    ours, theirs = (run(FEATURES[feature], engine, tmp_path) for engine in ("fork", None))
    assert (plain(ours[0]), ours[1]) == (plain(theirs[0]), "")


@pytest.mark.parametrize("failure", FAILURES)
def test_the_same_failure_and_the_same_cells_before_it(failure: str, tmp_path: Path) -> None:
    ours, theirs = (run(FAILURES[failure], engine, tmp_path) for engine in ("fork", None))
    assert ours[1]
    assert (plain(ours[0]), ours[1]) == (plain(theirs[0]), theirs[1])


@pytest.mark.parametrize("death", DEATHS)
def test_a_kernel_that_dies_is_the_same_error(death: str, tmp_path: Path) -> None:
    """What an ordinary kernel had said in its last moment may be lost; nothing is compared but the end."""
    ours, theirs = (run(DEATHS[death], engine, tmp_path)[1] for engine in ("fork", None))
    assert ours == theirs
    assert ours.startswith("DeadKernelError")


def test_times_and_states_are_told_cell_by_cell(tmp_path: Path) -> None:
    def told(notebook: nbformat.NotebookNode) -> list[Any]:
        parts = [notebook, *notebook.cells]
        return [
            {
                name: value if name in ("status", "exception") else type(value).__name__
                for name, value in part.metadata.get("papermill", {}).items()
                if name not in ("output_path", "input_path")
            }
            for part in parts
        ]

    ours, theirs = (run(["1", "1 / 0", "2"], engine, tmp_path)[0] for engine in ("fork", None))
    assert told(ours) == told(theirs)
    assert all(cell.metadata.papermill.end_time for cell in ours.cells if cell.get("execution_count"))


def test_half_a_surrogate_pair_costs_one_character_and_not_the_page(tmp_path: Path) -> None:
    notebook, error = run(["print('\\ud83d halb')", "'\\ude00'"], "fork", tmp_path)
    assert error == ""
    assert notebook.cells[0].outputs[0].text == "? halb\n"


def test_text_is_one_output_however_long_the_cell_took_between_its_lines(tmp_path: Path) -> None:
    slow = "import sys, time\nprint('a')\ntime.sleep(0.5)\nprint('b', file=sys.stderr)\nprint('c')\n1"
    cells = [new_code_cell("x: int = 1  # Zahl", metadata={"tags": ["parameters"]}), new_code_cell(slow)]
    nbformat.write(new_notebook(cells=cells), tmp_path / "slow.ipynb")
    outputs = execute(tmp_path / "slow.ipynb", {}).cells[-1].outputs
    assert [one.get("text") for one in outputs] == ["a\nc\n", "b\n", None]
