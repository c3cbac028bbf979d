"""What a reader of a page finds changed, in words: from the notebook as it ran before and as it ran now."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from transferkit.publish.notebook import CHART, HIDDEN_TAGS

LONGEST = 140  # letters of a quotation
ALIKE = 0.5  # from this share of common words on, one text is a new version of the other
BLOCKS = {"p", "li", "tr", "dt", "dd", "summary", "caption", "figcaption", "div", "section", "details", "ul"}
APART = {"td", "th", "br", "span", "strong"}
UNSEEN = {"svg", "script", "style"}
LEAD = ""  # the section above the first heading

Shown = tuple[str, str]  # what kind of text (Markdown or HTML), and the text
Sections = dict[str, list[Shown]]  # heading -> what is shown under it, in order
MARKDOWN, HTML = "text/markdown", "text/html"


def changes(before: Path, now: Path) -> list[str]:
    """German sentences, in the order of the page; empty if a reader sees no difference or `before` failed."""
    old, new = _cells(before), _cells(now)
    if any(output["output_type"] == "error" for cell in old for output in cell.get("outputs", [])):
        return []
    was, is_ = _sections(old), _sections(new)
    return [
        sentence
        for heading in dict.fromkeys([*is_, *was])
        if was.get(heading) != is_.get(heading)  # taking texts apart is slow: only where something differs
        for sentence in _differences(heading, _texts(was.get(heading, [])), _texts(is_.get(heading, [])))
    ]


def _cells(path: Path) -> list[dict[str, Any]]:
    # nbformat would check the whole notebook; it has been written by it.
    cells: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if not HIDDEN_TAGS & set(cell["metadata"].get("tags", []))]


def _sections(cells: list[dict[str, Any]]) -> Sections:
    sections: Sections = {LEAD: []}
    heading = LEAD
    for cell in cells:
        if cell["cell_type"] == "markdown":
            for line in "".join(cell["source"]).splitlines():
                if found := re.match(r"#{2,} (.+)", line):
                    heading = found[1]
                elif line.strip() and not line.startswith("# "):
                    sections.setdefault(heading, []).append((MARKDOWN, line))
        for output in cell.get("outputs", []):
            sections.setdefault(heading, []).extend(_shown(output.get("data", {})))
    return sections


def _plain(markdown: str) -> str:
    """A line of Markdown without its marks."""
    without_links = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    return re.sub(r"[*_`]|^\s*(?:[-+]|\d+\.) ", "", without_links).strip()


def _shown(data: Mapping[str, Any]) -> list[Shown]:
    if chart := data.get(CHART):
        return [(MARKDOWN, chart["finding"]), (HTML, chart["table"])]
    return [(HTML, "".join(data[HTML]))] if HTML in data else []


def _texts(shown: Iterable[Shown]) -> list[str]:
    """The texts a reader sees, a block each."""
    return [
        text
        for kind, content in shown
        for text in ([_plain(content)] if kind == MARKDOWN else _blocks(content))
    ]


def _blocks(html: str) -> list[str]:
    reader = _Blocks()
    reader.feed(html)
    reader.close()
    reader.end_block()
    return reader.found


class _Blocks(HTMLParser):
    """Collects the text of each block of a piece of HTML, without drawings and marks of sources."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.words: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        is_mark = tag == "a" and (dict(attrs).get("href") or "").startswith("#q-")
        if tag in UNSEEN or is_mark or (tag == "a" and self.unseen):
            self.unseen += 1
        self._between(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.unseen and tag in {*UNSEEN, "a"}:
            self.unseen -= 1
        self._between(tag)

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.words.append(data)

    def end_block(self) -> None:
        if text := " ".join("".join(self.words).split()):
            self.found.append(text)
        self.words = []

    def _between(self, tag: str) -> None:
        if tag in BLOCKS or re.fullmatch(r"h\d", tag):
            self.end_block()
        elif tag in APART:
            self.words.append(" ")


def _differences(heading: str, was: list[str], is_: list[str]) -> Iterator[str]:
    where = f"Unter „{heading}“" if heading else "Am Anfang"
    moved = set(was) & set(is_)  # what only stands elsewhere in the section is no news
    matcher = SequenceMatcher(None, was, is_, autojunk=False)
    for _, start, end, new_start, new_end in matcher.get_opcodes():
        gone = [text for text in was[start:end] if text not in moved]
        come = [text for text in is_[new_start:new_end] if text not in moved]
        for text in come:
            version = next((old for old in gone if _is_version(old, text)), None)
            if version is None:
                yield _ended(f"{where} ist neu: {_quoted(text)}")
            else:
                gone.remove(version)
                old, new = _apart(version, text)
                yield _ended(f"{where} heißt es jetzt {_quoted(new)} statt {_quoted(old)}")
        for text in gone:
            yield _ended(f"{where} ist entfallen: {_quoted(text)}")


def _is_version(old: str, new: str) -> bool:
    return SequenceMatcher(None, old.split(), new.split(), autojunk=False).ratio() >= ALIKE


def _apart(old: str, new: str) -> tuple[str, str]:
    """Both texts from shortly before their first difference to shortly after the last."""
    one, other = old.split(), new.split()
    head = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    pairs = zip(reversed(one[head:]), reversed(other[head:]), strict=False)
    tail = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)) - head)
    return _clip(one, head, tail), _clip(other, head, tail)


def _clip(words: list[str], head: int, tail: int, around: int = 4) -> str:
    start, end = max(head - around, 0), len(words) - max(tail - around, 0)
    return f"{'… ' if start else ''}{' '.join(words[start:end])}{' …' if end < len(words) else ''}"


def _quoted(text: str) -> str:
    """Inner quotation marks become single ones, as German has it."""
    text = text.replace("„", "‚").replace("“", "‘")
    return f"„{text if len(text) <= LONGEST else text[:LONGEST].rsplit(' ', 1)[0] + ' …'}“"


def _ended(sentence: str) -> str:
    return sentence if sentence[-2] in ".!?…" else f"{sentence}."
