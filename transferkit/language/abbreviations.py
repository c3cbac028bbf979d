"""Abbreviations a reader cannot look up."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

# Capitals within one word, at least as many as small letters: OZG, KGSt, LoD2. ProbierLaden is a name, and so
# is what stands in quotation marks, unless it is speech.
CANDIDATE = re.compile(r"(?<![\w./#-])[A-ZÄÖÜ]\w*[A-ZÄÖÜ]\w*\b(?![/.]\w)")
QUOTED = re.compile(r"„[^“]{1,30}“")
LONGEST = 9
# Everybody reads these daily, or they are names that nobody writes out.
COMMON = re.compile(
    "AG|CDU|CHF|CO2|CSU|CSV|DIN|EDV|EU|FDP|GB|GHz|GPS|GmbH|HTML|HTTPS?|ID|ISO|IT|JJJJ|KI|KfW|LED|LKW|MB|MHz|OK|"
    "PC|PDF|PKW|PLZ|PNG|QR|SMS|SPD|TU|TV|UN|URL|USA|USB|WC|WLAN|XLSX|XML|ZIP"
)
# „Bundesinstitut (BBSR)“ and „BBSR (Bundesinstitut)“ say in place what it means.
IN_PLACE = re.compile(r"[\wäöüÄÖÜß]{4,}[\w\s,/–-]*\((?P<short>\w+)\)|\b(?P<first>\w+) \((?P<long>[^)]{8,})\)")
STEM = re.compile(r"(?:v?\d+|s)$")  # LoD2 is a LoD, MIMs are several MIM


def unknown(text: str, known: Collection[str]) -> list[str]:
    """The abbreviations in a text that are neither common, nor in `known`, nor explained in the text."""
    words = (hit[0] for hit in CANDIDATE.finditer(QUOTED.sub(" ", text)))
    found = [word for word in dict.fromkeys(words) if _is_abbreviation(word)]
    told = {hit["short"] or hit["first"] for hit in IN_PLACE.finditer(text)}
    told |= {word for word in (*found, *(STEM.sub("", one) for one in found)) if word in known}
    return [one for one in found if not (COMMON.fullmatch(one) or {one, STEM.sub("", one)} & told)]


def names_in(texts: Iterable[str]) -> set[str]:
    """Every word of texts that would count as an abbreviation, singular too: what a glossary explains."""
    words = {word for text in texts for word in re.findall(r"\w+", text)}
    return words | {STEM.sub("", word) for word in words}


def _is_abbreviation(word: str) -> bool:
    capitals = sum(letter.isupper() for letter in word)
    small = sum(letter.islower() for letter in word)
    return capitals >= 2 and capitals >= small and len(word) <= LONGEST
