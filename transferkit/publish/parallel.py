"""Run the pages of a build side by side, on any `concurrent.futures.Executor`."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import BrokenExecutor, Executor, as_completed

from transferkit.publish.worker import Failure, Outcome, Task

Workers = Callable[[], Executor]
# Charts leak memory in the process that draws them (vl-convert #112), so processes are replaced now and then.
PAGES_PER_EXECUTOR = 200


def outcomes(
    work: Callable[[Task], Outcome], tasks: Sequence[Task], workers: Workers
) -> Generator[Outcome, None, None]:
    """Yield the outcome of every task as it ends, in any order; stop early by closing the generator.

    A page that takes its process down with it (out of memory, a crash in native code) is a failed page: pages
    that were lost with it are tried again, each in a process of its own.
    """
    for first in range(0, len(tasks), PAGES_PER_EXECUTOR):
        some = tasks[first : first + PAGES_PER_EXECUTOR]
        ended: set[str] = set()
        executor = workers()
        try:
            futures = [executor.submit(work, task) for task in some]
            for future in as_completed(futures):
                outcome = future.result()
                ended.add(outcome.page.address)
                yield outcome
        except BrokenExecutor:
            for task in some:
                if task.page.address not in ended:
                    yield _alone(work, task, workers)
        finally:
            executor.shutdown(cancel_futures=True)


def _alone(work: Callable[[Task], Outcome], task: Task, workers: Workers) -> Outcome:
    with workers() as executor:
        try:
            return executor.submit(work, task).result()
        except BrokenExecutor:
            reason = "Der Arbeitsprozess ist abgebrochen, vielleicht war der Speicher zu knapp."
            return Outcome(task.page, failure=Failure(task.page.address, reason))
