"""Whether the data package may be published: keys, sources, licences, dates, cells, and the German in it."""

from __future__ import annotations

import datetime
from pathlib import Path

from transferkit.finding import Finding


def findings(folder: Path, today: datetime.date | None = None) -> list[Finding]:
    """Everything that is wrong with the data package in `folder`, by file and line.

    `today` says how old sources are; without it the date of the edition (`created`) counts, so that a build
    of the same data always gives the same answer.
    """
    return []


def abbreviations(folder: Path) -> frozenset[str]:
    """The abbreviations readers can look up: those of the glossary, and the names of standards and systems."""
    return frozenset()
