"""JupyterLab as `make lab` opens it, in a real browser: German, quiet, forms that keep, hints, a way back."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

ROOT = Path(__file__).parents[2]
ADDRESS = re.compile(r"(http://(?:localhost|127\.0\.0\.1):\d+)/lab\S*token=(\w+)")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE_OPTIONS = {"runOnly": {"type": "tag", "values": STANDARDS}, "resultTypes": ["violations"]}
LONG = 90_000  # milliseconds; a kernel starts in three seconds on a quiet machine


@dataclass
class Lab:
    """A running JupyterLab: its address, its token, the folder it shows."""

    base: str
    token: str
    folder: Path

    def notebook(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / name).read_text(encoding="utf-8"))
        return found


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    home = tmp_path_factory.mktemp("home")
    folder = home / "Meine Werkstatt"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(home), "JUPYTER_CONFIG_DIR": str(home)}
    for told in ("TRANSFERKIT_FACE", "JPY_SESSION_NAME"):
        environment.pop(told, None)
    command = [sys.executable, "-c", "from transferkit.cli import main; main()"]
    with (home / "log").open("w") as log:
        server = subprocess.Popen(
            [*command, "lab", str(folder), "--no-browser"],
            env=environment,
            stdout=log,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert server.stderr
        found = next((match for line in server.stderr if (match := ADDRESS.search(line))), None)
        try:
            assert found, "JupyterLab did not start"
            yield Lab(found[1], found[2], folder)
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(20)


@dataclass
class Visit:
    """A tab of JupyterLab and all hosts it asked for anything."""

    tab: Page
    asked: set[str] = field(default_factory=set)

    def open(self, lab: Lab, name: str, title: str) -> None:
        # A workspace of its own, so that no other test's notebooks are open in it.
        space = re.sub(r"\W", "", name)
        self.tab.goto(f"{lab.base}/lab/workspaces/{space}/tree/{name}?token={lab.token}&reset")
        expect(self.tab.get_by_role("heading", name=title, level=1)).to_be_visible(timeout=LONG)

    def run_all(self) -> None:
        self.tab.get_by_role("menuitem", name="Ausführen").click()
        self.tab.get_by_role("menuitem", name="Alle Zellen ausführen", exact=True).click()

    def save(self, lab: Lab, name: str) -> dict[str, Any]:
        with self.tab.expect_response(lambda answer: answer.request.method == "PUT" and name in answer.url):
            self.tab.keyboard.press("Control+s")
        return lab.notebook(name)


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visit]:
    context = chromium.new_context(locale="de-DE", viewport={"width": 1300, "height": 1000})
    visit = Visit(context.new_page())
    visit.tab.on("request", lambda request: visit.asked.add(request.url.split("/")[2]))
    yield visit
    context.close()


def test_the_first_thing_to_see_is_the_german_welcome(lab: Lab, visit: Visit) -> None:
    visit.tab.goto(f"{lab.base}/?token={lab.token}")
    expect(visit.tab.get_by_role("heading", name="Willkommen")).to_be_visible(timeout=LONG)
    for menu in ("Datei", "Bearbeiten", "Ausführen"):
        expect(visit.tab.get_by_role("menuitem", name=menu)).to_be_visible()
    expect(visit.tab.get_by_text("Would you like")).to_have_count(0)  # neither news nor updates


def test_an_answer_is_kept_and_everything_can_be_reset(lab: Lab, visit: Visit) -> None:
    visit.open(lab, "willkommen.ipynb", "Willkommen")
    visit.run_all()
    form = visit.tab.locator("form[data-exercise=anlass]")
    form.get_by_label("Ich will mich umsehen").check(timeout=LONG)
    expect(form.get_by_text("Gespeichert.")).to_be_visible()
    barriers = Axe().run(visit.tab, context="form.exercise", options=AXE_OPTIONS)
    assert barriers.violations_count == 0, barriers.generate_report()
    (kept,) = lab.folder.glob("antworten-*.json")
    assert json.loads(kept.read_text(encoding="utf-8"))["answers"] == {"anlass": "sehen"}

    visit.tab.get_by_role("button", name="Alles zurücksetzen").click()
    assert kept.exists()  # it asks first
    visit.tab.get_by_role("button", name="Nein, behalten").click()
    visit.tab.get_by_role("button", name="Alles zurücksetzen").click()
    visit.tab.get_by_role("button", name="Ja, zurücksetzen").click()
    expect(form).to_have_count(0, timeout=LONG)  # the notebook as it was delivered has no outputs
    assert not kept.exists()


def test_a_cell_run_too_early_gives_a_hint_instead_of_a_traceback(lab: Lab, visit: Visit) -> None:
    visit.open(lab, "guides/peer-learning.ipynb", "Peer-Learning")
    # Lab chooses the first cell itself, and some time after it has shown them all.
    expect(visit.tab.locator(".jp-Cell.jp-mod-active").first).to_be_visible(timeout=LONG)
    visit.tab.get_by_text("tk.cohorts.offer(offer)").click()
    expect(visit.tab.locator(".jp-CodeCell.jp-mod-active")).to_contain_text("tk.cohorts.offer(offer)")
    visit.tab.keyboard.press("Shift+Enter")
    hint = visit.tab.locator("[data-hint]")
    expect(hint).to_contain_text("„tk“ ist noch nicht bekannt", timeout=LONG)
    expect(hint.locator("pre")).not_to_be_visible()
    hint.get_by_text("Einzelheiten").click()
    expect(hint.locator("pre")).to_contain_text("NameError")


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("workshops/initial-consultation.ipynb", "Erstgespräch"),
        ("workshops/theme-workshop.ipynb", "Themenwerkstatt"),
        ("workshops/peer-learning.ipynb", "Peer-Learning in der Gruppe"),
    ],
)
def test_a_workshop_notebook_runs_without_errors_or_requests_to_others(
    lab: Lab, visit: Visit, name: str, title: str
) -> None:
    visit.open(lab, name, title)
    visit.run_all()
    # It stands in the last cell.
    expect(visit.tab.get_by_role("button", name="Alles zurücksetzen")).to_be_visible(timeout=LONG)
    outputs = [one for cell in visit.save(lab, name)["cells"] for one in cell.get("outputs", [])]
    assert len(outputs) > 5
    assert not [one for one in outputs if one["output_type"] in ("error", "stream")]
    assert "data-hint" not in json.dumps(outputs)
    assert visit.asked <= {lab.base.removeprefix("http://"), ""}  # blobs have no host


IS_IN_ITS_FORM = """(field) => field.getBoundingClientRect().right
    <= field.closest("form").getBoundingClientRect().right"""


def test_the_place_is_chosen_in_a_form_and_everything_below_follows(lab: Lab, visit: Visit) -> None:
    visit.open(lab, "willkommen.ipynb", "Willkommen")
    visit.run_all()
    field = visit.tab.get_by_label("Ihr Ort")
    field.fill("Ulm", timeout=LONG)
    assert field.evaluate(IS_IN_ITS_FORM)
    visit.tab.get_by_role("option", name="Ulm").first.click()
    expect(visit.tab.get_by_text("Ulm, Universitätsstadt").first).to_be_visible(timeout=LONG)
