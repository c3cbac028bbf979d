"""Whether the data package may be published: keys, sources, licences, dates, cells, and the German in it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

from transferkit.finding import Finding
from transferkit.knowledge.checks import cells, description, german, places, rows, schema, sources, sums
from transferkit.language import reading


def findings(
    folder: Path, today: datetime.date | None = None, official: Mapping[str, str] | None = None
) -> list[Finding]:
    """Everything that is wrong with the data package in `folder`, by file and line.

    `today` says how old sources are; without it the date of the edition (`created`) counts, so that a build
    of the same data always gives the same answer. `official` names municipalities by AGS, from an imported
    register. Raises DatasetError if there is no package at all.
    """
    package = rows.read(folder)
    today = today or datetime.date.fromisoformat(str(package.description["created"])[:10])
    return [
        *schema.findings(package, folder),
        *description.findings(package),
        *sources.findings(package, today),
        *places.findings(package, official),
        *sums.findings(package),
        *cells.findings(package),
        *reading.findings(german.passages(package), german.known_abbreviations(package)),
    ]


def abbreviations(folder: Path) -> frozenset[str]:
    """The abbreviations readers can look up: those of the glossary, and names of standards and systems."""
    return german.known_abbreviations(rows.read(folder))
