"""Run the pages of a build side by side, on any `concurrent.futures.Executor`."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import contextmanager

from transferkit.publish.worker import Failure, Outcome, Task

Workers = Callable[[], Executor]
Work = Callable[[Task], Outcome]
AHEAD = 64  # pages handed out at once: no worker waits for the next, and few are lost with a process
GROWN_MB = 1000  # a worker starts with about 250 MB; one that has grown to this leaks
CRASHED = "Der Arbeitsprozess ist abgebrochen, vielleicht war der Speicher zu knapp."


@contextmanager
def started(workers: Workers) -> Iterator[Workers]:
    """Start the first executor now, while its tasks are still being thought about."""
    ready = [workers()]
    try:
        yield lambda: ready.pop() if ready else workers()
    finally:
        for executor in ready:
            executor.shutdown(cancel_futures=True)


def outcomes(work: Work, tasks: Sequence[Task], workers: Workers) -> Generator[Outcome, None, None]:
    """Yield the outcome of every task as it ends, in any order; stop early by closing the generator.

    A page that takes its process down with it (out of memory, a crash in native code) is a failed page: pages
    that were lost with it are tried again, one after the other. Workers that have grown are replaced.
    """
    waiting = deque(tasks)
    while waiting:
        lost = yield from _together(work, waiting, workers)
        yield from _one_by_one(work, lost, workers)


def _together(work: Work, waiting: deque[Task], workers: Workers) -> Generator[Outcome, None, list[Task]]:
    """Work off `waiting` until it is empty or the workers have grown; return what was lost in a crash."""
    running: dict[Future[Outcome], Task] = {}
    grown = False
    executor = workers()
    try:
        while running or (waiting and not grown):
            while waiting and len(running) < AHEAD and not grown:
                future = executor.submit(work, waiting[0])
                running[future] = waiting.popleft()
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                outcome = future.result()
                del running[future]
                grown = grown or outcome.worker_mb > GROWN_MB
                yield outcome
        return []
    except BrokenExecutor:
        return list(running.values())
    finally:
        executor.shutdown(cancel_futures=True)


def _one_by_one(work: Work, tasks: Sequence[Task], workers: Workers) -> Generator[Outcome, None, None]:
    """Make tasks that were lost in a crash: now it shows which of them takes its process down."""
    waiting = deque(tasks)
    while waiting:
        with workers() as executor:
            try:
                while waiting:
                    yield executor.submit(work, waiting[0]).result()
                    waiting.popleft()
            except BrokenExecutor:
                page = waiting.popleft().page
                yield Outcome(page, failure=Failure(page.address, CRASHED))
