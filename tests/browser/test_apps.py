"""Apps in a real browser: widgets of both kinds, accessible, quiet towards others, honest when it ends."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.publish.app_server import Served, offer, serving, until
from transferkit.publish.app_guard import AccessCode
from transferkit.publish.app_kernels import KernelLimits

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE_OPTIONS = {"runOnly": {"type": "tag", "values": STANDARDS}, "resultTypes": ["violations"]}
READY = "Die App ist bereit."
# What the browser says of Voila's own front end; none of it is ours, none of it matters.
OF_VOILA = ("nsatisf", "Available versions", "Theme is light", "Starting WebSocket")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(offer(tmp_path_factory.mktemp("apps")), limits=KernelLimits(gone_seconds=3)) as server:
        yield server


@pytest.fixture
def visit(chromium: Browser, served: Served) -> Iterator[Callable[..., Page]]:
    """Open an address of the server in a fresh browser; keyword arguments are Playwright's of a context."""
    contexts = []

    def open_address(path: str, address: str = served.address, **options: object) -> Page:
        context = chromium.new_context(locale="de-DE", reduced_motion="reduce", **options)
        contexts.append(context)
        page = context.new_page()
        page.goto(address + path)
        return page

    yield open_address
    for context in contexts:
        context.close()


@pytest.mark.parametrize("app", ["wire", "slider"])
def test_a_widget_answers_and_the_page_asks_nobody_else(app: str, chromium: Browser, served: Served) -> None:
    context = chromium.new_context(locale="de-DE")
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda line: asked.append(line.url.replace("ws:", "http:")))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{served.address}apps/{app}?count=8")
    expect(page.get_by_role("status")).to_have_text(READY)
    slider = page.get_by_role("slider").first
    slider.focus()
    slider.press("ArrowRight")
    expect(page.locator("#said")).to_have_text("9 Stück")
    context.close()
    assert {url for url in asked if not url.removeprefix("blob:").startswith(served.address)} == set()
    assert [said for said in complaints if not any(known in said for known in OF_VOILA)] == []


def test_the_small_runtime_is_all_an_app_of_anywidgets_loads(visit: Callable[..., Page]) -> None:
    page = visit("apps/wire")
    expect(page.get_by_role("status")).to_have_text(READY)
    loaded = page.evaluate("performance.getEntriesByType('resource').map(one => one.name.split('/').pop())")
    assert [name.split("-")[0] for name in loaded if "-" in name and name.endswith(".js")] == ["widgets"]


def test_voilas_front_end_comes_as_one_script(visit: Callable[..., Page]) -> None:
    page = visit("apps/slider")
    expect(page.get_by_role("status")).to_have_text(READY)
    loaded = page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
    scripts = [name for name in loaded if name.endswith(".js") and "leer.js" not in name]
    assert len(scripts) == 1, scripts


def test_messages_of_an_anywidgets_own_go_both_ways(visit: Callable[..., Page]) -> None:
    page = visit("apps/wire")
    page.locator("#said").click()
    expect(page.locator("#said")).to_have_attribute("title", "hallo zurück")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", ["", "apps/wire", "apps/slider", "apps/wire?town=x", "nirgends", "apps/trouble?what=fails"]
)
def test_axe_finds_no_barrier(path: str, scheme: str, visit: Callable[..., Page]) -> None:
    page = visit(path, color_scheme=scheme)
    if page.locator("#stand").count():
        expect(page.locator("html[data-ready]")).to_be_attached()
    results = Axe().run(page, options=AXE_OPTIONS)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier_where_a_code_is_asked_for(
    scheme: str, visit: Callable[..., Page], tmp_path: Path
) -> None:
    with serving(offer(tmp_path), access=AccessCode("ABCD2345")) as shared:
        page = visit("apps/wire", shared.address, color_scheme=scheme)
        page.get_by_label("Code").fill("falsch")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("stimmt nicht")
        results = Axe().run(page, options=AXE_OPTIONS)
        assert results.violations_count == 0, results.generate_report()
        page.get_by_label("Code").fill("abcd 2345")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text(READY)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_who_finds_no_place_waits_without_a_barrier_and_is_let_in(
    scheme: str, visit: Callable[..., Page], tmp_path: Path
) -> None:
    with serving(offer(tmp_path), limits=KernelLimits(kernels=1)) as small:
        kernel = small.visitor().get("apps/wire").kernel
        page = visit("apps/wire?count=8", small.address, color_scheme=scheme)
        expect(page.get_by_role("heading", level=1)).to_have_text("Gerade sind alle Plätze belegt")
        results = Axe().run(page, options=AXE_OPTIONS)
        assert results.violations_count == 0, results.generate_report()
        small.run(small.kernels.end(kernel))
        expect(page.locator("#said")).to_have_text("8 Stück", timeout=15_000)


