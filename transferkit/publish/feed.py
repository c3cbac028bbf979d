"""The events as an Atom feed (RFC 4287), for whoever wants to hear of new ones."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

from transferkit.publish.events import Event

ATOM = "http://www.w3.org/2005/Atom"
NAME = "termine.xml"


def feed(events: Sequence[Event], edition: str, title: str, site: str) -> str:
    """The feed as XML, the latest event first; `site` is the address of the site, empty if nobody knows.

    All entries carry the day of the edition: when one was entered or changed is not recorded.
    """
    root = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": "de"})
    _add(root, "title", f"{title}: Termine")
    _add(root, "id", _id("feed"))
    _add(root, "updated", f"{edition}T00:00:00Z")
    ElementTree.SubElement(_add(root, "author"), "name").text = title
    _add(root, "link", rel="self", href=f"{site}{NAME}")
    _add(root, "link", rel="alternate", type="text/html", href=f"{site}termine.html")
    for event in reversed(events):
        entry = _add(root, "entry")
        _add(entry, "title", f"{event.when}: {event.title}")
        _add(entry, "id", _id(event.key))
        _add(entry, "updated", f"{edition}T00:00:00Z")
        _add(entry, "link", rel="alternate", type="text/html", href=f"{site}termine.html#{event.key}")
        _add(entry, "summary", ". ".join(filter(None, [f"{event.kind}, {event.place}", event.note])))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _add(parent: ElementTree.Element, tag: str, text: str = "", **attributes: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, tag, attributes)
    if text:
        element.text = text
    return element


def _id(key: str) -> str:
    return uuid5(NAMESPACE_URL, f"transferkit/termine/{key}").urn
