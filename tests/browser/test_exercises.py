"""Questions in a real browser: no barrier on screen in light and dark, usable by keyboard, whole on paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import Page as Tab

from tests.present.test_exercises import KINDS
from transferkit.publish import render
from transferkit.publish.page import Page

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE_OPTIONS = {"runOnly": {"type": "tag", "values": STANDARDS}, "resultTypes": ["violations"]}
PAGE = Page(
    address="fragen.html",
    title="Fragen jeder Art",
    guide="questions",
    group="",
    group_page="",
    label="Fragen",
    edition="2026-11-22",
    site_title="transferkit",
    version="0",
    alone=True,
)


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with a question of every kind, made by the real renderer."""
    cells = [new_markdown_cell("# Fragen\n\nEine von jeder Art."), new_markdown_cell("## Alle")]
    for kind in KINDS:
        bundle = kind._repr_mimebundle_()
        cells.append(new_code_cell("tk.ask", outputs=[new_output("display_data", bundle)]))
    path = tmp_path_factory.mktemp("questions") / "fragen.html"
    path.write_text(render.page(new_notebook(cells=cells), PAGE, known=()), encoding="utf-8")
    return path


@pytest.mark.parametrize("media", ["screen", "print"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier(
    questions: Path, scheme: str, media: str, open_page: Callable[..., Tab]
) -> None:
    page = open_page(questions, color_scheme=scheme)
    page.emulate_media(media=media)  # type: ignore[arg-type]
    results = Axe().run(page, options=AXE_OPTIONS)
    assert results.violations_count == 0, results.generate_report()


def test_every_kind_is_answered_by_keyboard_alone(questions: Path, open_page: Callable[..., Tab]) -> None:
    page = open_page(questions)
    page.locator("[data-kind=choice] input").first.focus()
    for keys in (" ", "Tab", " ", "Tab", "Tab", "ArrowRight"):  # one; two boxes; a step of the scale
        page.keyboard.press(keys)
    page.keyboard.press("Tab")
    page.keyboard.type("2")
    filled = page.evaluate(
        "[...document.querySelectorAll('form')].map(f => Object.fromEntries(new FormData(f)))"
    )
    assert filled[0] == {"answer": "rufbus"}
    assert filled[1] == {"rufbus": "rufbus"}
    assert filled[2]["answer"] in {"1", "2"}
    assert filled[3]["rufbus"] == "2"


def test_a_label_is_a_target_large_enough_for_fingers(questions: Path, open_page: Callable[..., Tab]) -> None:
    page = open_page(questions, viewport={"width": 320, "height": 640})
    boxes = page.locator("form label:has(input)").evaluate_all(
        "labels => labels.map(l => l.getBoundingClientRect().height)"
    )
    assert min(boxes) >= 24
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_paper_leaves_room_to_write_and_prints_every_question(
    questions: Path, open_page: Callable[..., Tab]
) -> None:
    page = open_page(questions, color_scheme="dark")
    page.emulate_media(media="print")
    room = page.locator("textarea").bounding_box()
    assert room
    assert room["height"] >= 130  # 38 mm at 96 dots an inch, less borders
    for control in page.locator("form input, form textarea").all():
        assert control.is_visible()
        assert control.evaluate("c => getComputedStyle(c).backgroundColor") in (
            "rgb(255, 255, 255)",
            "rgba(0, 0, 0, 0)",
        )


def test_submitting_by_enter_leads_nowhere(questions: Path, open_page: Callable[..., Tab]) -> None:
    page = open_page(questions)
    page.locator("[data-kind=number] input").fill("12,5")
    page.keyboard.press("Enter")
    assert page.url == questions.as_uri()
    assert page.locator("[data-kind=number] input").input_value() == "12,5"
