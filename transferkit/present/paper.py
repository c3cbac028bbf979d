"""A paper for people who decide: sections of claims, each with its sources, alike on page and in file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from transferkit.origin import Origin
from transferkit.present import disclosure, german
from transferkit.present.block import environment


@dataclass(frozen=True)
class Claim:
    """A sentence or two with the sources (`a;b`) they rest on.

    `basis`: own (nobody else said so), mixed (the fact has a source, its rating has none) or empty.
    """

    text: str
    source_ids: str = ""
    basis: str = ""
    lead: str = ""  # set in bold before the text


@dataclass(frozen=True)
class Listing:
    """A list of claims; `numbered` where people will refer to a point."""

    claims: tuple[Claim, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Table:
    """A table with caption; the first cell of a row is its heading."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Claim, ...], ...]


Part = Claim | Listing | Table


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it; in a notebook the heading is a cell of its own.

    `origin`: where the figures in it come from; only a page and an app tell it, files have a list of sources.
    """

    title: str
    parts: tuple[Part, ...]
    origin: Origin = field(default_factory=Origin)

    def _repr_html_(self) -> str:
        shown = environment().get_template("paper-section.html.j2").render(parts=self.parts)
        return shown + disclosure.html(self.origin)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return disclosure.bundle(self.origin)

    def __repr__(self) -> str:
        return "\n".join(claim.text for claim in claims([self]))


@dataclass(frozen=True)
class Paper:
    """A document: what it is, to whom it belongs (label and value), its sections, the day of its data."""

    title: str
    subtitle: str
    head: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    edition: str  # ISO date


def claims(sections: Sequence[Section]) -> Iterator[Claim]:
    """All claims in the order of reading."""
    for section in sections:
        for part in section.parts:
            if isinstance(part, Claim):
                yield part
            elif isinstance(part, Listing):
                yield from part.claims
            else:
                for row in part.rows:
                    yield from row


def used_sources(sections: Sequence[Section]) -> pd.DataFrame:
    """The sources of all claims as `source_ids`, for `tk.cite`."""
    return pd.DataFrame({"source_ids": [claim.source_ids for claim in claims(sections) if claim.source_ids]})


def said(row: pd.Series, text: str, lead: str = "") -> Claim:
    """The text of a row of data with the row's sources and basis; own where the row has no source."""
    ids = "" if german.is_missing(row.get("source_ids")) else str(row["source_ids"])
    basis = str(row.get("basis"))
    return Claim(text, ids, basis if ids and basis in ("own", "mixed") else "" if ids else "own", lead)
