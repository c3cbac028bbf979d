"""Forked kernels: the same notebooks as with fresh ones, nothing leaks, nothing is left behind."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import papermill
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from transferkit.publish.execute import CellError, execute
from transferkit.publish.fork_engine import ForkEngine
from transferkit.publish.forkserver import ForkRefusedError, ForkServer
from transferkit.publish.line_client import ForkedKernel

GUIDES = Path(__file__).parents[2] / "notebooks" / "guides"
TIMES = ("papermill", "execution")

FEATURES = {
    "a value": ["1 + 1"],
    "no value": ["x = 3;", "x"],
    "text on both streams": ["import sys\nprint('eins')\nprint('zwei', file=sys.stderr)\nprint('drei')"],
    "text without a line end": ["print('a', end='')", "print('ä€😀')"],
    "text, then a value": ["print('erst')\n'dann'"],
    "rich output": ["from IPython.display import HTML, display\ndisplay(HTML('<b>x</b>'))\nHTML('<i>y</i>')"],
    "markdown and svg": [
        "from IPython.display import SVG, Markdown, display\ndisplay(Markdown('*a*'))\n"
        "SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')"
    ],
    "a display that is updated later": [
        "from IPython.display import display\nhandle = display('alt', display_id='d1')",
        "handle.update('neu')\nprint('danach')",
    ],
    "cleared output": [
        "from IPython.display import clear_output\nprint('weg')\nclear_output()\nprint('bleibt')"
    ],
    "top-level await": [
        "import asyncio\nawait asyncio.sleep(0)\n'wach'",
        "async def f():\n    return 7",
        "await f()",
    ],
    "a task that runs on between cells": [
        "import asyncio\nlog = []\nasync def later(): log.append(1)\ntask = asyncio.create_task(later())",
        "await task\nlog",
    ],
    "cell and line magics": ["%%capture said\nprint('still')", "said.stdout", "%pwd", "%%html\n<p>a</p>"],
    "a shell command": ["!echo hallo", "import subprocess\nsubprocess.run(['echo', 'von außen']).returncode"],
    "a table": ["import pandas as pd\npd.DataFrame({'a': [1, 2]}, index=['x', 'y'])"],
    "a chart": ["import altair as alt\nalt.Chart(alt.Data(values=[{'a': 1}])).mark_bar().encode(x='a:Q')"],
    "history": ["6 * 7", "_ + 1", "In[1], Out[1]"],
    "a warning": ["import warnings\nwarnings.warn('Achtung')"],
    "a widget": ["import ipywidgets as w\nslider = w.IntSlider(value=3)\nslider.value"],
    "names of the module": [
        "__name__, type(get_ipython()).__name__",
        "import sys\nsys.modules['__main__'].__dict__ is globals()",
    ],
    "an empty cell": ["", "'danach'"],
}
FAILURES = {
    "an error": ["def f():\n    return 1 / 0", "f()", "'nie erreicht'"],
    "an error of syntax": ["x = = 1"],
    "a text too much": ["print('vorher')\nraise ValueError('Größe')"],
}


def notebook(cells: list[str], tags: tuple[str, ...] = ()) -> nbformat.NotebookNode:
    """A notebook of these cells with fixed ids; the first code cell carries `tags`."""
    code = [new_code_cell(source, id=f"c{number}") for number, source in enumerate(cells)]
    code[0].metadata["tags"] = list(tags)
    return new_notebook(cells=[new_markdown_cell("# Titel", id="m"), *code])


def run(source: nbformat.NotebookNode, engine: str | None, cwd: Path) -> dict[str, Any]:
    """The executed notebook without times; `engine` None is papermill's own."""
    executed = papermill.execute_notebook(
        nbformat.from_dict(json.loads(json.dumps(source))),
        None,
        engine_name=engine,
        kernel_name="python3",
        language="python",
        progress_bar=False,
        resources={"metadata": {"path": str(cwd)}},
    )
    plain: dict[str, Any] = json.loads(json.dumps(executed))
    for part in (plain, *plain["cells"]):
        for name in TIMES:
            part["metadata"].pop(name, None)
    return plain