@pytest.mark.parametrize("path", ["", "apps/wire", "apps/slider", "nirgends"])
def test_nothing_is_wider_than_a_small_phone(path: str, visit: Callable[..., Page]) -> None:
    page = visit(path, viewport={"width": 320, "height": 640})
    if page.locator("#stand").count():
        expect(page.locator("html[data-ready]")).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_page_that_is_left_gives_its_kernel_back_at_once(
    visit: Callable[..., Page], served: Served
) -> None:
    page = visit("apps/wire")
    expect(page.get_by_role("status")).to_have_text(READY)
    kernel = json.loads(page.locator("#jupyter-config-data").text_content() or "")["kernelId"]
    page.goto(served.address)
    until(lambda: kernel not in served.kernels, 2)


def test_who_goes_back_to_an_app_finds_it_working(visit: Callable[..., Page], served: Served) -> None:
    page = visit("apps/wire?count=8")
    expect(page.get_by_role("status")).to_have_text(READY)
    page.goto(served.address)
    page.go_back()
    expect(page.get_by_role("status")).to_have_text(READY)
    slider = page.get_by_role("slider")
    slider.focus()
    slider.press("ArrowRight")
    expect(page.locator("#said")).to_have_text("9 Stück")


@pytest.mark.parametrize("app", ["wire", "slider"])
def test_a_session_that_has_ended_is_said_and_one_click_brings_it_back(
    app: str, visit: Callable[..., Page], served: Served
) -> None:
    page = visit(f"apps/{app}?count=8")
    expect(page.get_by_role("status")).to_have_text(READY)
    kernel = json.loads(page.locator("#jupyter-config-data").text_content() or "")["kernelId"]
    served.run(served.kernels.end(kernel))
    expect(page.get_by_role("status")).to_contain_text("Diese Sitzung ist beendet")
    page.get_by_role("link", name="App neu laden").click()
    expect(page.locator("#said")).to_have_text("8 Stück")


def test_a_short_gap_in_the_connection_loses_nothing(visit: Callable[..., Page], served: Served) -> None:
    page = visit("apps/wire?count=8")
    expect(page.get_by_role("status")).to_have_text(READY)
    kernel = json.loads(page.locator("#jupyter-config-data").text_content() or "")["kernelId"]
    until(lambda: served.kernels._kernel_connections[kernel] == 1)
    page.context.set_offline(True)
    served.loop.call_soon_threadsafe(_drop_all, served)
    page.get_by_role("slider").fill("21")
    page.context.set_offline(False)
    expect(page.locator("#said")).to_have_text("21 Stück", timeout=15_000)


def _drop_all(served: Served) -> None:
    """Close all lines to kernels, as a network that breaks down does."""
    for lines in served.kernels.lines.values():
        for line in lines:
            line.close(1001)


def test_an_error_in_a_kernel_is_said_with_its_number(visit: Callable[..., Page]) -> None:
    page = visit("apps/wire?count=12")
    expect(page.get_by_role("status")).to_have_text(READY)
    slider = page.get_by_role("slider")
    slider.focus()
    slider.press("ArrowRight")
    expect(page.get_by_role("status")).to_contain_text("Vorfallnummer")
    assert "Geheimes" not in page.content()
