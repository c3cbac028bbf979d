"""What stands in a cell becomes a value, or a complaint with a remedy; nothing is guessed."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transferkit.knowledge.workbook.cells import Cell, ComplaintError, convert
from transferkit.knowledge.workbook.form import Field


def read(kind: str, value: object, decimal: str | None = None, **settings: object) -> object:
    names = {str: "text", bool: "truth", datetime.datetime: "date"}
    cell = Cell(value, names.get(type(value), "number"), percent=bool(settings.pop("percent", False)))  # type: ignore[arg-type]
    return convert(Field("f", "Feld", "", kind=kind, **settings), cell, decimal)  # type: ignore[arg-type]


def complaint(kind: str, value: object, decimal: str | None = None, **settings: object) -> str:
    with pytest.raises(ComplaintError) as said:
        read(kind, value, decimal, **settings)
    return str(said.value)


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("12,5", None, 12.5),
        ("1.234,5", None, 1234.5),
        ("1 234,5", None, 1234.5),
        ("1\u202f234,5", None, 1234.5),
        ("1234.5", None, 1234.5),
        ("1,234.5", None, 1234.5),
        ("1.234.567", None, 1234567),
        ("1234", None, 1234),
        ("−3", None, -3),
        ("1.234", ",", 1234),
        ("1.234", ".", 1.234),
        ("1,234", ".", 1234),
        ("0,125", ",", 0.125),
    ],
)
def test_a_number_written_as_text_is_read_by_its_decimal_sign(
    text: str, decimal: str | None, number: float
) -> None:
    assert read("number", text, decimal) == number


def test_an_ambiguous_number_is_not_guessed_but_both_readings_are_named() -> None:
    said = complaint("number", "1.234")
    assert "Es kann 1234 oder 1,234 heißen" in said
    assert "Dezimalzeichen" in said
    assert "Es kann 1,5 oder 1500 heißen" in complaint("number", "1,500")


def test_text_against_the_declared_decimal_sign_is_refused() -> None:
    assert "wählen Sie „Punkt“" in complaint("number", "1234.5", ",")


@pytest.mark.parametrize("text", ["12 %", "ca. 5", "1.23.4", "--1", "1e5", "5 €", "1,2,3"])
def test_what_is_no_number_is_refused(text: str) -> None:
    assert "keine Zahl" in complaint("number", text)


def test_a_number_cell_shown_as_percent_is_refused_for_it_holds_a_hundredth() -> None:
    assert "ein Hundertstel" in complaint("number", 0.125, percent=True)


@given(st.floats(-1e12, 1e12).map(lambda value: round(value, 2)))
def test_every_number_survives_german_spelling(value: float) -> None:
    german = f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
    assert read("number", german, ",") == value
    assert read("number", f"{value:,.2f}", ".") == value


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("22.11.2026", "2026-11-22"),
        ("1. 3. 2026", "2026-03-01"),
        ("2026-11-22", "2026-11-22"),
        (datetime.datetime(2026, 11, 22), "2026-11-22"),
        ("11/2026", "2026-11"),
        ("2026-3", "2026-03"),
        (2026, "2026"),
        ("unbekannt", "unbekannt"),
    ],
)
def test_german_and_iso_dates_become_iso(value: object, iso: str) -> None:
    assert read("moment", value, unknown=True) == iso


@pytest.mark.parametrize(
    ("text", "period"), [("1. Quartal 2026", "2026-Q1"), ("Q4 2026", "2026-Q4"), ("2026-Q2", "2026-Q2")]
)
def test_a_period_may_be_a_quarter(text: str, period: str) -> None:
    assert read("period", text) == period


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("31.02.2026", "Diesen Tag gibt es nicht"),
        ("13/2026", "Den Monat gibt es nicht"),
        ("03/04/2026", "kein eindeutiges Datum"),
        ("22.11.26", "kein eindeutiges Datum"),
        ("letztes Jahr", "22.11.2026"),
        ("3026", "Das Jahr liegt nicht zwischen"),
    ],
)
def test_a_date_that_is_none_is_refused(text: str, said: str) -> None:
    assert said in complaint("moment", text)


def test_a_day_must_be_complete() -> None:
    assert "nicht vollständig" in complaint("day", "11/2026")


def test_excel_having_made_a_date_out_of_a_text_is_noticed() -> None:
    assert "ein Datum gemacht" in complaint("text", datetime.datetime(2026, 3, 1))
    assert "ein Datum gemacht" in complaint("number", datetime.datetime(2026, 3, 1))


def test_a_lost_leading_zero_is_noticed() -> None:
    assert "schreiben Sie 01001000" in complaint("place", 1001000)
    assert read("place", "01001000") == "01001000"


def test_a_name_in_the_place_of_a_key_is_answered_with_the_key() -> None:
    assert "01001000 (Flensburg)" in complaint("place", "Flensburg")


def test_several_places_are_joined_by_plus() -> None:
    assert read("place", "01001000 + 01002000") == "01001000+01002000"


def test_a_choice_names_the_near_miss() -> None:
    choices = {"yes": "ja", "unknown": "unbekannt"}
    assert read("choice", " Ja ", choices=choices) == "yes"
    assert "Meinten Sie „unbekannt“?" in complaint("choice", "unbekant", choices=choices)


def test_too_many_words_are_counted() -> None:
    assert "hat 4 Wörter, erlaubt sind 3" in complaint("text", "eins zwei drei vier", words=3)


@pytest.mark.parametrize("text", ["=1+1", "+49", "-5 °C", "@home", "Zeile 1\nZeile 2", "01001000"])
def test_text_stays_as_it_is(text: str) -> None:
    assert read("text", text) == text
