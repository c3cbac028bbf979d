"""Conferences, workshops and peer learning: what is to come and what past ones were about.

A page never shows the clock: whether an event is past is judged by the day of the data (the edition).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from transferkit.publish.page import Page

MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)


@dataclass(frozen=True)
class Event:
    """One event as it is told: dates in ISO form (`end` empty for one day), hosts and sources as links."""

    key: str
    date: str  # "2023-05-11", or "2023-05" where only the month is known
    end: str
    title: str
    kind: str
    place: str
    land: str
    participants: int | None
    note: str
    hosts: tuple[tuple[str, str], ...]  # name, address of the profile or ""
    sources: tuple[tuple[str, str], ...]  # title, address or ""

    @property
    def has_day(self) -> bool:
        """Whether the day is known, not only the month."""
        return len(self.date) == len("2023-05-11")

    @property
    def year(self) -> str:
        """The year it began in."""
        return self.date[:4]

    @property
    def when(self) -> str:
        """The date in German: `11.05.2023 bis 12.05.2023`, `Mai 2023`."""
        if not self.has_day:
            year, month = self.date.split("-")
            return f"{MONTHS[int(month) - 1]} {year}"
        days = [".".join(reversed(day.split("-"))) for day in (self.date, self.end) if day]
        return " bis ".join(days)

    def is_past(self, edition: str) -> bool:
        """Whether it was over on the day of the edition; a month is over when the next has begun."""
        last = self.end or self.date
        return last < edition[: len(last)]


def events(tables: Mapping[str, pd.DataFrame], profiles: Mapping[str, Page]) -> list[Event]:
    """All events, the earliest first; `profiles` are the pages of model projects by their id."""
    names = tables["model_projects"].set_index("project_id")["name"]
    sources = tables["sources"].set_index("source_id")
    lands = tables["places"].set_index("place_key")["land_name"]
    rows = tables["events"].astype("object")
    found = [
        _event({str(key): value for key, value in row.items()}, names, sources, lands, profiles)
        for row in rows.where(rows.notna(), "").to_dict("records")
    ]
    return sorted(found, key=lambda event: (event.date, event.key))


def _event(
    row: Mapping[str, Any],
    names: pd.Series,
    sources: pd.DataFrame,
    lands: pd.Series,
    profiles: Mapping[str, Page],
) -> Event:
    hosts = [key for key in str(row["project_ids"]).split(";") if key]
    cited = [key for key in str(row["source_ids"]).split(";") if key]
    return Event(
        key=str(row["event_id"]),
        date=str(row["date"]),
        end=str(row["date_end"]),
        title=str(row["title_de"]),
        kind=str(row["format_de"]),
        place=str(row["place_de"]),
        land=str(lands.get(row["ags"], "")),
        participants=int(row["participants"]) if row["participants"] != "" else None,
        note=str(row["note_de"]),
        hosts=tuple((str(names[key]), profiles[key].address if key in profiles else "") for key in hosts),
        sources=tuple((str(sources.at[key, "title"]), _address(sources.at[key, "url"])) for key in cited),
    )


def _address(url: object) -> str:
    return url if isinstance(url, str) else ""
