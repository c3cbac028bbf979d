"""What a build leaves for the next one: a line per page, reasons to build anew, parts for many machines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from transferkit.cli import main
from transferkit.errors import BuildError
from transferkit.publish import journal
from transferkit.publish.build import build, journal_of
from transferkit.publish.plan import Selection
from transferkit.publish.publication import staging
from transferkit.publish.why import UNCHANGED, why


def rows(world) -> dict[str, journal.Row]:
    return journal.read(journal_of(world.out))


def test_every_page_has_a_line_with_time_memory_and_error(world) -> None:
    world.fail("place == 'bdorf'")
    world.build()
    good, bad = rows(world)["orte/adorf.html"], rows(world)["orte/bdorf.html"]
    assert (good.state, good.error) == ("built", "")
    assert good.seconds > 0
    assert good.peak_mb > 10
    assert bad.state == "failed"
    assert "ZeroDivisionError" in bad.error
    assert journal.failed(journal_of(world.out)) == {"orte/bdorf.html"}


def test_the_journal_keeps_the_last_line_of_each_page_and_survives_a_broken_one(world) -> None:
    world.fail("place == 'bdorf'")
    world.build()
    path = journal_of(world.out)
    with path.open("a", encoding="utf-8") as file:
        file.write('{"address": "orte/adorf.html", "sta')  # killed in the middle of a line
    world.edit("1 / (not", "0 and (not")
    world.build()
    assert {row.state for row in rows(world).values()} == {"built"}
    assert len(path.read_text(encoding="utf-8").splitlines()) == 2 + 2


def test_a_journal_that_cannot_be_written_leaves_the_site_as_it_was(world) -> None:
    world.build()
    before = world.page("adorf").read_bytes()
    path = journal_of(world.out)
    path.unlink()
    path.mkdir()  # root may write anywhere, but nobody can write a file where a folder is
    world.edit("kennt", "weiß von")
    with pytest.raises(BuildError, match=r"Journal .* lässt sich nicht schreiben.*unverändert"):
        world.build()
    assert world.page("adorf").read_bytes() == before


def test_why_names_what_has_changed_and_builds_nothing(world) -> None:
    new = world.sources
    assert why(new, world.out, "adorf") == ["orte/adorf.html: neu, wurde noch nie veröffentlicht"]
    world.build()
    assert why(new, world.out, "Adorf") == [f"orte/adorf.html: {UNCHANGED}"]
    world.edit("kennt", "weiß von")
    world.page("adorf").write_text("von Hand", encoding="utf-8")
    [line] = why(new, world.out, "adorf")
    assert "von Hand verändert" in line
    assert "das Notizbuch hat sich geändert" in line
    with pytest.raises(BuildError, match="Meinten Sie „adorf“"):
        why(new, world.out, "adorff")


def test_touching_a_file_is_no_change(world) -> None:
    world.build()
    notebook = next(world.sources.notebooks.glob("*.ipynb"))
    notebook.touch()
    assert why(world.sources, world.out, "adorf") == [f"orte/adorf.html: {UNCHANGED}"]


def test_shards_share_all_pages_and_link_to_each_other(world, tmp_path: Path) -> None:
    found = {}
    for number in (1, 2):
        out = tmp_path / f"shard-{number}" / "site"
        build(world.sources, out, Selection(shard=(number, 2)), workers=world.workers)
        found |= {page.name: page.read_text(encoding="utf-8") for page in out.glob("orte/*.html")}
    assert set(found) == {"adorf.html", "bdorf.html"}
    assert 'href="../orte/bdorf.html"' in found["adorf.html"]  # which the other shard has built
    world.build()
    assert world.page("adorf").read_text(encoding="utf-8") == found["adorf.html"]


def test_only_what_failed_is_built_again(world) -> None:
    world.fail("place == 'bdorf'")
    world.build()
    world.edit("1 / (not", "0 and (not")
    failed = journal.failed(journal_of(world.out))
    result = build(world.sources, world.out, Selection(among=failed), workers=world.workers)
    assert (result.built, result.failed) == (1, 0)


@pytest.mark.parametrize("shard", ["0/8", "9/8", "x", "3", "1/0"])
def test_a_wrong_shard_is_one_clear_message(shard: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["build", "--shard", shard, "--out", str(tmp_path / "site")])
    assert result.exit_code == 2
    assert f"--shard {shard}: Das ist kein Teil eines Ganzen. Richtig ist zum Beispiel 3/8." in result.output


def test_failed_only_without_a_failure_says_so(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["build", "--failed-only", "--out", str(tmp_path / "site")])
    assert result.exit_code == 0
    assert result.output == "Beim letzten Bau ist keine Seite fehlgeschlagen.\n"


def test_a_second_build_names_the_first_one_s_process_and_start(world) -> None:
    message = r"Prozess \d+, gestartet am \d\d\.\d\d\.\d{4} um \d\d:\d\d Uhr"
    with staging(world.out), pytest.raises(BuildError, match=message):
        world.build()


def test_the_journal_is_one_json_object_a_line(world) -> None:
    world.build()
    lines = journal_of(world.out).read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["state"] for line in lines} == {"built"}
