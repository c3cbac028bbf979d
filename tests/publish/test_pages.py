"""Every page of a real site, read as a file: what holds without a browser."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from copy import copy
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup, Tag

Pages = dict[str, BeautifulSoup]

# What a machine leaves behind when nobody looked.
LEFTOVERS = re.compile(
    r"\b(NaN|nan|NaT|None|undefined|Traceback|KeyError)\b|<NA>|\{\{|\}\}|dtype:|"
    r"No description has been provided|<(pandas|altair|transferkit)\.|</?[a-z]+\d?[ >]|\bsite:"
)
LOADING = ("src", "srcset", "poster", "data", "action", "background")
# Links in running text must be recognisable without their surroundings.
BLIND_LINKS = {"hier", "link", "mehr", "weiter", "klicken sie hier"}


@pytest.fixture(scope="session")
def pages(built_site: Path) -> Pages:
    """Every HTML document of the site by its address, Pagefind's own files aside."""
    addresses = sorted(file.relative_to(built_site).as_posix() for file in built_site.rglob("*.html"))
    return {
        address: BeautifulSoup((built_site / address).read_text(encoding="utf-8"), "html.parser")
        for address in addresses
        if not address.startswith("pagefind/")
    }


def found(pages: Pages, selector: str) -> Iterator[tuple[str, Tag]]:
    """Elements of all pages with the address they stand on."""
    for address, page in pages.items():
        for element in page.select(selector):
            yield address, element


def shown(element: Tag) -> str:
    """The beginning of an element, for messages."""
    return str(element)[:120]


def test_pages_are_german_and_titled_each_in_its_own_words(pages: Pages) -> None:
    assert {address for address, page in pages.items() if page.html["lang"] != "de"} == set()
    titles = Counter(page.title.get_text() for page in pages.values())
    assert [title for title, times in titles.items() if times > 1 or not title.strip()] == []


def test_headings_start_with_one_h1_and_skip_no_level(pages: Pages) -> None:
    for address, page in pages.items():
        levels = [int(heading.name[1]) for heading in page.find_all(re.compile("^h[1-6]$"))]
        assert levels[0] == 1, address
        assert levels.count(1) == 1, address
        jumps = [(a, b) for a, b in pairwise(levels) if b > a + 1]
        assert jumps == [], f"{address}: {jumps}"


def test_no_heading_is_empty(pages: Pages) -> None:
    for address, page in pages.items():
        headings = page.find_all(re.compile("^h[1-6]$"))
        assert [shown(h) for h in headings if not h.get_text(strip=True)] == [], address


def test_landmarks_are_there_and_the_skip_link_comes_first(pages: Pages) -> None:
    for address, page in pages.items():
        assert len(page.select("body main")) == 1, address
        for landmark in ("body > header", "nav", "body > footer"):
            assert page.select(landmark), f"{address}: {landmark}"
        first = page.body.select_one("a[href], button, input, select, textarea")
        assert page.select_one(f"main{first['href']}"), f"{address}: {shown(first)}"


def test_navigations_on_one_page_have_different_names(pages: Pages) -> None:
    for address, page in pages.items():
        names = [nav.get("aria-label") or nav.get("aria-labelledby") for nav in page.select("nav")]
        assert len(names) == len(set(names)), address
        assert all(names), address


def test_ids_are_unique_and_every_inner_link_has_its_target(pages: Pages) -> None:
    for address, page in pages.items():
        ids = Counter(element["id"] for element in page.select("[id]"))
        assert [name for name, times in ids.items() if times > 1] == [], address
        targets = {unquote(link["href"][1:]) for link in page.select('a[href^="#"]')}
        assert targets - ids.keys() == set(), address


def test_every_link_to_another_page_of_the_site_leads_somewhere(pages: Pages, built_site: Path) -> None:
    lost = set()
    for address, link in found(pages, "a[href]"):
        href = link["href"].partition("#")[0].partition("?")[0]
        if href and not re.match(r"[a-z]+:", href):
            target = (built_site / address).parent / unquote(href)
            if not target.is_file():
                lost.add((address, href))
    assert lost == set()


def test_links_say_where_they_lead(pages: Pages) -> None:
    def name(link: Tag) -> str:
        return (link.get("aria-label") or link.get_text(" ", strip=True)).strip().lower()

    assert [(a, shown(e)) for a, e in found(pages, "a[href]") if not name(e) or name(e) in BLIND_LINKS] == []


