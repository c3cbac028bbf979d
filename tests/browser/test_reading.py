"""Every kind of page in a real browser: alone, accessible, by keyboard, on a phone, on paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from transferkit.publish.site import PAGES

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE_OPTIONS = {"runOnly": {"type": "tag", "values": STANDARDS}, "resultTypes": ["violations"]}

# All a reader must be able to reach, in the order of the document; radio buttons of one name are one stop.
REMEMBER_STOPS = """() => {
  const all = document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')
  const group = e => [...all].filter(other => other.type === 'radio' && other.name === e.name)
  const entry = e => group(e).find(other => other.checked) || group(e)[0]
  window.stops = [...all].filter(e => !e.disabled && e.tabIndex >= 0 && (e.type !== 'radio' || e === entry(e))
    && e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length)
  return window.stops.map(e => e.outerHTML.slice(0, 120))
}"""
WHERE_AM_I = """() => {
  const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect()
  return {
    stop: window.stops.indexOf(e),
    marked: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  }
}"""


def test_a_page_asks_for_nothing_but_itself(html: Path, chromium: Browser) -> None:
    context = chromium.new_context(offline=True)
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(html.as_uri(), wait_until="networkidle")
    context.close()
    assert asked == [html.as_uri()]
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier(html: Path, scheme: str, open_page: Callable[..., Page]) -> None:
    page = open_page(html, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    results = Axe().run(page, options=AXE_OPTIONS)
    assert results.violations_count == 0, results.generate_report()


def test_tab_reaches_everything_in_order_and_shows_where_it_is(
    html: Path, open_page: Callable[..., Page]
) -> None:
    page = open_page(html)
    stops = page.evaluate(REMEMBER_STOPS)
    reached = []
    # A wide table may be a stop of its own: the browser lets the keyboard scroll it.
    for _ in range(2 * len(stops) + 10):
        page.keyboard.press("Tab")
        here = page.evaluate(WHERE_AM_I)
        if here["stop"] < 0:
            continue
        if here["stop"] in reached:
            break
        reached.append(here["stop"])
        assert here["marked"], f"Focus cannot be seen on {stops[here['stop']]}"
        assert here["seen"], f"Focus lies outside the window on {stops[here['stop']]}"
    assert reached == list(range(len(stops)))


def test_a_phone_of_320_pixels_never_scrolls_sideways(html: Path, open_page: Callable[..., Page]) -> None:
    page = open_page(html, viewport={"width": 320, "height": 640})
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_paper_carries_the_title(html: Path, open_page: Callable[..., Page]) -> None:
    page = open_page(html)
    pdf = page.pdf(format="A4", tagged=True)
    title = page.title()
    written = (f"<FEFF{title.encode('utf-16-be').hex().upper()}>", f"({title})")
    assert any(b"/Title " + form.encode("latin-1", "replace") in pdf for form in written)
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()


def test_every_page_at_the_root_of_the_site_is_among_the_kinds(built_site: Path) -> None:
    lists = {"ratsvorlagen.html", "peer-learning.html"}  # made for guides that have no list of their own
    assert {path.name for path in built_site.glob("*.html")} == {f"{name}.html" for name in PAGES} | lists


def test_what_is_folded_on_the_screen_is_printed_where_a_reader_needs_it(
    built_site: Path, open_page: Callable[..., Page]
) -> None:
    page = open_page(built_site / "kommunen" / "16053000.html")
    folded = page.locator("details[data-print] > :not(summary)").first
    assert not folded.is_visible()
    page.emulate_media(media="print")
    assert folded.is_visible()
    assert not page.locator("nav.crumbs").is_visible()
    assert not page.locator("details:not([data-print])").first.is_visible()
