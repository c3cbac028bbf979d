"""Whether every figure and claim leads to a source, and every source to whoever published it."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterator

from transferkit.finding import Finding
from transferkit.knowledge.checks.rows import Package, Row

# Budgets, funding and the state of a solution change by the year: what nobody has looked at for a year may be
# wrong today. (Our own judgement; no rule prescribes a time.)
MONTHS_UNTIL_STALE = 12
# The register is reissued every quarter and municipalities merge at New Year: two of them missed is too old.
MONTHS_UNTIL_REGISTER_STALE = 24
BACKED = ("sourced", "mixed")
ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s/]+(?:/\S*)?")
# What the remark of a source must say if its address is not encrypted, or missing.
UNENCRYPTED, NO_ADDRESS = "unverschlüsselt", ("Adresse", "nicht veröffentlicht")


def findings(package: Package, today: datetime.date) -> Iterator[Finding]:
    """Rows without source, sources that lack something, are old or never used."""
    yield from _unbacked(package)
    for row in package.rows("sources"):
        yield from _incomplete(row)
        yield from _of_time(row, today)
    yield from _unused(package)
    yield from _old_register(package, today)


def _unbacked(package: Package) -> Iterator[Finding]:
    for table, row in package.all_rows():
        if row["basis"] in BACKED and "source_ids" in table.columns and not row["source_ids"]:
            yield row.finding(
                "data.unsourced",
                "source_ids",
                "Die Aussage gilt als belegt, nennt aber keine Quelle.",
                "Nennen Sie die Quelle, oder setzen Sie basis auf own (eigene Einschätzung).",
            )
        for column in table.columns:
            if column.endswith("_basis") and row[column] == "sourced" and not row["source_ids"]:
                yield row.finding(
                    "data.unsourced",
                    column,
                    "Die Angabe gilt als belegt, die Zeile nennt aber keine Quelle.",
                    "Nennen Sie die Quelle in source_ids, oder setzen Sie die Spalte auf own.",
                )


def _incomplete(row: Row) -> Iterator[Finding]:
    """The schema asks for title, publisher and licence; here is what it cannot say."""
    note = row["accessed_note"]
    if not row["url"] and not any(reason in note for reason in NO_ADDRESS):
        yield row.finding(
            "data.source-address",
            "url",
            "Die Quelle hat keine Adresse, und der Hinweis sagt nicht, warum.",
            "Nennen Sie die Adresse, oder schreiben Sie in accessed_note „nicht veröffentlicht“ oder "
            "„Adresse nicht ermittelt“.",
        )
    elif row["url"] and not ADDRESS.fullmatch(row["url"]):
        yield row.finding(
            "data.source-address",
            "url",
            f"„{row['url']}“ ist keine vollständige Adresse.",
            "Eine Adresse beginnt mit https:// und hat keine Leerzeichen.",
        )
    elif row["url"].startswith("http://") and UNENCRYPTED not in note:
        yield row.finding(
            "data.source-address",
            "url",
            "Die Adresse ist unverschlüsselt (http://).",
            "Nennen Sie die Adresse mit https://. Gibt es sie nur so, schreiben Sie „Adresse nur "
            "unverschlüsselt bekannt“ in accessed_note.",
        )
    if not row["checked"]:
        yield row.finding(
            "data.source-checked",
            "checked",
            "Es steht nicht da, wann die Quelle zuletzt gelesen wurde.",
            "Tragen Sie den Tag oder den Monat ein, zum Beispiel 2026-11.",
        )


def _of_time(row: Row, today: datetime.date) -> Iterator[Finding]:
    for column in ("date", "checked"):
        # Whoever adds a source has read it after the day of the edition.
        latest = max(today, datetime.date.today())
        if row[column][:4].isdecimal() and row[column] > f"{latest:%Y-%m-%d}"[: len(row[column])]:
            yield row.finding(
                "data.future",
                column,
                f"{row[column]} liegt nach dem {latest:%d.%m.%Y}.",
                "Prüfen Sie Jahr, Monat und Tag.",
            )
    age = _months(row["checked"], today)
    if age is not None and age > MONTHS_UNTIL_STALE:
        yield row.finding(
            "data.stale",
            "checked",
            f"Die Quelle wurde vor {age} Monaten zuletzt gelesen, erlaubt sind {MONTHS_UNTIL_STALE}.",
            "Lesen Sie nach, ob die Aussagen noch stimmen, und tragen Sie den Monat ein.",
        )


def _months(moment: str, today: datetime.date) -> int | None:
    """Whole calendar months from `moment` to `today`; None if it is no year and month."""
    if not (parts := re.match(r"(\d{4})-(\d\d)", moment)):
        return None
    return (today.year - int(parts[1])) * 12 + today.month - int(parts[2])


def _unused(package: Package) -> Iterator[Finding]:
    used: Counter[str] = Counter()
    for table, row in package.all_rows():
        for column in table.columns:
            if column.endswith("source_ids"):
                used.update(row[column].split(";"))
    for row in package.rows("sources"):
        if not used[row["source_id"]]:
            yield row.finding(
                "data.source-unused",
                "source_id",
                "Keine Zeile nennt diese Quelle.",
                "Nennen Sie sie dort, wo sie etwas belegt, oder streichen Sie sie.",
            )


def _old_register(package: Package, today: datetime.date) -> Iterator[Finding]:
    """Once for each Gebietsstand: it is that of all rows together."""
    told = set()
    for row in package.rows("places"):
        age = _months(row["register_date"], today)
        if age is not None and age > MONTHS_UNTIL_REGISTER_STALE and row["register_date"] not in told:
            told.add(row["register_date"])
            yield row.finding(
                "data.stale",
                "register_date",
                f"Der Gebietsstand ist {age} Monate alt, erlaubt sind {MONTHS_UNTIL_REGISTER_STALE}.",
                "Übernehmen Sie die Angaben aus der neuen Ausgabe des Gemeindeverzeichnisses.",
            )
