"""Which few solutions, lessons and indicators a guide shows first."""

import pandas as pd

from transferkit.methods import shortlist


def solution(key: str, project: str, status: str = "running", evidence: str = "direct") -> dict[str, str]:
    return {
        "solution_id": key,
        "project_id": project,
        "theme_id": "city-apps",
        "status": status,
        "evidence": evidence,
        "title": key,
    }


def test_what_runs_and_is_documented_comes_first():
    table = pd.DataFrame(
        [
            solution("c", "p", "running", "thin"),
            solution("b", "p", "planned"),
            solution("a", "p", "running"),
        ]
    )
    assert list(shortlist.by_maturity(table)["solution_id"]) == ["a", "b", "c"]


def test_nobody_is_called_about_mere_plans_or_hearsay():
    table = pd.DataFrame(
        [
            solution("plan", "p", "planned"),
            solution("hearsay", "p", "running", "thin"),
            solution("real", "p", "pilot"),
        ]
    )
    assert list(shortlist.worth_a_call(table, ["p"])["solution_id"]) == ["real"]


def test_no_project_is_called_about_more_than_two_solutions():
    table = pd.DataFrame([solution(f"{p}{n}", p) for p in "ab" for n in range(4)])
    chosen = shortlist.worth_a_call(table, ["b", "a"], count=5)
    assert list(chosen["project_id"]) == ["b", "b", "a", "a"]


def test_projects_outside_the_list_are_not_called():
    table = pd.DataFrame([solution("a", "p"), solution("b", "q")])
    assert set(shortlist.worth_a_call(table, ["q"])["project_id"]) == {"q"}


def lesson(key: str, **changes: object) -> dict[str, object]:
    return {
        "lesson_id": key,
        "kind": "pitfall",
        "basis": "sourced",
        "scope": "mpsc",
        "solution_id": pd.NA,
        "project_id": pd.NA,
        "theme_id": "open-source",
        "note_de": pd.NA,
        **changes,
    }


def test_lessons_of_the_solution_come_before_those_of_project_and_theme():
    lessons = pd.DataFrame(
        [
            lesson("theme", theme_id="city-apps"),
            lesson("project", project_id="p"),
            lesson("solution", solution_id="a"),
            lesson("elsewhere"),
        ]
    )
    chosen = shortlist.lessons_for(lessons, pd.DataFrame([solution("a", "p")]), "pitfall")
    assert list(chosen["lesson_id"]) == ["solution", "project", "theme"]


def test_own_judgements_are_not_shown_as_lessons_of_others():
    lessons = pd.DataFrame([lesson("own", basis="own", theme_id="city-apps")])
    assert shortlist.lessons_for(lessons, pd.DataFrame([solution("a", "p")]), "pitfall").empty


def test_contested_statements_stay_out_of_short_lists():
    contested = lesson("c", theme_id="city-apps", note_de="Umstritten: Aussage der Opposition.")
    assert shortlist.lessons_for(
        pd.DataFrame([contested]), pd.DataFrame([solution("a", "p")]), "pitfall"
    ).empty
