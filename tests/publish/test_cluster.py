"""Builds on a real Dask cluster: a scheduler and workers as processes of their own on loopback."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import distributed
import psutil
import pytest

from transferkit.errors import BuildError
from transferkit.knowledge import datasets
from transferkit.publish.build import Watch, build
from transferkit.publish.build_result import BuildResult
from transferkit.publish.cluster import Cluster
from transferkit.publish.worker import Outcome

SECONDS = 60
TOWNS = {f"{letter}dorf": f"{letter.upper()}dorf" for letter in "abcdefghijkl"}
ALL_BUILT = BuildResult(built=len(TOWNS), unchanged=0, failures=(), published=True)
SPAWNED = "--multiprocessing-fork"  # in the command line of a worker that has a nanny, and of what it starts
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def until(condition: Callable[[], object], what: str) -> None:
    """Look again and again until the condition holds."""
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, f"never happened: {what}"
        time.sleep(0.02)


class Machines:
    """A scheduler and the workers that join it, each started by its own command."""

    def __init__(self, folder: Path, ending: ExitStack) -> None:
        self.folder, self.ending = folder, ending
        contact = folder / "scheduler.json"
        self.scheduler = self._start(
            "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", contact
        )
        until(lambda: contact.is_file() and contact.read_text(encoding="utf-8").endswith("}"), "a scheduler")
        self.address: str = json.loads(contact.read_text(encoding="utf-8"))["address"]

    def worker(self, *words: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start a worker that makes one page at a time."""
        options = ("--nthreads", "1", "--local-directory", self.folder, *words)
        return self._start("worker", self.address, *options, **environment)

    def wait_for(self, workers: int) -> None:
        with distributed.Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=SECONDS)

    def cluster(self, world: Any, **settings: float) -> Cluster:
        folders = {
            "TRANSFERKIT_DATASETS": datasets.folder(),
            "TRANSFERKIT_NOTEBOOKS": world.sources.notebooks,
            "TRANSFERKIT_REGISTER": self.folder / "no-register",
        }
        return Cluster(self.address, folders, **settings)

    def build(self, world: Any, watch: Watch = lambda items, total: items, **settings: float) -> BuildResult:
        with self.cluster(world, **settings) as workers:
            return build(world.sources, world.out, workers=workers, watch=watch)

    def traces(self) -> list[object]:
        """What builds have on workers with a nanny: folders and processes."""
        below = psutil.Process().children(recursive=True)
        seen = {one: _seen(one) for one in below}
        parents = {one.pid for one, (_, command) in seen.items() if SPAWNED in command}
        made_by_us = re.compile(f"{SPAWNED}|fork_process")
        makers = [one for one, (by, command) in seen.items() if by in parents and made_by_us.search(command)]
        return [*self.homes(), *makers]

    def homes(self) -> list[Path]:
        # Unlike `glob`, `walk` does not mind that a folder vanishes under its eyes.
        found = (Path(where, name) for where, names, _ in os.walk(self.folder) for name in names)
        return [path for path in found if path.name.startswith("transferkit-")]

    def _start(self, command: str, *words: str | Path, **environment: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", f"distributed.cli.dask_{command}", *words, "--no-dashboard"],
            env={**os.environ, **environment},
            stderr=subprocess.DEVNULL,
        )
        self.ending.callback(_end, process)
        return process


def _seen(process: psutil.Process) -> tuple[int, str]:
    """Its parent and its command line; nothing of one that has ended."""
    try:
        return process.ppid(), " ".join(process.cmdline())
    except psutil.Error:
        return 0, ""


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(SECONDS)


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    with ExitStack() as ending:
        yield Machines(tmp_path, ending)


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """A scheduler with two workers, whose own settings lead to data that does not exist."""
    with ExitStack() as ending:
        machines = Machines(tmp_path_factory.mktemp("cluster"), ending)
        for name in ("one", "two"):
            machines.worker("--name", name, TRANSFERKIT_DATASETS="nowhere", TRANSFERKIT_NOTEBOOKS="nowhere")
        machines.wait_for(2)
        yield machines


@pytest.fixture
def towns(world: Any) -> Any:
    """Pages that hold data and have a file beside them."""
    file = f"{{'{DOCX}': 'AAAA', 'text/html': '<p><a href=\\\"data:x;base64,AAAA\\\">Word</a></p>'}}"
    count = "themes = len(__import__('transferkit').load('themes'))"
    world.edit("import HTML", f"import HTML, display; {count}; display({file}, raw=True)")
    world.edit("{place} kennt", "{place} kennt {themes} Themen und")
    return world.with_towns(**TOWNS)


def content(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "journal.jsonl"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def at_the_first(act: Callable[[], object]) -> Watch:
    """Do something when the first page has arrived."""

    def watch(outcomes: Iterable[Outcome], total: int) -> Iterator[Outcome]:
        for number, outcome in enumerate(outcomes):
            if number == 0:
                act()
            yield outcome

    return watch


def other_package(folder: Path, name: str, number: str) -> str:
    """What PYTHONPATH must be for a package to seem installed in another version."""
    about = folder / f"{name}-{number}.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {number}\n", encoding="utf-8"
    )
    return os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])


def test_a_cluster_makes_the_same_bytes_as_one_machine_and_nothing_stays_there(towns, two_workers) -> None:
    assert two_workers.build(towns) == ALL_BUILT
    here = replace(towns, out=towns.out.with_name("here") / "site")
    assert here.build() == ALL_BUILT
    assert content(towns.out) == content(here.out)
    assert content(towns.out.with_name("executed")) == content(here.out.with_name("executed"))
    assert "kennt 8 Themen" in towns.page("adorf").read_text(encoding="utf-8")
    assert towns.page("adorf").with_suffix(".docx").is_file()
    until(lambda: two_workers.traces() == [], "nothing is left of a build")


