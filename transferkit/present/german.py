"""German numbers, dates and lists, without touching the process-wide locale."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

MISSING = "nicht veröffentlicht"
MONTHS = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)


def is_missing(value: object) -> bool:
    """True for None, NA, NaN, NaT and blank text."""
    return value is None or value is pd.NA or value is pd.NaT or value != value or value == ""


def number(value: object, digits: int = 0) -> str:
    """`75049` -> `75.049`, `-0.04, 1` -> `0,0`; halves are rounded away from zero; missing -> `k. A.`"""
    if is_missing(value):
        return "k. A."
    if type(value) is int and not digits:
        return f"{abs(value):,}".replace(",", ".") if value >= 0 else f"−{abs(value):,}".replace(",", ".")
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,.{digits}f}".translate(str.maketrans(",.", ".,"))
    return f"−{text}" if rounded < 0 else text


def percent(share: object, digits: int = 0) -> str:
    """`0.125, 1` -> `12,5 %` with a narrow no-break space."""
    if is_missing(share):
        return "k. A."
    return f"{number(Decimal(str(share)) * 100, digits)}\u202f%"


def date(value: object) -> str:
    """`2026-11-22` -> `22.11.2026`, `2025-02` -> `Februar 2025`, `2022` -> `2022`; anything else stays."""
    if is_missing(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%d.%m.%Y}"
    parts = str(value).split("-")
    if not all(part.isdigit() for part in parts) or len(parts) > 3:
        return str(value)
    if len(parts) == 3:
        return f"{parts[2]}.{parts[1]}.{parts[0]}"
    return f"{MONTHS[int(parts[1]) - 1]} {parts[0]}" if len(parts) == 2 else parts[0]


def enumerate_words(words: Iterable[str], last: str = "und") -> str:
    """`["a", "b", "c"]` -> `a, b und c`."""
    *head, tail = list(words) or [""]
    return f"{', '.join(head)} {last} {tail}" if head else tail


def span(low: object, high: object, unit: str, digits: int = 0) -> str:
    """`2, 4, "Wochen"` -> `2 bis 4 Wochen`; equal ends are said once."""
    if is_missing(low) or is_missing(high) or low == high:
        known = high if is_missing(low) else low
        return MISSING if is_missing(known) else f"{number(known, digits)} {unit}"
    return f"{number(low, digits)} bis {number(high, digits)} {unit}"


def count(value: int, one: str, many: str) -> str:
    """`1, "Lösung", "Lösungen"` -> `eine Lösung`; 2 to 12 stay figures, as in tables."""
    return f"1 {one}" if value == 1 else f"{number(value)} {many}"


def status(code: object, as_of: object) -> str:
    """`running, 2022` -> `in Betrieb, Stand 2022`: a status is never shown without its date."""
    dated = date(as_of)
    said = STATUS.get(str(code), "Stand nicht bekannt")
    return f"{said}, Stand nicht datiert" if dated in ("", "unbekannt") else f"{said}, Stand {dated}"


STATUS = {
    "idea": "Idee",
    "planned": "geplant",
    "implementing": "im Aufbau",
    "pilot": "im Pilotbetrieb",
    "running": "in Betrieb",
    "ended": "beendet",
    "unknown": "Stand nicht bekannt",
}
EVIDENCE = {
    "direct": "belegt",
    "inferred": "abgeleitet",
    "thin": "nur erwähnt",
    "contested": "umstritten",
}
EVIDENCE_TEXT = {
    "direct": "Die Quellen beschreiben die Lösung ausdrücklich.",
    "inferred": "Die Quellen legen es nahe, sagen es aber nicht ausdrücklich.",
    "thin": "Die Quellen nennen die Lösung nur kurz.",
    "contested": "Die Angaben sind umstritten. Lesen Sie den Gegenhinweis.",
}
PHASES = {
    "strategy": "Strategie",
    "planning": "Planung",
    "procurement": "Beschaffung",
    "implementation": "Umsetzung",
    "operation": "Betrieb",
    "continuation": "Verstetigung",
}
