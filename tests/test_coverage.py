"""The page „Was diese Seite nicht weiß“ counts in the data itself."""

from __future__ import annotations

import csv
from pathlib import Path

import transferkit as tk
from transferkit.knowledge import datasets


def rows(name: str) -> list[dict[str, str]]:
    path = Path(datasets.folder(), f"{name}.csv")
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_every_model_project_is_counted_and_those_without_experience_are_named() -> None:
    covered = tk.projects_covered()
    assert len(covered) == len(rows("model_projects"))
    silent = covered.loc[covered["lessons"] == 0, "name"]
    said = tk.gaps.projects(covered).text
    assert all(str(name) in said for name in silent)
    assert f"zu {len(covered) - len(silent)} auch eine Erfahrung" in said


def test_what_is_known_of_solutions_is_what_the_file_says() -> None:
    found = tk.solution_fields().set_index("label")
    assert found.loc["Kosten", "known"] == sum(bool(row["cost_de"]) for row in rows("solutions"))
    undated = sum(row["status_as_of"] == "unbekannt" for row in rows("solutions"))
    assert found.loc["Datum des Stands", "missing"] == undated
    assert f"Kosten ({found.loc['Kosten', 'known']})" in tk.gaps.rare(tk.solution_fields()).text
    assert "Stand (" not in tk.gaps.rare(tk.solution_fields()).text
    assert f"bei {undated} ist er nicht datiert" in tk.gaps.years(tk.solution_years(), tk.edition()).text


def test_estimates_and_own_judgements_are_counted_as_such() -> None:
    assert (tk.estimates()["own"] == tk.estimates()["rows"]).all()
    scores = tk.tables_by_basis().set_index("table").loc["scores"]
    assert scores["own"] == sum(row["basis"] == "own" for row in rows("scores"))
    assert scores[["sourced", "mixed", "own"]].sum() == scores["rows"]


def test_the_page_says_which_register_it_knows() -> None:
    assert "Alle anderen fehlen" in tk.gaps.register(118, False).text
    assert "10.751 Orte" in tk.gaps.register(10751, True).text
    assert "alle" in tk.gaps.fields(tk.municipality_fields(), "Was", "Wo").text