@pytest.mark.parametrize("feature", FEATURES)
def test_a_forked_kernel_gives_the_same_notebook_as_a_fresh_one(feature: str, tmp_path: Path) -> None:
    source = notebook(FEATURES[feature])
    assert _without_ids(run(source, "fork", tmp_path)) == _without_ids(run(source, None, tmp_path))


def _without_ids(plain: dict[str, Any]) -> str:
    """As text, with random and process numbers replaced in the order in which they appear."""
    seen: dict[str, str] = {}
    text = json.dumps(plain)  # in the order of making: sorting would sort by the random numbers
    return re.sub(
        r"[0-9a-f]{32}|ipykernel_\d+", lambda found: seen.setdefault(found[0], f"id{len(seen)}"), text
    )


@pytest.mark.parametrize("failure", FAILURES)
def test_a_forked_kernel_fails_like_a_fresh_one(failure: str, tmp_path: Path) -> None:
    source = notebook(FAILURES[failure])
    told = []
    for engine in ("fork", None):
        with pytest.raises(papermill.exceptions.PapermillExecutionError) as error:
            run(source, engine, tmp_path)
        told.append((error.value.ename, error.value.evalue, error.value.exec_count, error.value.traceback))
    assert told[0] == told[1]


def test_an_error_that_is_meant_does_not_end_the_notebook(tmp_path: Path) -> None:
    source, out = notebook(["1 / 0", "'weiter'"], ("raises-exception",)), tmp_path / "out.ipynb"
    told = []
    for engine in ("fork", None):
        with pytest.raises(papermill.exceptions.PapermillExecutionError) as error:
            papermill.execute_notebook(
                source, out, engine_name=engine, kernel_name="python3", language="python", progress_bar=False
            )
        cells = nbformat.read(out, as_version=4).cells
        told.append((str(error.value), [cell.get("outputs") for cell in cells]))
    assert told[0] == told[1]
    assert told[0][1][-1][0].data["text/plain"] == "'weiter'"


@pytest.mark.parametrize(
    ("guide", "values"),
    [
        ("theme-guide", {"theme": "data-platforms"}),
        ("experience-sheet", {"solution": "jena-probierladen"}),
        ("project-profile", {"project": "hof"}),
        ("municipality-guide", {"place": "01059065"}),
    ],
)
def test_every_guide_comes_out_the_same_from_both_engines(guide: str, values: dict[str, object]) -> None:
    path = GUIDES / f"{guide}.ipynb"
    assert execute(path, values) == execute(path, values, engine="nbclient")


def test_the_papermill_command_finds_the_engine_and_the_place(tmp_path: Path) -> None:
    """Although it reads the key as a number, without its leading zero."""
    out = tmp_path / "out.ipynb"
    command = [Path(sys.executable).with_name("papermill"), GUIDES / "municipality-guide.ipynb", out]
    subprocess.run([*command, "--engine", "fork", "-p", "place", "09181121"], check=True, capture_output=True)
    executed = nbformat.read(out, as_version=4)
    assert executed.metadata.language_info.name == "python"
    assert any("Fuchstal" in str(cell.get("outputs")) for cell in executed.cells)


LEAVE = """
import os, pandas, transferkit
os.environ["LEAK"] = "ja"
pandas.LEAK = transferkit.LEAK = leak = 1
"""
LOOK = """
import os, pandas, transferkit
[os.environ.get("LEAK"), hasattr(pandas, "LEAK"), hasattr(transferkit, "LEAK"), "leak" in globals()]
"""


def test_what_one_notebook_sets_the_next_cannot_see(tmp_path: Path) -> None:
    run(notebook([LEAVE]), "fork", tmp_path)
    seen = run(notebook([LOOK]), "fork", tmp_path)["cells"][1]["outputs"][0]["data"]["text/plain"]
    assert seen == "[None, False, False, False]"


def test_two_notebooks_do_not_draw_the_same_random_numbers(tmp_path: Path) -> None:
    source = notebook(["import random, numpy\nrandom.random(), numpy.random.random()"])
    drawn = [run(source, "fork", tmp_path)["cells"][1]["outputs"][0]["data"]["text/plain"] for _ in range(2)]
    assert drawn[0] != drawn[1]


