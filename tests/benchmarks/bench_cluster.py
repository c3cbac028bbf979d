"""How much faster two Dask workers are than one: the same pages of the shipped data, in one run.

Each worker has a core of its own for all it starts; scheduler and build take what is left of the machine.
Timed is what workers do once they have made a page: from the first order to the last delivery. Not timed is
what is the same however long a build is: starting scheduler and workers, planning, writing the site. Both
are run in turn, and of each the faster run counts. Run by `make bench`; the last line is JSON.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

import distributed
from measuring import german, report, row

from transferkit.cli import _sources
from transferkit.cli_cluster import workers
from transferkit.publish.build import build
from transferkit.publish.plan import Selection
from transferkit.publish.worker import Outcome

GUIDE = "municipality-guide"
RUNS = 2
TARGET = 1.8
TO_WARM_UP = 8


class Watch:
    """Passes outcomes on; then knows how many there were and how long they took together."""

    def __call__(self, outcomes: Iterable[Outcome], total: int) -> Iterator[Outcome]:
        start = time.perf_counter()
        for self.pages, outcome in enumerate(outcomes, start=1):
            assert outcome.failure is None, outcome.failure
            yield outcome
        self.seconds = time.perf_counter() - start


def start(ending: ExitStack, command: str, *words: str | Path, core: int | None = None) -> None:
    """Start a scheduler or worker, on one core if that is named."""
    pinned = ["taskset", "--cpu-list", str(core)] if core is not None else []
    call = [*pinned, sys.executable, "-m", f"distributed.cli.dask_{command}", *words, "--no-dashboard"]
    process = subprocess.Popen(call, stderr=subprocess.DEVNULL)
    ending.callback(process.wait)
    ending.callback(process.terminate)


def pages_per_second(count: int, folder: Path) -> float:
    """Make all guides for municipalities with `count` workers that have made some before."""
    with ExitStack() as ending:
        contact = folder / "scheduler.json"
        start(ending, "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", contact)
        with distributed.Client(scheduler_file=str(contact), timeout=60, set_as_default=False) as client:
            address = client.scheduler.address
            for core in sorted(os.sched_getaffinity(0))[:count]:
                start(ending, "worker", address, "--nthreads", "1", core=core)
            client.wait_for_workers(count, timeout=60)
        sources = _sources()
        places = tuple(sources.domains["municipalities.ags"])
        with workers(address, None) as executor:
            for name, some in (("some", places[:TO_WARM_UP]), ("all", places)):
                watch = Watch()
                out = folder / name / "site"
                build(sources, out, Selection(GUIDE, only=some), workers=executor, watch=watch)
    assert watch.pages == len(places)
    return watch.pages / watch.seconds


def main() -> None:
    if len(os.sched_getaffinity(0)) < 2:
        sys.exit("Für zwei Worker braucht es zwei Kerne.")
    with tempfile.TemporaryDirectory() as name:
        # The shipped data only, whatever register this machine has.
        os.environ["TRANSFERKIT_REGISTER"] = str(Path(name) / "no-register")
        rates: dict[int, list[float]] = {1: [], 2: []}
        for run in range(RUNS):
            for count, found in rates.items():
                folder = Path(name) / f"{run}-{count}"
                folder.mkdir()
                found.append(pages_per_second(count, folder))
    one, two = (max(found) for found in rates.values())
    print(f"Leitfäden für alle mitgelieferten Kommunen, je Arbeitsprozess ein Kern, {os.cpu_count()} Kerne")
    print("Ohne den Start von Scheduler und Arbeitsprozessen")
    row("ein Arbeitsprozess", one, "Seiten je Sekunde")
    row("zwei Arbeitsprozesse", two, "Seiten je Sekunde")
    row(f"Verhältnis (Ziel: mindestens {german(TARGET, 1)})", two / one, "-mal so schnell")
    report("cluster", {"one_per_s": one, "two_per_s": two}, two_against_one=two / one)


if __name__ == "__main__":
    main()
