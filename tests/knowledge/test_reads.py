"""What was read is on record, whoever computed it first."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

import transferkit as tk
from transferkit.knowledge import datasets, reads, register


@pytest.fixture(autouse=True)
def unread() -> Iterator[None]:
    with reads.recording():
        yield


def test_a_loaded_table_was_read_as_a_whole() -> None:
    datasets.load("themes")
    assert reads.so_far() == {"tables": ["themes"], "rows": {}}


def test_of_a_selection_the_columns_that_decided_and_the_chosen_rows_were_read() -> None:
    key = str(datasets.columns("lessons", ["lesson_id"])["lesson_id"].iloc[3])
    datasets.select("lessons", ["lesson_id"], lambda table: table.index[table["lesson_id"] == key])
    assert reads.so_far()["rows"] == {"lessons": {"by": ["lesson_id"], "keys": [key]}}


def test_who_chooses_rows_sees_only_the_columns_on_record() -> None:
    seen: list[str] = []

    def choose(table: pd.DataFrame) -> pd.Index:
        seen.extend(table.columns)
        return table.index[:1]

    datasets.select("lessons", ["kind"], choose)
    assert seen == ["kind"]


def test_a_table_read_as_a_whole_needs_no_rows() -> None:
    datasets.columns("themes", ["theme_id"])
    datasets.load("themes")
    assert reads.so_far() == {"tables": ["themes"], "rows": {}}


def test_the_register_counts_as_read_when_a_place_is_asked_for() -> None:
    register.municipality("09181121")
    assert reads.REGISTER in reads.so_far()["tables"]


@pytest.mark.parametrize("asked", ["standing", "events", "projects", "calls", "lessons", "fit", "sources"])
def test_what_was_computed_before_counts_as_read_again(asked: str) -> None:
    town = tk.place("09181121")
    projects = tk.model_peers(town)
    calls = tk.worth_a_call(projects)
    questions = {
        "standing": lambda: tk.standing(datasets.load("decisions")["decision_id"].iloc[0]),
        "events": lambda: tk.events_near(town),
        "projects": lambda: tk.model_peers(town),
        "calls": lambda: tk.worth_a_call(projects),
        "lessons": lambda: tk.lessons_for(calls, "pitfall"),
        "fit": lambda: tk.fit_check(town, projects, calls),
        "sources": lambda: tk.cite("register", calls),
    }
    datasets.forget()
    with reads.recording() as cold:
        questions[asked]()
    with reads.recording() as warm:
        questions[asked]()
    assert warm.plain() == cold.plain()
    assert len(cold.tables) + len(cold.rows) >= 2


def test_the_register_stands_for_the_shipped_places_whoever_loads_it_first() -> None:
    register._forget()
    with reads.recording() as cold:
        register.municipality("09181121")
    with reads.recording() as warm:
        register.municipality("09181121")
    assert warm.plain() == cold.plain()
