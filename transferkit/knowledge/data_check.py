"""Whether the data package may be published: keys, sources, licences, dates, cells, and the German in it."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from pathlib import Path

from transferkit.finding import Finding
from transferkit.knowledge import datasets
from transferkit.knowledge.checks import (
    cells,
    description,
    doubles,
    german,
    places,
    rows,
    schema,
    sources,
    sums,
)
from transferkit.knowledge.checks.rows import Package
from transferkit.language import reading


def findings(
    folder: Path, today: datetime.date | None = None, official: Mapping[str, str] | None = None
) -> list[Finding]:
    """Everything that is wrong with the data package in `folder`, by file and line.

    `today` says how old sources are; without it the date of the edition (`created`) counts, so that a build
    of the same data always gives the same answer. `official` names municipalities by AGS, from an imported
    register. Raises DatasetError if there is no package at all.
    """
    datasets.forget()  # somebody may have changed the files since they were read
    package = rows.read(folder)
    today = today or datetime.date.fromisoformat(str(package.description["created"])[:10])
    known = german.known_abbreviations(package)
    return [
        *schema.findings(package, folder),
        *between_tables(package, today, official),
        *within_tables(package, known),
    ]


def between_tables(
    package: Package, today: datetime.date, official: Mapping[str, str] | None = None
) -> list[Finding]:
    """What the description says of the tables, and what their rows say of each other."""
    return [
        *description.findings(package),
        *sources.findings(package, today),
        *places.findings(package, official),
        *sums.findings(package),
        *doubles.findings(package),
    ]


def within_tables(package: Package, known: Collection[str]) -> list[Finding]:
    """What single cells hold, and how their German reads; `known` are abbreviations to be looked up."""
    return [*cells.findings(package), *reading.findings(german.passages(package), known)]


def abbreviations(folder: Path) -> frozenset[str]:
    """The abbreviations readers can look up: those of the glossary, and names of standards and systems."""
    return german.known_abbreviations(rows.read(folder))
