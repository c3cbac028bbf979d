"""The fit check as readers see it."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd

from transferkit.present import fit

OUTCOME = SimpleNamespace(
    said="Noch nicht entscheidbar.",
    dimensions=pd.DataFrame(
        [("menschen", "Menschen", 0.15, 0.95, 0.8)], columns=["d", "name_de", "low", "high", "unknown"]
    ),
    tasks=pd.DataFrame({"name_de": ["Zielgruppe", "Netze"]}),
    flips=pd.DataFrame(
        [("knockout", "hindernis", list("ABCDEF"))], columns=["statement", "answer_id", "names"]
    ),
)
CRITERIA = pd.DataFrame(
    {
        "criterion_id": ["p1", "p2", "p3"],
        "dimension_id": "menschen",
        "name_de": ["Größe", "Bedarf", "Akzeptanz"],
        "question_de": ["Ähnlich groß?", "Gleiches Problem?", "Wer zweifelt?"],
        "owner_de": "Fachamt",
        "knockout_default": [False, True, False],
    }
)
DIMENSIONS = pd.DataFrame({"dimension_id": ["menschen"], "name_de": ["Menschen"]})
ANSWERS = pd.DataFrame(
    {"criterion_id": ["p1"], "answer_de": ["ähnlich"], "reason_de": ["4.000 gegen 3.000 Personen."]}
)
HINTS = pd.DataFrame({"criterion_id": ["p3"], "hint_de": ["Technik: <b>CONSUL</b>."], "source_ids": ["s"]})


def test_the_statement_comes_with_spans_and_what_would_change_it_but_without_a_single_number():
    block = fit.statement(OUTCOME, "Dorf-App", "Aue")
    assert "„Dorf-App“ (Aue): Noch nicht entscheidbar." in block.text
    assert "15\u202f% bis 95\u202f%" in block.html
    assert "„A“, „B“, „C“, „D“ und 2 weitere" in block.text
    assert "Zielgruppe und Netze" in block.text
    assert "eigene Einschätzung" in block.text
    assert "keine Messung" in block.text


def test_what_data_say_is_told_with_its_reason_and_can_be_overruled():
    text = fit.answers(CRITERIA, DIMENSIONS, ANSWERS, HINTS).text
    assert (
        "Die Daten sagen: ähnlich . 4.000 gegen 3.000 Personen. Sehen Sie es anders, zählt Ihre Antwort."
        in text
    )


def test_open_questions_name_who_can_answer_and_hints_lead_to_their_source():
    block = fit.answers(CRITERIA, DIMENSIONS, ANSWERS, HINTS)
    assert block.text.index("Gleiches Problem?") < block.text.index("Alle weiteren Fragen")
    assert "Antwort bei: Fachamt." in block.text
    assert "Technik: &lt;b&gt;CONSUL&lt;/b&gt;." in block.html
    assert 'href="#q-s"' in block.html


def test_without_an_answer_from_data_there_is_no_heading_for_them():
    assert (
        "Was Daten schon sagen" not in fit.answers(CRITERIA, DIMENSIONS, ANSWERS.head(0), HINTS.head(0)).text
    )
