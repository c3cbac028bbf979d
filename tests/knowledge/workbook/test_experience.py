"""A filled experience sheet becomes rows of the data package, all of them or none."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from transferkit.errors import WorkbookError
from transferkit.knowledge import datasets, package_check
from transferkit.knowledge.workbook import experience_rows, forms, package
from transferkit.knowledge.workbook.experience_rows import new_rows, slug
from transferkit.knowledge.workbook.filled import UnsoundError


@pytest.fixture
def changed(experience: dict[str, Any]) -> Callable[..., dict[str, Any]]:
    """The example with entries changed: by sheet, then heading (and row number for tables)."""

    def change(sheet: str, head: str, value: Any, row: int | None = None) -> dict[str, Any]:
        entries = copy.deepcopy(experience)
        (entries[sheet] if row is None else entries[sheet][row])[head] = value
        return entries

    return change


def problems(path: Path) -> list[str]:
    with pytest.raises(UnsoundError) as unsound:
        new_rows(forms.read(path), path.name)
    return [str(problem) for problem in unsound.value.problems]


def test_an_experience_becomes_rows_without_loss(
    fill: Callable[..., Path], experience: dict[str, Any], package_folder: Path
) -> None:
    path = fill("experience", experience)
    made = new_rows(forms.read(path), path.name)
    told = package.append(package_folder, made.tables)
    assert "sources.csv: 2 Zeilen mehr\n  + stadt-ulm-vermerk-zur-ampel," in told
    solution = datasets.load("solutions").set_index("solution_id").loc["ulm-ampel-fuer-fusswege-gruene-meile"]
    assert solution["title"] == "=Ampel für Fußwege („Grüne Meile“)"
    assert solution["technology_de"] == "+LoRaWAN, -20 °C bis 60 °C"
    assert solution["cost_de"] == "12.500 Euro einmalig (2025)\n1.200 Euro im Jahr"
    assert (solution["project_id"], solution["status_as_of"]) == ("ulm", "2025-11")
    assert solution["further_theme_ids"] == "climate-adaptation"
    assert solution["source_ids"] == "stadt-ulm-vermerk-zur-ampel;suedwestpresse-bericht-ueber-die-ampel"
    lessons = datasets.load("lessons")
    lessons = lessons[lessons["solution_id"] == solution.name].set_index("kind")
    assert lessons.loc["pitfall", "statement_de"].startswith("-20 °C im Winter")
    assert lessons.loc["success-factor", "statement_de"].startswith("@Beteiligung")
    assert lessons.loc[["pitfall", "success-factor"], "scope"].tolist() == ["mpsc", "general"]
    assert lessons.loc[["pitfall", "success-factor"], "basis"].tolist() == ["sourced", "own"]
    source = datasets.load("sources").set_index("source_id").loc["stadt-ulm-vermerk-zur-ampel"]
    assert (source["date"], source["checked"]) == ("2025-11-22", "2026-11-24")
    assert package_check.check() == []


def test_only_lines_are_added_to_the_package(
    fill: Callable[..., Path], experience: dict[str, Any], package_folder: Path
) -> None:
    before = {path.name: path.read_bytes() for path in package_folder.iterdir()}
    path = fill("experience", experience)
    package.append(package_folder, new_rows(forms.read(path), path.name).tables)
    after = {path.name: path.read_bytes() for path in package_folder.iterdir()}
    assert after.keys() == before.keys()
    assert {name for name in after if after[name] != before[name]} == {
        "lessons.csv",
        "solutions.csv",
        "sources.csv",
    }
    assert all(after[name].startswith(before[name]) for name in after)


def test_a_municipality_outside_the_programme_is_named_in_the_note(
    fill: Callable[..., Path], experience: dict[str, Any]
) -> None:
    del experience["Lösung"]["Modellprojekt"]
    experience["Lösung"]["Kommune (AGS)"] = "01001000"
    path = fill("experience", experience)
    made = new_rows(forms.read(path), path.name).tables
    assert made["solutions"][0]["solution_id"] == "flensburg-ampel-fuer-fusswege-gruene-meile"
    assert made["solutions"][0]["note_de"] == "Aus Flensburg (01001000)."
    assert [lesson["scope"] for lesson in made["lessons"]] == ["context", "general"]


def test_a_solution_that_is_there_already_is_not_added_twice(
    fill: Callable[..., Path], experience: dict[str, Any], package_folder: Path
) -> None:
    path = fill("experience", experience)
    package.append(package_folder, new_rows(forms.read(path), path.name).tables)
    assert ["gibt es schon (ulm-ampel" in line for line in problems(path)] == [True]


def test_a_source_that_is_known_is_cited_not_repeated(
    fill: Callable[..., Path], experience: dict[str, Any]
) -> None:
    known = datasets.load("sources").query("date.notna() and url.notna()").iloc[0]
    experience["Quellen"][1] |= {
        "Titel": known["title"],
        "Herausgeber": known["publisher"],
        "Datum": known["date"],
        "Adresse": known["url"],
    }
    path = fill("experience", experience)
    made = new_rows(forms.read(path), path.name).tables
    assert len(made["sources"]) == 1
    assert made["solutions"][0]["source_ids"].endswith(f";{known['source_id']}")


@pytest.mark.parametrize(
    ("sheet", "head", "value", "row", "said"),
    [
        ("Lösung", "Quellen", "Q1;Q2;Q9", None, "Die Quelle „Q9“ steht nicht auf dem Blatt"),
        ("Lösung", "Quellen", "Q1", None, "wird nirgends genannt"),
        ("Lösung", "Kommune (AGS)", "01001000", None, "gehört nicht zu dem Modellprojekt"),
        ("Lösung", "Modellprojekt", None, None, "Nennen Sie das Modellprojekt oder die Kommune"),
        ("Lösung", "Weiteres Thema", "Smarte Regionen", None, "Ein Thema ist zweimal gewählt"),
        ("Lösung", "Adresse des Codes", "github.com/x", None, "keine vollständige Adresse"),
        ("Lösung", "Bereich", "Mobilität; Energie", None, "Ein Bereich genügt"),
        ("Erfahrungen", "Quellen", None, 0, "Hier fehlt die Quelle"),
        ("Erfahrungen", "Quellen", "Q1", 1, "Eine eigene Einschätzung nennt keine Quelle"),
    ],
)
def test_entries_that_contradict_each_other_are_named(
    sheet: str,
    head: str,
    value: Any,
    row: int | None,
    said: str,
    fill: Callable[..., Path],
    changed: Callable[..., dict[str, Any]],
) -> None:
    found = problems(fill("experience", changed(sheet, head, value, row)))
    assert len(found) == 1
    assert said in found[0]
    assert f"Blatt „{'Quellen' if 'nirgends' in said else sheet}“, Zelle " in found[0]


def test_a_short_name_given_twice_is_refused(
    fill: Callable[..., Path], changed: Callable[..., dict[str, Any]]
) -> None:
    found = problems(fill("experience", changed("Quellen", "Kürzel", "q1", 1)))
    assert "Blatt „Quellen“, Zelle A6: „q1“. Das steht schon in Zelle A5." in found[0]


def test_an_experience_without_a_lesson_is_incomplete(
    fill: Callable[..., Path], experience: dict[str, Any]
) -> None:
    experience["Erfahrungen"] = []
    found = problems(fill("experience", experience))
    assert found == ["Blatt „Erfahrungen“: Hier muss mindestens 1 Zeile ausgefüllt sein."]


def test_contact_data_is_flagged_until_somebody_confirms_it(
    fill: Callable[..., Path], changed: Callable[..., dict[str, Any]]
) -> None:
    path = fill("experience", changed("Erfahrungen", "Aussage", "Fragen Sie Frau Muster, Tel. 0731 1610.", 0))
    with pytest.raises(UnsoundError) as flagged:
        forms.read(path)
    assert {problem.cell for problem in flagged.value.problems} == {"B5"}
    assert "--confirm-personal-data" in str(flagged.value)
    assert (
        forms.read(path, confirmed=True).records["Erfahrungen"][0].text("statement_de").startswith("Fragen")
    )


def test_rows_that_would_break_the_package_change_nothing(package_folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in package_folder.iterdir()}
    row = dict.fromkeys(datasets.load("lessons").columns, "") | {
        "lesson_id": "x",
        "solution_id": "gibt-es-nicht",
    }
    with pytest.raises(WorkbookError, match="nicht mehr in Ordnung"):
        package.append(package_folder, {"lessons": [row]})
    assert {path.name: path.read_bytes() for path in package_folder.iterdir()} == before


def test_the_package_is_sound_between_any_two_files(
    fill: Callable[..., Path], experience: dict[str, Any], package_folder: Path
) -> None:
    path = fill("experience", experience)
    for table, rows in new_rows(forms.read(path), path.name).tables.items():
        package.append(package_folder, {table: rows})  # refuses what is not sound


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Bürgerbus „Süd“ & Straße", "buergerbus-sued-strasse"),
        ("Café Łódź", "cafe-odz"),
        ("ein sehr langer Name einer Lösung", "ein-sehr-langer-name"),
    ],
)
def test_keys_are_readable_and_cut_at_a_word(text: str, key: str) -> None:
    assert slug(text, 24) == key


def test_every_column_of_the_package_is_written(
    fill: Callable[..., Path], experience: dict[str, Any]
) -> None:
    path = fill("experience", experience)
    for table, rows in experience_rows.new_rows(forms.read(path), path.name).tables.items():
        columns = pd.read_csv(datasets.folder() / f"{table}.csv", nrows=0).columns
        assert set(rows[0]) == set(columns)
