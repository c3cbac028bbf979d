"""A built page against all rules that need no browser; costs a few milliseconds, so every page is checked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

from transferkit.finding import Finding
from transferkit.publish.check import elements, evidence, loading, structure, styles, words
from transferkit.publish.check.document import Document

GUIDE_BYTES = 200_000
PER_FINDING = 5  # of one rule on one page are named; the rest is counted


@dataclass(frozen=True)
class Kind:
    """What a page is: whether a server stands behind it, and what it has to have.

    A guide is made from a notebook. What `may_load` comes with a server, which also sends its policy.
    """

    is_guide: bool = False
    may_load: bool = False
    may_store: bool = False
    needs_navigation: bool = True


GUIDE = Kind(is_guide=True)
ALONE = Kind(is_guide=True, needs_navigation=False)
OWN = Kind()  # the site's start page, lists and the like
APP = Kind(may_load=True, needs_navigation=False)


@dataclass(frozen=True)
class Checked:
    """What was found on a page, its title, and where in the site it leads (`loesungen.html#stelle`)."""

    findings: tuple[Finding, ...]
    title: str
    targets: tuple[str, ...]


def check(html: str, address: str, kind: Kind = GUIDE, notes: Collection[str] = ()) -> Checked:
    """Check the page that stands at `address` of its site; `notes` may not be said on it."""
    document = Document(html, address)
    if not document.all("html") or not document.all("body"):
        finding = Finding(address, 1, "page.markup", "<html>", "Das ist keine Seite.", "Bauen Sie sie neu.")
        return Checked((finding,), "", ())
    found = [
        *structure.findings(document, kind.needs_navigation),
        *elements.findings(document),
        *styles.findings(document, kind.may_load),
        *loading.findings(document, kind.may_load, kind.may_store, has_policy=not kind.may_load),
        *words.findings(document, notes),
        *evidence.findings(document, kind.is_guide),
        *_zoom(document),
        *_weight(document, kind),
    ]
    return Checked(tuple(_few(found)), document.title, tuple(_targets(document)))


def _few(found: list[Finding]) -> Iterator[Finding]:
    """The first findings of each rule: a fault of a template is on every line."""
    counted: dict[str, int] = {}
    for finding in sorted(found, key=lambda one: (one.line or 0, one.rule)):
        counted[finding.rule] = counted.get(finding.rule, 0) + 1
        if counted[finding.rule] <= PER_FINDING:
            yield finding


def _zoom(document: Document) -> Iterator[Finding]:
    views = [meta for meta in document.all("meta") if meta.get("name") == "viewport"]
    content = views[0].get("content", "").replace(" ", "") if views else ""
    if "width=device-width" not in content:
        text = "Auf dem Telefon erscheint die Seite verkleinert."
    elif re.search(r"user-scalable=(no|0)|maximum-scale=(0|1)(\.\d+)?(,|$)", content):
        text = "Die Seite lässt sich auf dem Telefon nicht vergrößern."
    else:
        return
    yield document.finding(
        "page.zoom",
        views[0] if views else None,
        text,
        'Richtig ist <meta name="viewport" content="width=device-width, initial-scale=1">.',
        '<meta name="viewport">',
    )


def _weight(document: Document, kind: Kind) -> Iterator[Finding]:
    """Lists grow with the site; a guide has no reason to."""
    size = len(document.raw)
    if kind.is_guide and size > GUIDE_BYTES:
        yield document.finding(
            "page.weight",
            None,
            f"Die Seite hat {size // 1000} kB.",
            f"Höchstens {GUIDE_BYTES // 1000} kB sind gut: Zeigen Sie weniger Zeilen oder einfachere Karten.",
            f"{size // 1000} kB",
        )


def _targets(document: Document) -> Iterator[str]:
    """Where links lead within the site, from its root, in order, each once."""
    folder = dirname(document.address)
    seen: set[str] = set()
    for link, value in document.attributes.get("href", ()):
        if link.tag not in ("a", "area") or value.startswith("#") or value in seen:
            continue
        seen.add(value)
        parts = urlsplit(value)
        if not parts.scheme and not parts.netloc:
            path = normpath(join(folder, unquote(parts.path)))
            yield f"{path}#{unquote(parts.fragment)}" if parts.fragment else path
