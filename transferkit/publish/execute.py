"""Run a notebook with parameters: the one door to papermill, with an engine of our own.

Every notebook gets a kernel process of its own, which never outlives the call. The engine `fork` takes it
from a process that has everything loaded; where that is not possible, papermill starts a fresh one. What
comes back holds no trace of clock, machine or user: two runs on the same data are the same bytes.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from copy import deepcopy
from functools import lru_cache
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import prepare_notebook_metadata, raise_for_execution_errors, remove_error_markers
from papermill.iorw import load_notebook_node
from papermill.log import logger
from papermill.parameterize import parameterize_notebook

from transferkit.errors import NotebookError
from transferkit.publish import fork_engine, fresh_kernel, streams
from transferkit.publish.fork_client import KernelLostError
from transferkit.publish.notebook import load
from transferkit.publish.parameter_values import Parameter
from transferkit.publish.parameters import read, validate

INJECTED = "injected-parameters"
STOCK_ENGINE = "nbclient"  # papermill's own, with a fresh kernel each time
ONLY_LIVE = "app-only"  # cells that only make sense where somebody can answer
STARTS = 2  # a kernel that dies before its first cell, or is lost through no fault of its own, starts again
START_SECONDS = 60
# By entry point as well; here for those who run a checkout that was installed before there was one.
papermill_engines.register(fork_engine.NAME, fork_engine.ForkEngine)


# Run after a notebook's own cells: what it has read decides when its page is made anew.
REPORT_TAG = "transferkit-reads"
NOT_ITS_OWN = {"papermill-error-cell-tag", REPORT_TAG}
REPORT = "from transferkit.knowledge import reads\nreads.Report()"


class CellError(NotebookError):
    """A notebook failed: `cell` counts the code cells of the source notebook from 1; None before the first.

    `source` is that cell's code, `error` and `reason` the error's name and message, `notebook` what had been
    executed so far, with the traceback as the failed cell's output.
    """

    def __init__(
        self, cell: int | None, source: str, error: str, reason: str, notebook: NotebookNode | None
    ) -> None:
        super().__init__(cell, source, error, reason, notebook)
        self.cell = cell
        self.source = source
        self.error = error
        self.reason = reason
        self.notebook = notebook

    def __str__(self) -> str:
        where = f"Zelle {self.cell}" if self.cell else "Vor der ersten Zelle"
        return f"{where}: {self.error}: {self.reason}"


class _Run:
    """What one run has reached, told by the client's hooks: its notebook, the number of the cell at work."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.deadline = float("inf")
        self.notebook: NotebookNode | None = None
        self.cell: int | None = None
        self.source = ""

    def started(self, notebook: NotebookNode) -> None:
        self.notebook = notebook
        self.deadline = time.monotonic() + self.seconds  # a slow machine's start is not the notebook's fault

    def cell_started(self, cell: NotebookNode, cell_index: int) -> None:
        if self.notebook is None or cell.cell_type != "code" or _is_injected(cell):
            return
        before = self.notebook.cells[:cell_index]
        self.cell = 1 + sum(one.cell_type == "code" and not _is_injected(one) for one in before)
        self.source = cell.source

    def seconds_left(self, cell: NotebookNode) -> float:
        return max(self.deadline - time.monotonic(), 0.01)


def execute(
    notebook: Path,
    parameters: Mapping[str, object],
    *,
    timeout: float = 120,
    memory_mb: int = 2048,
    cwd: Path | None = None,
    engine: str = fork_engine.NAME,
) -> NotebookNode:
    """Return the notebook executed with `parameters`, which are checked against its own declaration.

    `timeout` is in seconds and holds for the whole notebook; `memory_mb` limits the kernel's own data; `cwd`
    is the kernel's working folder (default: the notebook's); `engine` is papermill's name of one. Raises
    ParameterError before anything runs, CellError when a cell fails, takes too long, needs too much memory or
    kills the kernel.
    """
    source, declared = _source(notebook, notebook.stat().st_mtime_ns if notebook.is_file() else 0)
    values = validate(declared, parameters)
    for start in range(1, STARTS + 1):
        run = _Run(timeout)
        try:
            executed = _with_papermill(source, values, run, memory_mb, cwd or notebook.parent, engine)
            return _settled(executed, values)
        except PapermillExecutionError as error:
            failure = error.ename, _reason(error, memory_mb)
        except TimeoutError:
            failure = "Zeitüberschreitung", f"nach {timeout:g} Sekunden abgebrochen"
        except RuntimeError as error:
            if (run.cell is None or isinstance(error, KernelLostError)) and start < STARTS:
                continue
            failure = "Absturz", _reason_of_death(error, run)
        break
    reached = None if run.notebook is None else _settled(run.notebook, values)
    raise CellError(run.cell, run.source, *failure, reached)


