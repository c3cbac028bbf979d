"""Turns the coordinates of an AuszugGV sheet into WGS84 degrees: decimal comma, missing ones, old minutes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import pandas as pd

from transferkit.knowledge.register_file import Fault

# Fewer values than this could be free of digits above 59 by chance.
ENOUGH_TO_TELL: Final = 12
NUMBER: Final = re.compile(r"\d{1,2}(\.\d+)?")


def degrees(rows: pd.DataFrame, faults: list[Fault]) -> tuple[pd.Series, pd.Series]:
    """Return longitude and latitude of all rows as float degrees, NaN where missing.

    A pair is missing if a cell is empty or 0. Files up to about 2012 write degrees.minutes-seconds: 9.0543 is
    9° 05' 43". That is recognised over the whole file: no decimal part then exceeds 4 digits or holds minutes
    or seconds above 59.
    """
    lon = [_text(where, cell, faults) for where, cell in zip(rows["where"], rows["lon"], strict=True)]
    lat = [_text(where, cell, faults) for where, cell in zip(rows["where"], rows["lat"], strict=True)]
    pairs = [pair if all(pair) else ("", "") for pair in zip(lon, lat, strict=True)]
    given = [text for pair in pairs for text in pair if text]
    convert = _from_minutes if _in_minutes(given) else float
    values = [[convert(text) if text else float("nan") for text in pair] for pair in pairs]
    frame = pd.DataFrame(values, columns=["lon", "lat"], index=rows.index, dtype="float64")
    return frame["lon"], frame["lat"]


def _text(where: str, cell: object, faults: list[Fault]) -> str:
    text = "" if cell is None else str(cell).strip().replace(",", ".")
    if not text or text in {"nan", "0", "0.0"}:
        return ""
    if not NUMBER.fullmatch(text):
        faults.append(Fault(where, f"Die Koordinate ist „{cell}“.", "Richtig wäre eine Zahl wie 9,43751."))
        return ""
    return text


def _in_minutes(texts: Iterable[str]) -> bool:
    fractions = [text.partition(".")[2] for text in texts]
    return len(fractions) >= ENOUGH_TO_TELL and all(
        len(part) <= 4 and int(part.ljust(4, "0")[:2]) <= 59 and int(part.ljust(4, "0")[2:]) <= 59
        for part in fractions
    )


def _from_minutes(text: str) -> float:
    whole, _, part = text.partition(".")
    part = part.ljust(4, "0")
    return round(int(whole) + int(part[:2]) / 60 + int(part[2:]) / 3600, 6)
