"""Real builds, killed at any moment: the next one goes on, and nobody can tell from the site."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import psutil

from tests.publish.small_checkout import PAGES, SECONDS, Checkout, wait_for

TEXTS = ("Text für alle.", "Neuer Text für alle.")
KILLS = (7, 7, 6)  # after each number of kills a build may end, and the notebook is edited
# What can be seen of a build from outside, in the order in which it happens, and how long to wait at most
# before the kill: until about the next moment.
MOMENTS = {
    "started": 1.0,
    "planned": 0.1,
    "journal open": 2.5,
    "first page": 0.3,
    "site pages": 0.2,
    "search": 0.05,
    "manifest": 0.01,
    "published": 0.1,
}


def test_killed_at_any_moment_the_next_build_goes_on_and_the_site_is_the_same_bytes(
    tmp_path: Path, transferkit: Path
) -> None:
    """Twenty kills of the one process its user knows of. The next build starts at once."""
    undisturbed = built_undisturbed(tmp_path, transferkit)
    seed = int(os.environ.get("TRANSFERKIT_TEST_SEED", random.randrange(10**6)))
    print(f"TRANSFERKIT_TEST_SEED={seed} kills at the same moments again")  # shown after a failure
    chance = random.Random(seed)
    checkout = Checkout(tmp_path / "killed", transferkit)
    published: dict[str, bytes] = {}
    for turn, kills in enumerate(KILLS):
        wanted = undisturbed[turn]
        checkout.edit(TEXTS[turn % 2])
        order = cycle(chance.sample(list(MOMENTS), len(MOMENTS)))
        while kills:
            moment = next(order)
            kills -= killed_at(checkout, moment, chance.uniform(0, MOMENTS[moment]), chance.choice((1, 2)))
            assert checkout.content() in (published, wanted), f"after a kill at: {moment}"
        code, _, wrong = checkout.build()
        assert (code, [line for line in wrong.splitlines() if " gebaut in " not in line]) == (0, [])
        published = checkout.content()
        assert published == wanted
        wait_for(lambda: not checkout.processes())
        assert checkout.leftovers() == set()


def killed_at(checkout: Checkout, moment: str, delay: float, jobs: int) -> bool:
    """Start a build and kill it some time after the moment; False if it was done before."""
    reached = moments(checkout)[moment]
    build = checkout.start(jobs=jobs)
    wait_for(reached, build)
    time.sleep(delay)  # for nothing: one moment is as good as any other
    build.kill()
    return build.wait() == -signal.SIGKILL


def moments(checkout: Checkout) -> dict[str, Callable[[], bool]]:
    new, site, journal = checkout.folder / ".site.new", checkout.site, checkout.executed / "journal.jsonl"
    old = {path: identity(path) for path in (new, site, journal)}

    def is_new(path: Path) -> bool:
        return identity(path) not in (old[path], None)

    return {
        "started": lambda: True,
        "planned": lambda: is_new(new),
        "journal open": lambda: is_new(journal),
        "first page": lambda: is_new(new) and any(new.glob("orte/*.html")),
        "site pages": lambda: is_new(new) and (new / "index.html").exists(),
        "search": lambda: is_new(new) and (new / "pagefind").exists(),
        "manifest": lambda: is_new(new) and (new / "manifest.json").exists(),
        "published": lambda: is_new(site),
    }


def identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_ctime_ns


def built_undisturbed(folder: Path, transferkit: Path) -> list[dict[str, bytes]]:
    """The site after each turn, as it is when nothing happens: it tells what is new since the turn before."""
    checkout, sites = Checkout(folder / "undisturbed", transferkit), []
    for turn in range(len(KILLS)):
        checkout.edit(TEXTS[turn % 2])
        assert checkout.build()[0] == 0
        sites.append(checkout.content())
    return sites


def test_workers_that_were_still_starting_when_the_build_was_killed_end_too(
    tmp_path: Path, transferkit: Path
) -> None:
    checkout = Checkout(tmp_path / "killed", transferkit)
    build = checkout.start()
    wait_for(lambda: workers(build), build)
    [worker, *_] = workers(build)
    worker.suspend()  # before it can ask to be told of the build's end
    build.kill()
    build.wait()
    worker.resume()
    wait_for(lambda: not checkout.processes())


def workers(build: subprocess.Popen[str]) -> list[psutil.Process]:
    children = psutil.Process(build.pid).children()
    return [child for child in children if any("spawn_main" in word for word in child.cmdline())]


def test_a_second_build_into_the_same_folder_names_the_first_and_leaves_it_in_peace(
    tmp_path: Path, transferkit: Path
) -> None:
    checkout = Checkout(tmp_path / "twice", transferkit)
    checkout.edit("Text.", "import os, time\nwhile not os.path.exists('go'):\n    time.sleep(0.01)")
    first = checkout.start()
    wait_for((checkout.executed / "journal.jsonl").exists, first)
    code, said, wrong = checkout.build()
    assert (code, said, wrong.count("\n")) == (2, "", 1)
    assert f"baut gerade schon ein anderer Aufruf (Prozess {first.pid}, gestartet am " in wrong
    (checkout.notebooks / "go").touch()
    assert first.communicate(timeout=SECONDS)[0].startswith(f"{PAGES} gebaut")
    assert first.returncode == 0


def test_a_build_whose_fork_server_is_killed_loses_no_page(tmp_path: Path, transferkit: Path) -> None:
    checkout = Checkout(tmp_path / "server", transferkit)
    checkout.edit("Text.", KILL_THE_SERVER_ONCE)
    code, said, _ = checkout.build()
    assert (code, said.splitlines()[0]) == (0, f"{PAGES} gebaut, 0 unverändert, 0 fehlgeschlagen")
    assert (checkout.notebooks / "killed").exists()
    wait_for(lambda: not checkout.processes())


KILL_THE_SERVER_ONCE = """
import os, signal
if not os.path.exists("killed"):
    open("killed", "x").close()
    os.kill(os.getppid(), signal.SIGKILL)
"""
