"""Events on the site: past and coming by the day of the data, as a page, a calendar and a feed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import icalendar
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from transferkit import catalogue
from transferkit.publish.calendar_file import calendar
from transferkit.publish.events import Event, events
from transferkit.publish.feed import ATOM, of_events
from transferkit.publish.page import Page

EDITION = "2026-11-22"
PROFILE = Page("projekte/jena.html", "Jena", "project-profile", "", "", "Jena", EDITION, "t", "0")


@pytest.fixture(scope="module")
def tables() -> Mapping[str, pd.DataFrame]:
    return catalogue.tables()


@pytest.fixture(scope="module")
def known(tables: Mapping[str, pd.DataFrame]) -> list[Event]:
    return events(tables, {"jena": PROFILE})


def one(day: str, end: str = "", key: str = "a") -> Event:
    return Event(key, day, end, "Titel, mit Komma", "Kongress", "Jena", "Thüringen", None, "", (), ())


def test_events_are_told_in_order_with_hosts_profiles_and_sources(known: list[Event]) -> None:
    assert [event.date for event in known] == sorted(event.date for event in known)
    jena = next(event for event in known if event.key == "regionalkonferenz-11-jena")
    assert jena.hosts == (("Jena", "projekte/jena.html"),)
    assert (jena.land, jena.when) == ("Thüringen", "14.09.2023")
    assert all(event.sources for event in known)


@pytest.mark.parametrize(
    ("event", "past"),
    [
        (one("2026-11-21"), True),
        (one("2026-11-22"), False),
        (one("2026-11-20", "2026-11-22"), False),
        (one("2026-10"), True),
        (one("2026-11"), False),
    ],
)
def test_past_is_what_was_over_on_the_day_of_the_data(event: Event, past: bool) -> None:
    assert event.is_past(EDITION) is past


def test_several_days_and_a_month_are_said_as_they_are_known() -> None:
    assert one("2023-05-11", "2023-05-12").when == "11.05.2023 bis 12.05.2023"
    assert one("2024-03").when == "März 2024"


def test_the_calendar_can_be_read_back_and_holds_only_known_days(known: list[Event]) -> None:
    content = calendar(known, EDITION)
    entries = {str(entry["uid"]): entry for entry in icalendar.Calendar.from_ical(content).walk("VEVENT")}
    assert len(entries) == sum(event.has_day for event in known) < len(known)
    hamburg = entries["kongress-02-hamburg@transferkit"]
    assert hamburg["dtstart"].dt == date(2023, 5, 11)
    assert hamburg["dtend"].dt == date(2023, 5, 13)  # the day after the last one
    assert "Quelle: " in hamburg["description"]


def test_the_calendar_keeps_to_the_form_other_programs_ask_for() -> None:
    content = calendar([one("2026-12-03")], EDITION)
    assert calendar([one("2026-12-03")], EDITION) == content
    lines = content.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert max(map(len, lines)) <= 75
    assert b"Titel\\, mit Komma" in content


def test_the_feed_has_stable_ids_and_full_addresses_once_the_site_has_one(known: list[Event]) -> None:
    text = of_events(known, EDITION, "transferkit", "https://leitfaden.example.org/")
    root = ElementTree.fromstring(text)
    ids = [entry.findtext(f"{{{ATOM}}}id") for entry in root.findall(f"{{{ATOM}}}entry")]
    assert len(set(ids)) == len(known)
    assert of_events(known, EDITION, "transferkit", "https://leitfaden.example.org/") == text
    links = [link.get("href", "") for link in root.iter(f"{{{ATOM}}}link")]
    assert all(link.startswith("https://leitfaden.example.org/") for link in links)


def test_the_page_says_that_nothing_is_known_to_come_and_tells_what_was(built_site: Path) -> None:
    page = BeautifulSoup((built_site / "termine.html").read_text("utf-8"), "html.parser")
    words = " ".join(page.get_text(" ").split())
    assert "Am 22.11.2026, dem Stand dieser Daten, war kein künftiger Termin bekannt." in words
    assert len(page.select("#liste .card")) == 33
    assert (built_site / "termine.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")
    assert (built_site / "termine.xml").is_file()
