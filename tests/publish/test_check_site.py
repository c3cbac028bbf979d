"""Defects planted in a built site; what is allowed; and that a build publishes nothing unsound."""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.publish.conftest import World
from transferkit.errors import BuildError
from transferkit.finding import Finding
from transferkit.publish.build import SITE_PAGES, build
from transferkit.publish.check import allowed, folder, sample
from transferkit.publish.check.allowed import Allowed
from transferkit.publish.check.pages import check

TODAY = datetime.date(2026, 11, 25)
ENTRY = """
[[allowed]]
rule = "page.leftover"
where = "orte/*.html"
reason = "Die Vorlage wird im Januar geändert."
date = 2026-11-25
until = {until}
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real small site; nobody changes it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("TRANSFERKIT_FACE", "page")
        return _built(tmp_path_factory.mktemp("site"))


def _built(where: Path) -> Path:
    from tests.publish.conftest import GUIDE, NOTEBOOKS, TOWNS, two_threads
    from transferkit import catalogue
    from transferkit.knowledge import digests
    from transferkit.project import Toc
    from transferkit.publish.plan import Sources

    notebooks = where / "notebooks"
    notebooks.mkdir()
    shutil.copy(NOTEBOOKS / GUIDE.notebook, notebooks)
    toc = Toc("transferkit", "2026-11-22", (GUIDE,))
    data = catalogue.tables(), {"towns.csv": "1"}, digests.of_reads
    sources = Sources(toc, notebooks, {"towns.id": TOWNS}, *data)
    assert build(sources, where / "site", workers=two_threads).published
    return where / "site"


@pytest.fixture
def site(built: Path, tmp_path: Path) -> Path:
    """A copy to plant a defect in."""
    return Path(shutil.copytree(built, tmp_path / "site"))


def replaced(old: str, new: str, name: str = "orte/adorf.html") -> Callable[[Path], None]:
    def plant(site: Path) -> None:
        text = (site / name).read_text(encoding="utf-8")
        assert old in text
        (site / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return plant


def added(name: str, text: str) -> Callable[[Path], None]:
    return lambda site: (site / name).write_text(text, encoding="utf-8") and None


def orphaned(site: Path) -> None:
    """No list and no page leads to Bdorf any more."""
    for name in ("index.html", "orte/adorf.html"):
        text = (site / name).read_text(encoding="utf-8")
        (site / name).write_text(text.replace("orte/bdorf.html", "orte/adorf.html"), encoding="utf-8")


# What is planted, the rule it breaks, and where. A page changed after the build is a finding of its own.
DEFECTS = {
    "dead link": (replaced("../orte/bdorf.html", "../orte/zdorf.html"), "site.link", "orte/adorf.html"),
    "dead link out of the site": (
        replaced("../orte/bdorf.html", "../../b.html"),
        "site.link",
        "orte/adorf.html",
    ),
    "dead download": (replaced("termine.ics", "termin.ics", "termine.html"), "site.link", "termine.html"),
    "dead anchor on another page": (
        replaced("../orte/bdorf.html", "../ueber.html#nirgends"),
        "site.anchor",
        "orte/adorf.html",
    ),
    "filter that does not exist": (
        replaced("../orte/bdorf.html", "../loesungen.html#farbe=rot"),
        "site.anchor",
        "orte/adorf.html",
    ),
    "title twice": (
        replaced("<title>Leitfaden für Bdorf", "<title>Leitfaden für Adorf", "orte/bdorf.html"),
        "site.title",
        "orte/bdorf.html",
    ),
    "orphan": (orphaned, "site.orphan", "orte/bdorf.html"),
    "page gone": (lambda site: (site / "neu.xml").unlink(), "site.link", "neu.html"),
    "feed with a foreign style": (
        replaced("<title>", '<script href="https://example.org/a.xsl"/><title>', "neu.xml"),
        "site.third-party",
        "neu.xml",
    ),
    "feed cut off": (replaced("</feed>", "", "neu.xml"), "page.markup", "neu.xml"),
    "broken HTML": (replaced("</article>", "</artikel>"), "page.markup", "orte/adorf.html"),
}


def test_the_built_site_has_no_finding(built: Path) -> None:
    read = folder.read(built)
    assert read.findings == ()
    assert read.pages == len(SITE_PAGES) + 2


@pytest.mark.parametrize(("plant", "rule", "where"), DEFECTS.values(), ids=DEFECTS)
def test_a_planted_defect_is_caught_by_its_rule_at_its_place(
    site: Path, plant: Callable[[Path], None], rule: str, where: str
) -> None:
    plant(site)
    found = [finding for finding in folder.read(site).findings if finding.rule != "site.manifest"]
    assert {(finding.rule, finding.where) for finding in found} == {(rule, where)}
    assert all(finding.place and finding.text and finding.remedy for finding in found)


def test_a_file_that_was_changed_added_or_lost_is_named(site: Path) -> None:
    replaced("Text für alle", "Text für manche")(site)
    added("rest.txt", "Rest")(site)
    (site / "sitemap.xml").unlink()
    found = folder.read(site).findings
    assert {(finding.rule, finding.where) for finding in found} == {
        ("site.manifest", "orte/adorf.html"),
        ("site.manifest", "rest.txt"),
        ("site.manifest", "sitemap.xml"),
    }


def test_a_folder_without_pages_cannot_be_checked(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="liegt keine Seite"):
        folder.read(tmp_path)


def test_unsound_pages_keep_the_old_site_and_are_named(world: World) -> None:
    assert world.build().published
    before = world.page("adorf").read_bytes()
    world.edit("## Nachbarn", "## Alle Nachbarn\\n\\nDie Zahl ist nan.")
    result = world.build()
    assert (result.built, result.failed, result.published) == (2, 0, False)
    assert {finding.rule for finding in result.checked.unsound} == {"page.leftover"}
    # What is new is told on a page of its own.
    named = {finding.where for finding in result.checked.unsound}
    assert named == {"orte/adorf.html", "orte/bdorf.html", "neu.html"}
    assert world.page("adorf").read_bytes() == before


def test_what_is_allowed_is_published_and_asked_again_although_nothing_changed(world: World) -> None:
    world.edit("## Nachbarn", "## Nachbarn\\n\\nDie Zahl ist nan.")
    listed = world.sources.notebooks / allowed.NAME
    listed.write_text(ENTRY.format(until="2999-01-01"), encoding="utf-8")
    result = world.build()
    assert result.published
    assert len(result.checked.allowed) == 2
    listed.unlink()
    again = world.build()
    assert (again.built, again.unchanged, again.published) == (0, 2, False)
    assert len(again.checked.unsound) == 2


def test_unsound_data_keeps_a_site_from_being_published(world: World) -> None:
    bad = Finding("datasets/lessons.csv", 3, "data.cell", "x", "Das ist falsch.", "Berichtigen Sie es.")
    result = World(replace(world.sources, findings=lambda: [bad]), world.out).build()
    assert (result.published, result.checked.unsound) == (False, (bad,))
    assert not world.out.exists()


def test_data_and_notebooks_are_not_checked_again_while_they_stay_the_same(world: World) -> None:
    asked = []
    counting = World(replace(world.sources, findings=lambda: asked.append(1) or []), world.out)
    assert counting.build("Adorf").published
    assert counting.build("Bdorf").published
    assert asked == [1]


def test_a_sample_of_the_site_comes_out_the_same_bytes(world: World) -> None:
    world.build()
    published = folder.read(world.out).published
    rebuilt = sample.rebuild(world.sources, published)
    assert (rebuilt.findings, rebuilt.pages, rebuilt.unchecked) == ((), 1, "")
    world.edit("## Nachbarn", "## Andere Nachbarn")
    assert "aus einem anderen Stand" in sample.rebuild(world.sources, published).unchecked


def test_a_page_with_chance_in_it_does_not_come_out_the_same(world: World) -> None:
    world.edit("import HTML", "import HTML; from uuid import uuid4")
    world.edit("{place} kennt", "{place} {uuid4().int} kennt")
    world.build()
    rebuilt = sample.rebuild(world.sources, folder.read(world.out).published)
    assert [finding.rule for finding in rebuilt.findings] == ["site.rebuild"]


def listed(tmp_path: Path, text: str) -> Allowed:
    (tmp_path / allowed.NAME).write_text(text, encoding="utf-8")
    return allowed.read(tmp_path)


def finding(rule: str = "page.leftover", where: str = "orte/adorf.html") -> Finding:
    return Finding(where, 1, rule, "x", "Das ist falsch.", "")


def test_an_entry_allows_its_rule_at_its_place_until_its_day(tmp_path: Path) -> None:
    entries = listed(tmp_path, ENTRY.format(until="2026-11-25"))
    judged = allowed.judge([finding(), finding("page.title"), finding(where="index.html")], entries, TODAY)
    assert [one.rule for one, _ in judged.allowed] == ["page.leftover"]
    assert len(judged.unsound) == 2
    late = TODAY + datetime.timedelta(days=1)
    assert len(allowed.judge([finding()], entries, late).unsound) == 1
    [expired] = allowed.superfluous(entries, allowed.judge([], entries, late), ["page"], late)
    assert expired.rule == "allowed.expired"


def test_an_entry_nobody_needs_is_named_but_only_where_somebody_looked(tmp_path: Path) -> None:
    entries = listed(tmp_path, ENTRY.format(until="2027-01-01"))
    judged = allowed.judge([], entries, TODAY)
    assert [one.rule for one in allowed.superfluous(entries, judged, ["page"], TODAY)] == ["allowed.unused"]
    assert allowed.superfluous(entries, judged, ["data"], TODAY) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('reason = "Die Vorlage wird im Januar geändert."', ""),
        ("Die Vorlage wird im Januar geändert.", "egal"),
        ("date = 2026-11-25", ""),
        ("date = 2026-11-25", 'date = "gestern"'),
        ("until", "bis"),
        ("[[allowed]]", "[[allowed]"),
        ("[[allowed]]", "[allowed]"),
        ("rule =", 'who = "x"\nrule ='),
    ],
)
def test_an_entry_without_reason_or_date_allows_nothing_and_is_unsound(
    tmp_path: Path, old: str, new: str
) -> None:
    entries = listed(tmp_path, ENTRY.format(until="2027-01-01").replace(old, new))
    judged = allowed.judge([finding()], entries, TODAY)
    assert [one.rule for one in judged.unsound] == ["allowed.entry", "page.leftover"]


def test_findings_of_a_page_stay_few_and_travel_through_the_manifest(world: World) -> None:
    many = check("<html><body>" + "<img>" * 50 + "</body></html>", "a.html").findings
    assert sum(one.rule == "page.alt-text" for one in many) == 5
    world.edit("## Nachbarn", "## Nachbarn\\n\\nDie Zahl ist nan.")
    (world.sources.notebooks / allowed.NAME).write_text(ENTRY.format(until="2999-01-01"), encoding="utf-8")
    world.build()
    rows = json.loads((world.out / "manifest.json").read_text(encoding="utf-8"))["pages"]
    assert [row["findings"][0]["rule"] for row in rows] == ["page.leftover"] * 2
