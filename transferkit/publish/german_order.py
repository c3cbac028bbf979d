"""The German order of words (DIN 5007-1): ä like a, ß like ss."""

from __future__ import annotations

import pandas as pd


def sorted_german(words: pd.Series) -> pd.Series:
    """Sort keys of words."""
    folded = words.astype("str").str.casefold()
    for letter, plain in ("ä", "a"), ("ö", "o"), ("ü", "u"), ("š", "s"):
        folded = folded.str.replace(letter, plain, regex=False)
    return folded
