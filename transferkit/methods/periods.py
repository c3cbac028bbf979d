"""Periods as people write them in tables, `2026`, `2026-Q1`, `2026-11`, `2026-11-22`, as days."""

from __future__ import annotations

import calendar
import datetime
import re

WRITTEN = "2026, 2026-Q1, 2026-11 oder 2026-11-22"


def canonical(value: object) -> str:
    """The period as text; a year that a table holds as a number loses its `.0`."""
    return re.sub(r"\.0$", "", str(value).strip())


def last_day(period: str) -> datetime.date:
    """The day on which the value of a period is known. Raises ValueError if it is none of the four forms."""
    if found := re.fullmatch(r"(\d{4})", period):
        return datetime.date(int(found[1]), 12, 31)
    if found := re.fullmatch(r"(\d{4})-Q([1-4])", period):
        return _end_of_month(int(found[1]), 3 * int(found[2]))
    if found := re.fullmatch(r"(\d{4})-(\d{2})", period):
        return _end_of_month(int(found[1]), int(found[2]))
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", period):
        return datetime.date.fromisoformat(period)
    raise ValueError(period)


def _end_of_month(year: int, month: int) -> datetime.date:
    if not 1 <= month <= 12:
        raise ValueError(f"{year}-{month}")
    return datetime.date(year, month, calendar.monthrange(year, month)[1])
