"""Importing: combine, derive, store; a damaged file changes nothing."""

from __future__ import annotations

import io
import os
import time
import zipfile
from dataclasses import replace

import pandas as pd
import pytest

from transferkit.errors import RegisterError
from transferkit.knowledge import register, register_store
from transferkit.knowledge.register_combine import dates
from transferkit.knowledge.register_derive import km_to_city, on_sphere, population_within
from transferkit.knowledge.register_import import Document, import_documents, import_files, read_document
from transferkit.knowledge.register_table import COLUMNS, SIZE_CLASSES, kreis_name

LONG_NAME = "Bautzen / Budyšin, Stadt, Hochschulstadt / Wysokošulske město"


def take(country, *documents):
    return import_documents([Document(*document) for document in documents], bounds=country.bounds)


def test_an_imported_register_answers_with_all_columns_and_types(country, register_folder):
    status = take(country, ("GV.txt", country.text()), ("Auszug.xlsx", country.xlsx()))
    table = register.municipalities()
    assert {name: str(kind) for name, kind in table.dtypes.items()} == COLUMNS
    assert register.is_complete()
    assert (status.rows, status.municipalities) == (65, 64)
    assert table["is_municipality"].sum() == 64
    assert table["size_class"].cat.categories.tolist() == list(SIZE_CLASSES)
    assert sorted(path.name for path in register_folder.iterdir()) == [
        "changes.parquet",
        "municipalities.parquet",
    ]


def test_an_area_without_municipality_is_kept_but_never_divided_by(country, register_folder):
    take(country, ("Auszug.xlsx", country.xlsx()))
    wood = register.municipalities().loc["09051450"]
    assert not wood["is_municipality"]
    assert wood["population"] == 0
    empty = ["density_per_km2", "population_within_30km", "km_to_city_100k", "size_class", "postcode"]
    assert wood[empty].isna().all()


def test_the_newest_issue_gives_figures_and_the_other_coordinates_and_full_names(country, register_folder):
    older = replace(country.changed("02051001", population=1_111), date="31.12.2023")
    take(country, ("alt.xlsx", older.xlsx()), ("neu.txt", country.text()))
    table = register.municipalities()
    assert table.at["02051001", "population"] == 20_000
    assert table.at["14051001", "official_name"] == LONG_NAME
    assert table.at["14051001", "short_name"] == "Bautzen / Budyšin"
    assert table.at["02051001", "degree_of_urbanisation"] == "mittlere Besiedlungsdichte"
    assert table["coordinates_date"].dropna().unique().tolist() == [pd.Timestamp("2023-12-31")]
    assert str(table["register_date"].iloc[0])[:10] == "2024-12-31"


def test_only_the_text_knows_of_several_postcodes_and_hands_that_on(country, register_folder):
    older = replace(country, date="31.12.2022")
    take(country, ("alt.txt", older.text()), ("neu.xlsx", country.xlsx()))
    several = register.municipalities()["postcode_multiple"]
    assert several["01051001"]
    assert not several["01051002"]
    take(country, ("neu.xlsx", country.xlsx()))
    assert register.municipalities()["postcode_multiple"].isna().all()


def test_a_merged_place_lies_between_its_predecessors_and_stays_empty_without_a_list(
    country, register_folder, changes_of_2024
):
    before = replace(country.changed("01051004", municipality="005", name="Altdorf"), date="31.12.2023")
    after = country.without("01051004").changed("01051003", municipality="009", name="Neudorf")
    files = [("alt.xlsx", before.xlsx()), ("neu.txt", after.text())]
    take(country, *files)
    assert pd.isna(register.municipalities().at["01051009", "lon"])
    take(country, *files, ("Gebietsaenderungen.xlsx", changes_of_2024))
    table = register.municipalities()
    # 300 inhabitants at 8.2 and 100 at 8.3 degrees
    assert table.at["01051009", "lon"] == pytest.approx(0.75 * 8.212341 + 0.25 * 8.312341, abs=1e-6)
    assert pd.notna(table.at["01051009", "population_within_30km"])


def test_a_place_whose_key_changed_keeps_coordinates_and_degree(country, register_folder, changes_of_2024):
    before = country.records
    moved = [replace(r, kreis="52") if r.land == "16" and r.kreis else r for r in before]
    old = replace(country, records=moved, date="31.12.2023")
    take(country, ("alt.xlsx", old.xlsx()), ("neu.txt", country.text()), ("Gebiet.xlsx", changes_of_2024))
    town = register.municipalities().loc["16051001"]
    assert town["degree_of_urbanisation_code"] == "02"
    assert town["lon"] == pytest.approx(8.012346)


def test_a_damaged_file_names_its_lines_and_leaves_the_register_in_use(country, register_folder):
    take(country, ("gut.txt", country.text()))
    before = {path.name: path.read_bytes() for path in register_folder.iterdir()}
    damaged = country.text().replace(b"\n602024", b"\n6X2024", 30)
    with pytest.raises(RegisterError) as caught:
        take(country, ("kaputt.txt", damaged))
    message = str(caught.value)
    assert "„kaputt.txt“ ist beschädigt oder unvollständig (30 Fehler)" in message
    assert message.count("Satzart „6X“") == 20
    assert "… und 10 weitere" in message
    assert "bisherige Verzeichnis bleibt unverändert" in message
    assert {path.name: path.read_bytes() for path in register_folder.iterdir()} == before


def test_one_damaged_file_of_two_refuses_both(country, register_folder):
    with pytest.raises(RegisterError, match=r"b\.xlsx"):
        take(country, ("a.txt", country.text()), ("b.xlsx", b"PK\x03\x04"))
    assert not register_folder.exists()


