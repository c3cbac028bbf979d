"""Make pages on the workers of a Dask cluster: the one door to `distributed`.

A worker takes part if its program is ours to the last package; others are named on standard error and get
nothing to do, whenever they join. Dask brings the luggage to each worker once and gives the pages of a worker
that is lost to another one. All that lies on a worker belongs to keys of this client: Dask drops it when the
client leaves, even if it is killed.
"""

from __future__ import annotations

import logging
import re
import sys
import time
import warnings
from collections.abc import Collection, Mapping
from concurrent.futures import BrokenExecutor, Executor
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import distributed

from transferkit.errors import BuildError
from transferkit.publish import fingerprint
from transferkit.publish.differences import NONE, differences
from transferkit.publish.luggage import Luggage, luggage, pack

SECONDS_TO_CONNECT = 5
SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_WITHOUT_WORKERS = 30  # starting takes a while, and so does replacing a worker that was killed
REMEDY = "Richten Sie ihn mit denselben Paketen ein wie diesen Rechner, und starten Sie ihn neu."
ADDRESS = re.compile(r"(\w+://)?[^\s/:]+:\d{1,5}")


class Cluster:
    """The workers that take part in one build; calling it gives an executor. Use it as a context.

    `folders` are the data and notebooks, by the environment variable that leads to them. Entering raises
    BuildError if nothing answers at `address` or no worker there can take part; `patience` is for how many
    seconds to wait for workers where there are none.
    """

    def __init__(
        self, address: str, folders: Mapping[str, Path], patience: float = SECONDS_WITHOUT_WORKERS
    ) -> None:
        self.address, self.folders, self.patience = address, folders, patience
        self.accepted: frozenset[str] = frozenset()  # the addresses of those who take part
        self._met: dict[str, str] = {}  # everybody by address; their folders tell them apart
        self._settling: dict[str, distributed.Future[Any]] = {}
        self._settled: dict[str, distributed.Future[Any]] = {}  # this keeps the luggage there
        self._refused: dict[str, str] = {}
        self._last_at_work = 0.0
        # Late: scheduler and workers import this module too, but not what makes pages.
        from transferkit.publish.cluster_pages import ClusterPages

        self._executor = partial(ClusterPages, self)
        self._pages = self._executor()
        self.failure: BuildError | None = None  # why nothing can be made any more
        self._over = Event()

    def __enter__(self) -> Cluster:
        self._client = _connect(self.address)
        try:
            self._name = f"transferkit-{uuid4().hex}"
            self._program = fingerprint.program()
            self._archive = pack(self.folders)
            self._require_our_program_of_the_scheduler()
            self._meet_the_first()
        except BaseException:
            self._client.close()
            raise
        self._watching = Thread(target=self._watch, daemon=True)
        self._watching.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watching.join()
        self._client.close()

    def __call__(self) -> Executor:
        """Return an executor that makes pages. When it is shut down the connection stays."""
        self._pages = self._executor()
        return self._pages

    def keep(self, content: bytes, by: Collection[str]) -> distributed.Future[Any]:
        """Bring bytes to one of the workers `by`, who passes them on to those who need them."""
        return self._client.submit(bytes, content, key=self._key("bytes"), workers=sorted(by))

    def send(
        self, address: str, order: bytes, known: distributed.Future[Any], to: Collection[str]
    ) -> distributed.Future[Any]:
        """Have one of the workers `to` make a page."""
        key = self._key(address)
        return self._client.submit(_make, self._luggage, order, known, key=key, workers=sorted(to))

    def answer(self, remote: distributed.Future[Any]) -> bytes:
        """Return what `send` has brought. Raises BrokenExecutor if workers die of it again and again."""
        try:
            delivery: bytes = remote.result()
        except distributed.KilledWorker as error:
            raise BrokenExecutor(str(error)) from error
        return delivery

    def _key(self, what: str) -> str:
        return f"{self._name}-{what}-{uuid4().hex}"

    def _require_our_program_of_the_scheduler(self) -> None:
        """It makes no page, but it reads what is sent."""
        try:
            unlike = differences(self._program, self._client.run_on_scheduler(fingerprint.program))
        except Exception as error:
            unlike = _no_answer(error)
        if unlike:
            raise BuildError(f"Der Scheduler {self.address} kann nicht mitmachen: {unlike}. {REMEDY}")

    def _meet_the_first(self) -> None:
        """Wait until everybody has answered and at least one takes part."""
        self._last_at_work = time.monotonic()
        self._look()
        if not self._met:
            _say(f"Bei {self.address} ist noch kein Arbeitsprozess angemeldet. Es wird auf einen gewartet.")
        while self._settling or not self.accepted:
            if self._refused and self._refused.keys() == self._met.keys():
                reasons = "\n".join(self._refused.values())
                raise BuildError(f"Bei {self.address} kann kein Arbeitsprozess mitmachen.\n{reasons}")
            self._over.wait(SECONDS_BETWEEN_LOOKS / 5)
            self._look()
        for refusal in self._refused.values():
            _say(refusal)

    def _watch(self) -> None:
        """See who comes and goes while pages are made, and give on what would wait for somebody lost."""
        while not self._over.wait(SECONDS_BETWEEN_LOOKS):
            before = set(self._refused.values())
            try:
                self._look()
            except Exception as error:
                if not isinstance(error, BuildError):
                    error = BuildError(f"Der Bau bei {self.address} ist abgebrochen: {error!r}")
                self.failure = error
                self._pages.fail(error)
                return
            self._pages.send_stranded()
            for refusal in set(self._refused.values()) - before:
                _say(refusal)

    def _look(self) -> None:
        """Compare the scheduler's workers with those we know. Raises BuildError if there is no hope."""
        present = self._present()
        new = [address for address, folder in present.items() if self._met.get(address) != folder]
        staying = present.keys() - new
        self._met = present
        self._settling = {address: self._settling[address] for address in self._settling.keys() & staying}
        self._refused = {address: self._refused[address] for address in self._refused.keys() & staying}
        self._settled = {address: self._settled[address] for address in self._settled.keys() & staying}
        self.accepted &= staying
        self._settle(self._with_our_program(new))
        self._welcome()
        now = time.monotonic()
        if self.accepted or self._settling:
            self._last_at_work = now
        elif now - self._last_at_work > self.patience:
            raise BuildError(
                f"Bei {self.address} ist seit {self.patience:g} Sekunden kein Arbeitsprozess, der "
                f"mitmachen kann. Starten Sie welche mit „dask worker {self.address}“, und bauen Sie noch "
                "einmal: Was fertig ist, wird nicht wiederholt."
            )

    def _present(self) -> dict[str, str]:
        try:
            workers = self._client.scheduler_info()["workers"]
        except (KeyError, OSError) as error:  # the client has tried for a while
            raise BuildError(
                f"Die Verbindung zum Scheduler {self.address} ist abgebrochen. Bauen Sie noch einmal, wenn "
                "er wieder läuft: Was fertig ist, wird nicht wiederholt."
            ) from error
        return {address: worker["local_directory"] for address, worker in workers.items()}

    def _with_our_program(self, workers: list[str]) -> list[str]:
        """Ask what each of these workers has; refuse those who would make other pages."""
        if not workers:
            return []
        answers = self._client.run(fingerprint.program, workers=workers, on_error="return")
        for address, answer in answers.items():
            if isinstance(answer, Exception):
                self._refuse(address, _no_answer(answer))
            elif unlike := differences(self._program, answer):
                self._refuse(address, unlike)
        return [address for address in workers if address not in self._refused]

    def _settle(self, workers: list[str]) -> None:
        """Bring the luggage to these workers: they fetch it from those who have it, if there are any."""
        if workers and not self.accepted:
            key = self._key("luggage")
            self._luggage = self._client.submit(luggage, self._name, self._archive, key=key, workers=workers)
        for address in workers:
            key = self._key("settle")
            self._settling[address] = self._client.submit(_settle, self._luggage, key=key, workers=[address])

    def _welcome(self) -> None:
        """Let those take part who have unpacked."""
        for address, future in list(self._settling.items()):
            if not future.done():
                continue
            del self._settling[address]
            if future.status == "finished":
                self._settled[address] = future
                self.accepted |= {address}
            else:
                self._refuse(address, f"Die Daten ließen sich dort nicht auspacken ({future.exception()})")

    def _refuse(self, address: str, reason: str) -> None:
        self._refused[address] = f"Der Arbeitsprozess {address} macht nicht mit: {reason}. {REMEDY}"


def _no_answer(error: Exception) -> str:
    return f"transferkit {NONE} oder zu alt ({type(error).__name__}: {error})"


def _settle(brought: Luggage) -> Luggage:
    """On a worker: unpack before the first page is waited for, and keep it.

    Dask may drop a copy of what several workers have. What only this one has, under a key of its own, stays.
    """
    brought.open(distributed.get_worker().local_directory)
    return brought


def _make(brought: Luggage, order: bytes, known: bytes) -> bytes:
    """On a worker: make a page."""
    return brought.make(order, known, distributed.get_worker().local_directory)


def _connect(address: str) -> distributed.Client:
    if not ADDRESS.fullmatch(address):
        raise BuildError(
            f"„{address}“ ist nicht die Adresse eines Schedulers. Richtig ist zum Beispiel tcp://rechner:8786."
        )
    # What goes wrong is said once, in German; and which versions must be equal is our own affair.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return distributed.Client(address, timeout=SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise BuildError(
            f"Unter {address} antwortet kein Scheduler. Starten Sie ihn dort mit „dask scheduler“, oder "
            "berichtigen Sie die Adresse."
        ) from error


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)
