"""A task for a worker process and its outcome, and how such processes start. `making` does the work."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from importlib import import_module
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any

from transferkit.finding import Finding
from transferkit.publish import lifeline
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

    `terms` are the words to link to the glossary. `known` is a file with one address a line: too many to send
    along with every page.
    """

    page: Page
    notebook: Path
    executed: Path
    html: Path
    known: Path
    key: str
    cwd: Path
    limits: Limits
    terms: tuple[tuple[str, str], ...] = ()  # as in `glossary.Terms`


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

    `findings` is what its check found, `targets` where it leads beyond `links`, in the site.
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
    targets: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    failure: Failure | None = None
    seconds: float = 0.0
    peak_mb: int = 0
    worker_mb: int = 0


def start_workers(jobs: int) -> Executor:
    """Return `jobs` fresh processes. Spawned, not forked: sockets and charts do not survive a fork."""
    executor = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=prepare_worker)
    for _ in range(jobs):  # a process starts with the first task there is for it
        executor.submit(get_ready)
    return executor


def get_ready() -> None:
    """Start the process this one will take its kernels from, and load meanwhile what a page takes."""
    from transferkit.publish.fork_engine import ForkEngine

    ForkEngine.get_ready()
    import_module("transferkit.publish.making")


def make(task: Task) -> Outcome:
    """Execute and render a page; whatever goes wrong with it is its own failure and nobody else's.

    What an earlier build, perhaps a killed one, has executed from the same is not executed again. Raises
    OSError where nothing can be written: every page would fail like this one, so the build has to end.
    """
    # Imported here: who only hands out tasks needs neither papermill nor nbconvert, and starts sooner.
    from transferkit.publish.fork_engine import ForkEngine
    from transferkit.publish.making import made

    started, ForkEngine.peak_mb = time.monotonic(), 0
    outcome = made(task)
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


def prepare_worker() -> None:
    """Begin as a process that works for another one."""
    os.environ["TRANSFERKIT_FACE"] = "page"  # notebooks may ask where they are shown
    # Ctrl-C reaches all processes of a terminal; the one that started the build decides what to do.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if (build := parent_process()) is not None and build.pid is not None:
        lifeline.end_with(build.pid)  # a build that is killed takes its workers along, and they their kernels
