"""Metadata of pages (AMB): every guide says what it is, under which licence, from which sources."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from jsonschema import Draft202012Validator

from transferkit.publish.learning_resource import script
from transferkit.publish.page import Page

SCHEMA = Draft202012Validator(json.loads(Path(__file__).with_name("amb.schema.json").read_text("utf-8")))
BUDGET = 3000  # bytes on a page
PAGE = Page(
    address="kommunen/09181121.html",
    title='Leitfaden für "Fuchstal" </script>',
    guide="municipality-guide",
    group="Kommunen",
    group_page="kommunen.html",
    label="Fuchstal",
    edition="2026-11-22",
    site_title="transferkit",
    version="0.1.0",
)
SITE = "https://leitfaden.example.org/"
OFFICIAL = (
    '<li id="q1"><a href="https://www.destatis.de/x">Gemeindeverzeichnis</a>. Destatis, 30.11.2025. '
    '<span class="credit">© Statistisches Bundesamt (Destatis), 2025. Mit Quellenangabe gestattet.</span>'
    "</li>"
)
Description = dict[str, Any]


def read(html: str) -> Description:
    """The one description in a page."""
    [block] = BeautifulSoup(html, "html.parser").select('script[type="application/ld+json"]')
    description: Description = json.loads(block.get_text())
    return description


def described(*items: str, page: Page = PAGE) -> Description:
    return read(script(f'<ol class="sources">\n{"".join(items)}\n</ol>', page, "<p>Für Rat &amp; Amt.</p>"))


def faults(description: Description) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in SCHEMA.iter_errors(description)]


@pytest.fixture(scope="module")
def guides(built_site: Path) -> dict[str, str]:
    """All guide pages of a real site by address."""
    pages = json.loads((built_site / "manifest.json").read_text("utf-8"))["pages"]
    return {page["address"]: (built_site / page["address"]).read_text("utf-8") for page in pages}


def test_every_guide_of_a_real_site_carries_a_valid_description(guides: dict[str, str]) -> None:
    assert len(guides) > 20
    descriptions = {address: read(html) for address, html in guides.items()}
    assert {address: faults(one) for address, one in descriptions.items() if faults(one)} == {}
    assert len({one["id"] for one in descriptions.values()}) == len(guides)
    for address, one in descriptions.items():
        assert len(one["description"]) > 40, address
        assert one["license"]["id"] == "https://creativecommons.org/licenses/by/4.0/"
        sources = 0 if address.startswith("handbuch/") else 1  # the handbook is based on the data alone
        assert len(one["isBasedOn"]) > sources, address


def test_a_description_stays_within_the_budget_of_a_page(guides: dict[str, str]) -> None:
    for address, html in guides.items():
        start = html.index('<script type="application/ld+json">')
        block = html[start : html.index("</script>", start)]
        assert len(block.encode()) <= BUDGET, address


def test_sources_are_those_of_the_page_in_its_order(guides: dict[str, str]) -> None:
    for address, html in guides.items():
        links = [
            link["href"]
            for link in BeautifulSoup(html, "html.parser").select("ol.sources > li > a:first-child")
        ]
        named = [source["id"] for source in read(html)["isBasedOn"][1:] if "id" in source]
        assert named == links[: len(named)], address


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"@context": "https://w3id.org/kim/amb/context.jsonld"}, "$['@context']"),
        ({"@context": [{"@language": "de"}, "https://schema.org/"]}, "$['@context']"),
        ({"id": "kommunen/09181121.html"}, "$.id"),
        ({"type": ["WebPage"]}, "$.type"),
        ({"license": {"id": "https://www.govdata.de/dl-de/by-2-0"}}, "$.license.id"),
        ({"learningResourceType": [{"id": "https://example.org/leitfaden"}]}, "$.learningResourceType"),
        ({"dateModified": "22.11.2026"}, "$.dateModified"),
        ({"inLanguage": "de"}, "$.inLanguage"),
    ],
)
def test_the_schema_refuses_what_the_profile_refuses(change: Description, fault: str) -> None:
    assert faults(described(OFFICIAL)) == []
    [found] = faults(described(OFFICIAL) | change)
    assert found.startswith(fault)


def test_the_licence_of_official_figures_stands_apart_from_that_of_the_text() -> None:
    description = described(OFFICIAL)
    assert description["dataLicense"] == [
        "© Statistisches Bundesamt (Destatis), 2025. Mit Quellenangabe gestattet."
    ]
    assert description["@context"][1]["dataLicense"] == "http://purl.org/dc/terms/rights"
    assert "dataLicense" not in described()


def test_the_id_is_the_address_of_the_page_and_without_one_a_name_that_lasts() -> None:
    assert described(page=replace(PAGE, site_address=SITE))["id"] == f"{SITE}kommunen/09181121.html"
    unknown = described()["id"]
    assert unknown.startswith("urn:uuid:")
    assert described(page=replace(PAGE, title="Anders", edition="2027-01-01"))["id"] == unknown


def test_all_dates_are_the_edition_and_never_the_clock() -> None:
    description = described(page=replace(PAGE, edition="2031-02-03"))
    dates = {description[name] for name in ("dateCreated", "datePublished", "dateModified", "version")}
    assert dates == {"2031-02-03"}


def test_nothing_in_a_title_or_source_ends_the_block_early() -> None:
    html = script('<li id="q1">A &lt;/script&gt;&lt;b&gt; &amp; B. X, ohne Datum.</li>', PAGE, "<p>L</p>")
    assert html.count("</script>") == 1
    assert read(html)["name"] == PAGE.title
    assert read(html)["isBasedOn"][1] == {"name": "A </script><b> & B"}


def test_an_address_no_browser_would_follow_is_not_passed_on() -> None:
    source = described('<li id="q1"><a href="javascript:alert(1)">Titel</a>. X, ohne Datum.</li>')[
        "isBasedOn"
    ][1]
    assert source == {"name": "Titel"}