@lru_cache(maxsize=16)
def _source(path: Path, _: int) -> tuple[NotebookNode, tuple[Parameter, ...]]:
    """The notebook as papermill reads it, and its parameters; read once, until the file changes."""
    notebook = load(path)
    return load_notebook_node(notebook), read(notebook)


def _with_papermill(
    source: NotebookNode,
    values: Mapping[str, object],
    run: _Run,
    memory_mb: int,
    cwd: Path,
    engine: str,
) -> NotebookNode:
    logger.setLevel(logging.CRITICAL)  # what went wrong is said once, in German, by the error
    prepared = _prepared(source, values, engine)
    with fresh_kernel.folder() as private:
        executed: NotebookNode = papermill_engines.execute_notebook_with_engine(
            engine,
            prepared,
            "python3",
            progress_bar=False,
            **({"memory_mb": memory_mb} if engine == fork_engine.NAME else {}),
            start_timeout=START_SECONDS,
            config=fresh_kernel.settings(private),
            kernel_manager_class=fresh_kernel.OwnInterpreter,
            extra_arguments=fresh_kernel.arguments(private, memory_mb),
            resources={"metadata": {"path": str(cwd)}},  # papermill's own cwd changes the whole process
            shutdown_kernel="immediate",
            store_widget_state=False,
            skip_cells_with_tag=ONLY_LIVE,
            timeout_func=run.seconds_left,
            on_notebook_start=run.started,
            on_cell_start=run.cell_started,
        )
    raise_for_execution_errors(executed, None)
    return executed


def _prepared(source: NotebookNode, values: Mapping[str, object], engine: str) -> NotebookNode:
    """The notebook as `papermill.execute_notebook` would run it: step by step as there.

    That function reads and writes the notebook as text thrice, for nobody: a sixth of a guide's time here.
    """
    names = {"kernel_name": "python3", "language": "python", "engine_name": engine}
    prepared: NotebookNode = deepcopy(source)  # papermill changes what it is given
    if values:
        prepared = parameterize_notebook(prepared, dict(values), **names)
    prepared = remove_error_markers(prepare_notebook_metadata(prepared, None, None))
    prepared.cells.append(_report())
    return prepared


def _report() -> NotebookNode:
    cell: NotebookNode = new_code_cell(
        REPORT, id=REPORT_TAG, metadata={"tags": [REPORT_TAG], "papermill": {}}
    )
    return cell


def _reason(error: PapermillExecutionError, memory_mb: int) -> str:
    if error.ename.endswith("MemoryError"):
        return f"der Speicher reicht nicht, die Grenze liegt bei {memory_mb} MB"
    return str(error.evalue)


def _reason_of_death(error: RuntimeError, run: _Run) -> str:
    if run.cell is None:
        return f"der Rechenprozess ist nicht gestartet ({error})"
    return "der Rechenprozess ist abgebrochen, vielleicht war der Speicher zu knapp"


def _is_injected(cell: NotebookNode) -> bool:
    return INJECTED in cell.metadata.get("tags", [])


def _settled(notebook: NotebookNode, values: Mapping[str, object]) -> NotebookNode:
    """Return the notebook without papermill's times, paths, marks and random cell id (changed in place).

    What it has read stands in its metadata, under `transferkit`.
    """
    notebook.metadata["papermill"] = {"parameters": dict(values)}
    notebook.metadata["transferkit"] = {"reads": _reads(notebook)}
    notebook.cells = [cell for cell in notebook.cells if not NOT_ITS_OWN & set(cell.metadata.get("tags", []))]
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = streams.joined(cell.outputs)
        if _is_injected(cell):
            cell.id = INJECTED
    return notebook


def _reads(notebook: NotebookNode) -> dict[str, object]:
    """What the last cell has reported; nothing if it was not reached."""
    for output in notebook.cells[-1].get("outputs", []) if notebook.cells else ():
        for kind, reads in output.get("data", {}).items():
            if kind.startswith("application/vnd.transferkit.reads"):
                return dict(reads)
    return {"tables": [], "rows": {}}
