"""A page, read once: its elements by tag, its attributes by name, its text. The one door to lxml."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from lxml import etree

from transferkit.finding import Finding

Element = Any  # of lxml, which has no types
SHOWN = 90  # characters of an element in a message
SILENT = ("script", "style", "code", "pre", "kbd", "samp", "template")


class Document:
    """The page at `address`; lists are in the order of the document."""

    def __init__(self, html: str, address: str) -> None:
        self.html, self.address, self.raw = html, address, html.encode()
        self.tags: dict[str, list[Element]] = defaultdict(list)
        self.attributes: dict[str, list[tuple[Element, str]]] = defaultdict(list)
        self.root = etree.fromstring(self.raw, etree.HTMLParser(encoding="utf-8"))
        for element in () if self.root is None else self.root.iter(etree.Element):
            self.tags[element.tag].append(element)
            for name, value in element.items():
                self.attributes[name].append((element, value))

    def all(self, *tags: str) -> list[Element]:
        """The elements with one of these tags, tag by tag."""
        return [element for tag in tags for element in self.tags.get(tag, ())]

    def having(self, *names: str) -> Iterator[tuple[Element, str, str]]:
        """Elements with one of these attributes, its name and its value."""
        for name in names:
            for element, value in self.attributes.get(name, ()):
                yield element, name, value

    @cached_property
    def ids(self) -> frozenset[str]:
        """All ids of the page."""
        return frozenset(value for _, value in self.attributes.get("id", ()))

    @cached_property
    def title(self) -> str:
        """What the browser shows as the page's name; drawings have titles of their own."""
        return next((words(title) for title in self.tags["title"] if title.getparent().tag == "head"), "")

    @cached_property
    def plain(self) -> bytes:
        """All words of the body, as bytes: the fast way to see whether something may be there."""
        body = self.tags.get("body")
        text: bytes = etree.tostring(body[0], method="text", encoding="utf-8") if body else b""
        for silent in self.all("script", "style"):
            text = text.replace(silent.text.encode(), b" ") if silent.text else text
        return text

    @cached_property
    def said(self) -> list[tuple[Element, str]]:
        """What readers see or hear, piece by piece; without code, which may show anything."""
        pieces: list[tuple[Element, str]] = []
        for body in self.tags.get("body", ()):
            for element in body.iter(etree.Element):
                if element.text and element.tag not in SILENT and not _within(element, SILENT):
                    pieces.append((element, element.text))
                parent = element.getparent()
                if element.tail and parent is not None and parent.tag not in SILENT:
                    pieces.append((parent, element.tail))
        named = self.having("alt", "aria-label", "title", "placeholder", "content")
        return pieces + [(element, value) for element, _, value in named if element.tag != "meta"]

    def finding(self, rule: str, element: Element | None, text: str, remedy: str, place: str = "") -> Finding:
        """A finding on this page, at an element if there is one."""
        line = None if element is None else element.sourceline
        return Finding(self.address, line, rule, place or shown(element), text, remedy)

    def line_of(self, position: int) -> int:
        """The line of a character of the page."""
        return self.html.count("\n", 0, position) + 1


def words(element: Element) -> str:
    """The text within an element, with single spaces."""
    return " ".join("".join(element.itertext()).split())


def within(element: Element, *tags: str) -> Element | None:
    """The nearest element around this one with one of these tags."""
    return next(element.iterancestors(*tags), None)


def _within(element: Element, tags: tuple[str, ...]) -> bool:
    return next(element.iterancestors(*tags), None) is not None


def shown(element: Element | None) -> str:
    """The beginning of an element as it stands in the page."""
    if element is None:
        return ""
    text = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
    text = re.sub(r"\s+", " ", text)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


class XmlError(ValueError):
    """A file is not well formed; `line` says where."""

    def __init__(self, line: int | None) -> None:
        super().__init__(line)
        self.line = line


def xml(path: Path) -> Iterator[Element]:
    """The elements of an XML file; it can make this program fetch or expand nothing. Raises XmlError."""
    try:
        parser = etree.XMLParser(no_network=True, resolve_entities=False, load_dtd=False)
        yield from etree.parse(path, parser).getroot().iter(etree.Element)
    except etree.XMLSyntaxError as error:
        raise XmlError(error.lineno) from error


def local_name(name: str) -> str:
    """The name of an element or attribute without its namespace."""
    return str(etree.QName(name).localname)
