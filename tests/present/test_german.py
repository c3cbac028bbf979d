"""German numbers, dates and words."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transferkit.present import german


@pytest.mark.parametrize(
    ("value", "digits", "said"),
    [
        (75049, 0, "75.049"),
        (0, 0, "0"),
        (-0.04, 1, "0,0"),
        (-1234.5, 1, "−1.234,5"),
        (2.5, 0, "3"),
        (0.125, 2, "0,13"),
        (np.float64(18.0), 0, "18"),
        (None, 0, "k. A."),
        (float("nan"), 0, "k. A."),
        (pd.NA, 0, "k. A."),
    ],
)
def test_a_number_is_written_the_german_way(value, digits, said):
    assert german.number(value, digits) == said


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_no_digit_of_an_integer_is_lost(value):
    said = german.number(value)
    assert int(said.replace(".", "").replace("−", "-")) == value


def test_a_share_becomes_percent_with_a_narrow_space():
    assert german.percent(0.125, 1) == "12,5\u202f%"


@pytest.mark.parametrize(
    ("iso", "said"),
    [
        ("2026-11-22", "22.11.2026"),
        ("2025-02", "Februar 2025"),
        ("2022", "2022"),
        ("vor Ende 2022", "vor Ende 2022"),
        (pd.Timestamp("2024-12-31"), "31.12.2024"),
        (pd.NaT, ""),
    ],
)
def test_a_date_is_as_precise_as_its_source(iso, said):
    assert german.date(iso) == said


def test_a_status_is_never_said_without_its_date():
    assert german.status("running", "2022") == "in Betrieb, Stand 2022"
    assert german.status("running", "unbekannt") == "in Betrieb, Stand nicht datiert"


def test_a_span_says_equal_ends_once_and_missing_ones_not_at_all():
    assert german.span(2, 4, "Wochen") == "2 bis 4 Wochen"
    assert german.span(2, 2, "Wochen") == "2 Wochen"
    assert german.span(None, None, "Wochen") == german.MISSING


def test_words_are_joined_with_a_final_und():
    assert german.enumerate_words(["Jena", "Ulm", "Köln"]) == "Jena, Ulm und Köln"
    assert german.enumerate_words(["Jena"]) == "Jena"
    assert german.enumerate_words([]) == ""
