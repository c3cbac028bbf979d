"""Cells that harm whoever opens the file, tell about a person, or that no machine can read."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from transferkit.finding import Finding
from transferkit.knowledge.checks.rows import Package, Row
from transferkit.knowledge.workbook import personal

# A spreadsheet runs a cell that begins so (OWASP ASVS 5.0, 1.2.10); numbers may be negative.
FORMULA = re.compile(r"^[\s]*[=+@\t]|^\s*-(?!\s|\d+(?:[.,]\d+)?(?:\s|$))")
ON_A_MACHINE = re.compile(
    r"file://\S*|(?<![\w/])/(?:home|Users|tmp|var|mnt|srv|root)/\S+|\b[A-Z]:\\\w\S*|\\\\\w+\\\S*"
)
ADDRESS = re.compile(r"\b(?:https?|ftp)://[^\s;,)]+", re.IGNORECASE)
MARKUP = re.compile(r"<[A-Za-z/!][^>]*>|&(?:\w+|#\d+);")
# A part of one; `sources.url` and the like hold nothing else.
ADDRESS_COLUMNS = ("url", "repository")
UNKNOWN = "unbekannt"  # allowed where the description says so
# In the table of sources; what others wrote names people lawfully, and `sources` knows about addresses.
OWN_WORDS = ("accessed_note",)
SPACES = re.compile(r"^\s|\s$|[ \t]{2,}|[\u200b\u00ad\ufeff]")
MOMENT = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d\d)?)?")
MOMENT_COLUMNS = {
    "sources": ("date", "checked"),
    "solutions": ("status_as_of",),
    "events": ("date", "date_end"),
}


def findings(package: Package) -> Iterator[Finding]:
    """Formulas, paths, markup, data about people, bad addresses and dates, stray spaces: cell by cell."""
    for table, row in package.all_rows():
        for field in table.fields:
            column, value = field["name"], row[field["name"]]
            if value and field["type"] == "string":
                yield from _of_text(row, column, value)
        for column in MOMENT_COLUMNS.get(table.name, ()):
            yield from _of_moment(row, column)


def _of_text(row: Row, column: str, value: str) -> Iterator[Finding]:
    if FORMULA.search(value):
        yield row.finding(
            "data.formula",
            column,
            f"Die Zelle beginnt wie eine Formel: „{value[:40]}“. Ein Tabellenprogramm würde sie ausführen.",
            "Beginnen Sie den Text mit einem Wort oder setzen Sie ihn in Anführungszeichen („…“).",
        )
    if hit := ON_A_MACHINE.search(value):
        yield row.finding(
            "data.path",
            column,
            f"Hier steht ein Ort auf einem einzelnen Rechner: „{hit[0]}“.",
            "Nennen Sie eine Adresse mit https:// oder den Titel der Datei.",
        )
    if hit := MARKUP.search(value):
        yield row.finding(
            "data.markup",
            column,
            f"Hier steht HTML: „{hit[0]}“. Leitfäden zeigen es als Text.",
            "Schreiben Sie den Text ohne Auszeichnung.",
        )
    if hit := SPACES.search(value):
        yield row.finding(
            "data.spaces",
            column,
            "Am Rand steht ein Leerzeichen, oder es stehen mehrere oder unsichtbare Zeichen hintereinander.",
            "Streichen Sie sie. Suche und Verweise finden den Text sonst nicht.",
        )
    if row.table != "sources" or column in OWN_WORDS:
        yield from _of_people(row, column, value)
        yield from _of_addresses(row, column, value)


def _of_people(row: Row, column: str, value: str) -> Iterator[Finding]:
    for what, found in personal.hits(value):
        yield row.finding(
            "data.personal",
            column,
            f"Das sieht aus wie {what}: „{found}“.",
            "Streichen Sie es, oder nennen Sie die Funktion statt der Person (DSGVO, Artikel 5 Absatz 1 c).",
        )


def _of_addresses(row: Row, column: str, value: str) -> Iterator[Finding]:
    for hit in ADDRESS.finditer(value):
        if not hit[0].startswith("https://"):
            yield row.finding(
                "data.address",
                column,
                f"Die Adresse „{hit[0]}“ ist unverschlüsselt.",
                "Nennen Sie die Adresse mit https://. Gibt es sie nur so, gehört sie in die Tabelle sources.",
            )
    if column in ADDRESS_COLUMNS and not ADDRESS.search(value):
        yield row.finding(
            "data.address",
            column,
            f"„{value}“ ist keine vollständige Adresse.",
            "Eine Adresse beginnt mit https:// und hat keine Leerzeichen.",
        )


def _of_moment(row: Row, column: str) -> Iterator[Finding]:
    value = row[column]
    if value and value != UNKNOWN and not _is_moment(value):
        yield row.finding(
            "data.date-form",
            column,
            f"„{value}“ ist kein Datum, das Maschinen lesen.",
            "Schreiben Sie JJJJ, JJJJ-MM oder JJJJ-MM-TT, zum Beispiel 2026-11-22 (ISO 8601).",
        )


def _is_moment(value: str) -> bool:
    if not MOMENT.fullmatch(value):
        return False
    try:
        datetime.date.fromisoformat(value + "-01-01"[len(value) - 10 :] if len(value) < 10 else value)
    except ValueError:
        return False
    return True
