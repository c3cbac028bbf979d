"""The register without an import: the places of the model projects, and what it says of itself."""

from __future__ import annotations

import subprocess
import sys

import pytest

from transferkit.errors import PlaceError
from transferkit.knowledge import register, register_store
from transferkit.knowledge.register_import import Document, import_documents
from transferkit.knowledge.register_table import COLUMNS


def test_without_an_import_the_shipped_places_have_the_same_columns_and_types(register_folder):
    table = register.municipalities()
    assert {name: str(kind) for name, kind in table.dtypes.items()} == COLUMNS
    assert not register.is_complete()
    assert len(table) > 100
    assert table["is_municipality"].all()
    assert table.index.str.fullmatch(r"\d{8}").all()
    assert table["ars"].isna().all()
    assert (table["census"] == "Zensus 2022").all()
    whole = [
        "population",
        "area_km2",
        "density_per_km2",
        "lon",
        "lat",
        "population_within_30km",
        "size_class",
    ]
    assert table[whole].notna().all(axis=None)


def test_a_shipped_place_is_found_by_key_and_name(register_folder):
    town = register.municipality("Jena")
    assert town.name == "16053000"
    assert register.municipality("16053000")["short_name"] == "Jena"
    assert register.municipality("160530000000").name == "16053000"


def test_a_place_that_is_not_shipped_says_how_to_get_all(register_folder):
    with pytest.raises(PlaceError, match="„transferkit register import DATEI“"):
        register.municipality("Kleinkleckersdorf")
    with pytest.raises(PlaceError, match="„transferkit register import DATEI“"):
        register.municipality("01054039")


@pytest.mark.parametrize("query", ["", "   "])
def test_asking_for_nothing_is_an_error(register_folder, query):
    with pytest.raises(PlaceError, match="keine Gemeinde genannt"):
        register.municipality(query)


def test_the_status_of_the_shipped_places_speaks_german(register_folder):
    said = register.status().describe()
    assert "Mitgelieferte Orte: 118 Gemeinden" in said
    assert "Gebietsstand 30.11.2025, Bevölkerung 31.12.2024 (Zensus 2022)" in said
    assert "transferkit register update" in said


def test_the_status_of_an_imported_register_names_dates_counts_and_files(country, register_folder):
    import_documents([Document("GV100AD.txt", country.text())], bounds=country.bounds)
    said = register.status().describe()
    assert "Gebietsstand 31.12.2024" in said
    assert "64 (dazu 1 gemeindefreie Gebiete)" in said
    assert "sie fehlen bei 64 Gemeinden" in said
    assert "GV100AD.txt" in said


def test_the_attribution_names_year_and_gebietsstand_of_the_data_in_use(country, register_folder):
    assert "Gebietsstand 30.11.2025 (Bevölkerung und Fläche 31.12.2024)" in register.attribution()
    import_documents([Document("Auszug.xlsx", country.xlsx())], bounds=country.bounds)
    assert register.attribution() == (
        "© Statistisches Bundesamt (Destatis), 2025, Gemeindeverzeichnis GV-ISys, Gebietsstand 31.12.2024; "
        "eigene Aufbereitung"
    )


def test_kreise_are_sums_of_their_municipalities(country, register_folder):
    shipped = register.kreise()
    assert shipped.at["01057", "name"] == "Kreis Plön"
    assert shipped["municipalities"].isna().all()
    assert shipped.at["16053", "is_city"]
    import_documents([Document("GV.txt", country.text())], bounds=country.bounds)
    kreise = register.kreise()
    assert list(kreise.columns) == list(shipped.columns)
    assert kreise.dtypes.equals(shipped.dtypes)
    # The wood in Land 09 has an area of 5 km², but is no municipality.
    assert kreise.at["09051", "area_km2"] == pytest.approx(4 * 10.09)
    assert kreise.at["09051", "municipalities"] == 4
    assert kreise.at["01051", "name"] == "Landkreis Aue 01"
    assert kreise.at["09051", "name"] == "Mittelkreis 09"
    assert not kreise["is_city"].any()


def test_the_register_lives_in_the_checkout_or_where_the_user_says(tmp_path, monkeypatch):
    monkeypatch.delenv("TRANSFERKIT_REGISTER", raising=False)
    (tmp_path / "datasets").mkdir()
    assert "transferkit" in register_store.folder(tmp_path).parts
    assert tmp_path not in register_store.folder(tmp_path).parents
    (tmp_path / "pyproject.toml").touch()
    assert register_store.folder(tmp_path) == tmp_path / "datasets" / "register"
    monkeypatch.setenv("TRANSFERKIT_REGISTER", str(tmp_path / "own"))
    assert register_store.folder(tmp_path) == tmp_path / "own"


def test_reading_the_register_imports_neither_excel_nor_network(register_folder):
    code = (
        "import sys; from transferkit.knowledge import register; register.municipality('16053000');"
        "print([name for name in ('openpyxl', 'requests', 'scipy', 'rapidfuzz') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
