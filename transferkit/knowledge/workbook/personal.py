"""Flags what looks like data about people. A heuristic: it knows patterns, not names.

Found are e-mail addresses, telephone numbers, names after Herr or Frau or a doctor's title, and names after
words like Ansprechperson. Not flagged are people named by their public office (Bürgermeisterin, Landrat).
A bare name without any such word is not recognised.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from transferkit.knowledge.workbook.form import Filled, Problem, Record

NAME = r"[A-ZÄÖÜ][\wäöüß]+(?:-[A-ZÄÖÜ][\wäöüß]+)?"
OFFICE = re.compile(
    r"(?i)\b\w*(bürgermeister|landr[aä]t|minister|staatssekretär|präsident|beigeordnet|dezernent)\w*\W+$"
)
PATTERNS = {
    "eine E-Mail-Adresse": re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+"),
    "eine Telefonnummer": re.compile(
        r"(?i)(?:(?<![\w/.-])(?:\+49|0049)[\s()/0-9-]{6,}\d)|(?:(?<![\w/.-])\(?0[1-9]\d{1,4}\)?\s?[/-]\s?\d{3}[\d\s-]*\d)"
        r"|(?:\b(?:tel|telefon|mobil|fax|durchwahl)\b\.?:?\s*[\d(+][\d\s()/-]{2,}\d)"
    ),
    "ein Personenname": re.compile(
        rf"\b(?:Herrn?|Frau|Hr\.|Fr\.)\s+(?:(?:Prof|Dr)\.\s*)*(?!\w*(?:[Bb]ürgermeister|[Ll]andr[aä]t|[Mm]inister))({NAME})"
        rf"|\b(?:Prof\.|Dr\.)\s*(?:(?:[a-z]+\.\s*)*){NAME}"
        rf"|\b(?:Ansprechpartner(?:in)?|Ansprechperson|Kontakt|Projektleiter(?:in)?|Projektleitung|Autor(?:in)?):?\s+{NAME}\s+{NAME}"
    ),
}
REMEDY = (
    "Das sieht aus wie {what} („{found}“). Streichen Sie es, oder bestätigen Sie mit "
    "--confirm-personal-data, dass "
    "die Veröffentlichung erlaubt ist."
)


def findings(filled: Filled) -> list[Problem]:
    """Every field of the form whose text looks like it holds contact data or a private person's name."""
    return [
        found for records in filled.records.values() for record in records for found in _in_record(record)
    ]


def hits(text: str) -> Iterator[tuple[str, str]]:
    """What a text seems to tell about people, each with the words that do."""
    for what, pattern in PATTERNS.items():
        for hit in pattern.finditer(text):
            if not OFFICE.search(text[: hit.start()]):
                yield what, hit.group().strip()


def _in_record(record: Record) -> Iterable[Problem]:
    for name, value in record.values.items():
        for what, found in hits(str(value)):
            yield record.problem(name, REMEDY.format(what=what, found=found))
