"""A page of every kind, opened as a reader opens it: by double click, without network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from transferkit.publish.site import PAGES

# Where a kind has many pages, the first by name stands for it.
KINDS = (
    *(f"{name}.html" for name in PAGES),
    "themen/*.html",
    "loesungen/*.html",
    "projekte/*.html",
    "kommunen/*.html",
    "peer-learning.html",
    "peer-learning/*.html",
    "ratsvorlagen.html",
    "ratsvorlagen/*.html",
    "kurzfassungen/*.html",
    "folien/*.html",
    "handbuch/beratende.html",  # the longest, with a table and pictures
    "handbuch/grenzen.html",
)


@pytest.fixture(params=KINDS)
def html(request: pytest.FixtureRequest, built_site: Path) -> Path:
    """The file of one page."""
    return min(built_site.glob(request.param))


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open a file in a fresh offline context; keyword arguments are Playwright's context options."""
    contexts = []

    def open_file(html: Path, **options: object) -> Page:
        context = chromium.new_context(offline=True, locale="de-DE", reduced_motion="reduce", **options)
        contexts.append(context)
        page = context.new_page()
        page.goto(html.as_uri())
        return page

    yield open_file
    for context in contexts:
        context.close()
