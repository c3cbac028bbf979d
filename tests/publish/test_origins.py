"""„Woher kommt diese Zahl?“ on pages of every kind: beside every figure, and true."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from nbformat import NotebookNode

import transferkit as tk
from transferkit.cli import main
from transferkit.knowledge import datasets
from transferkit.knowledge.register_shipped import HOW as DENSITY
from transferkit.methods import options
from transferkit.present import german
from transferkit.publish import origins
from transferkit.publish.notebook import CHART

# One folder of pages per kind of guide.
GUIDES = ("themen", "loesungen", "projekte", "kommunen", "peer-learning")
PAPERS = ("ratsvorlagen", "kurzfassungen", "folien")
FIGURES = "figure, table, dl.facts, .finding"
Told = dict[str, Any]


@pytest.fixture(scope="module")
def notebooks(built_site: Path) -> dict[str, NotebookNode]:
    """The executed notebooks of all guides by the address of their page."""
    executed = built_site.with_name("executed")
    files = [
        file for guide in (*GUIDES, *PAPERS) for file in sorted(executed.joinpath(guide).glob("*.ipynb"))
    ]
    assert {file.parent.name for file in files} == {*GUIDES, *PAPERS}
    return {
        file.relative_to(executed).with_suffix(".html").as_posix(): nbformat.read(file, as_version=4)
        for file in files
    }


def shown(notebook: NotebookNode) -> Iterator[tuple[NotebookNode, Told | None]]:
    """What each cell shows, with its origin."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "data" in output:
                yield output.data, output.data.get(origins.MIMETYPE)


def rows_named(told: Told, use: str = "shown") -> Iterator[tuple[str, list[str]]]:
    for package in told["packages"]:
        for table in package["tables"]:
            if table["use"] == use:
                yield table["name"], table["keys"]


def keyed(name: str) -> pd.DataFrame:
    """A table of the data by its keys, several columns joined as an origin joins them."""
    table = datasets.load(name)
    key = datasets.resources(datasets.folder())[name]["schema"]["primaryKey"]
    joined = [" ".join(map(str, cells)) for cells in table[key].to_numpy()]
    return pd.DataFrame(table.to_numpy(dtype=object), index=joined, columns=table.columns)


def test_every_figure_of_every_kind_of_guide_says_where_it_comes_from(notebooks) -> None:
    assert {address: lost for address, book in notebooks.items() if (lost := origins.unexplained(book))} == {}


def test_a_figure_that_does_not_say_it_is_found() -> None:
    numbers = pd.DataFrame({"what": ["Busse"], "count": [12]})
    bare = tk.tables.table(numbers, {"what": "Was", "count": "Zahl"}, "Ohne Herkunft")
    data = {"text/html": bare._repr_html_(), "text/plain": repr(bare), **bare._repr_mimebundle_()}
    cell = nbformat.v4.new_code_cell(outputs=[nbformat.v4.new_output("display_data", data)])
    assert "Ohne Herkunft" in origins.unexplained(nbformat.v4.new_notebook(cells=[cell]))[0]


def test_the_page_shows_what_the_notebook_told_and_every_table_it_names(notebooks, built_site) -> None:
    for address, book in notebooks.items():
        page = BeautifulSoup((built_site / address).read_text(encoding="utf-8"), "html.parser")
        unfolding = page.select("details.origin")
        told = [one for _, one in shown(book) if one]
        parts = page.select(".slide")  # slides tell it one by one, in one cell
        assert len(unfolding) == len(told) or (parts and len(unfolding) == len(parts)), address
        assert {one.summary.get_text() for one in unfolding} <= {"Woher kommt diese Zahl?"}
        listed = {bold["id"]: bold.next_sibling for bold in page.select("b[id]")}
        links = {link["href"][1:]: link.get_text() for link in page.select("details.origin a")}
        assert links.keys() == listed.keys(), address
        names = {name for one in told for use in ("shown", "rule") for name, _ in rows_named(one, use)}
        assert {re.search(r"\((\w+)\)", str(words))[1] for words in listed.values()} == names


def test_no_figure_stands_on_a_page_after_its_disclosure_was_due(notebooks, built_site) -> None:
    """In the same section, a disclosure follows every figure."""
    for address in notebooks:
        page = BeautifulSoup((built_site / address).read_text(encoding="utf-8"), "html.parser")
        for figure in page.select("article")[0].select(FIGURES):
            following = figure.find(["details"], class_="origin") or figure.find_next(
                lambda tag: tag.name == "h2" or "origin" in tag.get("class", [])
            )
            assert following is not None, f"{address}: {figure.get_text()[:60]}"
            assert following.name == "details", f"{address}: {figure.get_text()[:60]}"


def test_every_row_that_is_named_exists(notebooks) -> None:
    tables = {name: keyed(name) for name in datasets.names()}
    for address, book in notebooks.items():
        for _, told in shown(book):
            named = (one for use in ("shown", "rule") for one in rows_named(told, use)) if told else ()
            for name, keys in named:
                assert keys, f"{address}: {name}"
                assert [key for key in keys if key not in tables[name].index] == [], f"{address}: {name}"


