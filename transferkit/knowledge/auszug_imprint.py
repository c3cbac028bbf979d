"""Reads what an AuszugGV workbook says about itself: its dates, its census base, its year of publication."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import pandas as pd

from transferkit.errors import RegisterError
from transferkit.knowledge.workbook import Row

DATE: Final = re.compile(r"(\d{2})\.(\d{2})\.(\d{4})")
COVER_ROWS: Final = 60


def dates(header: Sequence[Row], title: str, source: str) -> tuple[pd.Timestamp, pd.Timestamp | None]:
    """Read the Gebietsstand (column C, the title or the tab) and the population date (row 5, above J to M).

    In quarterly issues the two differ. Row 5 names the date of the area in I and, if there is a second one,
    that of the population in J; a merged cell over I to M serves both.
    """
    row = header[4] if len(header) > 4 else ()
    register = [_date(cell) for cell in (*row[2:3], *(line[0] for line in header), title)]
    population = [_date(cell) for cell in (*row[9:13], *row[8:9])]
    found = next((date for date in register if date is not None), None)
    if found is None:
        raise RegisterError(
            f"„{source}“ nennt keinen Gebietsstand. Richtig wäre „Gebietsstand am TT.MM.JJJJ“ in Zelle C5."
        )
    return found, next((date for date in population if date is not None), None)


def _date(cell: object) -> pd.Timestamp | None:
    text = str(cell or "")
    if match := DATE.search(text):
        day, month, year = match.groups()
    elif match := re.search(r"(\d{2})(\d{2})(\d{4}|\d{2})$", text):  # a tab: …31122024, …_311217
        day, month, year = match.groups()
        year = year if len(year) == 4 else f"20{year}"
    else:
        return None
    date = pd.to_datetime(f"{year}-{month}-{day}", errors="coerce")
    return None if pd.isna(date) else pd.Timestamp(date)


def named_census(sheets: Mapping[str, Sequence[Row]]) -> str:
    """Return the census the file names on its cover or in its header: `Zensus 2011`, or empty."""
    # The footnote sign follows without a space: „Zensus 20112)“.
    return next(
        (f"Zensus {m[1]}" for text in _imprint(sheets) if (m := re.search(r"Zensus\s+(20\d{2})", text))), ""
    )


def year_of_publication(sheets: Mapping[str, Sequence[Row]]) -> str:
    """Return the year in the copyright line, `2025`, or empty."""
    lines = (re.search(r"\(Destatis\), (20\d{2})", text) for text in _imprint(sheets))
    return next((match[1] for match in lines if match), "")


def _imprint(sheets: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    """Yield the texts of the cover and of the header of the data sheet."""
    return (str(cell) for table in sheets.values() for row in table[:COVER_ROWS] for cell in row if cell)
