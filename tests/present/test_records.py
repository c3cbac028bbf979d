"""Rows of a table as plain Python."""

from __future__ import annotations

import pandas as pd
import pytest

from transferkit.knowledge import datasets
from transferkit.present.records import cells, records


@pytest.mark.parametrize("table", ["places", "options", "events", "solutions", "transfer_criteria"])
def test_records_are_what_pandas_makes_of_them_to_the_type_of_each_cell(table: str) -> None:
    frame = datasets.load(table)
    for made, meant in zip(records(frame), frame.to_dict("records"), strict=True):
        assert list(made) == list(meant)
        for name, cell in meant.items():
            assert type(made[name]) is type(cell)
            assert made[name] == cell or cell != cell


def test_the_cells_of_a_column_are_those_of_its_records() -> None:
    frame = pd.DataFrame({"name": pd.array(["a", None], "str"), "people": pd.array([1, 2], "Int64")})
    assert cells(frame["people"]) == [1, 2]
    assert cells(frame["name"])[0] == "a"
