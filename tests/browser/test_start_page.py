"""The start page: a reader finds their municipality by double click, and words once the site is served."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and keeps silent."""

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def served(built_site: Path) -> Iterator[str]:
    """The address of a plain web server for the built site."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=built_site)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.parametrize("typed", ["Nottfeld", "nottfelt", "01059065"])
def test_a_municipality_is_found_by_name_with_typing_errors_and_by_key(
    typed: str, built_site: Path, open_page: Callable[..., Page]
) -> None:
    page = open_page(built_site / "index.html")
    page.get_by_role("combobox").fill(typed)
    expect(page.get_by_role("option").first).to_contain_text("Nottfeld")


def test_the_keyboard_alone_leads_from_the_name_to_the_guide(
    built_site: Path, open_page: Callable[..., Page]
) -> None:
    page = open_page(built_site / "index.html")
    page.get_by_role("combobox").focus()
    page.keyboard.type("koeln")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/kommunen/05315000.html")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Köln")


def test_an_unknown_name_is_said_to_be_unknown(built_site: Path, open_page: Callable[..., Page]) -> None:
    page = open_page(built_site / "index.html")
    page.get_by_role("combobox").fill("Xyzhausen")
    expect(page.get_by_text("Keine Kommune gefunden")).to_be_visible()


def test_served_by_http_words_are_found_and_nobody_else_is_asked(served: str, chromium: Browser) -> None:
    context = chromium.new_context(locale="de-DE")
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(served)
    page.get_by_role("searchbox").fill("Regionen")
    expect(page.locator("#vt-treffer a").first).to_be_visible()
    assert {url for url in asked if not url.startswith(served)} == set()
    assert [complaint for complaint in complaints if "favicon" not in complaint] == []
    context.close()
