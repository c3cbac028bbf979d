"""The open data package: typed tables, one clear message for every bad cell, sources that are never lost."""

import shutil

import pandas as pd
import pytest

from transferkit.errors import DatasetError
from transferkit.knowledge import datasets, package_check
from transferkit.knowledge.citation import cite


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A copy of the package that a test may spoil."""
    copy = tmp_path / "datasets"
    shutil.copytree(datasets.folder(), copy, ignore=shutil.ignore_patterns("register"))
    monkeypatch.setenv("TRANSFERKIT_DATASETS", str(copy))
    return copy


def spoil(package, table: str, old: str, new: str) -> None:
    path = package / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_package_is_sound_foreign_keys_and_lists_included():
    assert package_check.check() == []


def test_a_broken_reference_in_a_list_is_found(package):
    spoil(package, "themes", "kommune21-gemeinsam-smart", "kommune21-gemeinsam-schlau")
    assert any("kommune21-gemeinsam-schlau" in problem for problem in package_check.check())


def test_the_check_lists_every_defect_of_every_table_in_german(package):
    spoil(package, "solutions", ",running,", ",runing,")
    spoil(package, "solutions", ",planned,", ",geplant,")
    spoil(package, "places", ",96326,", ",96.326,")
    spoil(package, "lessons", "erfolg-general-10,", "erfolg-general-11,")
    spoil(package, "project_places", "\nulm,", "\nulmen,")
    spoil(package, "themes", "theme_id,order", "theme_id,ordnung")
    (package / "glossary.csv").unlink()
    problems = package_check.check()
    for table, said in (
        ("solutions", "Meinten Sie „running“"),
        ("solutions", "„geplant“ ist nicht gültig"),
        ("places", "„96.326“ ist nicht gültig"),
        ("lessons", "Den Schlüssel gibt es schon"),
        ("project_places", "fehlt in der Tabelle „model_projects“. Meinten Sie „ulm“"),
        ("themes", "Die Spalte „order“ fehlt"),
        ("glossary", "glossary.csv fehlt"),
    ):
        assert sum(f"„{table}“" in problem and said in problem for problem in problems) == 1, (said, problems)
    assert len(problems) == 7, problems


def test_what_only_the_standard_sees_is_listed_too(package):
    spoil(package, "communities", "\n", "\n\n")
    assert any("„communities“" in problem for problem in package_check.check())


@pytest.mark.parametrize(("table", "line"), [("communities", 2), ("glossary", 3)])
def test_a_row_with_too_many_cells_is_named(package, table, line):
    path = package / f"{table}.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[line - 1] += ",,,"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(DatasetError, match=f"„{table}“, Zeile {line}: Die Zellen passen nicht"):
        datasets.load(table)


def test_a_file_in_another_encoding_is_refused_with_the_remedy(package):
    path = package / "themes.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252", errors="replace"))
    with pytest.raises(DatasetError, match="CSV UTF-8"):
        datasets.load("themes")


def test_a_table_that_points_to_an_unreadable_one_is_not_blamed(package):
    (package / "themes.csv").unlink()
    assert len(package_check.check()) == 1


def test_columns_have_their_types_and_keys_keep_their_zeros():
    solutions, places = datasets.load("solutions"), datasets.load("places")
    assert isinstance(solutions["status"].dtype, pd.CategoricalDtype)
    assert places["population"].dtype == "Int64"
    assert pd.api.types.is_datetime64_any_dtype(places["register_date"])
    assert "01001000" in set(places["place_key"])
    assert datasets.load("lessons")["secondary_source"].dtype == "boolean"


def test_what_a_caller_changes_stays_with_the_caller():
    first = datasets.load("themes")
    first.loc[0, "name_de"] = "verändert"
    assert datasets.load("themes").loc[0, "name_de"] != "verändert"


def test_an_unknown_table_names_the_near_miss():
    with pytest.raises(DatasetError, match="Meinten Sie „solutions“"):
        datasets.load("solution")


def test_a_missing_file_is_named(package):
    (package / "themes.csv").unlink()
    with pytest.raises(DatasetError, match=r"themes\.csv"):
        datasets.load("themes")


@pytest.mark.parametrize(
    ("table", "old", "new", "column", "said"),
    [
        ("solutions", ",running,", ",runing,", "status", "Meinten Sie „running“"),
        ("places", ",96326,", ",96.326,", "population", "ganze Zahl"),
        ("places", ",2025-11-30,", ",30.11.2025,", "register_date", "Datum"),
        ("places", "01001000,gemeinde", "1001000,gemeinde", "place_key", "Form"),
        ("places", "01002000,gemeinde", "01001000,gemeinde", "place_key", "eindeutig"),
        ("scores", ",hub-start-cost,2,", ",hub-start-cost,7,", "score", "höchstens 5"),
    ],
)
def test_a_bad_cell_is_named_with_row_value_and_remedy(package, table, old, new, column, said):
    spoil(package, table, old, new)
    with pytest.raises(DatasetError, match=said) as refused:
        datasets.load(table)
    assert (refused.value.table, refused.value.column) == (table, column)
    assert f"Zeile {refused.value.row}" in str(refused.value)


def test_an_unplanned_column_is_an_error(package):
    spoil(package, "themes", "theme_id,order", "theme_id,ordnung")
    with pytest.raises(DatasetError, match="order"):
        datasets.load("themes")


def test_all_experiences_are_there():
    tables = ("model_projects", "solutions", "lessons", "sources")
    assert [len(datasets.load(name)) for name in tables] == [73, 349, 438, 808]
    assert (datasets.load("lessons")["kind"] == "pitfall").sum() == 242


def test_cite_gives_what_was_used_once_and_in_order():
    two = datasets.load("solutions").head(2)
    cited = cite(two, "themes", two)
    assert list(cited["source_id"]) == list(dict.fromkeys(cited["source_id"]))
    assert cited["source_id"].iloc[0] == datasets.split(two["source_ids"].iloc[0])[0]


def test_official_figures_carry_the_line_their_licence_asks_for():
    official = cite("places").iloc[0]
    assert "Statistisches Bundesamt (Destatis)" in official["attribution_de"]
    assert "eigene Aufbereitung" in official["attribution_de"]


def test_citing_an_unknown_table_is_an_error():
    with pytest.raises(DatasetError):
        cite("solution")
