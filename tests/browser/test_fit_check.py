"""The fit check of a municipality guide, answered in the saved file: no network, the same words."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

import transferkit as tk
from transferkit.present.fit import told

QUESTIONS = [str(key) for key in tk.load("transfer_criteria")["criterion_id"]]
SCALE = [str(key) for key in tk.load("transfer_answers")["answer_id"]]
SETS = 1000
Answers = Mapping[str, str]


@pytest.fixture
def guide(built_site: Path, open_page: Callable[..., Page]) -> Page:
    """The guide of a city, opened by double click without network."""
    return open_page(built_site / "kommunen" / "16053000.html")


def some_answers(number: int) -> dict[str, str]:
    """From few answers to all, from well to badly fitting: every outcome and both sides of every limit."""
    chance = random.Random(number)
    share, weights = chance.choice((0.3, 0.7, 0.85, 1.0)), [chance.choice((0.01, 1, 8)) for _ in SCALE]
    answered = [question for question in QUESTIONS if chance.random() < share]
    return {question: chance.choices(SCALE, weights)[0] for question in answered}


def python_says(answers: Answers) -> dict[str, object]:
    frame = pd.DataFrame(list(answers.items()), columns=["criterion_id", "answer_id"], dtype="str")
    outcome = tk.fit_of(frame)
    return {"outcome": outcome.statement, **told(outcome)}


def test_a_thousand_answer_sets_give_the_same_statement_word_for_word(guide: Page) -> None:
    sets = [some_answers(number) for number in range(SETS)]
    ours = [python_says(answers) for answers in sets]
    theirs = guide.evaluate("sets => sets.map(told)", sets)
    assert {one["outcome"] for one in ours} == {"knockout", "unknown", "adaptation", "small-adaptation"}
    assert theirs == ours


def test_opening_the_page_changes_nothing_that_is_said(built_site: Path, chromium: Browser) -> None:
    """Without the script the page says the same, and shows nothing that does not work."""
    texts = []
    for scripted in (False, True):
        context = chromium.new_context(offline=True, java_script_enabled=scripted)
        page = context.new_page()
        page.goto((built_site / "kommunen" / "16053000.html").as_uri())
        texts.append(page.locator("[data-fit]").inner_text())
        assert page.get_by_role("button", name="Antworten speichern").is_visible() == scripted
        assert page.locator("input[type=radio]").count() == scripted * len(QUESTIONS) * len(SCALE)
        context.close()
    assert texts[0] == texts[1]


def answer(page: Page, question: str, answer: str) -> None:
    page.locator(f"[data-q={question}] input[value={answer}]").check()


def chosen(page: Page) -> dict[str, str]:
    found: dict[str, str] = page.evaluate("Object.fromEntries(new FormData(form))")
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier_once_answers_are_given(
    scheme: str, built_site: Path, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_page(built_site / "kommunen" / "16053000.html", color_scheme=scheme)
    answer(page, "e4", "hindernis")
    save(page, tmp_path / "answers.json")
    results = Axe().run(page, context="#fit, form", options={"resultTypes": ["violations"]})
    assert results.violations_count == 0, results.generate_report()


def test_an_obstacle_stops_the_transfer_and_the_statement_is_announced(guide: Page) -> None:
    answer(guide, "e4", "hindernis")
    expect(guide.locator("[data-fit] strong")).to_have_text(
        "So nicht übernehmen. Zuerst klären: Haushalt und Förderende."
    )
    status = guide.get_by_role("status").filter(has_text="So nicht übernehmen")
    expect(status).to_have_text("So nicht übernehmen. 3 von 24 Fragen beantwortet.")


def test_saved_answers_come_back_when_the_file_is_opened_again(
    guide: Page, built_site: Path, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    answer(guide, "p2", "gleich")
    answer(guide, "e1", "anpassbar")
    said = guide.locator("[data-fit]").inner_text()
    saved = save(guide, tmp_path / "answers.json")
    content = json.loads(saved.read_text(encoding="utf-8"))
    assert (content["format"], content["version"], content["session"]) == ("transferkit-antworten", 1, "")
    assert len(content["secret"]) == 32
    [(exercise, values)] = content["answers"].items()
    assert exercise.startswith("fit-")
    assert values == chosen(guide)
    again = open_page(built_site / "kommunen" / "16053000.html")
    assert again.locator("[data-fit]").inner_text() != said
    reopen(again, saved)
    expect(again.get_by_text("Die gespeicherten Antworten sind wieder da.")).to_be_visible()
    assert again.locator("[data-fit]").inner_text() == said
    assert chosen(again) == values
    answer(again, "e3", "gleich")
    later = json.loads(save(again, tmp_path / "later.json").read_text(encoding="utf-8"))
    assert later["secret"] == content["secret"], "The same person: their newer answers replace the older ones"


def save(page: Page, path: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name="Antworten speichern").click()
    assert download.value.suggested_filename == "Passt-das-zu-uns-Jena.json"
    download.value.save_as(path)
    return path


def reopen(page: Page, path: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Gespeicherte Antworten öffnen").click()
    chooser.value.set_files(path)


GOOD = {"format": "transferkit-antworten", "version": 1, "session": "", "secret": "x" * 32}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{broken", "Diese Datei enthält keine lesbaren Antworten."),
        ("null", "Diese Datei enthält keine lesbaren Antworten."),
        (json.dumps({"format": "other", "version": 1}), "Diese Datei enthält keine lesbaren Antworten."),
        (json.dumps(GOOD | {"version": 2}), "Diese Datei enthält keine lesbaren Antworten."),
        ({"p2": "vielleicht"}, "Diese Datei enthält keine lesbaren Antworten."),
        ({"length": "gleich"}, "Diese Datei enthält keine lesbaren Antworten."),
        ({"p2": "constructor"}, "Diese Datei enthält keine lesbaren Antworten."),
        (7, "Diese Datei enthält keine lesbaren Antworten."),
        (json.dumps(GOOD | {"answers": {"fit-x": {}}}), "Diese Datei gehört zu einer anderen Lösung."),
    ],
)
def test_a_file_that_does_not_fit_is_told_in_one_sentence_and_changes_nothing(
    content: object, said: str, guide: Page, tmp_path: Path
) -> None:
    answer(guide, "p2", "gleich")
    before = chosen(guide)
    path = tmp_path / "x.json"
    exercise = guide.evaluate("rules.exercise")
    text = content if isinstance(content, str) else json.dumps(GOOD | {"answers": {exercise: content}})
    path.write_text(text, encoding="utf-8")
    reopen(guide, path)
    expect(guide.get_by_text(said)).to_be_visible()
    assert chosen(guide) == before


def test_the_keyboard_alone_answers_unfolds_and_saves(guide: Page) -> None:
    guide.locator("[data-q=p2] input").first.focus()
    guide.keyboard.press("Space")
    guide.keyboard.press("ArrowDown")
    assert chosen(guide)["p2"] == "aehnlich"
    while guide.evaluate("document.activeElement.tagName") != "SUMMARY":
        guide.keyboard.press("Tab")
        assert guide.evaluate(IN_SIGHT), "The bar that follows hides what has the focus"
    guide.keyboard.press("Enter")
    while guide.evaluate("document.activeElement.name") != "save":
        guide.keyboard.press("Tab")
        assert guide.evaluate(IN_SIGHT), "The bar that follows hides what has the focus"
    with guide.expect_download():
        guide.keyboard.press("Enter")


IN_SIGHT = """() => {
  const here = document.activeElement, box = here.getBoundingClientRect()
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)
  return here === top || here.contains(top)
}"""


def test_going_back_to_what_data_say_asks_first_whether_answers_may_be_lost(guide: Page) -> None:
    data = chosen(guide)
    answer(guide, "p2", "gleich")
    reset = guide.get_by_role("button", name="Zurücksetzen")
    guide.once("dialog", lambda dialog: dialog.dismiss())
    reset.click()
    assert chosen(guide) == data | {"p2": "gleich"}
    guide.once("dialog", lambda dialog: dialog.accept())
    reset.click()
    assert chosen(guide) == data
    expect(guide.get_by_role("status").filter(has_text="2 von 24")).to_be_visible()


def test_answers_stand_on_paper_and_buttons_do_not(guide: Page) -> None:
    answer(guide, "p2", "gleich")
    guide.emulate_media(media="print")
    assert guide.locator("[data-q=p2] input:checked").is_visible()
    assert guide.locator("[data-q=p3] input").first.is_visible(), "Folded on the screen, printed all the same"
    assert not guide.get_by_role("button", name="Drucken").is_visible()
    assert not guide.get_by_text("Fragen beantwortet").is_visible()


def test_the_page_stores_nothing_on_the_device(guide: Page) -> None:
    answer(guide, "p2", "gleich")
    assert guide.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
