"""All sources of the data: publisher, licence, when their address last answered, where they are used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from transferkit.publish.german_order import sorted_german
from transferkit.publish.page import Page

UNKNOWN = "Lizenz unbekannt"
# Tables whose rows have a page of their own: the group of pages its key is looked up in.
WITH_PAGES = {"solutions": "solutions", "model_projects": "projects", "themes": "themes"}
NAMED = 2  # pages of one source; the search finds the others


@dataclass(frozen=True)
class Source:
    """One source. `read_on` says when its content was read last, `checked_on` when its address last answered:
    ISO dates or months, empty if that is not known.

    `pages` are addresses and names of the first pages about what it is evidence for; `tables` says how many
    rows of which tables rest on it.
    """

    key: str
    title: str
    publisher: str
    date: str
    url: str
    licence: str
    read_on: str
    checked_on: str
    pages: tuple[Page, ...]
    more_pages: int
    tables: tuple[tuple[str, int], ...]

    @property
    def has_licence(self) -> bool:
        """Whether the source says how it may be used."""
        return bool(self.licence) and self.licence != UNKNOWN


def sources(
    tables: Mapping[str, pd.DataFrame], pages: Mapping[str, Mapping[str, Page]], titles: Mapping[str, str]
) -> list[Source]:
    """All sources by publisher and title; `titles` are the German names of tables."""
    checked = tables["source_checks"].set_index("source_id")["checked_on"].dt.strftime("%Y-%m-%d").to_dict()
    counts, used = _uses(tables)
    rows = tables["sources"].astype("object")
    return [
        _source({str(key): value for key, value in row.items()}, checked, counts, used, pages, titles)
        for row in rows.where(rows.notna(), "").to_dict("records")
    ]


def by_letter(sources: Sequence[Source]) -> list[tuple[str, list[Source]]]:
    """The sources by publisher and title, under the publisher's initial; digits come first."""
    publishers = sorted_german(pd.Series([one.publisher.lstrip("#„") for one in sources]))
    titles = sorted_german(pd.Series([one.title for one in sources]))
    order = sorted(range(len(sources)), key=lambda place: (publishers[place], titles[place]))
    found: dict[str, list[Source]] = {}
    for place in order:
        initial = publishers[place][:1].upper()
        found.setdefault(initial if initial.isalpha() else "0–9", []).append(sources[place])
    return list(found.items())


def _source(
    row: Mapping[str, str],
    checked: Mapping[str, str],
    counts: Mapping[str, Mapping[str, int]],
    used: Mapping[str, list[tuple[str, str]]],
    pages: Mapping[str, Mapping[str, Page]],
    titles: Mapping[str, str],
) -> Source:
    key = row["source_id"]
    about = [pages[group][row_key] for group, row_key in used.get(key, ()) if row_key in pages[group]]
    about = list({page.address: page for page in about}.values())
    return Source(
        key=key,
        title=row["title"],
        publisher=row["publisher"],
        date=row["date"],
        url=row["url"],
        licence=row["licence"],
        read_on=row["checked"],
        checked_on=checked.get(key, ""),
        pages=tuple(about[:NAMED]),
        more_pages=max(len(about) - NAMED, 0),
        tables=tuple((titles.get(name, name), count) for name, count in counts.get(key, {}).items()),
    )


def _uses(
    tables: Mapping[str, pd.DataFrame],
) -> tuple[dict[str, dict[str, int]], dict[str, list[tuple[str, str]]]]:
    """For each source how many rows of each table name it, and the rows of it that have pages."""
    counts: dict[str, dict[str, int]] = {}
    used: dict[str, list[tuple[str, str]]] = {}
    for name, key, row_key in _citations(tables):
        of_source = counts.setdefault(key, {})
        of_source[name] = of_source.get(name, 0) + 1
        if name in WITH_PAGES:
            used.setdefault(key, []).append((WITH_PAGES[name], row_key))
    return counts, used


def _citations(tables: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, str, str]]:
    """Table, source and key of the row, once for each row that rests on the source."""
    for name, table in tables.items():
        columns = [column for column in table.columns if str(column).endswith("source_ids")]
        for column in columns:
            for row_key, cell in zip(table.iloc[:, 0], table[column], strict=True):
                for key in str(cell).split(";") if isinstance(cell, str) and cell else ():
                    yield name, key, str(row_key)
