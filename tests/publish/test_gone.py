"""Addresses that were published once: they lead to their page, or to one that says that it is no more."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from transferkit.knowledge import datasets
from transferkit.project import toc
from transferkit.publish import manifest, site

ADDRESSES = Path(__file__).with_name("addresses.txt")


def text(path: Path) -> str:
    return " ".join(BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").get_text(" ").split())


def test_a_page_that_vanishes_leaves_one_that_says_so_and_leads_on(world) -> None:
    world.build()
    world.with_towns(adorf="Adorf").build()
    page = BeautifulSoup(world.page("bdorf").read_text(encoding="utf-8"), "html.parser")
    said = text(world.page("bdorf"))
    assert "Hier stand: „Leitfaden für Bdorf“. In der Ausgabe vom 22.11.2026 und danach" in said
    for link in page.select("a[href]:not([href^='#']):not([href^=http])"):
        assert (world.page("bdorf").parent / link["href"]).is_file(), link["href"]
    assert "bdorf" not in (world.out / "sitemap.xml").read_text(encoding="utf-8")


def test_it_goes_on_saying_so_in_every_later_edition_with_its_first_date(world) -> None:
    world.build()
    only = world.with_towns(adorf="Adorf")
    only.build()
    only.sources = replace(only.sources, toc=replace(only.sources.toc, edition="2027-05-01"))
    only.build()
    assert "In der Ausgabe vom 22.11.2026 und danach" in text(world.page("bdorf"))
    [one] = manifest.read(world.out).gone
    assert (one.address, one.edition) == ("orte/bdorf.html", "2026-11-22")


def test_a_build_with_nothing_to_do_leaves_it_alone_and_a_page_that_returns_takes_its_place(world) -> None:
    world.build()
    first = world.page("bdorf").read_bytes()
    only = world.with_towns(adorf="Adorf")
    only.build()
    inode = world.out.stat().st_ino
    only.build()
    assert world.out.stat().st_ino == inode
    world.build()
    assert world.page("bdorf").read_bytes() == first
    assert list(manifest.read(world.out).gone) == []


def test_a_page_that_shall_return_but_fails_is_still_said_to_be_gone(world) -> None:
    world.build()
    world.with_towns(adorf="Adorf").build()
    world.fail("place == 'bdorf'")
    assert world.build().failed == 1
    assert "gibt es nicht mehr" in text(world.page("bdorf"))


def test_addresses_that_were_published_stay() -> None:
    """The list is a promise. A line may only go with the page for good: then its old address says so."""
    promised = ADDRESSES.read_text(encoding="utf-8").split()
    shapes = {guide.address for guide in toc().guides}
    keys = {
        "themen/{}.html": datasets.load("themes")["theme_id"],
        "loesungen/{}.html": datasets.load("solutions")["solution_id"],
        "projekte/{}.html": datasets.load("model_projects")["project_id"],
    }
    there = {pattern.format(key) for pattern, found in keys.items() for key in found}
    own = {f"{name}.html" for name in site.PAGES}
    files = {"neu.xml", "termine.xml", "termine.ics", "sitemap.xml", "manifest.json"}
    assert [address for address in promised if address not in there | shapes | own | files] == []


def test_every_page_of_a_real_site_stands_where_the_list_promises(built_site: Path) -> None:
    promised = ADDRESSES.read_text(encoding="utf-8").split()
    patterns = [re.compile(re.escape(one).replace(r"\{value\}", r"[\w.-]+")) for one in promised]
    pages = json.loads((built_site / "manifest.json").read_text(encoding="utf-8"))["pages"]
    assert pages
    astray = [
        page["address"]
        for page in pages
        if not any(pattern.fullmatch(page["address"]) for pattern in patterns)
    ]
    assert astray == []


@pytest.mark.parametrize("name", ["neu.xml", "termine.xml", "daten/katalog.jsonld"])
def test_what_other_programs_fetch_is_there(name: str, built_site: Path) -> None:
    assert (built_site / name).is_file()
