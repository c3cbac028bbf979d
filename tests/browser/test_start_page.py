"""Start page and lists: readers find what they look for by double click, and words on a served site."""

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


def shown(page: Page) -> int:
    return page.locator("#liste .card:visible").count()


def test_a_link_opens_the_solutions_of_a_theme_and_the_count_is_announced(
    built_site: Path, open_page: Callable[..., Page]
) -> None:
    page = open_page(built_site / "loesungen.html")
    everything = shown(page)
    page.goto((built_site / "loesungen.html").as_uri() + "#thema=smart-regions")
    expect(page.get_by_label("Thema")).to_have_value("smart-regions")
    assert 0 < shown(page) < everything
    expect(page.get_by_role("status")).to_have_text(f"{shown(page)} Lösungen")
    themes = page.locator("#liste .card:visible").evaluate_all("all => all.map(card => card.dataset.thema)")
    assert all("smart-regions" in theme.split(";") for theme in themes)


def test_an_address_that_names_no_theme_shows_everything(
    built_site: Path, open_page: Callable[..., Page]
) -> None:
    page = open_page(built_site / "loesungen.html")
    everything = shown(page)
    page.goto((built_site / "loesungen.html").as_uri() + "#thema=smart-villages")
    expect(page.get_by_label("Thema")).to_have_value("")
    assert shown(page) == everything


def test_filters_work_by_keyboard_fold_umlauts_and_leave_an_address_to_pass_on(
    built_site: Path, open_page: Callable[..., Page]
) -> None:
    page = open_page(built_site / "loesungen.html")
    page.get_by_label("Wörter").focus()
    page.keyboard.type("muenster KLIMA")
    assert page.get_by_role("heading", name="Klimadashboard").is_visible()
    found = shown(page)
    page.get_by_label("Wörter").fill("münster klima")
    assert shown(page) == found
    page.keyboard.press("Tab")
    expect(page.get_by_label("Thema")).to_be_focused()
    again = open_page(built_site / "index.html")
    again.goto(page.url)
    assert shown(again) == found


def test_model_projects_are_filtered_by_land_round_and_kind(
    built_site: Path, open_page: Callable[..., Page]
) -> None:
    page = open_page(built_site / "projekte.html")
    page.get_by_label("Land").select_option("Bayern")
    page.get_by_label("Art").select_option("Landkreis")
    cards = page.locator("#liste .card:visible")
    assert cards.evaluate_all("all => all.every(card => /Landkreis · Bayern/.test(card.textContent))")
    expect(page.get_by_role("status")).to_have_text(f"{cards.count()} Modellprojekte")
    page.get_by_label("Land").select_option("Saarland")
    page.get_by_label("Runde", exact=True).select_option("1")
    expect(page.get_by_role("status")).to_have_text("Kein Modellprojekt passt zu allen Angaben.")
    assert page.locator("#liste h2:visible").count() == 0
    page.get_by_role("button", name="Alle zeigen").press("Enter")
    expect(page.get_by_role("status")).to_have_text("73 Modellprojekte")
    assert shown(page) == 73


@pytest.mark.parametrize("name", ["loesungen", "projekte"])
def test_without_a_script_the_lists_are_whole(
    name: str, built_site: Path, open_page: Callable[..., Page]
) -> None:
    page = open_page(built_site / f"{name}.html", java_script_enabled=False)
    assert not page.locator("#filter").is_visible()
    assert shown(page) == page.locator("#liste .card").count() > 70
