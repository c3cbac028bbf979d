"""Twenty real pages: every sourced claim leads to its source, and own work never poses as a fact."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup, Tag

from transferkit.knowledge import datasets

GUIDES = ("themen", "loesungen", "projekte", "kommunen", "ratsvorlagen", "kurzfassungen", "peer-learning")
# The sentences that state what a row is about; its notes and labels say nothing that needs a source.
STATEMENTS = (
    ("lessons", "statement_de"),
    ("solutions", "summary_de"),
    ("solutions", "cost_de"),
    ("solutions", "scale_de"),
    ("model_projects", "funding_de"),
    ("questions", "why_de"),
    ("options", "text_de"),
    ("communities", "outputs_de"),
    ("community_projects", "relation_de"),
    ("context_facts", "text_de"),
)
BESIDES = "sup, .meta, .own, .small, .when, .visually-hidden, ul, ol, details"
TAGS = {"own": ("eigene Einschätzung",), "mixed": ("eigene Einschätzung", "Bewertung transferkit")}

Pages = dict[str, BeautifulSoup]


@dataclass(frozen=True)
class Claim:
    """A sentence of the data: who says so, and where that can be read (addresses, or titles without one)."""

    basis: str
    addresses: frozenset[str]


@pytest.fixture(scope="module")
def pages(built_site: Path) -> Pages:
    files = [file for guide in GUIDES for file in sorted(built_site.joinpath(guide).glob("*.html"))]
    return {
        file.relative_to(built_site).as_posix(): BeautifulSoup(file.read_text("utf-8"), "html.parser")
        for file in files
    }


@pytest.fixture(scope="module")
def sources() -> pd.DataFrame:
    return datasets.load("sources").set_index("source_id")


@pytest.fixture(scope="module")
def claims(sources: pd.DataFrame) -> dict[str, Claim]:
    """All sentences of the data package by their words; left out is what several rows say alike."""
    where = sources["url"].fillna(sources["title"])
    found: dict[str, set[Claim]] = {}
    for table, column in STATEMENTS:
        for _, row in datasets.load(table).dropna(subset=column).iterrows():
            named = frozenset(where[key] for key in datasets.split(row["source_ids"]))
            found.setdefault(" ".join(row[column].split()), set()).add(Claim(row["basis"], named))
    return {
        statement: claims.pop()
        for statement, claims in found.items()
        if len(claims) == 1 and " " in statement
    }


def words(element: Tag) -> str:
    """What the element itself states, without marks, tags and remarks."""
    bare = copy(element)
    for aside in bare.select(BESIDES):
        aside.decompose()
    return " ".join(bare.get_text().split())


def listed(page: BeautifulSoup) -> dict[str, Tag]:
    """The items of the source lists by the links that lead to them."""
    return {f"#{item['id']}": item for item in page.select("ol.sources > li[id]")}


def address(item: Tag) -> str:
    link = item.find("a", href=True)
    return str(link["href"]) if isinstance(link, Tag) else item.get_text().split(". ")[0].strip()


def marks(element: Tag) -> list[str]:
    """Where the marks of this statement lead; those of lists inside it are not its own."""
    return [
        str(link["href"])
        for mark in element.select("sup.q")
        if mark.find_parent(["p", "li", "td", "dd"]) is element
        for link in mark.select("a[href]")
    ]


def stated(pages: Pages, claims: dict[str, Claim]) -> Iterator[tuple[str, BeautifulSoup, Tag, Claim]]:
    """Every place where a page states a claim of the data."""
    for name, page in pages.items():
        for element in page.select("main p, main li, main td, main dd"):
            if claim := claims.get(words(element)):
                yield name, page, element, claim


def test_twenty_pages_with_hundreds_of_claims_are_looked_at(pages: Pages, claims: dict[str, Claim]) -> None:
    assert len(pages) >= 20
    found = [claim.basis for *_, claim in stated(pages, claims)]
    assert found.count("sourced") > 300
    assert {"mixed", "own"} <= set(found)


def test_every_mark_leads_to_an_item_of_the_source_list(pages: Pages) -> None:
    for name, page in pages.items():
        items = listed(page)
        for link in page.select("sup.q a"):
            assert link["href"] in items, (name, link["href"])


def test_every_source_is_named_with_publisher_date_and_address(pages: Pages, sources: pd.DataFrame) -> None:
    by_address = sources.assign(where=sources["url"].fillna(sources["title"])).set_index("where")
    for name, page in pages.items():
        for item in listed(page).values():
            source, text = by_address.loc[address(item)], item.get_text()
            assert source["publisher"] in text, (name, text)
            assert not pd.isna(source["date"]) or "ohne Datum" in text, (name, text)
            assert pd.isna(source["date"]) or source["date"][:4] in text or "Gebietsstand" in text, (
                name,
                text,
            )
            assert not pd.isna(source["url"]) or "Adresse nicht ermittelt" in text, (name, text)


def test_a_claim_is_followed_by_exactly_the_sources_of_its_row(
    pages: Pages, claims: dict[str, Claim]
) -> None:
    astray = []
    for name, page, element, claim in stated(pages, claims):
        items = listed(page)
        shown = {address(items[mark]) for mark in marks(element)}
        if claim.basis != "own" and shown != claim.addresses:
            astray.append((name, words(element), shown ^ claim.addresses))
    assert astray == []


def test_own_work_has_no_marks_and_says_that_it_is_own(pages: Pages, claims: dict[str, Claim]) -> None:
    unsaid = []
    for name, _, element, claim in stated(pages, claims):
        if claim.basis == "own":
            assert marks(element) == [], (name, words(element))
        if claim.basis in TAGS:
            said = [tag.get_text() for tag in element.select(".own")]
            if not any(tag in text for tag in TAGS[claim.basis] for text in said):
                unsaid.append((name, words(element)))
    assert unsaid == []
