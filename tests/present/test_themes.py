"""A theme's page: charts that count, lists that say who says so, choices without a winner."""

import pandas as pd
import pytest

from transferkit.present import decisions, themes


@pytest.fixture
def solutions() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "solution_id": ["a-1", "a-2", "b-1"],
            "project_id": ["a", "a", "b"],
            "project": ["Ort A", "Ort A", "Ort B"],
            "title": ["Eins", "Zwei", "Drei"],
            "status": ["running", "planned", "planned"],
            "theme_fit": ["exact", "nearest", "exact"],
            "evidence": ["direct", "direct", "contested"],
        }
    )


def lesson_rows(count: int, **changed: object) -> pd.DataFrame:
    row = {
        "kind": "pitfall",
        "phase": "planning",
        "project": pd.NA,
        "scope": "mpsc",
        "basis": "sourced",
        "secondary_source": False,
        "note_de": pd.NA,
        "source_ids": "a",
    }
    return pd.DataFrame([row | {"statement_de": f"Erfahrung {n}."} | changed for n in range(count)])


def test_the_status_chart_says_how_many_of_all_solutions_run_and_for_which_date(solutions):
    chart = themes.status(solutions)
    assert chart.finding == "1 von 3 Lösungen war laut Quelle in Betrieb"
    assert "nicht für heute" in chart.subtitle
    assert "1 von 3 passen zu keinem Thema genau" in chart.subtitle
    assert "geplant 2" in chart.description


def test_a_theme_without_solutions_has_no_chart(solutions):
    assert themes.status(solutions.head(0)) is None
    assert themes.places(pd.DataFrame(), pd.DataFrame(), solutions.head(0)) is None


def test_a_place_known_only_from_general_knowledge_is_not_drawn(solutions):
    members = pd.DataFrame(
        {
            "project_id": ["a", "b", "c"],
            "place_key": ["1", "2", "3"],
            "basis": ["source", "general-knowledge", "source"],
        }
    )
    seats = pd.DataFrame({"place_key": ["1", "2", "3"], "lon": [9.0, 10.0, 11.0], "lat": [50.0, 51.0, 52.0]})
    chart = themes.places(members, seats, solutions)
    assert chart.finding == "2 von 3 Modellprojekten haben Lösungen zu diesem Thema"
    assert "1 von 2 Orten" in chart.description


def test_a_contested_solution_is_only_pointed_to(solutions):
    block = themes.contested(solutions)
    assert "site:loesungen/b-1.html" in block.html
    assert "Gegenhinweis" in block.text
    assert themes.contested(solutions[solutions["evidence"] == "direct"]) is None


def test_a_short_list_of_lessons_is_shown_whole():
    rows = lesson_rows(12)
    assert len(themes.first_lessons(rows)) == 12
    assert "<details" not in themes.lessons(rows, known=12).html


def test_a_long_list_keeps_the_best_founded_lessons_of_each_phase_and_says_so():
    rows = pd.concat([lesson_rows(40, basis="own"), lesson_rows(2)], ignore_index=True)
    shown = themes.first_lessons(rows)
    assert shown["basis"].tolist() == ["sourced", "sourced", "own"]
    assert "Gezeigt sind 3 von 42 Erfahrungen" in themes.lessons(shown, known=42).text


def test_folded_lessons_are_printed():
    assert "<details data-print" in themes.lessons(lesson_rows(40), known=40).html


@pytest.fixture
def decision() -> dict[str, pd.DataFrame]:
    option = {
        "option_id": "o",
        "decision_id": "d",
        "order": 1,
        "name_de": "Eigenbetrieb",
        "text_de": "Die Gemeinde betreibt das Haus selbst.",
        "fits_when_de": "eigenes Haus",
        "risk_de": "bindet Personal",
        "required_data_de": pd.NA,
        "person_months_min": 6,
        "person_months_max": 18,
        "weeks_min": pd.NA,
        "weeks_max": pd.NA,
        "basis": "sourced",
        "note_de": pd.NA,
        "source_ids": "s-option",
    }
    criterion = {
        "criterion_id": "k",
        "decision_id": "d",
        "order": 1,
        "name_de": "Anlaufkosten",
        "weight_default": 0.14,
        "anchor_1_de": "hoch",
        "anchor_5_de": "gering",
    }
    score = {"decision_id": "d", "option_id": "o", "criterion_id": "k", "score": 4}
    return {
        "decisions": pd.DataFrame([{"decision_id": "d", "order": 1, "name_de": "Betreibermodell"}]),
        "options": pd.DataFrame([option]),
        "criteria": pd.DataFrame([criterion]),
        "scores": pd.DataFrame([score | {"basis": "mixed", "source_ids": "s-score"}]),
    }


