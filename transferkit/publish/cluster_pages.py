"""The executor of a build on a cluster: every page that was asked for arrives, whoever is lost on the way."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from concurrent.futures import wait as wait_for
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from transferkit.errors import BuildError
from transferkit.publish import orders
from transferkit.publish.worker import Failure, Outcome, Task

if TYPE_CHECKING:
    from transferkit.publish.cluster import Cluster


Remote = Any  # Dask's future; it may not be imported here


@dataclass(eq=False)
class _Page:
    """A page under way: what was promised, Dask's future of it, and whose end would be the end of that."""

    task: Task
    promised: Future[Outcome] = field(default_factory=Future)
    remote: Remote | None = None
    hopes: frozenset[str] = frozenset()


class ClusterPages(Executor):
    """The pages of one executor. Three threads meet here: the build's, the one that watches, and Dask's."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self._under_way: set[_Page] = set()
        self._known: dict[Path, tuple[Remote, frozenset[str]]] = {}  # and who can bring it again
        self._lock = Lock()

    def submit(self, _: Callable[..., Any], /, *tasks: Any, **__: Any) -> Future[Any]:
        """Have a page made; whatever the work is called here, it is `worker.make` there."""
        if self.cluster.failure is not None:
            raise self.cluster.failure
        [task] = tasks
        page = _Page(task)
        with self._lock:
            self._under_way.add(page)
        self._send(page)
        return page.promised

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Wait for the pages under way, or give them up; what works on one cannot be interrupted."""
        if wait and not cancel_futures:
            wait_for([page.promised for page in self._under_way])
        for page in self._take_all():
            page.promised.cancel()
            if page.remote is not None:
                page.remote.cancel()
        self._known.clear()

    def fail(self, failure: BuildError) -> None:
        """Nothing more will arrive."""
        for page in self._take_all():
            page.promised.set_exception(failure)

    def send_stranded(self) -> None:
        """Send those pages elsewhere for which everybody is gone who might have made them."""
        with self._lock:
            under_way = list(self._under_way)
        for page in under_way:
            self._send(page)

    def _send(self, page: _Page) -> None:
        workers, task = self.cluster.accepted, page.task
        with self._lock:
            if not workers or page.hopes & workers or page not in self._under_way:
                return
            if page.remote is not None:
                page.remote.cancel()
            known, holders = self._known.get(task.known, (None, frozenset()))
            if not holders & workers:
                known, holders = self.cluster.keep(task.known.read_bytes(), workers), workers
                self._known[task.known] = known, holders
            remote = self.cluster.send(task.page.address, orders.order(task), known, workers)
            page.remote, page.hopes = remote, workers & holders
        remote.add_done_callback(partial(self._arrived, page))

    def _arrived(self, page: _Page, remote: Remote) -> None:
        """Keep the promise; what went wrong for want of a worker is left for `send_stranded`."""
        answer = self._answer(remote)
        with self._lock:
            if page.remote is not remote or page not in self._under_way:
                return
            if answer is None or (isinstance(answer, Exception) and not page.hopes & self.cluster.accepted):
                page.hopes = frozenset()
                return
            self._under_way.remove(page)
        if not page.promised.set_running_or_notify_cancel():
            return
        if isinstance(answer, BrokenExecutor):  # whether it is this page's fault shows when it is alone
            page.promised.set_exception(answer)
        else:
            page.promised.set_result(_outcome(answer, page.task))

    def _answer(self, remote: Remote) -> bytes | Exception | None:
        """What has come of a page; None if Dask has dropped it."""
        try:
            return self.cluster.answer(remote)
        except CancelledError:
            return None
        except Exception as error:
            return error

    def _take_all(self) -> list[_Page]:
        with self._lock:
            pages, self._under_way = list(self._under_way), set()
        return pages


def _outcome(answer: bytes | Exception, task: Task) -> Outcome:
    try:
        if isinstance(answer, Exception):
            raise answer
        return orders.unpack(answer, task)
    except Exception as error:
        reason = f"Unerwarteter Fehler {type(error).__name__}: {error}"
        return Outcome(task.page, failure=Failure(task.page.address, reason))