def test_pictures_have_words(pages: Pages) -> None:
    for address, svg in found(pages, "svg"):
        if svg.find_parent("svg") or svg.get("aria-hidden") == "true":
            continue
        assert svg.get("role") == "img", f"{address}: {shown(svg)}"
        named = svg.get("aria-label") or (svg.find("title") and svg.find("title").get_text(strip=True))
        assert named, f"{address}: {shown(svg)}"
    assert [(a, shown(e)) for a, e in found(pages, "img") if not e.get("alt")] == []


def test_every_figure_has_its_numbers_as_a_table_beside_it(pages: Pages) -> None:
    for address, figure in found(pages, "figure:has(svg)"):
        beside = figure.find_next_sibling()
        has_table = figure.find("table") or (beside and (beside.name == "table" or beside.find("table")))
        assert has_table, f"{address}: {figure.get_text(' ', strip=True)[:80]}"


def test_tables_have_captions_and_scoped_heads(pages: Pages) -> None:
    for address, table in found(pages, "table"):
        caption = table.find("caption")
        assert caption is not None, f"{address}: {shown(table)}"
        assert caption.get_text(strip=True), f"{address}: {shown(table)}"
        assert table.find("th"), f"{address}: {caption.get_text()}"
        unscoped = [shown(th) for th in table.find_all("th") if th.get("scope") not in ("col", "row")]
        assert unscoped == [], address


def test_form_controls_have_labels(pages: Pages) -> None:
    for address, control in found(pages, "input, select, textarea"):
        own = control.get("aria-label") or control.get("aria-labelledby") or control.find_parent("label")
        label = own or pages[address].select_one(f'label[for="{control.get("id")}"]')
        assert label, f"{address}: {shown(control)}"


def test_nothing_is_loaded_from_anywhere(pages: Pages) -> None:
    """Only `a href` may name another place; what a page needs stands in it (Pagefind aside, on request)."""
    for address, page in pages.items():
        assert page.select("link[href], base, iframe, object, embed, meta[http-equiv=refresh]") == [], address
        for element in page.find_all(lambda tag: any(name in tag.attrs for name in LOADING)):
            loaded = [element[name] for name in LOADING if name in element.attrs]
            assert all(value.startswith("data:") for value in loaded), f"{address}: {shown(element)}"
        for style in [*page.find_all("style"), *page.select("[style]")]:
            text = style.get("style") or style.get_text()
            assert not re.search(r"@import|url\((?!['\"]?(data:|#))", text), address


def test_a_content_security_policy_forbids_what_the_page_does_not_need(pages: Pages) -> None:
    for address, page in pages.items():
        policy = page.select_one('meta[http-equiv="Content-Security-Policy"]')
        assert policy is not None, address
        assert "default-src 'none'" in policy["content"], address
        assert "http" not in policy["content"], address


def test_no_leftover_of_the_machinery_stands_in_the_text(pages: Pages) -> None:
    for address, page in pages.items():
        text = copy(page)
        for silent in text.select("script, style"):
            silent.decompose()
        left = [match.group() for match in LEFTOVERS.finditer(text.get_text(" "))]
        assert left == [], address
        assert page.select("[href^='site:'], [data-jupyter], .jp-Cell, .output_stderr") == [], address


def test_every_page_says_how_old_it_is_and_under_which_licence(pages: Pages) -> None:
    for address, page in pages.items():
        footer = page.select("footer")[-1].get_text(" ")
        assert re.search(r"\d\d\.\d\d\.\d{4}", footer), address
        for said in ("CC BY 4.0", "MIT", "transferkit"):
            assert said in footer, f"{address}: {said}"


def sizes(site: Path, folder: str) -> list[int]:
    return sorted(file.stat().st_size for file in site.joinpath(folder).glob("*.html"))


def test_pages_are_light_enough_for_a_slow_line(built_site: Path) -> None:
    themes, towns = sizes(built_site, "themen"), sizes(built_site, "kommunen")
    assert len(themes) == 8
    assert themes[-1] <= 132_000  # of it 4 kB tell where numbers come from, 4 kB are metadata and glossary
    assert towns[len(towns) // 2] <= 80_000
