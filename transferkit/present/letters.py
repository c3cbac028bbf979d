"""Ready texts for whoever wants to ask a model project."""

from __future__ import annotations

import pandas as pd

from transferkit.present import place_words
from transferkit.present.block import Block, fragment
from transferkit.present.records import Row, records


def requests(town: pd.Series, calls: pd.DataFrame, count: int = 3) -> Block | None:
    """Ready e-mail texts to at most `count` projects; addresses are not in the data and not invented."""
    asked: dict[object, Row] = {}
    for row in records(calls):
        asked.setdefault(row["project_id"], row)
    if not asked:
        return None
    return fragment(
        "letters",
        sender=place_words.accusative(town),
        origin=place_words.dative(town),
        letters=list(asked.values())[:count],
    )
