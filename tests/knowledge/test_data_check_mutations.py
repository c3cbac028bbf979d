"""Every rule for the data catches its planted defect, names the row, and says nothing else."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from transferkit.finding import Finding
from transferkit.knowledge import data_check, datasets
from transferkit.knowledge.checks import german, rows
from transferkit.knowledge.checks.rows import DESCRIPTION, Package

TODAY = datetime.date(2026, 11, 22)
LONG = (
    "Die Kommune hat nach langer Beratung mit allen Ämtern und Vereinen im Herbst eine App gekauft, die "
    "Menschen jeden Alters gern nutzen, weil sie schnell hilft, wenig kostet, ohne Anmeldung läuft und auch "
    "auf alten Geräten gut zu lesen ist."
)
NOUNS = "Die Prüfung der Planung zur Beschaffung, Einführung und Verwaltung der Leistungen dauert."


@pytest.fixture(scope="module")
def package() -> Package:
    return rows.read(datasets.folder())


def examine(package: Package, table: str) -> list[Finding]:
    """All rules between tables; those within a table for the changed one only, to be fast."""
    known = german.known_abbreviations(package)
    only = dataclasses.replace(package, tables={table: package.tables[table]})
    return data_check.between_tables(package, TODAY) + data_check.within_tables(only, known)


def with_cells(package: Package, table: str, key: str, cells: Mapping[str, str]) -> Package:
    old = package.tables[table]
    assert [row.key for row in old.rows].count(key) == 1, key
    new = tuple(
        dataclasses.replace(row, cells={**row.cells, **cells}) if row.key == key else row for row in old.rows
    )
    return dataclasses.replace(package, tables={**package.tables, table: dataclasses.replace(old, rows=new)})


def line_of(package: Package, table: str, key: str) -> int:
    return next(row.line for row in package.tables[table].rows if row.key == key)


LESSON, SOURCE, SOLUTION = "erfolg-general-01", "3dcitydb-3d-city-database-v5", "jena-smartfloss"

# Table, key of the row, what is planted, the rule that must speak, in which column.
CELLS = [
    # What a spreadsheet would run, what belongs to one machine, what tells about people.
    ("lessons", LESSON, {"note_de": "=A1+B2"}, "data.formula", "note_de"),
    ("lessons", LESSON, {"note_de": "@summe(A1)"}, "data.formula", "note_de"),
    ("lessons", LESSON, {"note_de": "+cmd"}, "data.formula", "note_de"),
    ("lessons", LESSON, {"note_de": "-Rabatt"}, "data.formula", "note_de"),
    ("solutions", SOLUTION, {"note_de": "Plan unter " + "/ho" + "me/anna/plan.xlsx"}, "data.path", "note_de"),
    ("solutions", SOLUTION, {"note_de": "Plan unter C:\\Plan"}, "data.path", "note_de"),
    ("solutions", SOLUTION, {"note_de": "Fragen an anna@stadt.de"}, "data.personal", "note_de"),
    ("solutions", SOLUTION, {"note_de": "Fragen an 03641 123456, Telefon 4711"}, "data.personal", "note_de"),
    ("solutions", SOLUTION, {"note_de": "Fragen beantwortet Frau Muster."}, "data.personal", "note_de"),
    ("sources", SOURCE, {"accessed_note": "Auskunft von Herrn Muster."}, "data.personal", "accessed_note"),
    ("solutions", SOLUTION, {"note_de": "Das <b>Amt</b> hilft."}, "data.markup", "note_de"),
    ("solutions", SOLUTION, {"note_de": "Das  Amt hilft."}, "data.spaces", "note_de"),
    ("solutions", SOLUTION, {"note_de": "Siehe http://jena.de/plan"}, "data.address", "note_de"),
    ("solutions", SOLUTION, {"repository": "github.com/jena"}, "data.address", "repository"),
    ("solutions", SOLUTION, {"status_as_of": "22.11.2026"}, "data.date-form", "status_as_of"),
    ("solutions", SOLUTION, {"status_as_of": "2026-02-31"}, "data.date-form", "status_as_of"),
    # Claims without a source, sources that lack something or are old.
    ("lessons", LESSON, {"source_ids": ""}, "data.unsourced", "source_ids"),
    ("costs", "twin-grant", {"source_ids": ""}, "data.unsourced", "source_ids"),
    ("sources", SOURCE, {"checked": "2025-10"}, "data.stale", "checked"),
    ("sources", SOURCE, {"checked": ""}, "data.source-checked", "checked"),
    ("sources", SOURCE, {"checked": "2027-01"}, "data.future", "checked"),
    ("sources", SOURCE, {"date": "2026-12-24"}, "data.future", "date"),
    ("sources", SOURCE, {"date": "Frühjahr 2024"}, "data.date-form", "date"),
    ("sources", SOURCE, {"url": ""}, "data.source-address", "url"),
    ("sources", SOURCE, {"url": "github.com/3dcitydb"}, "data.source-address", "url"),
    ("sources", SOURCE, {"url": "http://github.com/3dcitydb/3dcitydb"}, "data.source-address", "url"),
    ("sources", SOURCE, {"url": "https://github.com/3dcitydb/importer-exporter"}, "data.source-twice", "url"),
    ("sources", SOURCE, {"licence": "CC-BI-4.0"}, "data.licence", "licence"),
    ("sources", SOURCE, {"licence": "frei"}, "data.licence", "licence"),
    # Keys that belong to another town.
    ("project_places", "ulm + 08421000", {"name": "Gera"}, "data.ags", "place_key"),
    ("places", "08421000", {"kreis_key": "08422"}, "data.ags", "place_key"),
    ("places", "08421000", {"land_name": "Bayern"}, "data.ags", "land_code"),
    ("model_projects", "ulm", {"lead_ags": "16052000"}, "data.ags", "lead_ags"),
    ("model_projects", "ulm", {"land_codes": "09"}, "data.ags", "lead_ags"),
    ("model_projects", "ulm", {"place_count": "2"}, "data.count", "place_count"),
    # Sums and ranges.
    ("transfer_steps", "transfer-01", {"weeks_min": "9"}, "data.range", "weeks_min"),
    ("workshop_methods", "world-cafe", {"steps_total_minutes": "95"}, "data.count", "steps_total_minutes"),
    # What stands there twice.
    (
        "solutions",
        "jena-probierladen",
        {"title": "SmartFloss: Datenbank für kommunale Open-Source-Software"},
        "data.twice",
        "title",
    ),
    ("glossary", "coworking", {"term_de": "Ankerort"}, "data.twice", "term_de"),
    # German.
    ("lessons", LESSON, {"note_de": "Es kostet 12.5 Prozent mehr."}, "language.number-form", "note_de"),
    ("lessons", LESSON, {"note_de": "Es kostet 12% mehr."}, "language.number-form", "note_de"),
    ("lessons", LESSON, {"note_de": "Es begann am 2026-11-22."}, "language.number-form", "note_de"),
    ("lessons", LESSON, {"note_de": LONG}, "language.sentence-length", "note_de"),
    ("lessons", LESSON, {"note_de": NOUNS}, "language.noun-style", "note_de"),
    (
        "lessons",
        LESSON,
        {"note_de": "Die Prüfung erfolgt später."},
        "language.office-words",
        "note_de",
    ),
    ("lessons", LESSON, {"note_de": "Die XBKV hilft."}, "language.abbreviation", "note_de"),
    (
        "lessons",
        LESSON,
        {"note_de": "Die App wurde gekauft. Die Daten werden gelöscht."},
        "language.passive",
        "note_de",
    ),
]


@pytest.mark.parametrize(("table", "key", "cells", "rule", "column"), CELLS)
def test_a_planted_cell_is_caught_in_its_row_and_nowhere_else(
    package: Package, table: str, key: str, cells: dict[str, str], rule: str, column: str
) -> None:
    found = examine(with_cells(package, table, key, cells), table)
    assert {one.rule for one in found} == {rule}, found
    assert {(one.where, one.line) for one in found} == {
        (f"datasets/{table}.csv", line_of(package, table, key))
    }
    assert {one.place for one in found} == {f"{key}, Spalte {column}"}
    assert all(one.text and one.remedy for one in found)


def test_a_swapped_pair_of_keys_names_the_right_ones(package: Package) -> None:
    changed = with_cells(package, "project_places", "ulm + 08421000", {"place_key": "16052000"})
    found = [one for one in examine(changed, "project_places") if "heißt" not in one.text]
    ours = [one for one in found if one.where == "datasets/project_places.csv"]
    assert [one.rule for one in ours] == ["data.ags"]
    assert "16052000 ist Gera, daneben steht Ulm. Ulm hat den Schlüssel 08421000." in ours[0].text
    assert {one.where for one in found} == {"datasets/project_places.csv", "datasets/model_projects.csv"}


def test_a_key_that_the_official_register_calls_otherwise_is_caught(package: Package) -> None:
    found = data_check.between_tables(package, TODAY, {"08421000": "Ulm, Universitätsstadt"})
    assert found == []
    found = data_check.between_tables(package, TODAY, {"08421000": "Gera, Stadt"})
    assert [(one.rule, one.place) for one in found] == [("data.ags", "08421000, Spalte place_key")]


def test_a_source_nobody_uses_is_caught(package: Package) -> None:
    table = package.tables["sources"]
    extra = dataclasses.replace(
        table.rows[0],
        line=900,
        key="neu",
        cells={**table.rows[0].cells, "source_id": "neu", "url": "https://neu.de/", "title": "Neu"},
    )
    tables = {**package.tables, "sources": dataclasses.replace(table, rows=(*table.rows, extra))}
    found = examine(dataclasses.replace(package, tables=tables), "sources")
    assert [(one.rule, one.line, one.place) for one in found] == [
        ("data.source-unused", 900, "neu, Spalte source_id")
    ]


def test_weights_that_do_not_add_up_are_named_with_their_sum(package: Package) -> None:
    found = examine(with_cells(package, "criteria", "hub-start-cost", {"weight_default": "0.2"}), "criteria")
    assert [one.rule for one in found] == ["data.weights"]
    assert "„hub“ ergeben zusammen 1.06 statt 1" in found[0].text


def test_an_option_without_a_score_is_named_with_its_criterion(package: Package) -> None:
    table = package.tables["scores"]
    tables = {**package.tables, "scores": dataclasses.replace(table, rows=table.rows[1:])}
    found = examine(dataclasses.replace(package, tables=tables), "scores")
    assert [(one.rule, one.place) for one in found] == [("data.score-missing", "hub-muni, Spalte option_id")]
    assert "Anlaufkosten" in found[0].text


def test_an_old_edition_of_the_register_is_told_once(package: Package) -> None:
    found = data_check.between_tables(package, datetime.date(2027, 12, 1))
    stale = [one for one in found if one.where == "datasets/places.csv"]
    assert [(one.rule, one.line) for one in stale] == [("data.stale", 2)]
    assert len([one for one in found if one.where == "datasets/sources.csv"]) == len(package.rows("sources"))


def described(package: Package, change: Callable[[dict[str, Any]], None]) -> list[Finding]:
    description = json.loads(package.text)
    change({table["name"]: table for table in description["resources"]} | {"package": description})
    text = json.dumps(description, ensure_ascii=False, indent=1) + "\n"
    tables = {
        one["name"]: dataclasses.replace(package.tables[one["name"]], resource=one)
        for one in description["resources"]
    }
    return data_check.between_tables(Package(text, description, tables), TODAY)


def field(table: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in table["schema"]["fields"] if one["name"] == name)


@pytest.mark.parametrize(
    ("change", "rule", "place"),
    [
        (lambda t: t["themes"].pop("licenses"), "data.description", "Tabelle themes, licenses"),
        (lambda t: t["themes"].pop("title"), "data.description", "Tabelle themes, title"),
        (
            lambda t: t["themes"]["licenses"][0].update(name="CC-BY-5.0"),
            "data.licence",
            "Tabelle themes, Lizenz CC-BY-5.0",
        ),
        (
            lambda t: t["themes"]["licenses"][0].pop("path"),
            "data.licence-link",
            "Tabelle themes, Lizenz CC-BY-4.0",
        ),
        (
            lambda t: t["places"]["licenses"][0].update(name="dl-de/by-2-0"),
            "data.licence-link",
            "Tabelle places, Lizenz dl-de/by-2-0",
        ),
        (
            lambda t: t["places"]["sources"][0].pop("path"),
            "data.attribution",
            "Tabelle places, Lizenz destatis",
        ),
        (
            lambda t: t["places"]["sources"][0].update(title="Gemeindeverzeichnis, Destatis"),
            "data.attribution",
            "Tabelle places, Lizenz destatis",
        ),
        (
            lambda t: field(t["places"], "population").pop("unit"),
            "data.description",
            "Tabelle places, Feld population",
        ),
        (
            lambda t: field(t["places"], "population").pop("title"),
            "data.description",
            "Tabelle places, Feld population",
        ),
    ],
)
def test_a_planted_gap_in_the_description_is_caught(
    package: Package, change: Callable[[dict[str, Any]], None], rule: str, place: str
) -> None:
    found = described(package, change)
    assert [(one.where, one.rule, one.place) for one in found] == [(DESCRIPTION, rule, place)]
    assert found[0].line
    assert f'"name": "{place.split()[1].rstrip(",")}"' in package.text.splitlines()[found[0].line - 1]


def test_a_description_in_another_form_is_caught_at_its_line(package: Package) -> None:
    odd = package.text.replace('\n "title"', '\n  "title"', 1)
    found = data_check.between_tables(dataclasses.replace(package, text=odd), TODAY)
    assert [(one.rule, one.line) for one in found] == [("data.form", 4)]
