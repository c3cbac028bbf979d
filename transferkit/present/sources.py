"""The numbered list of sources at the end of a page."""

from __future__ import annotations

import pandas as pd

from transferkit.present.block import Block, fragment
from transferkit.present.records import records


def source_list(cited: pd.DataFrame) -> Block | None:
    """`cited`: rows of `sources` with `attribution_de`, in the order of their numbers."""
    if cited.empty:
        return None
    return fragment("sources", sources=records(cited))
