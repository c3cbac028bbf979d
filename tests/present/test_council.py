"""The council paper: every number with a source, every unknown a question, alike on page and in file."""

from __future__ import annotations

import re

import nbformat
import pytest

import transferkit as tk
from transferkit.council_case import Case
from transferkit.errors import DatasetError
from transferkit.present import council
from transferkit.present.paper import Claim, Listing, claims
from transferkit.project import notebooks_folder

FUCHSTAL, RUFBUS = "09181121", "zwoenitz-erzmobil"


@pytest.fixture(scope="module")
def rufbus() -> Case:
    return tk.case(FUCHSTAL, RUFBUS)


def said(section: council.Section) -> str:
    return " ".join(f"{claim.lead} {claim.text}" for claim in claims([section]))


def test_a_paper_has_all_sections_a_council_expects_in_their_order(rufbus: Case) -> None:
    titles = [section.title for section in council.paper(rufbus, tk.edition()).sections]
    assert titles == [
        "Auf einen Blick",
        "Sachverhalt",
        "Erfahrungen anderer",
        "Passt das zu uns?",
        "Alternativen",
        "Kosten und Personal",
        "Klimawirkung",
        "Risiken",
        "Wirkungsmessung",
        "Beschlussvorschlag",
        "Offene Fragen",
    ]


def test_the_notebook_shows_the_sections_of_the_file_under_the_same_headings(rufbus: Case) -> None:
    notebook = nbformat.read(notebooks_folder() / "guides" / "council-paper.ipynb", as_version=4)
    headings = re.findall(r"^## (.+)$", "\n".join(cell.source for cell in notebook.cells), re.MULTILINE)
    sections = council.paper(rufbus, tk.edition()).sections
    assert headings == [*(section.title for section in sections), "Quellen"]
    shown = re.findall(r"tk\.council\.(\w+)\(case\)", "\n".join(cell.source for cell in notebook.cells))
    assert [getattr(council, name)(rufbus) for name in shown] == list(sections)


def test_doing_nothing_is_always_the_first_alternative(rufbus: Case) -> None:
    for case in (rufbus, tk.case(FUCHSTAL, "jena-probierladen")):
        listing = next(part for part in council.alternatives(case).parts if isinstance(part, Listing))
        assert listing.claims[0].lead == "Nichts tun:"
        assert len(listing.claims) >= 3
    assert "ist in 53 % aller Gewichtungen vorn" in said(council.alternatives(rufbus)).replace("\u202f", " ")


def test_every_claim_with_a_figure_has_a_source_or_says_whose_judgement_it_is(rufbus: Case) -> None:
    for name in ("summary", "situation", "fitness", "money"):
        for part in getattr(council, name)(rufbus).parts:
            rows = part.rows if hasattr(part, "rows") else [[claim] for claim in _claims(part)]
            for row in rows:
                if any(re.search(r"\d", claim.text) for claim in row):
                    assert any(claim.source_ids or claim.basis for claim in row), row


def _claims(part: Claim | Listing) -> list[Claim]:
    return [part] if isinstance(part, Claim) else list(part.claims)


def test_amounts_are_those_of_the_same_area_with_their_year(rufbus: Case) -> None:
    assert set(rufbus.costs["area_de"]) == {"Mobilität"}
    text = said(council.money(rufbus))
    assert "12,86 Euro je Fahrgast (2023)" in text
    assert "(Jahr unbekannt)" in text
    assert "nicht hochgerechnet" in text


def test_person_days_are_the_sum_of_the_steps_and_an_own_estimate(rufbus: Case) -> None:
    # 3+4+3+2+8+6+15+10+10+5 = 66; 6+8+6+5+20+20+60+30+40+15 = 210
    claim = next(claim for claim in claims([council.money(rufbus)]) if claim.lead == "Personal:")
    assert claim.text.startswith("66 bis 210 Personentage")
    assert claim.basis == "own"


def test_what_is_unknown_becomes_a_question_to_somebody(rufbus: Case) -> None:
    text = said(council.questions(rufbus))
    for name in ("Datenschutz", "Vergabestelle", "Kämmerei"):
        assert f"An die {'Beauftragten für ' if name == 'Datenschutz' else ''}{name}:" in text
    unanswered = set(rufbus.criteria["criterion_id"]) - set(rufbus.answers["criterion_id"])
    for question in rufbus.criteria.set_index("criterion_id").loc[list(unanswered), "question_de"]:
        assert question in text


def test_questions_and_indicators_of_another_area_stay_away(rufbus: Case) -> None:
    assert "Regio-Hub" not in said(council.questions(rufbus))
    assert not rufbus.indicators["name_de"].str.contains("Hub").any()


def test_a_solution_without_published_cost_says_so() -> None:
    case = tk.case(FUCHSTAL, "st-wendel-wendelmobil")
    assert "sind keine Kosten veröffentlicht" in said(council.money(case))


def test_a_place_that_takes_part_itself_is_told_so() -> None:
    case = tk.case("14521710", RUFBUS)
    assert case.is_own
    assert "nimmt selbst an diesem Modellprojekt teil" in said(council.situation(case))


def test_a_paper_about_a_kreis_speaks_of_a_kreis() -> None:
    paper = council.paper(tk.case("Landkreis Vorpommern-Greifswald", RUFBUS), tk.edition())
    assert paper.subtitle == "für den Landkreis Vorpommern-Greifswald"
    assert "Der Landkreis Vorpommern-Greifswald hat" in said(paper.sections[1])


def test_an_unknown_solution_is_refused() -> None:
    with pytest.raises(DatasetError, match="gibt es „zwoenitz-erzmobile“ nicht"):
        tk.case(FUCHSTAL, "zwoenitz-erzmobile")
