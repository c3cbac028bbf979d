"""The open data package: typed tables, one clear message for every bad cell, sources that are never lost."""

import shutil

import pandas as pd
import pytest

from transferkit.errors import DatasetError
from transferkit.knowledge import datasets
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
    assert datasets.check() == []


def test_a_broken_reference_in_a_list_is_found(package):
    spoil(package, "themes", "kommune21-gemeinsam-smart", "kommune21-gemeinsam-schlau")
    assert any("kommune21-gemeinsam-schlau" in problem for problem in datasets.check())


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
    lessons = datasets.load("lessons")
    assert len(datasets.load("model_projects")) == 73
    assert len(datasets.load("solutions")) > 330
    assert (lessons["kind"] == "pitfall").sum() > 220


@pytest.mark.parametrize("table", ["solutions", "lessons", "standards", "indicators", "costs", "events"])
def test_what_is_called_sourced_has_a_source(table):
    rows = datasets.load(table)
    assert rows.loc[rows["basis"] == "sourced", "source_ids"].notna().all()


def test_no_source_is_lost():
    used = set()
    for name in datasets.names():
        table = datasets.load(name)
        for column in (c for c in table.columns if c.endswith("source_ids")):
            used |= {key for cell in table[column] for key in datasets.split(cell)}
    assert set(datasets.load("sources")["source_id"]) <= used


def test_weights_add_up_and_every_option_has_every_score():
    criteria, options = datasets.load("criteria"), datasets.load("options")
    assert criteria.groupby("decision_id")["weight_default"].sum().round(6).eq(1).all()
    pairs = options.merge(criteria, on="decision_id")
    assert len(datasets.load("scores")) == len(pairs)
    weights = datasets.load("transfer_criteria").groupby("dimension_id", observed=True)["weight_default"]
    assert weights.sum().eq(100).all()


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
