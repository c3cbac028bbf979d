"""Events as a calendar file (.ics) for Outlook, Thunderbird or a phone: the one door to icalendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import icalendar

from transferkit.publish.events import Event


def calendar(events: Sequence[Event], edition: str) -> bytes:
    """The events whose day is known, as an iCalendar file (RFC 5545); the same bytes for the same events.

    An event of which only the month is known has no entry: a calendar would invent its day.
    """
    file = icalendar.Calendar()
    file.add("prodid", "-//transferkit//Termine//DE")
    file.add("version", "2.0")
    file.add("x-wr-calname", "Smart Cities: Termine")
    stamp = datetime.combine(date.fromisoformat(edition), datetime.min.time(), UTC)
    for event in events:
        if event.has_day:
            file.add_component(_entry(event, stamp))
    content: bytes = file.to_ical()
    return content


def _entry(event: Event, stamp: datetime) -> icalendar.Event:
    entry = icalendar.Event()
    entry.add("uid", f"{event.key}@transferkit")
    entry.add("dtstamp", stamp)
    entry.add("dtstart", date.fromisoformat(event.date))
    # An all-day event ends before the day it names.
    entry.add("dtend", date.fromisoformat(event.end or event.date) + timedelta(days=1))
    entry.add("summary", event.title, parameters={"language": "de"})
    entry.add("location", event.place)
    told = [event.kind, event.note, *(f"Quelle: {title} {url}".strip() for title, url in event.sources)]
    entry.add("description", "\n".join(line for line in told if line))
    entry.add("transp", "TRANSPARENT")  # it does not make anybody busy
    return entry
