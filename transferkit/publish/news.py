"""What is new on the site since it was published last: found by comparing notebooks, kept in the manifest.

Told of the site, not on the pages: so a page is the same bytes whatever was published before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from transferkit.publish.page import Page

NEW_PAGE = ("Diese Seite ist neu.",)
SENTENCES = 6  # of one page; a register of a new year changes dozens
PAGES = 20  # named of those with the same news
GROUPS = 200  # kept in all, the newest first


@dataclass(frozen=True)
class News:
    """The same news of one or more pages: the edition of the data that brought it, in sentences.

    `pages` are addresses and titles of the first ones, `count` is how many there are.
    """

    edition: str
    sentences: tuple[str, ...]
    pages: tuple[tuple[str, str], ...]
    count: int


def news(
    pages: Iterable[Page], published: Collection[str], changes: Mapping[str, list[str]], edition: str
) -> list[News]:
    """What these pages, just made, have to tell; pages with the same news together, in their order.

    `published` are the addresses of the site as it was, `changes` tells by address what has changed.
    """
    together: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for page in pages:
        sentences = _shortened(changes.get(page.address, [])) if page.address in published else NEW_PAGE
        if sentences:
            together.setdefault(sentences, []).append((page.address, page.title))
    return [
        News(edition, sentences, tuple(named[:PAGES]), len(named)) for sentences, named in together.items()
    ]


def kept(new: Iterable[News], old: Iterable[News], present: Collection[str]) -> list[News]:
    """The newest of all news; of pages that are gone only what is told of others too."""
    found = []
    for one in [*new, *old]:
        pages = tuple(page for page in one.pages if page[0] in present)
        if pages:
            found.append(News(one.edition, one.sentences, pages, one.count))
    return found[:GROUPS]


def _shortened(sentences: list[str]) -> tuple[str, ...]:
    more = len(sentences) - SENTENCES
    if more <= 1:
        return tuple(sentences)
    return *sentences[:SENTENCES], f"Dazu kommen {more} weitere Änderungen."
