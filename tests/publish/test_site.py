"""The site's own pages: what they list, where they lead, and what a search engine is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest

from transferkit import catalogue
from transferkit.knowledge import digests
from transferkit.project import Operator, notebooks_folder, toc
from transferkit.publish import site
from transferkit.publish.page import Page
from transferkit.publish.plan import Sources, plan

Written = Callable[..., Path]
TOWN = "09181121"  # Fuchstal


class Anatomy(HTMLParser):
    """What a page offers and where it leads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += filter(None, [found.get("id")])
        self.links += filter(None, [found.get("href") if tag == "a" else None])


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> site.Site:
    """All pages the shipped data gives, without an imported register."""
    contents = toc()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRANSFERKIT_REGISTER", str(tmp_path_factory.mktemp("no-register")))
        tables = catalogue.tables()
        sources = Sources(contents, notebooks_folder(), catalogue.domains(), tables, {}, digests.of_reads)
        pages = plan(sources).pages
    return site.Site(contents.edition, "0.1.0", contents.title, pages, tables)


@pytest.fixture(scope="module")
def pages(everything: site.Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site's own pages, as written."""
    folder = tmp_path_factory.mktemp("site")
    site.write(folder, everything)
    return folder


def html(folder: Path, name: str) -> str:
    return (folder / f"{name}.html").read_text(encoding="utf-8")


def a_page(**changes: object) -> Page:
    page = Page(
        address="mobility/bus.html",
        title="Bus & Bahn",
        guide="mobility-guide",
        group="Mobilität",
        group_page="mobility.html",
        label="Bus",
        edition="2026-11-22",
        site_title="transferkit",
        version="0.1.0",
    )
    return replace(page, **changes)


def test_a_sitemap_names_every_page_with_its_full_address(everything: site.Site, tmp_path: Path) -> None:
    published = replace(
        everything,
        address="https://example.org/leitfaden/",
        pages=[*everything.pages, a_page(address="mobility/größe & co.html")],
    )
    site.write(tmp_path, published)
    tree = ElementTree.parse(tmp_path / "sitemap.xml")
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    found = [entry.text or "" for entry in tree.iter(f"{space}loc")]
    assert all(address.startswith("https://example.org/leitfaden/") for address in found)
    paths = [unquote(urlsplit(address).path).removeprefix("/leitfaden/") for address in found]
    own = {path.name for path in tmp_path.glob("*.html")}
    assert set(paths) == own | {page.address for page in published.pages}
    assert len(paths) == len(set(paths))
    assert all(" " not in address and address.isascii() for address in found)
    assert {entry.text for entry in tree.iter(f"{space}lastmod")} == {everything.edition}


def test_without_an_address_the_sitemap_says_what_is_missing(pages: Path) -> None:
    text = (pages / "sitemap.xml").read_text(encoding="utf-8")
    assert "<loc>index.html</loc>" in text
    assert "Tragen Sie die Adresse der Site unter [site] in toc.toml ein" in text


def test_a_new_group_of_the_table_of_contents_gets_a_page_that_the_start_page_leads_to(
    everything: site.Site, tmp_path: Path
) -> None:
    site.write(tmp_path, replace(everything, pages=[a_page()]))
    assert '<a href="mobility.html">Mobilität</a>' in html(tmp_path, "index")
    assert '<a href="mobility/bus.html">Bus &amp; Bahn</a>' in html(tmp_path, "mobility")
    assert "<h1>Mobilität</h1>" in html(tmp_path, "mobility")


@pytest.mark.parametrize("name", site.PAGES)
def test_a_new_guide_in_a_group_the_site_has_is_listed_where_its_breadcrumb_leads(
    name: str, everything: site.Site, tmp_path: Path
) -> None:
    site.write(tmp_path, replace(everything, pages=[a_page(group_page=f"{name}.html")]))
    assert '<a href="mobility/bus.html">Bus &amp; Bahn</a>' in html(tmp_path, name)


def test_the_drafts_say_who_publishes_the_site_and_what_is_open(
    everything: site.Site, pages: Path, tmp_path: Path
) -> None:
    operator = Operator(name="Gemeinde Adorf", contact="post@adorf.example", logs="Nichts.")
    site.write(tmp_path, replace(everything, operator=operator, address="https://adorf.example/"))
    for name in ("barrierefreiheit", "datenschutz"):
        said, open_points = html(tmp_path, name), html(pages, name)
        assert "Gemeinde Adorf" in said
        assert "post@adorf.example" in said
        assert "[offen: Name und Anschrift" in open_points
        assert 0 < said.count("[offen: ") < open_points.count("[offen: ")
    assert "gilt für https://adorf.example/" in html(tmp_path, "barrierefreiheit")
    assert "gespeichert wird: Nichts." in html(tmp_path, "datenschutz")


def test_every_link_of_the_handbooks_start_page_leads_somewhere(pages: Path, everything: site.Site) -> None:
    there = {path.name for path in pages.glob("*.html")} | {page.address for page in everything.pages}
    links = set(Anatomy(html(pages, "handbuch")).links)
    assert {link for link in links if not link.startswith(("#", "https:"))} <= there
    assert "handbuch/grenzen.html" in links


def test_every_page_of_the_table_of_contents_is_linked_from_the_page_its_breadcrumb_leads_to(
    everything: site.Site, pages: Path
) -> None:
    linked = {path.name: set(Anatomy(path.read_text("utf-8")).links) for path in pages.glob("*.html")}
    missing = [page.address for page in everything.pages if page.address not in linked[page.group_page]]
    assert missing == []
