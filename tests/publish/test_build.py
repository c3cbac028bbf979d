"""Real builds of a tiny site: what is made, what is kept, what a reader of the published folder sees."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from transferkit.errors import BuildError, NotebookError, ParameterError
from transferkit.publish.build import build
from transferkit.publish.build_result import BuildResult
from transferkit.publish.plan import Selection
from transferkit.publish.publication import publish
from transferkit.publish.worker import Limits, Outcome


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_a_build_makes_every_page_and_says_in_its_manifest_from_what(world) -> None:
    assert world.build() == BuildResult(built=2, unchanged=0, failures=(), published=True)
    assert "adorf kennt" in world.page("adorf").read_text(encoding="utf-8")
    assert (world.out / "index.html").is_file()
    assert world.executed("bdorf").is_file()
    manifest = json.loads((world.out / "manifest.json").read_text(encoding="utf-8"))
    assert [page["address"] for page in manifest["pages"]] == ["orte/adorf.html", "orte/bdorf.html"]
    assert manifest["pages"][0]["parameters"] == {"place": "adorf"}
    assert manifest["pages"][0]["reads"] == {"tables": [], "rows": {}}
    assert str(world.out) not in json.dumps(manifest)
    left = {path.name for path in world.out.parent.iterdir()}
    assert left == {"site", "executed", "notebooks", ".site.lock"}
    assert {path.name for path in world.out.iterdir() if path.name.startswith(".")} == set()


def test_unchanged_pages_are_taken_over_until_what_they_are_made_from_changes(world) -> None:
    world.build()
    first = content(world.out)
    made = world.executed("adorf").stat().st_mtime_ns
    assert world.build() == BuildResult(built=0, unchanged=2, failures=(), published=True)
    assert content(world.out) == first
    assert world.executed("adorf").stat().st_mtime_ns == made
    world.page("adorf").write_text("von Hand geändert", encoding="utf-8")
    assert world.build().built == 1
    assert content(world.out) == first
    world.edit("Text für alle", "Neuer Text für alle")
    assert world.build("Adorf").built == 1
    world.sources = replace(world.sources, digests={"towns.csv": "2"})  # which no notebook here reads
    assert world.build("Adorf").unchanged == 1


def test_a_build_that_was_killed_goes_on_where_it_stopped(world) -> None:
    world.build()
    first = content(world.out)
    made = world.executed("adorf").stat().st_mtime_ns
    shutil.rmtree(world.out)
    leftover = world.out.with_name(".site.new")
    leftover.mkdir()
    (leftover / "halb.html").write_text("halb", encoding="utf-8")
    world.executed("bdorf").write_text('{"cells": [', encoding="utf-8")
    assert world.build().built == 2
    assert content(world.out) == first
    assert world.executed("adorf").stat().st_mtime_ns == made
    assert not leftover.exists()


def test_two_builds_are_the_same_bytes_even_if_a_worker_crashed_in_one(world, tmp_path: Path) -> None:
    def with_a_crash(outcomes: Iterable[Outcome], total: int) -> Iterator[Outcome]:
        for number, outcome in enumerate(outcomes):
            yield outcome
            if number == 0:
                for child in psutil.Process().children():
                    if any("spawn_main" in part for part in child.cmdline()):
                        child.kill()

    everything = BuildResult(built=2, unchanged=0, failures=(), published=True)
    one, two = tmp_path / "one", tmp_path / "two"
    assert build(world.sources, one / "site", limits=Limits(jobs=2)) == everything
    assert build(world.sources, two / "site", limits=Limits(jobs=1), watch=with_a_crash) == everything
    assert content(one / "site") == content(two / "site")
    for folder in (one, two):
        (folder / "executed" / "journal.jsonl").unlink()  # it alone knows the clock
    assert content(one / "executed") == content(two / "executed")


def test_a_failed_page_keeps_its_old_version_and_the_others_get_theirs(world) -> None:
    world.build()
    old = world.page("adorf").read_bytes()
    world.edit("## Nachbarn", "## Alle Nachbarn")
    world.fail("place == 'adorf'")
    result = world.build()
    assert (result.built, result.unchanged, result.failed, result.published) == (1, 0, 1, True)
    [failure] = result.failures
    assert (failure.address, failure.cell) == ("orte/adorf.html", 2)
    assert failure.executed == world.executed("adorf")
    assert failure.reason == "Zelle 2: ZeroDivisionError: division by zero"
    assert failure.executed.is_file()
    assert world.page("adorf").read_bytes() == old
    assert "Alle Nachbarn" in world.page("bdorf").read_text(encoding="utf-8")


def test_links_lead_only_to_pages_that_are_there_in_the_end(world) -> None:
    world.fail("place == 'cdorf'")
    three = world.with_towns(adorf="Adorf", bdorf="Bdorf", cdorf="Cdorf")
    assert three.build().failed == 1
    page = three.page("adorf").read_text(encoding="utf-8")
    assert 'href="../orte/bdorf.html"' in page
    assert "cdorf.html" not in page
    assert three.build("Adorf") == BuildResult(built=0, unchanged=1, failures=(), published=True)
    without = three.with_towns(adorf="Adorf")
    assert without.build().published
    assert "gibt es nicht mehr" in without.page("bdorf").read_text(encoding="utf-8")
    assert "bdorf.html" not in without.page("adorf").read_text(encoding="utf-8")


def test_with_fail_fast_nothing_is_published_after_a_failure(world) -> None:
    world.build()
    old = content(world.out)
    world.fail("True")
    result = world.build(keep_going=False)
    assert result.failures
    assert not result.published
    assert content(world.out) == old


def test_without_a_single_page_nothing_is_published(world) -> None:
    world.fail("True")
    result = world.build()
    assert (result.failed, result.published) == (2, False)
    assert not world.out.exists()


def test_only_names_pages_by_address_value_or_label_and_leaves_the_rest(world) -> None:
    world.build()
    for name in ("orte/adorf.html", "adorf", "Adorf"):
        assert world.build(name).unchanged == 1
    assert world.page("bdorf").is_file()
    with pytest.raises(BuildError, match="Meinten Sie „Bdorf“"):
        world.build("Bdrof")


def test_a_parameter_chooses_the_page_and_is_checked_against_the_data(world) -> None:
    def chosen(**parameters: str) -> BuildResult:
        return build(world.sources, world.out, Selection("town", parameters), workers=world.workers)

    assert chosen(place="bdorf").built == 1
    assert not world.page("adorf").exists()
    with pytest.raises(ParameterError, match="Meinten Sie „bdorf“"):
        chosen(place="bdrof")
    with pytest.raises(ParameterError, match="Meinten Sie „place“"):
        chosen(plcae="bdorf")
    with pytest.raises(BuildError, match="Meinten Sie „town“"):
        build(world.sources, world.out, Selection("twon"))
    (world.sources.notebooks / "town.ipynb").unlink()
    with pytest.raises(NotebookError, match="fehlt"):
        world.build()


def test_a_folder_with_anything_else_in_it_is_left_alone(world) -> None:
    world.out.mkdir()
    (world.out / "diplomarbeit.txt").write_text("einzige Fassung", encoding="utf-8")
    with pytest.raises(BuildError, match="etwas anderes"):
        world.build()
    assert content(world.out) == {"diplomarbeit.txt": b"einzige Fassung"}
    (world.out / "manifest.json").write_text('{"name": "eine andere App"}', encoding="utf-8")
    with pytest.raises(BuildError, match="beschädigt"):
        world.build()
    with pytest.raises(BuildError, match="ist eine Datei"):
        build(world.sources, world.out / "diplomarbeit.txt")


def test_publishing_exchanges_the_folders_at_once(tmp_path: Path) -> None:
    old, new = tmp_path / "site", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
        (folder / "manifest.json").write_text(folder.name, encoding="utf-8")
    publish(new, old)
    assert (old / "manifest.json").read_text(encoding="utf-8") == "new"


def test_a_site_moved_aside_by_a_killed_build_comes_back(world) -> None:
    world.build()
    first = content(world.out)
    world.out.rename(world.out.with_name(".site.old"))
    assert world.build().unchanged == 2
    assert content(world.out) == first
    assert not world.out.with_name(".site.old").exists()


def test_a_build_with_nothing_to_do_leaves_the_site_untouched(world) -> None:
    world.build()
    inode = world.out.stat().st_ino
    assert world.build().unchanged == 2
    assert world.out.stat().st_ino == inode  # the very folder: nothing was put in its place
    first = content(world.out)
    (world.out / "index.html").unlink()
    (world.out / "glossar.html").write_text("von Hand", encoding="utf-8")
    assert world.build() == BuildResult(built=0, unchanged=2, failures=(), published=True)
    assert content(world.out) == first
    world.with_towns(adorf="Adorf").build()
    assert "gibt es nicht mehr" in world.page("bdorf").read_text(encoding="utf-8")
