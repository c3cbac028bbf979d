"""What a worker process does: execute one notebook, render its page, write both."""

from __future__ import annotations

import os
import re
import signal
import time
import traceback
from collections.abc import Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from transferkit.errors import NotebookError, TransferkitError
from transferkit.publish import fingerprint, lifeline, render, storage, verify
from transferkit.publish.attachments import attachments
from transferkit.publish.execute import STOCK_ENGINE, CellError, execute
from transferkit.publish.fork_engine import ForkEngine
from transferkit.publish.notebook import load, store
from transferkit.publish.page import Page


@dataclass(frozen=True)
class Limits:
    """How a build works: kernels at once, seconds and megabytes per notebook, going on after a failure.

    `verify` is the share of pages (0 to 1) that are executed once more on a fresh kernel and must be equal.
    """

    jobs: int = os.cpu_count() or 1
    timeout: float = 120
    memory_mb: int = 2048
    keep_going: bool = True
    verify: float = 0.0


@dataclass(frozen=True)
class Task:
    """One page to make from what `key` stands for.

    `known` is a file with one address a line: too many to send along with every page.
    """

    page: Page
    notebook: Path
    executed: Path
    html: Path
    known: Path
    key: str
    cwd: Path
    limits: Limits


@dataclass(frozen=True)
class Failure:
    """Why a page could not be made: the code cell, counted from 1, and where the executed notebook lies."""

    address: str
    reason: str
    cell: int | None = None
    executed: Path | None = None


@dataclass(frozen=True)
class Outcome:
    """A page that was made, with the pages it links to and those it could not link to; or its failure.

    `reads`: which parts of the data its notebook read; `files`: what lies beside the page, by address, with
    its hash; `seconds` it took in all, `peak_mb` the most memory its notebook had, 0 if it was not executed
    anew; `worker_mb` what this process holds now.
    """

    page: Page
    sha256: str = ""
    reads: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    links: tuple[str, ...] = ()
    unlinked: tuple[str, ...] = ()
    failure: Failure | None = None
    seconds: float = 0.0
    peak_mb: int = 0
    worker_mb: int = 0


def start_workers(jobs: int) -> Executor:
    """Return `jobs` fresh processes. Spawned, not forked: sockets and charts do not survive a fork."""
    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=prepare_worker)


def make(task: Task) -> Outcome:
    """Execute and render a page; whatever goes wrong with it is its own failure and nobody else's.

    What an earlier build, perhaps a killed one, has executed from the same is not executed again. Raises
    OSError where nothing can be written: every page would fail like this one, so the build has to end.
    """
    started, ForkEngine.peak_mb = time.monotonic(), 0
    outcome = _made(task)
    return replace(
        outcome,
        seconds=time.monotonic() - started,
        peak_mb=ForkEngine.peak_mb,
        worker_mb=_resident_mb(),
    )


def _resident_mb() -> int:
    """The memory of this process; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20


def _made(task: Task) -> Outcome:
    try:
        notebook = _executed_before(task)
        if notebook is None:
            notebook = _executed(task)
        return _rendered(task, notebook)
    except CellError as error:
        if error.notebook is not None:
            store(error.notebook, task.executed)
        executed = task.executed if error.notebook is not None else None
        failure = Failure(task.page.address, str(error), error.cell, executed)
    except OSError as error:
        if not isinstance(error, ConnectionError):  # to a kernel, which may have died
            raise
        failure = Failure(task.page.address, _reason(error), None, task.executed)
    except Exception as error:
        failure = Failure(task.page.address, _reason(error), None, task.executed)
    task.html.unlink(missing_ok=True)
    return Outcome(task.page, failure=failure)


def _executed_before(task: Task) -> NotebookNode | None:
    try:
        notebook = load(task.executed)
    except NotebookError:
        return None
    return notebook if notebook.metadata.get("transferkit", {}).get("key") == task.key else None


def _executed(task: Task) -> NotebookNode:
    limits = task.limits
    run = partial(
        execute,
        task.notebook,
        task.page.parameters,
        timeout=limits.timeout,
        memory_mb=limits.memory_mb,
        cwd=task.cwd,
    )
    notebook = run()
    if verify.is_in_sample(task.page.address, limits.verify):
        verify.require_equal(notebook, run(engine=STOCK_ENGINE))
    notebook.metadata["transferkit"]["key"] = task.key
    store(notebook, task.executed)
    return notebook


def _rendered(task: Task, notebook: NotebookNode) -> Outcome:
    known = _known(task.known)
    content = render.page(notebook, task.page, known).encode()
    storage.write(task.html, content)
    files = attachments(notebook, task.page.address)
    for address, file in files.items():
        storage.write(task.html.with_name(Path(address).name), file)
    named = _named_pages(notebook)
    return Outcome(
        page=task.page,
        sha256=fingerprint.of_bytes(content),
        reads=notebook.metadata["transferkit"]["reads"],
        files={address: fingerprint.of_bytes(file) for address, file in files.items()},
        links=tuple(sorted(named & known)),
        unlinked=tuple(sorted(named - known)),
    )


def _named_pages(notebook: NotebookNode) -> set[str]:
    """The addresses the notebook links to as `site:...`, existing or not."""
    named: set[str] = set()
    for cell in notebook.cells:
        shown = [cell.source] if cell.cell_type == "markdown" else [str(cell.get("outputs", []))]
        for text in shown:
            named.update(re.findall(r"site:([\w/.-]+?\.html)", text))
    return named


@lru_cache(maxsize=2)
def _known(path: Path) -> frozenset[str]:
    return frozenset(path.read_text(encoding="utf-8").splitlines())


def _reason(error: Exception) -> str:
    if isinstance(error, TransferkitError):
        return str(error)
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(last.filename).name}, Zeile {last.lineno}"
    return f"Unerwarteter Fehler {type(error).__name__}: {error} ({where})"


def prepare_worker() -> None:
    """Begin as a process that works for another one."""
    os.environ["TRANSFERKIT_FACE"] = "page"  # notebooks may ask where they are shown
    # Ctrl-C reaches all processes of a terminal; the one that started the build decides what to do.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if (build := parent_process()) is not None and build.pid is not None:
        lifeline.end_with(build.pid)  # a build that is killed takes its workers along, and they their kernels
