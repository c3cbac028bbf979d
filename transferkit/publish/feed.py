"""The site's Atom feeds (RFC 4287), for whoever wants to hear of new events and of changed pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote
from xml.etree import ElementTree

from transferkit.publish.events import Event
from transferkit.publish.identity import uri, urn
from transferkit.publish.news import News

ATOM = "http://www.w3.org/2005/Atom"
EVENTS, NEWS = "termine.xml", "neu.xml"


@dataclass(frozen=True)
class _Entry:
    """What a feed tells of one thing: `key` makes its id, `day` is an ISO date, `page` an address."""

    key: str
    title: str
    day: str
    page: str
    summary: str


def of_events(events: Sequence[Event], edition: str, title: str, site: str) -> str:
    """The events as XML, the latest first; `site` is the address of the site, empty if nobody knows.

    All entries carry the day of the edition: when one was entered or changed is not recorded.
    """
    entries = [
        _Entry(
            key=f"termine/{event.key}",
            title=f"{event.when}: {event.title}",
            day=edition,
            page=f"termine.html#{event.key}",
            summary=". ".join(filter(None, [f"{event.kind}, {event.place}", event.note])),
        )
        for event in reversed(events)
    ]
    return _feed(entries, EVENTS, f"{title}: Termine", title, site, edition)


def of_news(news: Sequence[News], edition: str, title: str, site: str) -> str:
    """What is new on the site as XML, one entry for pages with the same news; parameters as `of_events`."""
    entries = [
        _Entry(
            key=f"neu/{one.edition}/{one.pages[0][0]}/{' '.join(one.sentences)}",
            title=one.pages[0][1] + (f" und {one.count - 1} weitere" if one.count > 1 else ""),
            day=one.edition,
            page=one.pages[0][0],
            summary=" ".join(one.sentences),
        )
        for one in news
    ]
    return _feed(entries, NEWS, f"{title}: Was ist neu", title, site, edition)


def _feed(entries: Iterable[_Entry], name: str, title: str, author: str, site: str, edition: str) -> str:
    """The feed that lies at `name`. Ids are made from the site's address: no two sites share one."""
    root = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": "de"})
    _add(root, "title", title)
    _add(root, "id", uri(site, name))
    _add(root, "updated", f"{edition}T00:00:00Z")
    ElementTree.SubElement(_add(root, "author"), "name").text = author
    _add(root, "link", rel="self", type="application/atom+xml", href=f"{site}{name}")
    page = name.replace(".xml", ".html")
    _add(root, "link", rel="alternate", type="text/html", href=f"{site}{page}")
    for one in entries:
        entry = _add(root, "entry")
        _add(entry, "title", one.title)
        _add(entry, "id", urn(f"{site}{one.key}"))
        _add(entry, "updated", f"{one.day}T00:00:00Z")
        _add(entry, "link", rel="alternate", type="text/html", href=f"{site}{quote(one.page, safe='/#')}")
        _add(entry, "summary", one.summary)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _add(parent: ElementTree.Element, tag: str, text: str = "", **attributes: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, tag, attributes)
    if text:
        element.text = text
    return element
