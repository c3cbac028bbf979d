"""Which cells a change concerns."""

from __future__ import annotations

from transferkit.present import cell_code

NOTEBOOK = (
    "town = place.upper()",
    "form = [town, weights]",
    "rows = [one for one in town]\nrows",
    "total = sum(len(row) for row in rows)",
    "words = 'immer gleich'",
)


def test_only_cells_that_depend_on_a_change_run_again() -> None:
    assert concerned(NOTEBOOK, "place") == [0, 1, 2, 3]
    assert concerned(NOTEBOOK, "weights") == [1]
    assert concerned(NOTEBOOK) == []


def test_a_name_inside_a_comprehension_is_nobody_elses() -> None:
    assert concerned(("x = [a for a in b]", "y = [a for a in c]"), "c") == [1]


def test_what_a_generator_takes_from_outside_counts() -> None:
    assert concerned(("x = list(one + b for one in a)",), "b") == [0]


def test_where_two_cells_write_a_name_all_run() -> None:
    assert concerned(("x = a", "x = x + b", "c"), "b") == [0, 1, 2]


def test_changing_something_in_place_is_writing_it() -> None:
    assert concerned(("x = [a]", "x[0] = b", "x"), "b") == [0, 1, 2]
    assert concerned(("x = [a]", "x.append(b)\nx", "x"), "b") == [0, 1, 2]


def test_the_last_expression_is_what_a_cell_shows() -> None:
    names: dict[str, object] = {"a": 2}
    assert cell_code.run("b = a + 1\nb * 2", names) == 6
    assert cell_code.run("c = 1", names) is None
    assert names["b"] == 3


def concerned(sources: tuple[str, ...], *changed: str) -> list[int]:
    found = cell_code.concerned(sources, frozenset(changed))
    return [number for number, is_meant in enumerate(found) if is_meant]
