"""Text becomes sentences and words. The only door to sentencex, which knows German abbreviations."""

from __future__ import annotations

import re

import sentencex

WORD = re.compile(r"\w+(?:[-./:’'*]\w+)*")
NOT_PROSE = (
    (re.compile(r"```.*?```", re.DOTALL), " "),
    (re.compile(r"!?\[([^\]]*)\]\([^)]*\)"), r"\1"),  # a link is its text
    (re.compile(r"`[^`]*`|https?://\S+"), "Code"),  # code and addresses count as one word
    (re.compile(r"\*\*|__"), ""),
)
# What stands for itself: paragraphs, headings, the entries of a list, and what a quotation says in whole
# sentences. A semicolon parts two thoughts as a full stop does.
PARTED = (
    (re.compile(r"^\s*#+\s+(.*)$", re.MULTILINE), r"\n\n\1\n\n"),
    (re.compile(r"^\s*(?:[-*+]|\d+\.|>)\s+", re.MULTILINE), "\n\n"),
    (re.compile(r"[„“\"]([^„“”\"]*[.!?])[“”\"]"), r"\n\n\1\n\n"),
    (re.compile(r";\s"), "\n\n"),
)


def sentences(text: str) -> list[str]:
    """The sentences of a text, plain or Markdown."""
    text = plain(text)
    for pattern, instead in PARTED:
        text = pattern.sub(instead, text)
    found = (one.strip() for part in text.split("\n\n") for one in sentencex.segment("de", part))
    return [sentence for sentence in found if WORD.search(sentence)]


def words(sentence: str) -> list[str]:
    """The words of a sentence; numbers count, what a hyphen joins is one word."""
    return WORD.findall(sentence)


def plain(text: str) -> str:
    """The text without Markdown: a link is its text, code and addresses are one word."""
    for pattern, instead in NOT_PROSE:
        text = pattern.sub(instead, text)
    return text
