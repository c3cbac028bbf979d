"""Learning groups from the filled form to the words a person reads."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

import transferkit as tk
from transferkit.cli import main
from transferkit.knowledge.workbook import forms, writing
from transferkit.methods.cohorts import Cohorts

COLUMNS = ["application_id", "place_key", "interests", "needs", "offers", "stage", "consent", "capacity"]


@pytest.fixture
def applications() -> pd.DataFrame:
    """Four learners and one that does not consent; Zwönitz (a Rufbus in operation) guides."""
    keys = ["09181121", "01001000", "01002000", "16053000", "05315000"]
    rows = [
        (f"B{n}", key, "smart-regions", "Mobilität", "", "phase-1", "yes" if n < 5 else "no", "0")
        for n, key in enumerate(keys, start=1)
    ]
    rows.append(("Z", "14521710", "", "", "Mobilität", "phase-5", "yes", "5"))
    return pd.DataFrame(rows, columns=COLUMNS)


def test_the_place_with_the_experience_guides_and_the_rest_is_told_in_german(
    applications: pd.DataFrame,
) -> None:
    formed: Cohorts = tk.learning_groups(applications)
    assert formed.groups["mentor"].tolist() == ["Z"]
    names = tk.applicants(applications)
    themes = dict(tk.load("themes")[["theme_id", "name_de"]].astype("str").to_numpy())
    words = tk.cohorts.in_words(formed, names, themes)
    assert "begleitet von Zwönitz" in words
    assert "1 Bewerbung ohne Einwilligung: nicht vermittelt." in words
    assert names["B5"] not in words
    table = tk.cohorts.groups(formed, names, themes)
    assert table is not None
    assert "Bedarf gedeckt" in table.text
    assert names["B5"] not in table.text


def test_an_idea_is_no_experience_to_guide_others_with() -> None:
    from transferkit.learning import experiences

    solutions = tk.load("solutions").set_index("solution_id")
    assert solutions.at["bad-belzig-mobilitaetscampus", "status"] == "planned"
    members = tk.load("project_places").query("project_id == 'zwoenitz'")["place_key"]
    known = experiences()
    assert set(known.loc[known["place_key"].isin(members), "area_de"]) >= {"Mobilität"}
    assert not known.duplicated().any()


def test_the_three_meetings_have_an_agenda_whose_minutes_add_up() -> None:
    packs = tk.load("peer_packs")
    for pack, minutes in (("kick-off", 90), ("exchange", 90), ("reflection", 90)):
        block = tk.cohorts.meeting(packs, pack, "Treffen")
        assert block is not None
        assert f"Zusammen {minutes} Minuten" in block.text


def test_a_reflection_names_what_differed_first() -> None:
    expected = pd.DataFrame({"criterion_id": ["p1", "e2"], "answer_id": ["gleich", "gleich"]})
    happened = pd.DataFrame({"criterion_id": ["p1", "e2"], "answer_id": ["gleich", "hindernis"]})
    compared = tk.reflect(expected, happened)
    block = tk.cohorts.reflection(compared)
    assert block is not None
    assert "1 wie erwartet" in block.text
    assert block.text.index("Politischer Rückhalt") < block.text.index("Zielgruppe und Größe")
    sheet, lessons = tk.drafted("zwoenitz-erzmobil", "09181121", compared)
    assert sheet["title"].tolist() == ["ERZmobil: elektrischer Rufbus in Fuchstal"]
    assert lessons["kind"].tolist() == ["pitfall"]


HEADS = (
    "Kennung",
    "Kommune (AGS)",
    "Interesse 1",
    "Bedarf 1",
    "Angebot 1",
    "Wie weit?",
    "Einwilligung",
    "Wie viele begleiten?",
)


@pytest.fixture
def filled(applications: pd.DataFrame, tmp_path: Path) -> Path:
    """The applications, typed into the Excel form."""
    file = tmp_path / "Bewerbungen.xlsx"
    writing.write(forms.FORMS["applications"](), file)
    book = openpyxl.load_workbook(file)
    sheet = book["Bewerbungen"]
    heads = {str(cell.value).removesuffix(" *"): cell.column for cell in sheet[4]}
    for row, one in enumerate(applications.to_dict("records"), start=5):
        stage = {"phase-1": "Ideenfindung", "phase-5": "Transfer"}[one["stage"]]
        theme = _theme(one["interests"] or "city-apps")
        consent = {"yes": "ja", "no": "nein"}[one["consent"]]
        values = (
            one["application_id"],
            one["place_key"],
            theme,
            one["needs"] or None,
            one["offers"] or None,
            stage,
            consent,
        )
        for head, value in zip(HEADS, (*values, int(one["capacity"])), strict=True):
            sheet.cell(row, heads[head], value)
    book.save(file)
    return file


def test_the_command_proposes_groups_from_the_filled_form_and_writes_them(
    filled: Path, tmp_path: Path
) -> None:
    out = tmp_path / "gruppen.csv"
    result = CliRunner().invoke(main, ["cohorts", str(filled), "--contrast", "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "begleitet von Zwönitz:" in result.output
    assert "Die Entscheidung treffen Menschen." in result.output
    members = pd.read_csv(out, dtype="str")
    assert set(members["application_id"]) == {"B1", "B2", "B3", "B4"}


def test_an_override_holds_and_its_reason_is_said(filled: Path, tmp_path: Path) -> None:
    said = tmp_path / "vorgaben.csv"
    said.write_text(
        "kind,application_id,mentor,reason_de\nfix,B1,Z,Partnerschaft seit 2019\n", encoding="utf-8"
    )
    result = CliRunner().invoke(main, ["cohorts", str(filled), "--overrides", str(said)])
    assert "Vorgabe: Partnerschaft seit 2019" in result.output
    said.write_text("kind,application_id,mentor\nfix,B1,Z\n", encoding="utf-8")
    refused = CliRunner().invoke(main, ["cohorts", str(filled), "--overrides", str(said)])
    assert refused.exit_code != 0
    assert "Es fehlt die Spalte „reason_de“" in refused.output


def test_an_empty_form_names_what_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "Passt.xlsx"
    writing.write(forms.FORMS["fit"](), file)
    result = CliRunner().invoke(main, ["cohorts", str(file)])
    assert result.exit_code == 1
    assert "Nichts wurde übernommen" in result.output


def _theme(key: str) -> str:
    return str(tk.load("themes").set_index("theme_id")["name_de"][key])
