"""The six apps in a real browser, as visitors use them: searching, weighing, by keyboard, on a phone."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.publish.app_server import Served, serving
from transferkit import catalogue, project
from transferkit.knowledge import register
from transferkit.publish.app_offer import Offer

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE_OPTIONS = {"runOnly": {"type": "tag", "values": STANDARDS}, "resultTypes": ["violations"]}
NAMES = [app.name for app in project.toc().apps]
Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def served(whole_register: Path) -> Iterator[Served]:
    """All apps with a whole register."""
    offer = Offer(project.toc(), project.notebooks_folder(), catalogue.domains(), catalogue.resolvers())
    with serving(offer) as server:
        yield server


@pytest.fixture
def visit(chromium: Browser, served: Served) -> Iterator[Visit]:
    """Open an app in a fresh browser; whatever it complains about fails the test."""
    contexts = []
    complaints: list[str] = []

    def open_app(path: str, **options: object) -> Page:
        context = chromium.new_context(locale="de-DE", reduced_motion="reduce", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("request", lambda asked: _only_here(asked.url, served, complaints))
        page.goto(f"{served.address}apps/{path}")
        if options.get("java_script_enabled", True):
            expect(page.locator("form[data-ready]").first).to_be_attached()
        return page

    yield open_app
    for context in contexts:
        context.close()
    assert complaints == []


def _only_here(url: str, served: Served, complaints: list[str]) -> None:
    if not url.removeprefix("blob:").startswith((served.address, "data:")):
        complaints.append(url)


def told(page: Page) -> Locator:
    """What the form that was used last says."""
    return page.locator("form .told:not(:empty)")


def place(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Ihr Ort")


def test_a_place_is_found_while_typing_with_an_error(visit: Visit) -> None:
    page = visit("peer-finder?place=05315000")
    place(page).fill("")
    place(page).press_sequentially("Fuchstahl", delay=30)
    option = page.get_by_role("option", name="Fuchstal")
    expect(option).to_contain_text(f"{register.municipality('Fuchstal')['kreis']}, Bayern")
    option.click()
    expect(page).to_have_url(re.compile(r"place=09181121"))
    expect(page.locator("figure figcaption strong").first).to_contain_text("Fuchstal ist")
    expect(told(page)).to_contain_text("Neu berechnet: Fuchstal ist")


def test_what_was_typed_but_not_chosen_does_not_count(visit: Visit) -> None:
    page = visit("peer-finder")
    place(page).fill("Kö")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(place(page)).to_have_value("Fuchstal")
    expect(page.get_by_role("listbox")).to_be_hidden()
    place(page).fill("qqqqqqq")
    expect(told(page)).to_contain_text("Keinen Ort gefunden")
    page.keyboard.press("Tab")
    expect(place(page)).to_have_value("Fuchstal")


def test_chart_and_sentences_follow_a_weight_and_the_link_reopens_them(visit: Visit) -> None:
    page = visit("peer-finder")
    before = page.locator(".cards").first.inner_text()
    slider = page.get_by_role("slider", name="Bevölkerung", exact=True)
    slider.focus()
    slider.press("Home")
    expect(page).to_have_url(re.compile(r"weights=population=0"))
    expect(page.locator("figure[data-drawn] svg text").filter(has_text="Fuchstal")).to_be_visible()
    after = page.locator(".cards").first.inner_text()
    assert after != before
    assert page.evaluate("document.activeElement.id") == slider.get_attribute("id")
    again = visit(page.url.split("/apps/")[1])
    assert again.locator(".cards").first.inner_text() == after
    expect(again.get_by_role("slider", name="Bevölkerung", exact=True)).to_have_value("0")


def test_the_way_back_to_what_was_proposed(visit: Visit) -> None:
    page = visit("peer-finder?weights=population=0")
    page.get_by_role("button", name="Gewichte wie vorgeschlagen").click()
    expect(page.get_by_role("slider", name="Bevölkerung", exact=True)).to_have_value("10")
    expect(page).to_have_url(re.compile(r"place=09181121&count=10$"))


def test_all_weights_zero_is_said_and_the_results_stay(visit: Visit) -> None:
    page = visit("decision-aid?theme=city-apps&decision=city-app")
    result = page.locator(".finding").inner_text()
    for slider in page.locator("[data-control=weights] input[type=range]").all():
        slider.fill("0")
    expect(told(page)).to_contain_text("Alle Gewichte sind 0")
    assert page.locator(".finding").inner_text() != ""
    page.get_by_role("button", name="Gewichte wie vorgeschlagen").click()
    expect(page.locator(".finding")).to_have_text(result)


def test_another_theme_brings_its_own_decisions_and_criteria(visit: Visit) -> None:
    page = visit("decision-aid?weights=hub-legal=40")
    page.get_by_label("Thema").select_option("digital-twins")
    expect(page.get_by_label("Entscheidung", exact=True)).to_have_value("twin-level")
    expect(page.locator("[data-control=weights] label").first).not_to_have_text("Anlaufkosten")
    expect(page.get_by_role("heading", level=3, name="Reifegrad des digitalen Zwillings")).to_be_visible()
    assert "hub-legal" not in page.url


def test_an_answer_by_keyboard_alone_changes_the_statement(visit: Visit) -> None:
    page = visit("fit-check")
    said = page.locator(".finding").first
    expect(said).to_contain_text("Noch nicht entscheidbar")
    page.get_by_role("group", name=re.compile("Anerkannter Bedarf")).get_by_label("gleich").focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    expect(page).to_have_url(re.compile(r"answers=p2=hindernis"))
    expect(said).to_contain_text("So nicht übernehmen")
    expect(page.get_by_role("heading", name="Zuerst klären")).to_be_visible()
    expect(page.locator("[data-group=Menschen] [data-count]")).to_have_text("2 von 6 beantwortet")


def test_a_self_assessment_draws_its_profile_and_offers_a_comparison(visit: Visit) -> None:
    page = visit("self-assessment")
    expect(page.get_by_role("heading", name="Die nächsten Schritte")).to_be_hidden()
    expect(page.get_by_role("heading", name="Was sich geändert hat")).to_be_hidden()
    for number, level in enumerate(("0 keine Aktivität", "1 geplant", "0 keine Aktivität")):
        page.locator("[data-group=Strategie] fieldset").nth(number).get_by_label(level).check()
    expect(page.locator("figcaption strong")).to_contain_text("Am meisten zu tun ist bei: Strategie")
    expect(page.get_by_role("heading", name="Die nächsten Schritte")).to_be_visible()
    expect(page.locator("figure svg text").filter(has_text="0,3")).to_be_visible()
    link = page.get_by_role("link", name="mit einer späteren vergleichen")
    expect(link).to_have_attribute("href", re.compile("earlier=strategy-1=0"))


def test_two_systems_and_who_can_stand_between(visit: Visit) -> None:
    page = visit("interoperability")
    expect(page.locator(".finding")).to_contain_text("Ja, FROST-Server kann Daten an Masterportal geben")
    expect(page.get_by_role("heading", name="Wer dazwischen stehen kann")).to_be_hidden()
    page.get_by_label("Dieses System nimmt Daten").select_option("ckan")
    expect(page.locator(".finding")).to_contain_text("ist nicht belegt")


def test_a_number_of_the_plan_is_kept_and_a_wrong_one_explained(visit: Visit) -> None:
    page = visit("impact-plan")
    group = page.locator("[data-control=numbers] fieldset").first
    group.get_by_label("Ausgangswert").fill("12,5")
    group.get_by_label("Ziel").fill("40")
    expect(page.locator("figcaption strong").last).to_contain_text("geplant, aber noch nicht gemessen")
    expect(page.locator("figure svg text").filter(has_text="Ziel 40")).to_be_visible()
    expect(page).to_have_url(re.compile(r"baseline=12,5"))
    group.get_by_label("Ziel").fill("1.000")
    expect(told(page)).to_contain_text("lässt sich zweifach lesen")
    assert group.get_by_label("Ziel").evaluate("field => field === document.activeElement")


@pytest.mark.parametrize("app", NAMES)
def test_the_links_lead_to_the_files_of_what_is_seen(app: str, visit: Visit) -> None:
    page = visit(app)
    links = page.locator("[data-file]")
    for link in links.all():
        kind, address = link.get_attribute("data-file"), link.evaluate("link => link.href")
        answer = page.request.get(address)
        assert answer.status == 200, address
        if kind == "xlsx":
            assert openpyxl.load_workbook(io.BytesIO(answer.body())).sheetnames
        if kind == "page":
            assert "<article>" in answer.text()
    assert links.count() >= 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("app", NAMES)
def test_axe_finds_no_barrier(app: str, scheme: str, visit: Visit) -> None:
    page = visit(app, color_scheme=scheme)
    for details in page.locator("details").all():
        details.evaluate("details => details.open = true")
    results = Axe().run(page, options=AXE_OPTIONS)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("app", NAMES)
def test_nothing_is_wider_than_a_small_phone(app: str, visit: Visit) -> None:
    page = visit(app, viewport={"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_suggestions_carry_the_roles_of_a_combobox(visit: Visit) -> None:
    page = visit("peer-finder")
    place(page).fill("Bamb")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    results = Axe().run(page, options=AXE_OPTIONS)
    assert results.violations_count == 0, results.generate_report()
    active = place(page).get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").inner_text().startswith("Bamberg")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"place=09461000"))


@pytest.mark.parametrize("app", NAMES)
def test_without_scripts_it_says_so_and_leads_to_the_page(app: str, visit: Visit) -> None:
    page = visit(app, java_script_enabled=False)
    said = page.locator("noscript p")  # Playwright finds no words in it
    expect(said).to_be_visible()
    expect(said).to_contain_text("Ohne JavaScript rechnet diese App nicht mit")
    expect(page.get_by_text("Die App wird geladen")).to_be_hidden()
    assert page.locator("article h2").count() >= 3
    link = page.get_by_role("link", name="als Seite mit allen Diagrammen")
    answer = page.request.get(page.url.partition("/apps/")[0] + str(link.get_attribute("href")))
    assert answer.status == 200
    assert "<article>" in answer.text()
    dead = page.locator("form.live input[data-key], form.live input[type=radio]")
    assert dead.locator("visible=true").count() == 0  # what only a script can send


def test_without_scripts_a_form_still_opens_another_place_and_keeps_it_in_the_link(visit: Visit) -> None:
    page = visit("fit-check", java_script_enabled=False)
    page.get_by_label("Ihr Ort").fill("Zwönitz")
    page.get_by_role("button", name="Anzeigen").click()
    expect(page).to_have_url(re.compile(r"place=Zw%C3%B6nitz"))
    expect(page.get_by_label("Ihr Ort")).to_have_value("Zwönitz")
    link = page.get_by_role("link", name="als Seite mit allen Diagrammen")
    expect(link).to_have_attribute("href", re.compile(r"/seite\?place=Zw%C3%B6nitz&"))
