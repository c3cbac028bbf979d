"""The fit check as readers see it."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pandas as pd
from bs4 import BeautifulSoup

from transferkit.methods import fit as judged
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
    {
        "criterion_id": ["p1"],
        "answer_id": ["aehnlich"],
        "answer_de": ["ähnlich"],
        "reason_de": ["4.000 gegen 3.000 Personen."],
    }
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


SHEET = SimpleNamespace(
    plain=lambda: {
        "criteria": [["p1", "Größe", 0, 20, 0]],
        "dimensions": ["Menschen"],
        "scale": {"gleich": ["gleich </script>", 1, 0]},
        "limits": {"unknown_limit": 0.3, "low_limit": 0.7, "min_group": 5},
        "sentences": dict.fromkeys([*fit.OUTCOMES, "always"], "So."),
    }
)


def test_the_page_carries_the_rules_that_judge_one_persons_answers_and_no_others():
    html = BeautifulSoup(fit.by_hand(SHEET, "dorf-app", "Halle (Saale)").html, "html.parser")
    rules = json.loads(html.select_one("script[type='application/json']").text)
    assert rules["exercise"] == "fit-dorf-app"
    assert rules["file"] == "Passt-das-zu-uns-Halle-Saale.json"
    assert rules["criteria"] == [["p1", 0, 20, 0]]
    assert rules["scale"] == {"gleich": ["gleich </script>", 1, 0]}
    assert rules["limits"].keys() == {"unknown_limit", "low_limit"}
    assert rules["sentences"].keys() == fit.OUTCOMES.keys()


def test_what_readers_may_do_is_hidden_until_a_script_takes_it():
    html = BeautifulSoup(fit.by_hand(SHEET, "dorf-app", "Aue").html, "html.parser")
    assert [tag.name for tag in html.find_all(recursive=False)] == ["div", "script"]
    assert html.div.has_attr("hidden")


def test_the_words_know_every_outcome_from_the_worst_to_the_best():
    assert tuple(fit.OUTCOMES) == judged.STATEMENTS
    assert list(fit.ANSWERS) == [judged.OBSTACLE, judged.BEST]
    assert fit.OBSTACLE == judged.OBSTACLE