def test_a_matrix_shows_scores_weights_and_effort_as_own_work(decision):
    block = decisions.matrix(**decision)
    assert "Anlaufkosten (14 %)" in block.text
    assert "6 bis 18 Personenmonate" in block.text
    assert "Punkte: eigene Einschätzung" in block.text
    assert '<th scope="row">Eigenbetrieb</th>' in block.html
    assert '<span class="visually-hidden"> Anlaufkosten</span>' in block.html


def test_a_score_whose_fact_is_sourced_says_so_and_names_the_source(decision):
    block = decisions.matrix(**decision)
    assert "4*" in block.text
    assert 'href="#q-s-score"' in block.html


def test_a_theme_without_decisions_shows_no_matrix(decision):
    assert decisions.matrix(**decision | {"decisions": decision["decisions"].head(0)}) is None


def test_a_system_that_is_not_assessed_is_not_said_to_lack_a_standard():
    standard = {
        "standard_id": "x",
        "name": "X",
        "full_name": "X",
        "owner": "Verein",
        "version": pd.NA,
        "version_basis": "own",
        "text_de": "Beschreibt etwas.",
        "require_when_de": pd.NA,
        "status_de": "optional",
        "basis": "own",
        "source_ids": pd.NA,
    }
    support = pd.DataFrame(columns=["system_id", "standard_id", "support_de", "basis", "source_ids"])
    systems = pd.DataFrame({"system_id": ["s"], "name": ["System S"]})
    block = decisions.standards(pd.DataFrame([standard]), support, systems)
    assert "System S" not in block.text
    assert "nicht beurteilt" in block.text


@pytest.mark.parametrize(
    ("low", "value", "high", "year", "said"),
    [
        (pd.NA, 150000, pd.NA, "2023", "150.000 Euro (2023)"),
        (pd.NA, pd.NA, 50000, "2023", "bis 50.000 Euro (2023)"),
        (65000, pd.NA, 265000, "unbekannt", "65.000 bis 265.000 Euro (Jahr unbekannt)"),
        (1200.5, pd.NA, pd.NA, pd.NA, "ab 1.200,50 Euro (Jahr unbekannt)"),
    ],
)
def test_an_amount_keeps_its_span_and_its_year(low, value, high, year, said):
    row = {
        "name_de": "Einrichtung",
        "value_min": low,
        "value": value,
        "value_max": high,
        "unit_de": "Euro",
        "price_year": year,
        "note_de": "Angabe des Anbieters",
        "scope": "context",
        "basis": "sourced",
        "source_ids": "s",
    }
    block = decisions.costs(pd.DataFrame([row], dtype=object))
    assert said in block.text
    assert "nicht aus dem Bundesprogramm" in block.text
    assert '<a href="#q-s">' in block.html


def test_only_knock_out_questions_stop_a_transfer():
    criteria = pd.DataFrame(
        {
            "name_de": ["Bedarf", "Größe"],
            "question_de": ["Gibt es Bedarf?", "Sind wir so groß?"],
            "why_de": ["Ohne Bedarf keine Nutzung.", "Größe zählt."],
            "knockout_default": [True, False],
        }
    )
    assert "Gibt es Bedarf?" in decisions.rather_not(criteria).text
    assert "Sind wir so groß?" not in decisions.rather_not(criteria).text


def test_the_timeline_sums_the_spans_and_calls_them_own_estimates():
    step = {
        "name_de": "Bedarf klären",
        "text_de": "Problem auf einer Seite festhalten.",
        "weeks_min": 2,
        "weeks_max": 4,
        "person_days_min": 3,
        "person_days_max": 6,
        "gate_de": "Auftrag der Leitung",
        "people_de": "Projektleitung",
        "basis": "mixed",
        "source_ids": "s",
    }
    block = themes.timeline(pd.DataFrame([step | {"order": 1}, step | {"order": 2, "weeks_max": 8}]))
    assert "4 bis 12 Wochen" in block.text
    assert "Dauer und Aufwand: eigene Einschätzung" in block.text
    assert 'style="width:25.0%"' in block.html


def test_an_own_indicator_is_tagged_and_markup_survives_the_table():
    row = {
        "name_de": "Besuche",
        "definition_de": "Zahl je Woche",
        "unit_de": "Anzahl",
        "direction": "up",
        "measured_by_de": "Zählung",
        "frequency_de": "monatlich",
        "basis": "own",
        "source_ids": pd.NA,
    }
    block = themes.indicators(pd.DataFrame([row]))
    assert '<span class="own">eigene Einschätzung</span>' in block.html
    assert "soll steigen" in block.text
