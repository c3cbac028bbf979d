"""The feeds by the rules of Atom (RFC 4287), as other programs read them."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from transferkit.publish.events import Event
from transferkit.publish.feed import ATOM, of_events, of_news
from transferkit.publish.news import News

EDITION = "2026-11-22"
SITE = "https://leitfaden.example.org/mps/"
NEWS = [
    News(EDITION, ("Diese Seite ist neu.",), (("orte/größe & co.html", "Größe & Co."),), 1),
    News("2026-05-01", ("Anders.",), (("orte/a.html", "A"), ("orte/b.html", "B")), 2),
    News("2026-05-01", ("Noch einmal anders.",), (("orte/a.html", "A"),), 1),
]
EVENTS = [Event("a", "2026-12-03", "", "Treffen", "Kongress", "Jena", "Thüringen", None, "", (), ())]


def news(site: str) -> str:
    return of_news(NEWS, EDITION, "transferkit", site)


def events(site: str) -> str:
    return of_events(EVENTS, EDITION, "transferkit", site)


def faults(text: str) -> list[str]:
    """What RFC 4287 forbids, in words: sections 4.1 and 4.2."""
    root = ElementTree.fromstring(text.encode())
    wrong = [] if root.tag == f"{{{ATOM}}}feed" else ["Das Wurzelelement ist kein feed."]
    entries = root.findall(f"{{{ATOM}}}entry")
    for element in [root, *entries]:
        for name in ("id", "title", "updated"):
            if len(element.findall(f"{{{ATOM}}}{name}")) != 1:
                wrong.append(f"{name} steht nicht genau einmal.")
        if not re.match(r"(https?|urn):", element.findtext(f"{{{ATOM}}}id", "")):
            wrong.append("id ist keine vollständige Adresse.")
        if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", element.findtext(f"{{{ATOM}}}updated", "")):
            wrong.append("updated ist kein Zeitpunkt.")
        links = element.findall(f"{{{ATOM}}}link")
        if not all(re.fullmatch(r"[!-~]+", link.get("href", "")) for link in links):
            wrong.append("link hat keine gültige Adresse.")
    if root.find(f"{{{ATOM}}}author/{{{ATOM}}}name") is None:
        wrong.append("author fehlt.")
    rels = [link.get("rel") for link in root.findall(f"{{{ATOM}}}link")]
    if rels.count("self") != 1 or rels.count("alternate") != 1:
        wrong.append("self oder alternate fehlt.")
    ids = [element.findtext(f"{{{ATOM}}}id") for element in [root, *entries]]
    if len(set(ids)) != len(ids):
        wrong.append("Eine id kommt zweimal vor.")
    return wrong


@pytest.mark.parametrize("site", [SITE, ""])
@pytest.mark.parametrize("feed", [news, events])
def test_a_feed_keeps_to_the_standard(feed: Callable[[str], str], site: str) -> None:
    assert faults(feed(site)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r"<updated>.*?</updated>", ""),
        (r"T00:00:00Z", ""),
        (r"urn:uuid:[0-9a-f-]*", "orte"),
        (r"<author>.*?</author>", ""),
        (r'rel="self"', 'rel="related"'),
        (r"%20", " "),
    ],
)
def test_what_the_standard_forbids_is_found(old: str, new: str) -> None:
    broken = re.sub(old, new, news(SITE), flags=re.DOTALL)
    assert broken != news(SITE)
    assert faults(broken) != []


def test_the_feed_says_where_it_lies_itself() -> None:
    root = ElementTree.fromstring(news(SITE).encode())
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{{{ATOM}}}link")}
    assert links == {"self": f"{SITE}neu.xml", "alternate": f"{SITE}neu.html"}
    assert root.findtext(f"{{{ATOM}}}id") == f"{SITE}neu.xml"


def test_two_sites_share_no_id_and_an_edition_changes_none() -> None:
    def ids(text: str) -> set[str]:
        return {str(one.text) for one in ElementTree.fromstring(text.encode()).iter(f"{{{ATOM}}}id")}

    assert not ids(news(SITE)) & ids(news("https://anders.example.org/"))
    assert ids(of_news(NEWS, "2027-05-01", "transferkit", SITE)) == ids(news(SITE))
