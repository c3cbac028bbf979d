"""The list of what may be published although it is not sound: `allowed.toml` beside the table of contents.

Each entry names the rule, where it may be broken, why, since when and until when:

    [[allowed]]
    rule = "page.weight"
    where = "themen/*.html"
    reason = "Die Karte wird im Januar vereinfacht."
    date = 2026-11-25
    until = 2027-01-31
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from transferkit.finding import Finding

NAME = "allowed.toml"
KEYS = {"rule": str, "where": str, "reason": str, "date": datetime.date, "until": datetime.date}
SHORTEST_REASON = 10  # characters; "egal" is none


@dataclass(frozen=True)
class Entry:
    """One exception, and its number in the file. `where` is a path, `*` in it stands for anything."""

    rule: str
    where: str
    reason: str
    date: datetime.date
    until: datetime.date
    number: int

    def covers(self, finding: Finding) -> bool:
        """Whether it speaks of this finding."""
        return finding.rule == self.rule and fnmatchcase(finding.where, self.where)


@dataclass(frozen=True)
class Allowed:
    """The entries that are well formed, and what is wrong with the others."""

    entries: tuple[Entry, ...] = ()
    faults: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Judged:
    """Findings apart: those that forbid to publish, and those that are allowed, with the entry that does."""

    unsound: tuple[Finding, ...] = ()
    allowed: tuple[tuple[Finding, Entry], ...] = ()


def read(folder: Path) -> Allowed:
    """Read the list in `folder`; without one nothing is allowed."""
    path = folder / NAME
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("allowed", [])
    except FileNotFoundError:
        return Allowed()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        fault = _fault(None, f"Die Datei ist nicht lesbar: {error}", "Sie ist in TOML geschrieben.")
        return Allowed(faults=(fault,))
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return Allowed(faults=(_fault(None, "Es fehlen Einträge [[allowed]].", "Jeder beginnt so."),))
    read_rows = [_entry(row, number) for number, row in enumerate(rows, 1)]
    return Allowed(
        tuple(row for row in read_rows if isinstance(row, Entry)),
        tuple(row for row in read_rows if isinstance(row, Finding)),
    )


def judge(found: Iterable[Finding], allowed: Allowed, today: datetime.date | None = None) -> Judged:
    """Set apart what is allowed today; an entry that has expired or is faulty allows nothing."""
    today = today or datetime.date.today()
    valid = [entry for entry in allowed.entries if entry.until >= today]
    unsound, excused = list(allowed.faults), []
    for finding in found:
        entry = next((one for one in valid if one.covers(finding)), None)
        if entry is None:
            unsound.append(finding)
        else:
            excused.append((finding, entry))
    return Judged(tuple(unsound), tuple(excused))


def superfluous(
    allowed: Allowed, judged: Judged, checked: Collection[str], today: datetime.date | None = None
) -> list[Finding]:
    """Entries that have expired, and those nobody needs.

    `checked` are the beginnings of rules that were looked at ("page", "site"); of others nothing is known.
    """
    today = today or datetime.date.today()
    used = {entry.number for _, entry in judged.allowed}
    return _expired(allowed, today) + [
        Finding(
            NAME,
            None,
            "allowed.unused",
            f"[[allowed]] Nr. {entry.number}",
            f"Zu {entry.rule} an „{entry.where}“ wurde nichts gefunden.",
            "Streichen Sie den Eintrag.",
        )
        for entry in allowed.entries
        if entry.number not in used and entry.until >= today and entry.rule.partition(".")[0] in checked
    ]


def _expired(allowed: Allowed, today: datetime.date) -> list[Finding]:
    return [
        Finding(
            NAME,
            None,
            "allowed.expired",
            f"[[allowed]] Nr. {entry.number}",
            f"Die Ausnahme zu {entry.rule} an „{entry.where}“ galt bis {entry.until:%d.%m.%Y}.",
            "Beheben Sie den Fehler, oder begründen Sie eine neue Frist.",
        )
        for entry in allowed.entries
        if entry.until < today
    ]


def _entry(row: dict[str, Any], number: int) -> Entry | Finding:
    place = f"[[allowed]] Nr. {number}"
    for key, kind in KEYS.items():
        if key not in row:
            return _fault(place, f"„{key}“ fehlt.", "Ein Eintrag nennt rule, where, reason, date und until.")
        if type(row[key]) is not kind:
            right = "ein Datum, zum Beispiel 2026-11-25" if kind is datetime.date else "ein Text"
            return _fault(place, f"„{key}“ ist {row[key]!r}.", f"Richtig ist {right}.")
    if surplus := sorted(row.keys() - KEYS.keys()):
        return _fault(place, f"Den Schlüssel „{surplus[0]}“ gibt es nicht.", "Streichen Sie ihn.")
    if len(row["reason"].strip()) < SHORTEST_REASON:
        return _fault(place, "Der Grund ist leer oder zu kurz.", "Sagen Sie in einem Satz, warum.")
    return Entry(**row, number=number)


def _fault(place: str | None, text: str, remedy: str) -> Finding:
    return Finding(NAME, None, "allowed.entry", place or NAME, text, remedy)