def test_dates_and_licences_are_those_of_the_data_package(notebooks) -> None:
    package = json.loads((datasets.folder() / "datapackage.json").read_text(encoding="utf-8"))
    licences = {one["name"]: one["licenses"][0] for one in package["resources"]}
    for book in notebooks.values():
        for _, told in shown(book):
            for one in told["packages"] if told else ():
                assert one["state"] == "Stand 22.11.2026"
                assert package["version"] in one["title"]
                for table in one["tables"]:
                    licence = licences[table["name"]]
                    assert licence["name" if "path" in licence else "title"] in one["licence"]


def written(cells: Iterator[object]) -> set[str]:
    """Numbers as tables write them."""
    numbers = [float(cell) for cell in cells if isinstance(cell, int | float) and not pd.isna(cell)]
    return {german.number(number, digits) for number in numbers for digits in (0, 1)}


def test_numbers_shown_as_they_are_stand_in_the_rows_named(notebooks) -> None:
    """Members, costs, steps, indicators, meetings, places side by side: whatever was not computed."""
    tables, checked = {name: keyed(name) for name in datasets.names()}, set()
    for address, book in notebooks.items():
        for data, told in shown(book):
            if not told or set(told["how"]) - {DENSITY} or "<table" not in data.get("text/html", ""):
                continue
            cells = BeautifulSoup(data["text/html"], "html.parser").select("tbody td.num")
            rows = [tables[name].loc[keys] for name, keys in rows_named(told)]
            known = written(cell for some in rows for cell in some.to_numpy().ravel()) | {german.MISSING}
            if told["how"]:
                known |= written(cell for some in rows for cell in some["population"] / some["area_km2"])
            for cell in cells:
                assert cell.get_text(" ", strip=True).rstrip("*") in known, f"{address}: {cell}"
                checked.add(address.partition("/")[0])
    assert {"projekte", "kommunen", "peer-learning"} <= checked


def test_no_row_is_named_that_is_not_shown(notebooks) -> None:
    """Rows with a name of their own: it stands in the figure, whatever else was at hand when it was made."""
    tables, checked = {name: keyed(name) for name in datasets.names()}, set()
    for address, book in notebooks.items():
        for data, told in shown(book):
            if not told or told["how"] or "text/html" not in data:
                continue
            text = BeautifulSoup(data["text/html"], "html.parser").get_text()
            for name, keys in rows_named(told):
                if "name_de" in tables[name]:
                    lost = [key for key in keys if tables[name].at[key, "name_de"] not in text]
                    assert lost == [], f"{address}: {name}"
                    checked.add(name)
    assert {"options", "criteria", "indicators", "transfer_steps", "costs", "logic_model"} <= checked


def test_counts_are_those_of_the_rows_named(notebooks) -> None:
    """The chart of a theme counts solutions by status."""
    solutions, checked = keyed("solutions"), 0
    for address, book in notebooks.items():
        for data, told in shown(book):
            if CHART not in data or "Gezählt nach Stand." not in told["how"]:
                continue
            ((name, keys),) = rows_named(told)
            assert name == "solutions"
            counts = solutions.loc[keys, "status"].map(german.STATUS).value_counts()
            rows = BeautifulSoup(data[CHART]["table"], "html.parser").select("tbody tr")
            said = {row.th.get_text(): row.td.get_text() for row in rows}
            assert said == {status: german.number(count) for status, count in counts.items()}, address
            checked += 1
    assert checked


def test_shares_of_options_follow_from_the_rows_named_by_the_method_named(notebooks) -> None:
    checked = 0
    for address, book in notebooks.items():
        for data, told in shown(book):
            if not told or options.HOW not in told["how"] or ">Anteil vorn<" not in data["text/html"]:
                continue
            named = dict(rows_named(told))
            tables = [keyed(name).loc[named[name]] for name in ("options", "criteria", "scores")]
            standing = options.standing(*(table.infer_objects() for table in tables))
            rows = BeautifulSoup(data["text/html"], "html.parser").select("tbody tr")
            said = {row.th.find(string=True): row.td.find(string=True) for row in rows}
            expected = {row["name_de"]: row["first"] for _, row in standing.iterrows()}
            assert said.keys() == expected.keys(), address
            for option, share in expected.items():
                if 0.01 <= share <= 0.99:
                    assert said[option] == german.percent(round(float(share), 4)), address
            checked += 1
    assert checked > 1


def test_explain_prints_what_the_page_knows_and_names_every_row(notebooks, built_site) -> None:
    run = CliRunner().invoke(main, ["explain", "solingen", "--out", str(built_site)])
    assert run.exit_code == 0, run.output
    assert "Modellprojekt Solingen (projekte/solingen.html)" in run.output
    assert "Daten: 73 Modellprojekte (model_projects), 1 Zeile: solingen" in run.output
    as_json = CliRunner().invoke(
        main, ["explain", "projekte/solingen.html", "--json", "--out", str(built_site)]
    )
    (page,) = json.loads(as_json.output)
    told = [one for _, one in shown(notebooks["projekte/solingen.html"]) if one]
    assert [{"how": one["how"], "packages": one["packages"]} for one in page["figures"]] == told


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("projekte/jenna.html", "Meinten Sie „projekte/jena.html“?"),
        ("kommunen/16053000.html", "transferkit build municipality-guide --only kommunen/16053000.html"),
    ],
)
def test_explain_says_what_to_do_about_a_page_it_cannot_explain(page, said, tmp_path) -> None:
    run = CliRunner().invoke(main, ["explain", page, "--out", str(tmp_path / "site")])
    assert run.exit_code != 0
    assert said in run.output + str(run.exception)
    assert "--only projekte" not in str(run.exception)
