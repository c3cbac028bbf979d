"""What readers see of the self-assessment: a profile with words, no grade, gaps said to be gaps."""

from pathlib import Path

import pandas as pd

from transferkit.methods import maturity as method
from transferkit.present import maturity

DATASETS = Path(__file__).parents[2] / "datasets"
QUESTIONS = pd.read_csv(DATASETS / "maturity_questions.csv")
RULES = pd.read_csv(DATASETS / "maturity_rules.csv")
ANSWERS = pd.DataFrame(
    {"question_id": ["strategy-1", "strategy-2", "data-1", "data-2"], "level": [1, 0, 3, 4]}
)


def test_the_profile_names_what_to_do_and_what_is_open():
    chart = maturity.chart(method.profile(QUESTIONS, ANSWERS, RULES))
    assert chart.finding == "Am meisten zu tun ist bei: Strategie; 6 Bereiche noch ohne Antwort"
    assert "Strategie: 0,5, 2 von 4" in chart.description
    assert chart.table.text.count("nicht beantwortet") == 6
    assert "legend" not in str(chart.drawings).lower()


def test_nothing_answered_is_said_and_drawn():
    chart = maturity.chart(method.profile(QUESTIONS, ANSWERS.head(0), RULES))
    assert chart.finding == "Noch ist keine Frage beantwortet"


def test_steps_stand_under_their_dimension_with_both_anchors():
    text = maturity.steps(method.next_steps(QUESTIONS, ANSWERS, RULES)).text
    assert "eigene Einschätzung" in text
    assert text.index("Bedarfsliste nach Dringlichkeit") < text.index("Zielbild in einem Tagesworkshop")
    assert "Stufe 0: Auswahl nach Förderaufrufen" in text
    assert maturity.steps(method.next_steps(QUESTIONS, ANSWERS.tail(2), RULES)) is None


def test_a_change_has_a_sign_and_what_cannot_be_compared_says_so():
    text = maturity.change(method.compare(QUESTIONS, ANSWERS, ANSWERS.assign(level=[2, 1, 3, 3]))).text
    assert "Strategie 0,5 1,5 +1,0 2 von 4" in text
    assert "3,5 3,0 −0,5" in text
    assert text.count("nicht vergleichbar") == 6
