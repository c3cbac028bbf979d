"""What a page says of itself to machines: AMB metadata (Allgemeines Metadatenprofil für Bildungsressourcen).

Profile of 2023-10-19, as JSON-LD in the page. Texts and figures have different licences; AMB knows only some,
and that of the official figures is none of them: so theirs stands in a field of its own, `dataLicense`.
All dates are the edition's: the bytes of a page know no clock and no history.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any, Final

from markupsafe import Markup

from transferkit.publish.identity import uri, urn
from transferkit.publish.page import Page

AMB: Final = "https://w3id.org/kim/amb/context.jsonld"
TERMS: Final = {"@language": "de", "dataLicense": "http://purl.org/dc/terms/rights"}
TEXT_LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
KINDS: Final = "https://w3id.org/kim/hcrt/"
# How a page is called in the list of kinds of learning resources (HCRT); everything else is a web page.
KIND: Final = {
    "experience-sheet": "case_study",
    "project-profile": "case_study",
    "council-paper": "text",
    "briefing": "text",
    "slides": "slide",
}
AUDIENCE: Final = "http://purl.org/dcx/lrmi-vocabs/educationalAudienceRole/professional"
NO_LOGIN: Final = "http://w3id.org/kim/conditionsOfAccess/no_login"
PROJECT: Final = "transferkit"
DATA: Final = "Datenpaket: Erfahrungen der Modellprojekte Smart Cities"
DATA_PAGE: Final = "daten.html"
BYTES: Final = 2900  # of one description: with ten thousand pages every kilobyte counts

ITEM: Final = re.compile(
    r'<li id="q\d+">(?:<a href="(?P<url>[^"]*)">(?P<linked>.*?)</a>|(?P<title>.*?))\. (?P<rest>.*?)</li>',
    re.DOTALL,
)
CREDIT: Final = re.compile(r'<span class="credit">(.*?)</span>', re.DOTALL)
Description = dict[str, Any]


def script(html: str, page: Page, lead: str) -> str:
    """The description as a block of data for the head of the page; a browser does not run it."""
    escaped = _json(described(html, page, lead)).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{escaped}</script>\n'


def described(html: str, page: Page, lead: str) -> Description:
    """The description of a page from its finished HTML; `lead` is its first paragraph as HTML."""
    site = page.site_address
    organisation = {"type": "Organization", "name": PROJECT}
    description: Description = {
        "@context": [AMB, TERMS],
        "id": uri(site, page.address),
        "type": ["LearningResource", "WebPage"],
        "name": page.title,
        "description": " ".join(Markup(lead).striptags().split()),
        "inLanguage": ["de"],
        "keywords": _keywords(page),
        "creator": [organisation],
        "publisher": [organisation | {"name": page.site_title} | ({"id": site} if site else {})],
        "version": page.edition,
        "dateCreated": page.edition,
        "datePublished": page.edition,
        "dateModified": page.edition,
        "license": {"id": TEXT_LICENCE},
        "learningResourceType": [{"id": KINDS + KIND.get(page.guide, "web_page")}],
        "audience": [{"id": AUDIENCE}],
        "isAccessibleForFree": True,
        "conditionsOfAccess": {"id": NO_LOGIN},
        "isBasedOn": [_data_package(site)],
    }
    if credits := [" ".join(_plain(credit).split()) for credit in CREDIT.findall(html)]:
        description["dataLicense"] = credits
    description["isBasedOn"] += _within(BYTES - _size(description), _sources(html))
    return description


def _keywords(page: Page) -> list[str]:
    return list(dict.fromkeys(["Smart City", "Kommunen", page.group, page.label]))


def _data_package(site: str) -> Description:
    """The data all pages are made from; its table of sources names those of every page."""
    known = uri(site, DATA_PAGE) if site else urn("datenpaket")
    return {"id": known, "name": DATA, "license": {"id": TEXT_LICENCE}}


def _sources(html: str) -> Iterator[Description]:
    """The sources in the list of the page, in its order: the list is what the page says, so is this."""
    for item in ITEM.finditer(html):
        source: Description = {"name": _plain(item["linked"] or item["title"])}
        if re.match(r"https?://", item["url"] or ""):
            source = {"id": unescape(item["url"]), **source}
        yield source


def _within(limit: int, sources: Iterator[Description]) -> Iterator[Description]:
    """The first sources, up to a number of bytes; the page and the data package list the others too."""
    for source in sources:
        limit -= _size(source) + len(",")
        if limit < 0:
            return
        yield source


def _size(value: Description) -> int:
    return len(_json(value).encode())


def _json(value: Description) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _plain(html: str) -> str:
    return str(Markup(html).striptags())
