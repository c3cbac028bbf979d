"""The notebooks of workshops: they run as they are, show participants no script, and ask sound questions."""

from __future__ import annotations

import os
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from transferkit import catalogue
from transferkit.knowledge.datasets import load
from transferkit.project import toc
from transferkit.publish import session_pages

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
WORKSHOPS = [*sorted(NOTEBOOKS.glob("workshops/*.ipynb")), NOTEBOOKS / "willkommen.ipynb"]
FORMATS = {"initial-consultation", "theme-workshop", "peer-learning"}
EXERCISE = "application/vnd.transferkit.exercise+json"


def pages(name: str, **given: str) -> session_pages.SessionPages:
    row = toc().workshop(name)
    domains, resolvers = catalogue.domains(), catalogue.resolvers()
    return session_pages.make(toc(), row, NOTEBOOKS / row.notebook, given, domains, resolvers)


def test_every_format_of_the_kit_has_a_row_in_the_table_of_contents() -> None:
    assert {row.name for row in toc().workshops} == FORMATS


@pytest.mark.parametrize("path", WORKSHOPS, ids=lambda path: path.stem)
def test_a_workshop_notebook_runs_top_to_bottom_on_a_stock_kernel(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TRANSFERKIT_FACE", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(NOTEBOOKS.parent))
    monkeypatch.delenv("JUPYTER_DEFAULT_PROVISIONER_NAME", raising=False)
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, kernel_name="python3", timeout=180).execute(cwd=str(tmp_path))
    shown = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    assert shown
    assert not [output for output in shown if output["output_type"] in ("error", "stream")]
    asked = [output for output in shown if EXERCISE in output.get("data", {})]
    # In JupyterLab each question is a form to fill in.
    assert all("application/vnd.jupyter.widget-view+json" in output["data"] for output in asked)
    assert bool(asked) == (path.stem != "workshop-results")
    assert os.listdir(tmp_path) == []  # a file of answers begins with the first answer


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_what_facilitators_say_never_shows_to_participants(name: str) -> None:
    made = pages(name)
    notebook = nbformat.read(NOTEBOOKS / toc().workshop(name).notebook, as_version=4)
    scripts = [
        cell["source"] for cell in notebook["cells"] if "facilitator" in cell["metadata"].get("tags", [])
    ]
    spoken = [source for source in scripts if source.startswith("**Moderation")]
    assert len(spoken) >= 5
    for source in spoken:
        sentence = re.sub(r"\*\*", "", source).split("“")[0].split("„")[-1][:40]
        assert sentence not in made.page
    for word in ("Moderation", "Wenn etwas ausfällt", "☐"):
        assert word not in made.page.replace("Moderation sie freigibt", "")
        assert word in made.facilitator_page


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_script_says_what_to_say_how_long_and_what_to_do_if_something_fails(name: str) -> None:
    notebook = nbformat.read(NOTEBOOKS / toc().workshop(name).notebook, as_version=4)
    scripts = "\n".join(
        cell["source"] for cell in notebook["cells"] if "facilitator" in cell["metadata"].get("tags", [])
    )
    assert re.search(r"etwa \d+ Minuten", scripts)
    assert "**Sagen Sie" in scripts
    assert "Fragen Sie" in scripts or "Sagen Sie" in scripts
    for call in ("tk.agenda.materials(plan)", "tk.agenda.fallbacks(plan)"):
        assert call in scripts
    assert "**Ohne Netz:**" in scripts or "**Ohne Beamer:**" in scripts


@pytest.mark.parametrize("theme", list(load("themes")["theme_id"]))
def test_the_theme_workshop_works_for_every_theme(theme: str) -> None:
    made = pages("theme-workshop", theme=theme)
    asked = {exercise["id"]: exercise for exercise in made.exercises}
    assert set(asked) >= {"stand", "loesungen", "passt", "gelungen", "gehakt"}
    solutions = set(load("solutions")["solution_id"])
    assert {option["id"] for option in asked["loesungen"]["options"]} <= solutions
    assert 'id="quellen"' in made.page


@pytest.mark.parametrize(
    ("meeting", "asked"),
    [
        ("kick-off", {"lernziele", "erwartet", "wochen"}),
        ("exchange", {"fortschritt", "hindernis", "austausch", "wochen"}),
        ("reflection", {"erwartet", "eingetreten", "gelungen", "gehakt", "wochen"}),
    ],
)
def test_each_meeting_of_a_learning_group_asks_its_own_questions(meeting: str, asked: set[str]) -> None:
    made = pages("peer-learning", meeting=meeting)
    assert {exercise["id"] for exercise in made.exercises} == asked


def test_places_that_take_part_see_what_lies_near_them() -> None:
    asked = pages("theme-workshop", theme="smart-regions", places="09181121+12069020").exercises
    everywhere = pages("theme-workshop", theme="smart-regions").exercises
    votes = [next(one for one in all_ if one["id"] == "loesungen") for all_ in (asked, everywhere)]
    assert votes[0]["options"] != votes[1]["options"]


@pytest.mark.parametrize("place", ["09181121", "05315000", "16053000", "01059065"])
def test_a_first_talk_works_for_towns_large_and_small(place: str) -> None:
    made = pages("initial-consultation", place=place)
    assert len([one for one in made.exercises if one["id"] == "loesungen"]) == 1
    assert len(made.exercises) == 7
    # The paper for the council is within the page: a session has no folder of files.
    assert made.page.count("download=") == made.page.count('href="data:application/vnd') == 1
