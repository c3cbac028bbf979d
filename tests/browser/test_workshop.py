"""A whole workshop in real browsers: who leads it, a laptop, a phone, and a small screen with keys only."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.test_reading import REMEMBER_STOPS, WHERE_AM_I
from tests.workshop.live import Live, Workshop, axe_is_content, live_server, pages_made

FOLLOWS_WITHIN = 2000  # milliseconds
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SMALL = {"viewport": {"width": 320, "height": 640}}


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    yield from live_server(tmp_path_factory.mktemp("werkstatt"), pages_made())


@pytest.fixture
def workshop(live: Live) -> Workshop:
    return live.begin()


@pytest.fixture
def context(chromium: Browser, live: Live) -> Iterator[Callable[..., BrowserContext]]:
    """A browser of somebody else each time; whatever it asks for must be of the server."""
    opened: list[BrowserContext] = []
    asked: list[str] = []
    wrong: list[str] = []

    def open_context(**options: object) -> BrowserContext:
        made = chromium.new_context(locale="de-DE", reduced_motion="reduce", **options)  # type: ignore[arg-type]
        made.on("request", lambda request: asked.append(request.url))
        made.on("weberror", lambda error: wrong.append(str(error.error)))
        made.on("console", lambda said: wrong.append(said.text) if "Content Security" in said.text else None)
        opened.append(made)
        return made

    yield open_context
    for one in opened:
        one.close()
    assert [url for url in asked if not url.startswith(live.server.origin)] == []
    assert wrong == []


@pytest.fixture
def leader(context: Callable[..., BrowserContext], workshop: Workshop) -> Page:
    page = context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(workshop.leading)
    page.wait_for_url("**/uebersicht")
    return page


def is_saved(page: Page, exercise: str) -> None:
    expect(page.locator(f"form[data-exercise={exercise}] [data-said]")).to_have_text(
        re.compile("^Gespeichert")
    )


def choose(page: Page, exercise: str, label: str) -> None:
    page.locator(f"form[data-exercise={exercise}]").get_by_label(label).first.check()
    is_saved(page, exercise)


def view(leader: Page, name: str) -> Page:
    """Another window of who leads."""
    page = leader.context.new_page()
    page.goto(leader.url.replace("uebersicht", name))
    return page


def test_a_workshop_from_the_first_code_to_the_last_decision(
    context: Callable[..., BrowserContext], live: Live, workshop: Workshop, leader: Page
) -> None:
    screen = view(leader, "leinwand")
    expect(screen.locator("strong.code")).to_have_text(workshop.shown)
    laptop, phone, keyboard = (context(**options).new_page() for options in ({}, PHONE, SMALL))

    laptop.goto(live.server.address)
    laptop.get_by_label("Code der Werkstatt").fill(workshop.shown.lower())
    laptop.get_by_role("button", name="Teilnehmen").click()
    phone.goto(workshop.link)
    keyboard.goto(live.server.address)
    keyboard.keyboard.press("Tab")
    keyboard.keyboard.press("Tab")
    keyboard.keyboard.type(workshop.shown)
    keyboard.keyboard.press("Enter")
    expect(keyboard.get_by_role("heading", level=1)).to_contain_text("Themenwerkstatt")

    choose(laptop, "first", "Rufbus")
    form_of_phone = phone.locator("form[data-exercise=first]")
    form_of_phone.get_by_text("Datenplattform").tap()
    is_saved(phone, "first")
    answer_by_keyboard(keyboard)
    expect(leader.locator("[data-count]")).to_have_text(
        "Bis jetzt antworten 3 Personen.", timeout=FOLLOWS_WITHIN
    )
    expect(leader.locator(".tally").first).to_contain_text("Erst 3 Antworten. Ab fünf")

    paper = view(leader, "papier")
    border = "one => getComputedStyle(one).borderLeftWidth"
    assert paper.locator("form.exercise").first.evaluate(border) == "3px"
    for number in (1, 2):
        expect(paper.locator("[data-number]")).to_have_text(str(number))
        paper.keyboard.press("1")
        paper.keyboard.press("Control+Enter")
        expect(paper.locator("[data-kept]")).to_have_text(f"Bogen {number} ist gespeichert.")
    screen.bring_to_front()
    screen.keyboard.press("ArrowRight")
    expect(screen.get_by_role("row", name="Rufbus")).to_contain_text("4 (80 %)", timeout=FOLLOWS_WITHIN)

    laptop.locator("form[data-exercise=why] textarea").fill("Uns fehlt Zeit.")
    laptop.get_by_role("button", name="Abschicken").click()
    is_saved(laptop, "why")
    for _ in range(7):
        screen.keyboard.press("ArrowRight")
    expect(screen.locator("main")).to_contain_text("Noch kein Text freigegeben.")
    release = leader.get_by_role("button", name="Freigeben: Uns fehlt Zeit.")
    expect(release).to_be_visible(timeout=FOLLOWS_WITHIN)
    leader.bring_to_front()  # a page behind another one is drawn too seldom to be clicked
    release.click()
    screen.bring_to_front()
    expect(screen.locator("blockquote")).to_have_text("Uns fehlt Zeit.", timeout=FOLLOWS_WITHIN)

    leader.get_by_label("Art").select_option("Aufgabe")
    leader.get_by_label("Was", exact=True).fill("Fuchstal fragen, wer die Wartung zahlt")
    leader.get_by_label("Wer (Rolle, kein Name)").fill("Bauamt")
    leader.get_by_role("button", name="Ins Protokoll").click()
    expect(leader.locator("[data-notes]")).to_contain_text("Aufgabe Fuchstal fragen")

    leader.get_by_role("button", name="Werkstatt schließen").click()
    expect(leader.locator("[data-open]")).to_have_text("geschlossen")
    phone.locator("form[data-exercise=first]").get_by_text("Rufbus").tap()
    expect(phone.get_by_role("alert")).to_contain_text("geschlossen")
    laptop.reload()
    expect(laptop.locator("main")).to_contain_text("Vielen Dank für Ihre Antworten")

    files = live.export(workshop)
    found = json.loads((files / "ergebnisse.json").read_text(encoding="utf-8"))["results"]
    assert found["tallies"][0]["answers"] == 5
    assert found["protocol"][0]["role"] == "Bauamt"
    assert found["tallies"][-1]["texts"] == ["Uns fehlt Zeit."]


def answer_by_keyboard(page: Page) -> None:
    """Answer the first question with keys only, and see where the focus is at every step."""
    page.evaluate(REMEMBER_STOPS)
    for _ in range(40):
        page.keyboard.press("Tab")
        here = page.evaluate(WHERE_AM_I)
        assert here["marked"]
        assert here["seen"]
        if page.evaluate("document.activeElement.closest('form')?.dataset.exercise") == "first":
            break
    page.keyboard.press("Space")
    is_saved(page, "first")


def test_nothing_is_called_saved_before_the_server_has_it_and_everything_arrives_once_it_is_back(
    context: Callable[..., BrowserContext], live: Live, workshop: Workshop
) -> None:
    page = context(**PHONE).new_page()
    page.goto(workshop.link)
    choose(page, "first", "Rufbus")
    live.server.kill()
    page.locator("form[data-exercise=ready]").get_by_label("3").check()
    page.locator("form[data-exercise=cost] input").fill("12,5")
    page.locator("form[data-exercise=cost] input").blur()
    expect(page.locator("form[data-exercise=ready] [data-said]")).to_contain_text("Noch nicht gespeichert")
    expect(page.locator("[data-connection]")).to_contain_text("Die Verbindung fehlt")
    live.server.start()
    is_saved(page, "ready")
    is_saved(page, "cost")
    expect(page.locator("[data-progress]")).to_have_text("3 von 8 beantwortet")
    assert sorted((one.exercise, one.value) for one in live.store.answers(workshop.code)) == [
        ("cost", 12.5),
        ("first", "bus"),
        ("ready", 3),
    ]


def test_a_reload_keeps_what_was_answered_and_what_was_only_typed(
    context: Callable[..., BrowserContext], workshop: Workshop
) -> None:
    page = context().new_page()
    page.goto(workshop.link)
    choose(page, "first", "Rufbus")
    page.locator("form[data-exercise=why] textarea").fill("Halb geschr")
    page.locator("form[data-exercise=cost] input").fill("1.234")
    page.locator("form[data-exercise=cost] input").blur()
    expect(page.locator("form[data-exercise=cost] [data-said]")).to_contain_text(
        "Schreiben Sie 1234 oder 1,234."
    )
    page.reload()
    is_saved(page, "first")
    expect(page.locator("form[data-exercise=first]").get_by_label("Rufbus")).to_be_checked()
    expect(page.locator("form[data-exercise=why] textarea")).to_have_value("Halb geschr")
    expect(page.locator("form[data-exercise=why] [data-said]")).to_have_text("Noch nicht abgeschickt.")
    expect(page.locator("form[data-exercise=cost] input")).to_have_value("1.234")


def test_every_kind_of_question_is_answered_changed_and_taken_back(
    context: Callable[..., BrowserContext], live: Live, workshop: Workshop
) -> None:
    page = context().new_page()
    page.goto(workshop.link)
    choose(page, "also", "Datenportal")
    choose(page, "self", "weit")
    page.locator("form[data-exercise=vote] input").nth(0).fill("4")
    expect(page.locator("form[data-exercise=vote] [data-said]")).to_contain_text("Nehmen Sie 1 zurück")
    page.locator("form[data-exercise=vote] input").nth(0).fill("2")
    expect(page.locator("form[data-exercise=vote] [data-said]")).to_have_text(
        "Gespeichert. Sie haben noch 1 Punkt."
    )
    for place, box in zip("231", page.locator("form[data-exercise=order] input").all(), strict=True):
        box.fill(place)
    is_saved(page, "order")
    kept = {one.exercise: one.value for one in live.store.answers(workshop.code)}
    assert kept == {
        "also": ["portal"],
        "self": {"data": "2"},
        "vote": {"a": 2},
        "order": ["tech", "people", "money"],
    }
    page.locator("form[data-exercise=vote]").get_by_role("button", name="Antwort zurücknehmen").click()
    expect(page.locator("form[data-exercise=vote] [data-said]")).to_have_text("Zurückgenommen.")
    assert "vote" not in {one.exercise for one in live.store.answers(workshop.code)}


def test_a_personal_code_leads_on_to_another_device_and_forgetting_begins_anew(
    context: Callable[..., BrowserContext], live: Live, workshop: Workshop
) -> None:
    laptop, phone = context().new_page(), context(**PHONE).new_page()
    laptop.goto(workshop.link)
    choose(laptop, "first", "Rufbus")
    laptop.locator("summary").click()
    code = laptop.locator("[data-secret]").inner_text()
    phone.goto(workshop.link)
    phone.locator("summary").tap()
    field = phone.get_by_label("Persönlicher Code von einem anderen Gerät")
    field.fill("2222-2222-2222")
    phone.get_by_role("button", name="Übernehmen").tap()
    expect(phone.locator("#anderer-gesagt")).to_contain_text("gibt es keine Antworten")
    field.fill(code.lower())
    phone.get_by_role("button", name="Übernehmen").tap()
    is_saved(phone, "first")
    expect(phone.locator("form[data-exercise=first]").get_by_label("Rufbus")).to_be_checked()
    choose(phone, "first", "Datenplattform")
    assert [one.value for one in live.store.answers(workshop.code)] == ["data"]
    phone.get_by_role("button", name="Auf diesem Gerät vergessen").tap()
    expect(phone.locator("form[data-exercise=first]").get_by_label("Datenplattform")).not_to_be_checked()
    assert phone.evaluate("Object.keys(localStorage)") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier_anywhere(
    context: Callable[..., BrowserContext], live: Live, scheme: str
) -> None:
    workshop = live.begin()
    live.fill(workshop, people=7)
    browser = context(color_scheme=scheme, **SMALL)
    page = browser.new_page()
    for address in ("", "?code=falsch", workshop.shown, f"{workshop.shown}/datenschutz"):
        page.goto(live.server.address + address)
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        axe_is_content(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
    page.goto(workshop.leading)
    page.wait_for_url("**/uebersicht")
    for name in ("uebersicht", "ablauf", "papier", *(f"leinwand#{number}" for number in range(10))):
        shown = view(page, "ablauf") if name == "ablauf" else browser.new_page()
        shown.goto(page.url.replace("uebersicht", name))
        if name == "uebersicht" or "#" in name:
            expect(shown.locator("[data-count]").first).to_contain_text("7")
        axe_is_content(shown)
        assert shown.evaluate("document.documentElement.scrollWidth") <= 320, name
        shown.close()


def test_the_privacy_notice_fits_on_one_sheet(
    context: Callable[..., BrowserContext], live: Live, workshop: Workshop
) -> None:
    page = context().new_page()
    page.goto(f"{live.server.address}{workshop.shown}/datenschutz")
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 1


def test_what_changed_is_seen_within_two_seconds(live: Live, workshop: Workshop, leader: Page) -> None:
    for number in range(2, 8):
        live.fill(workshop, people=2 if number == 2 else 1)
        said = f"Bis jetzt antworten {number} Personen."
        expect(leader.locator("[data-count]")).to_have_text(said, timeout=FOLLOWS_WITHIN)
