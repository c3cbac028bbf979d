"""Words of the glossary that a page uses become links to what they mean, each where it stands first."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Mapping
from functools import lru_cache
from heapq import merge
from typing import TYPE_CHECKING

from transferkit.publish import fingerprint

if TYPE_CHECKING:
    import pandas as pd

ADDRESS = "glossar.html"
MOST = 15  # links on one page: more would hide the text
ENDED_FROM = 5  # letters; shorter words are abbreviations, to which no ending belongs
ENDING, NO_ENDING = re.compile(r"(?:en|er|es|e|n|s)?(?![\w-])"), re.compile(r"(?![\w-])")
CAPITAL = re.compile(r"[A-ZÄÖÜ]\w")
# What is a heading, a link, something to copy or to fill in, a figure with words of its own, or folded away.
CLOSED = re.compile(
    r"<(h[1-6]|a|code|table|figure|form|nav|script|summary|blockquote|dt|svg)\b[^>]*>.*?</\1>"
    r'|<([ou])l class="sources">.*?</\2l>|<details class="origin">.*?</details>',
    re.DOTALL,
)

Terms = tuple[tuple[str, str], ...]  # how a word is written, and its anchor in the glossary


def terms(table: pd.DataFrame) -> Terms:
    """The words of the table `glossary`, long ones first.

    `Schnittstelle (API)` is written in two ways, `Digitallotsin, Digitallotse` too.
    """
    written = {
        form: str(anchor)
        for anchor, name in table[["term_id", "term_de"]].to_numpy()
        for form in re.split(r" \(|\)|, ", str(name))
        if form
    }
    return tuple(sorted(written.items(), key=lambda one: (-len(one[0]), one[0])))


def with_program(program: str, known: Terms) -> str:
    """The digest of what makes all pages: of the program, and of the words they link."""
    return fingerprint.of_value([program, known])


def linked(html: str, known: Terms, up: str) -> str:
    """The page with links to the glossary, which lies at `up` (`../`), in the words of its article."""
    start, end = html.find("<article>"), html.rfind("</article>")
    if not known or start < 0:
        return html
    pieces, done = [html[:start]], start
    for begin, stop, anchor in _first(html, start, end, known):
        word = html[begin:stop]
        pieces += [
            html[done:begin],
            f'<a href="{up}{ADDRESS}#{anchor}" title="Im Glossar erklärt">{word}</a>',
        ]
        done = stop
    return "".join([*pieces, html[done:]])


def _first(html: str, start: int, end: int, known: Terms) -> Iterator[tuple[int, int, str]]:
    """Where up to `MOST` words stand first in running text: begin, end, anchor, in the order of the page."""
    closed = [found.span() for found in CLOSED.finditer(html, start, end)]
    seen: set[str] = set()
    for begin, form, anchor in _candidates(html, start, end, known):
        if anchor in seen or not (last := _end(html, begin, form)) or not _is_text(html, begin, closed):
            continue
        seen.add(anchor)
        yield begin, last, anchor
        if len(seen) == MOST:
            return


def _candidates(html: str, start: int, end: int, known: Terms) -> Iterator[tuple[int, str, str]]:
    """Where something looks like a word of the glossary: place, word, anchor, in the order of the page.

    German nouns begin with a capital: to look at those only takes a quarter of the time. The few words that
    do not are searched for one by one.
    """
    nouns, others = _by_beginning(known)
    capitals = (
        (found.start(), form, anchor)
        for found in CAPITAL.finditer(html, start, end)
        for form, anchor in nouns.get(found[0], ())
        if html.startswith(form, found.start())
    )
    small = [(place, *one) for one in others for place in _places(html, one[0], start, end)]
    return merge(capitals, sorted(small))


def _places(html: str, form: str, start: int, end: int) -> Iterator[int]:
    place = html.find(form, start, end)
    while place >= 0:
        yield place
        place = html.find(form, place + 1, end)


def _end(html: str, begin: int, form: str) -> int:
    """Where the word ends, with what German grammar adds to it; 0 if it is only the start of a word."""
    ending = ENDING if len(form) >= ENDED_FROM else NO_ENDING
    last = ending.match(html, begin + len(form))
    return last.end() if last else 0


def _is_text(html: str, begin: int, closed: list[tuple[int, int]]) -> bool:
    """Whether a word begins here, outside of tags and of what is closed to links."""
    before = html[begin - 1]
    return (
        not (before.isalnum() or before in "-_/.")
        and html.rfind("<", 0, begin) < html.rfind(">", 0, begin)
        and not ((place := bisect(closed, (begin, begin))) and begin < closed[place - 1][1])
    )


@lru_cache(maxsize=2)
def _by_beginning(known: Terms) -> tuple[Mapping[str, Terms], Terms]:
    """Words that begin with a capital by their first two letters, long ones first; and all others.

    An adjective before a noun is small but at the start of a sentence: such words are of both kinds.
    """
    nouns: dict[str, Terms] = {}
    for form, anchor in known:
        if CAPITAL.match(form):
            nouns[form[:2]] = (*nouns.get(form[:2], ()), (form, anchor))
    small = tuple((form[0].lower() + form[1:], anchor) for form, anchor in known if " " in form)
    return nouns, (*small, *(one for one in known if not CAPITAL.match(one[0])))