def test_a_zip_with_one_register_is_unpacked_and_another_zip_lists_what_is_in_it(country, register_folder):
    def packed(*names):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in names:
                archive.writestr(name, country.text())
        return out.getvalue()

    status = take(country, ("GV100AD3112.zip", packed("GV100AD_31122024.txt", "Hinweise.txt")))
    assert status.sources == ("GV100AD3112.zip",)
    with pytest.raises(RegisterError, match=r"ZIP-Archiv mit: Hinweise\.txt"):
        take(country, ("x.zip", packed("Hinweise.txt")))


def test_a_list_of_changes_alone_needs_a_register_and_is_then_added(
    country, register_folder, changes_of_2024
):
    with pytest.raises(RegisterError, match="enthält nur Gebietsänderungen"):
        take(country, ("Gebietsaenderungen_2024.xlsx", changes_of_2024))
    take(country, ("GV.txt", country.text()))
    status = take(country, ("Gebietsaenderungen_2024.xlsx", changes_of_2024))
    assert status.changes == 4
    assert status.sources == ("GV.txt", "Gebietsaenderungen_2024.xlsx")
    assert take(country, ("GV.txt", country.text())).changes == 4


def test_a_missing_file_and_no_file_are_errors(tmp_path, register_folder):
    with pytest.raises(RegisterError, match="lässt sich nicht lesen"):
        import_files(tmp_path / "fehlt.txt")
    with pytest.raises(RegisterError, match="keine Datei genannt"):
        import_files()


def test_the_invented_country_is_no_plausible_germany(country, register_folder, tmp_path):
    path = tmp_path / "GV.txt"
    path.write_bytes(country.text())
    with pytest.raises(RegisterError, match=r"enthält 64 Gemeinden\. Richtig wären 9\.500 bis 14\.000"):
        register.import_files(path)


def test_a_folder_that_cannot_be_written_is_a_german_error(country, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TRANSFERKIT_REGISTER", str(tmp_path / "file"))
    with pytest.raises(RegisterError, match="lässt sich nicht in"):
        take(country, ("GV.txt", country.text()))


def test_a_broken_store_says_how_to_mend_it(country, register_folder):
    take(country, ("GV.txt", country.text()))
    (register_folder / register_store.TABLE).write_bytes(b"kein Parquet")
    with pytest.raises(RegisterError, match="nicht lesbar"):
        register.municipalities()


def test_a_new_import_is_seen_at_once_and_callers_get_a_copy(country, register_folder):
    take(country, ("GV.txt", country.text()))
    mine = register.municipalities()
    mine["population"] = 0
    assert register.municipalities()["population"].sum() > 0
    take(country, ("GV.txt", country.changed("02051001", population=44_000).text()))
    os.utime(register_folder / register_store.TABLE, ns=(time.time_ns(), time.time_ns()))
    assert register.municipalities().at["02051001", "population"] == 44_000


@pytest.mark.parametrize(
    ("named", "population_date", "total", "expected"),
    [
        ("Zensus 2011", "31.12.2024", 1, ("2024-12-31", "Zensus 2011")),
        ("", "31.12.2024", 1, ("2024-12-31", "Zensus 2022")),
        ("", "31.12.2023", 84_700_000, ("2023-12-31", "Zensus 2011")),
        ("", "31.12.2023", 83_500_000, ("2023-12-31", "Zensus 2022")),
        ("", "31.12.2019", 83_000_000, ("2019-12-31", "Zensus 2011")),
        ("", "31.12.2009", 81_000_000, ("2009-12-31", "unbekannt")),
        ("", "", 83_577_140, ("2024-12-31", "Zensus 2022")),
        ("", "", 84_358_845, ("2022-12-31", "Zensus 2011")),
        ("", "", 12, (None, "unbekannt")),
    ],
)
def test_the_census_base_comes_from_the_file_then_the_total_then_the_date(
    country, named, population_date, total, expected
):
    rest = sum(r.population for r in country.records if r.ags != "01051001" or r.kind != "60")
    country = replace(country.changed("01051001", population=total - rest), census=named)
    file = read_document(Document("x", country.xlsx()))
    date = pd.to_datetime(population_date, dayfirst=True) if population_date else None
    found, census = dates(replace(file, population_date=date))
    assert (None if found is None else str(found)[:10], census) == expected


def test_distances_are_great_circles():
    # Berlin and Potsdam lie 26 km apart; from Köln to Potsdam, the nearer of the two, it is about 455 km.
    places = pd.DataFrame({"lon": [13.405, 13.065, 6.96], "lat": [52.52, 52.4, 50.938]})
    points, people = on_sphere(places), pd.Series([3_600_000, 180_000, 40]).to_numpy()
    assert population_within(points, people).tolist() == [3_780_000, 3_780_000, 40]
    away = km_to_city(points, people)
    assert away[:2].tolist() == [0.0, 0.0]
    assert away[2] == pytest.approx(454.5, abs=5)


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("Bamberg", "44", "Landkreis Bamberg"),
        ("Plön", "43", "Kreis Plön"),
        ("Wetteraukreis", "44", "Wetteraukreis"),
        ("Region Hannover", "44", "Region Hannover"),
        ("Städteregion Aachen", "43", "Städteregion Aachen"),
        ("Kiel, Landeshauptstadt", "41", "Kiel"),
    ],
)
def test_a_kreis_is_called_as_people_call_it(name, code, said):
    assert kreis_name(name, code) == said
