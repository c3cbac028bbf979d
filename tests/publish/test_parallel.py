"""Pages side by side in worker processes: grown ones are replaced, what crashed ones leave stays out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor

import psutil
import pytest

from transferkit.publish import parallel
from transferkit.publish.build import build
from transferkit.publish.worker import Limits, Outcome, start_workers


def test_workers_that_have_grown_are_replaced_and_no_page_is_lost(
    world, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel, "GROWN_MB", 10)  # any Python that has made a page
    monkeypatch.setattr(parallel, "AHEAD", 1)
    started: list[Executor] = []
    numbers: set[int] = set()

    def workers() -> Executor:
        assert not any(psutil.pid_exists(number) for number in numbers)
        started.append(start_workers(1))
        return started[-1]

    def watch(outcomes: Iterable[Outcome], total: int) -> Iterator[Outcome]:
        for outcome in outcomes:
            pool = started[-1]
            assert isinstance(pool, ProcessPoolExecutor)
            numbers.update(pool._processes)
            yield outcome

    result = build(world.sources, world.out, limits=Limits(), workers=workers, watch=watch)
    assert (result.built, result.failed) == (2, 0)
    assert (len(started), len(numbers)) == (2, 2)


def test_what_a_page_left_behind_that_took_its_process_down_is_not_published(world) -> None:
    world.build()
    old = world.page("adorf").read_bytes()
    world.edit("## Nachbarn", "## Alle Nachbarn")
    world.fail("place == 'adorf'")
    unfinished = world.out.with_name(".site.new") / "orte"

    def crash(outcomes: Iterable[Outcome], total: int) -> Iterator[Outcome]:
        yield from outcomes
        for name in ("adorf.html", "adorf.docx", ".adorf.html.new"):
            (unfinished / name).write_text("halb", encoding="utf-8")

    result = build(world.sources, world.out, workers=world.workers, watch=crash)
    assert (result.built, result.failed, result.published) == (1, 1, True)
    assert world.page("adorf").read_bytes() == old
    assert {path.name for path in world.page("adorf").parent.iterdir()} == {"adorf.html", "bdorf.html"}
