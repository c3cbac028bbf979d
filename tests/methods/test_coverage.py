"""Counting what tables hold and what they lack."""

from __future__ import annotations

import pandas as pd

from transferkit.methods import coverage


def test_a_lesson_counts_for_its_project_or_for_that_of_its_solution() -> None:
    projects = pd.DataFrame({"project_id": ["a", "b", "c"], "name": ["A", "B", "C"]})
    solutions = pd.DataFrame({"solution_id": ["s", "t"], "project_id": ["a", "a"]})
    lessons = pd.DataFrame({"project_id": ["b", None, None], "solution_id": [None, "s", None]})
    found = coverage.by_project(projects, solutions, lessons)
    assert found["solutions"].tolist() == [2, 0, 0]
    assert found["lessons"].tolist() == [1, 1, 0]


def test_a_field_is_missing_where_it_is_empty_or_says_that_nobody_knows() -> None:
    table = pd.DataFrame({"name": list("vwxyz"), "cost": ["1", None, "unbekannt", None, None]})
    [row] = coverage.filled(table, {"cost": "Kosten"}, "name", ("unbekannt",)).to_dict("records")
    assert row == {"label": "Kosten", "known": 1, "missing": 4, "examples": ["w", "x", "y"]}


def test_years_are_counted_from_the_newest_and_what_has_none_comes_last() -> None:
    found = coverage.by_year(pd.Series(["2022-05", "2024", None, "unbekannt", "2024-01-02"]))
    assert found.to_dict("list") == {"year": ["2024", "2022", ""], "rows": [2, 1, 2]}


def test_tables_that_do_not_say_who_says_so_are_left_out() -> None:
    tables = {"x": pd.DataFrame({"basis": ["own", "own", "mixed"]}), "y": pd.DataFrame({"z": [1]})}
    assert coverage.by_basis(tables).to_dict("records") == [
        {"table": "x", "rows": 3, "sourced": 0, "mixed": 1, "own": 2}
    ]
