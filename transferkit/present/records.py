"""The rows of a table as plain Python, which templates and sentences are made of."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

Row = dict[Hashable, Any]


def records(frame: pd.DataFrame) -> list[Row]:
    """What `to_dict("records")` gives, in half the time: pages show few rows of many columns."""
    names = list(frame.columns)
    return [
        {name: None if cell is pd.NA else cell for name, cell in zip(names, row, strict=True)}
        for row in frame.to_numpy(dtype=object).tolist()
    ]


def cells(column: pd.Series) -> list[Any]:
    """One column; iterating over it would make each cell anew from its array."""
    return column.to_numpy(dtype=object).tolist()