def test_a_notebook_runs_in_the_folder_and_environment_of_its_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = notebook(["import os\nprint(os.getcwd(), os.environ.get('GREETING'))"])
    run(source, "fork", tmp_path)
    monkeypatch.setenv("GREETING", "moin")
    assert run(source, "fork", tmp_path)["cells"][1]["outputs"][0]["text"] == f"{tmp_path} moin\n"


@pytest.fixture
def server() -> Iterator[ForkServer]:
    """A server of its own, with nothing loaded beyond what it always loads."""
    own = ForkServer()
    yield own
    own.close()


def test_changed_data_are_loaded_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "note.py").write_text(
        "from pathlib import Path\nFILE = Path(__file__).with_name('data.txt')\nTEXT = []\n"
        "def load():\n    TEXT.append(FILE.read_text())\n    return [FILE]\n"
    )
    (tmp_path / "data.txt").write_text("alt")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    server = ForkServer(("note:load",))
    monkeypatch.setattr(ForkEngine, "server", server)
    source = notebook(["import note\nnote.TEXT"])
    first = run(source, "fork", tmp_path)["cells"][1]["outputs"][0]["data"]["text/plain"]
    (tmp_path / "data.txt").write_text("ganz neu")
    second = run(source, "fork", tmp_path)["cells"][1]["outputs"][0]["data"]["text/plain"]
    server.close()
    assert (first, second) == ("['alt']", "['ganz neu']")


def test_a_process_with_a_second_thread_is_never_forked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "threaded.py").write_text(
        "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    server = ForkServer(("threaded",))
    with pytest.raises(ForkRefusedError, match="weitere Threads"), ForkedKernel(server) as kernel:
        server.fork({"kind": "notebook", "cwd": str(tmp_path)})
    assert kernel.child is None
    monkeypatch.setattr(ForkEngine, "server", server)
    assert run(notebook(["1"]), "fork", tmp_path) == run(notebook(["1"]), None, tmp_path)
    assert "Jedes Notizbuch startet einen eigenen Prozess" in capsys.readouterr().err
    server.close()


def test_a_server_that_was_killed_is_replaced(tmp_path: Path) -> None:
    run(notebook(["1"]), "fork", tmp_path)
    process = ForkEngine.server._process
    assert process is not None
    process.kill()
    process.wait()
    assert run(notebook(["'da'"]), "fork", tmp_path)["cells"][1]["outputs"][0]["data"]["text/plain"] == "'da'"


def test_a_hung_notebook_is_killed_and_its_neighbour_is_not(tmp_path: Path) -> None:
    hung = tmp_path / "hung.ipynb"
    nbformat.write(
        notebook(["place: str = ''  # nichts", "import time\nwhile True: time.sleep(1)"], ("parameters",)),
        hung,
    )
    with pytest.raises(CellError, match="nach 1 Sekunden"):
        execute(hung, {}, timeout=1)
    assert run(notebook(["2"]), "fork", tmp_path)["cells"][1]["outputs"]


def test_nothing_lives_on_when_the_owner_is_killed(tmp_path: Path) -> None:
    source = tmp_path / "long.ipynb"
    nbformat.write(
        notebook(
            ["import subprocess, time\nsubprocess.Popen(['sleep', '987'])\nprint('los')\ntime.sleep(987)"]
        ),
        source,
    )
    owner = subprocess.Popen(
        [
            Path(sys.executable).with_name("papermill"),
            source,
            tmp_path / "out.ipynb",
            "--engine",
            "fork",
            "-k",
            "python3",
        ],
        stderr=subprocess.DEVNULL,
    )
    family = _wait_for(lambda: _with_sleeper(owner.pid))
    os.kill(owner.pid, signal.SIGKILL)
    owner.wait()
    forked = [one for one in family if one.name() != "sleep"]
    assert psutil.wait_procs(forked, timeout=10)[1] == []


def _with_sleeper(pid: int) -> list[psutil.Process]:
    family = psutil.Process(pid).children(recursive=True)
    return family if any(one.name() == "sleep" for one in family) else []


def _wait_for(look: Any, seconds: float = 60) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError("waited in vain")
