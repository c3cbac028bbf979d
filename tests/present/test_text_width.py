"""Room for words is known before anything is drawn."""

from __future__ import annotations

from transferkit.present import text_width


def test_widths_are_those_of_arial() -> None:
    # Arial at 13 px: M 10.83, i 2.89 (advance widths 1706 and 455 of 2048)
    assert round(text_width.width("M"), 2) == 10.83
    assert round(text_width.width("i"), 2) == 2.89
    assert text_width.width("") == 0


def test_what_fits_stays_as_it_is() -> None:
    assert text_width.cut("Aue", 100) == "Aue"


def test_what_is_too_wide_ends_with_an_ellipsis_and_fits() -> None:
    cut = text_width.cut("Verbandsgemeinde Rüdesheim an der Nahe", 120)
    assert cut.endswith("…")
    assert cut[:-1] in "Verbandsgemeinde Rüdesheim an der Nahe"
    assert text_width.width(cut) <= 120
