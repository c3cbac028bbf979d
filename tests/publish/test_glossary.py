"""A page links words to the glossary: where they stand first in its sentences, and nowhere else."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from transferkit.knowledge import datasets
from transferkit.publish import glossary

WORDS = {
    "api": "Schnittstelle (API)",
    "lotse": "Digitallotsin, Digitallotse",
    "daten": "Offene Daten",
    "code": "openCode",
    "city": "City-App",
    "os": "Open Source",
}
KNOWN = glossary.terms(pd.DataFrame({"term_id": list(WORDS), "term_de": list(WORDS.values())}))


def links(article: str) -> list[tuple[str, str]]:
    """The links to the glossary in an article: anchor and word."""
    html = glossary.linked(f"<nav>API</nav><article>{article}</article><p>API</p>", KNOWN, "../")
    assert re.sub(r'<a href="\.\./glossar[^>]*>(.*?)</a>', r"\1", html).count(article) == 1
    return re.findall(r'<a href="\.\./glossar\.html#(\w+)" title="Im Glossar erklärt">(.*?)</a>', html)


def test_only_the_first_place_becomes_a_link_however_the_word_is_written() -> None:
    assert links("<p>Die Schnittstellen, eine API und noch eine Schnittstelle</p>") == [
        ("api", "Schnittstellen")
    ]
    assert links("<p>Eine API und die Schnittstelle</p>") == [("api", "API")]
    assert links("<p>Mit Digitallotsen im Ort</p>") == [("lotse", "Digitallotsen")]


def test_small_letters_are_found_where_german_has_them() -> None:
    assert links("<p>Auf openCode stehen offene Daten.</p>") == [
        ("code", "openCode"),
        ("daten", "offene Daten"),
    ]


@pytest.mark.parametrize(
    "article",
    [
        "<h2>Open Source</h2>",
        '<p><a href="x">Die <b>API</b></a></p>',
        "<p><code>API</code></p>",
        "<table><tr><td>API</td></tr></table>",
        '<p title="API">x</p>',
        "<figure><figcaption>API</figcaption></figure>",
        '<ol class="sources"><li>API</li></ol>',
        "<p>API-Test, Web-API, APIs, meinAPI, Super-City-App</p>",
    ],
)
def test_what_is_no_running_text_has_no_link(article: str) -> None:
    assert links(article) == []


def test_a_word_in_a_heading_is_linked_where_it_stands_next() -> None:
    assert links("<h2>Open Source</h2><p>Viel Open Source</p>") == [("os", "Open Source")]


def test_every_link_leads_to_a_word_and_a_page_has_few_of_them() -> None:
    table = datasets.load("glossary")
    known = glossary.terms(table)
    html = f"<article><p>{'. '.join(form for form, _ in known)}</p></article>"
    linked = glossary.linked(html, known, "")
    anchors = re.findall(r'href="glossar\.html#([^"]+)"', linked)
    assert len(anchors) == len(set(anchors)) == glossary.MOST
    assert set(anchors) <= set(table["term_id"])
    assert len(linked) - len(html) < 3000