def test_what_this_machine_has_executed_before_is_only_rendered(towns, two_workers) -> None:
    assert towns.build() == ALL_BUILT
    first, executed = content(towns.out), towns.executed("adorf").stat().st_mtime_ns
    shutil.rmtree(towns.out)
    assert two_workers.build(towns) == ALL_BUILT
    assert content(towns.out) == first
    assert towns.executed("adorf").stat().st_mtime_ns == executed


def test_a_worker_unpacks_once_and_keeps_its_processes_until_the_end(towns, two_workers) -> None:
    with two_workers.cluster(towns) as workers:
        seen = []
        for name in ("first", "second"):
            assert build(towns.sources, towns.out.with_name(name) / "site", workers=workers).failed == 0
            seen.append({str(trace) for trace in two_workers.homes()})
    assert seen[0] == seen[1]
    assert len(seen[0]) == 2


def test_a_page_that_fails_or_crashes_its_kernel_fails_alone(towns, two_workers) -> None:
    towns.fail("place == 'bdorf'")
    towns.edit("import HTML", "import HTML; place == 'cdorf' and __import__('os')._exit(3)")
    result = two_workers.build(towns)
    assert (result.built, result.failed, result.published) == (len(TOWNS) - 2, 2, True)
    first, second = result.failures
    assert (first.address, first.reason) == (
        "orte/bdorf.html",
        "Zelle 2: ZeroDivisionError: division by zero",
    )
    assert first.executed == towns.executed("bdorf")
    assert towns.executed("bdorf").is_file()
    assert (second.address, second.cell) == ("orte/cdorf.html", 2)


def test_a_build_that_is_killed_leaves_nothing_on_the_workers(two_workers, tmp_path: Path) -> None:
    command = Path(sys.executable).with_name("transferkit")
    address = ("--scheduler", two_workers.address)
    build = subprocess.Popen([command, "build", "theme-guide", *address, "--out", tmp_path / "site"])
    until(lambda: len(two_workers.traces()) >= 4, "both workers are at work")
    build.kill()
    build.wait()
    until(lambda: two_workers.traces() == [], "nothing is left of a build")


def test_a_worker_that_is_killed_takes_nothing_with_it(towns, machines) -> None:
    killed = machines.worker("--no-nanny")
    machines.worker("--no-nanny")
    assert machines.build(towns, at_the_first(killed.kill)) == ALL_BUILT


def test_when_the_only_worker_is_killed_the_next_goes_on(towns, machines) -> None:
    killed = machines.worker("--no-nanny")

    def replace_worker() -> None:
        killed.kill()
        machines.worker("--no-nanny")

    assert machines.build(towns, at_the_first(replace_worker)) == ALL_BUILT


def test_when_no_worker_comes_back_the_build_ends_and_says_how_to_go_on(towns, machines) -> None:
    killed = machines.worker("--no-nanny")
    with pytest.raises(BuildError, match="seit 1 Sekunden kein Arbeitsprozess"):
        machines.build(towns, at_the_first(killed.kill), patience=1)
    assert not towns.out.exists()
    assert list(towns.out.with_name("executed").rglob("*.ipynb"))  # the next build goes on from these


def test_when_the_scheduler_is_lost_the_build_ends(towns, machines) -> None:
    machines.worker("--no-nanny")
    with pytest.raises(BuildError, match="Verbindung zum Scheduler"):
        machines.build(towns, at_the_first(machines.scheduler.kill))


def test_a_worker_with_another_version_is_named_and_gets_nothing(towns, machines, capfd) -> None:
    machines.worker("--no-nanny", "--name", "good")
    machines.worker("--no-nanny", PYTHONPATH=other_package(machines.folder / "a", "transferkit", "0.0.9"))
    machines.worker("--no-nanny", PYTHONPATH=other_package(machines.folder / "b", "pandas", "2.2.0"))
    machines.wait_for(3)
    assert machines.build(towns) == ALL_BUILT
    said = capfd.readouterr().err
    named = re.findall(r"Der Arbeitsprozess (tcp://\S+) macht nicht mit: (.+?)\. Richten", said)
    ours = version("transferkit"), version("pandas")
    assert {reason for _, reason in named} == {
        f"transferkit 0.0.9 statt {ours[0]}",
        f"pandas 2.2.0 statt {ours[1]}",
    }
    assert len({address for address, _ in named}) == 2


def test_without_an_equal_worker_nothing_begins(towns, machines) -> None:
    foreign = machines.folder / "foreign" / "transferkit"
    foreign.mkdir(parents=True)
    (foreign / "__init__.py").touch()
    machines.worker("--no-nanny", PYTHONPATH=str(foreign.parent))
    with pytest.raises(BuildError, match=r"macht nicht mit: transferkit nicht vorhanden oder zu alt"):
        machines.build(towns)
    assert not towns.out.exists()


def test_without_any_worker_the_build_waits_for_one(towns, machines, capfd) -> None:
    with pytest.raises(BuildError, match="dask worker tcp://"):
        machines.build(towns, patience=1)
    assert "noch kein Arbeitsprozess" in capfd.readouterr().err


def test_where_no_scheduler_answers_nothing_begins(towns) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        with (
            pytest.raises(BuildError, match=f"Unter {address} antwortet kein Scheduler"),
            Cluster(address, {}),
        ):
            pass
    with (
        pytest.raises(BuildError, match="Richtig ist zum Beispiel tcp://rechner:8786"),
        Cluster("rechner", {}),
    ):
        pass
