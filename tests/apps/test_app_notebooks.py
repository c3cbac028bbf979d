"""Every app is a whole page too: with the state told in words, its files, and the results of the guides."""

from __future__ import annotations

import ast
import io
import re
from pathlib import Path

import nbformat
import openpyxl
import pytest

import transferkit as tk
from tests.apps.conftest import Made, Make
from transferkit import project
from transferkit.publish.parameters import read

# A state of each app that is not its default, what its page then says, and the files it attaches.
STATES = {
    "peer-finder": ({"place": "Köln", "weights": "population=0", "count": 5}, "Bevölkerung 0", {".xlsx"}),
    "fit-check": ({"place": "05315000", "answers": "p2=gleich;e4=hindernis"}, "2 eigene", {".xlsx", ".docx"}),
    "decision-aid": (
        {"theme": "city-apps", "decision": "city-app", "least": "", "weights": ""},
        "Weg zur City-App",
        {".xlsx"},
    ),
    "interoperability": ({"giver": "geoserver", "taker": "ckan"}, "GeoServer", {".xlsx"}),
    "self-assessment": (
        {"answers": "strategy-1=2;strategy-2=0;strategy-3=1", "earlier": "strategy-1=1"},
        "3 eigene Antworten von 32",
        {".xlsx", ".docx"},
    ),
    "impact-plan": (
        {
            "solution": "zwoenitz-erzmobil",
            "indicators": "smart-regions-05;smart-regions-06;smart-regions-07",
            "numbers": "smart-regions-05.baseline=12,5;smart-regions-05.target=40",
            "last": 2031,
        },
        "2031",
        {".xlsx", ".docx"},
    ),
}
NAMES = [app.name for app in project.toc().apps]


def test_all_apps_are_tested_here() -> None:
    assert set(STATES) == set(NAMES)


@pytest.fixture(params=NAMES)
def app(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def with_state(make: Make, app: str) -> Made:
    return make(f"apps/{app}", **STATES[app][0])


def test_a_page_tells_its_state_and_has_its_files(app: str, make: Make) -> None:
    made = with_state(make, app)
    assert STATES[app][1] in made.text
    assert made.files.keys() == STATES[app][2]
    assert "<form" not in made.html
    assert "<script" not in made.html


def test_another_state_is_another_page(app: str, make: Make) -> None:
    assert make(f"apps/{app}").text != with_state(make, app).text


def test_every_page_names_its_sources_and_what_is_our_own_judgement(app: str, make: Make) -> None:
    made = with_state(make, app)
    assert made.page.select(".sources li")
    assert "eigene Einschätzung" in made.text


def test_an_excel_file_holds_numbers_text_and_sources(app: str, make: Make) -> None:
    book = openpyxl.load_workbook(io.BytesIO(with_state(make, app).files[".xlsx"]))
    assert book.sheetnames[0] == "Hinweise"
    assert book.sheetnames[-1] == "Quellen"
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}  # nothing is a formula
    assert all(sheet.max_row > 1 for sheet in book.worksheets[1:2])


def test_the_parameters_are_those_of_the_forms(app: str) -> None:
    """What a form changes is what the notebook reads, and the other way round."""
    notebook = nbformat.read(project.notebooks_folder() / "apps" / f"{app}.ipynb", as_version=4)
    declared = {parameter.name for parameter in read(notebook, app)}
    calls = [
        node
        for cell in notebook.cells
        if cell.cell_type == "code"
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("tk.forms.")
    ]
    named = {call.args[0].value for call in calls if call.args and isinstance(call.args[0], ast.Constant)}
    controls = {name for name in named if re.fullmatch(r"\w+", str(name))}
    assert controls == declared


def test_no_cell_of_an_app_writes_a_name_twice(app: str) -> None:
    """So that a change runs only the cells it concerns."""
    from transferkit.present import cell_code

    notebook = nbformat.read(project.notebooks_folder() / "apps" / f"{app}.ipynb", as_version=4)
    shown = [
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "code" and "page-only" not in cell.metadata.get("tags", [])
    ]
    following = shown[2:]  # parameters and imports
    assert not all(cell_code.concerned(following, frozenset({"no such name"})))


def cards(made: Made, heading: str) -> str:
    """The list under a heading."""
    found = made.page.find(["h2", "h3"], string=heading)
    assert found, heading
    return found.find_next("ul", class_="cards").get_text(" ", strip=True)


def test_the_peer_finder_names_the_peers_of_the_municipality_guide(make: Make) -> None:
    guide = make("guides/municipality-guide", place="05315000")
    app = make("apps/peer-finder", place="05315000")
    peers = cards(app, "Warum gerade diese Orte?")
    assert cards(guide, "Wer ist wie wir?") == peers
    assert cards(guide, "Welche Modellprojekte stehen uns nahe?") == cards(
        app, "Welche Modellprojekte Ihnen nahestehen"
    )


def test_the_decision_aid_says_what_the_theme_guide_says(make: Make) -> None:
    guide = make("guides/theme-guide", theme="city-apps")
    app = make("apps/decision-aid", theme="city-apps", decision="city-app")
    said = app.page.select_one(".finding").get_text(" ", strip=True)
    assert said in [one.get_text(" ", strip=True) for one in guide.page.select(".finding")]


def test_the_fit_check_says_what_the_municipality_guide_says(make: Make) -> None:
    town = tk.place("09181121")
    projects = tk.model_peers(town)
    checked = tk.fit_check(town, projects, tk.worth_a_call(projects))
    assert checked
    app = make("apps/fit-check", place="09181121", solution=checked.solution["solution_id"])
    said = app.page.select_one(".finding").get_text(" ", strip=True)
    guide = make("guides/municipality-guide", place="09181121")
    assert said in [one.get_text(" ", strip=True) for one in guide.page.select(".finding")]


def test_the_impact_plan_proposes_the_indicators_of_the_council_paper(make: Make) -> None:
    case = tk.case("09181121", "zwoenitz-erzmobil")
    made = make("apps/impact-plan", place="09181121", solution="zwoenitz-erzmobil")
    for name in case.indicators["name_de"]:
        assert name in made.text


def test_own_answers_go_into_the_council_paper_as_ones_own(make: Make, tmp_path: Path) -> None:
    import docx

    made = make("apps/fit-check", answers="p2=gleich;e4=hindernis")
    paper = docx.Document(io.BytesIO(made.files[".docx"]))
    text = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    assert "So nicht übernehmen" in text
    assert "Die Kommune selbst hat 2 Fragen beantwortet." in text
