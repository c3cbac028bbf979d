"""The files Destatis really publishes: counts, cross-checks, damage."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from transferkit.errors import PlaceError, RegisterError
from transferkit.knowledge import register, register_store
from transferkit.knowledge.citation import cite
from transferkit.knowledge.register_check import check
from transferkit.knowledge.register_import import Document, import_documents, read_document

TEXT = "GV100AD_31122022.txt"
ANNUAL = "31122023_Auszug_GV.xlsx"
QUARTERLY = "AuszugGV4QAktuell_2024.xlsx"
CHANGES = "Gebietsaenderungen_2024.xlsx"


@pytest.fixture(scope="module")
def official(
    official_register_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[pd.DataFrame]:
    """All official files imported together, as the register in use of this module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRANSFERKIT_REGISTER", str(tmp_path_factory.mktemp("official")))
        register.import_files(*(official_register_folder / name for name in (TEXT, QUARTERLY, CHANGES)))
        yield register.municipalities()


@pytest.mark.parametrize(
    ("name", "rows", "real", "population", "population_date"),
    [
        (TEXT, 10_993, 10_784, 84_358_845, None),
        (ANNUAL, 10_981, 10_773, 84_669_326, "2023-12-31"),
        (QUARTERLY, 10_959, 10_752, 84_669_326, "2023-12-31"),
    ],
)
def test_every_official_file_is_sound_and_counts_as_known(
    official_register_folder, name, rows, real, population, population_date
):
    file = read_document(Document(name, (official_register_folder / name).read_bytes()))
    assert check(file) == []
    places = file.municipalities
    assert len(places) == rows
    assert (~places["type_code"].isin(["65", "66"])).sum() == real
    assert places["population"].sum() == population
    found = file.population_date
    assert (None if found is None else str(found)[:10]) == population_date


def test_the_combined_register_has_everything_for_every_municipality(official):
    status = register.status()
    assert (status.rows, status.municipalities, status.without_coordinates) == (10_959, 10_752, 0)
    assert (status.census, status.population_date) == ("Zensus 2011", "2023-12-31")
    assert (status.register_date, status.coordinates_date) == ("2024-12-31", "2024-12-31")
    real = official[official["is_municipality"]]
    must = [name for name in official.columns if not name.startswith(("association", "postcode"))]
    assert real[must].notna().all(axis=None)
    assert real["density_per_km2"].between(0.1, 5_000).all()
    assert real["population_within_30km"].ge(real["population"]).all()
    assert (real.loc[real["population"] >= 100_000, "km_to_city_100k"] == 0).all()


def test_the_derived_columns_are_close_to_the_shipped_ones(official, monkeypatch, tmp_path):
    """The shipped values stand on a newer issue and on Zensus 2022, so they are close, not equal."""
    monkeypatch.setenv("TRANSFERKIT_REGISTER", str(tmp_path))
    shipped = register.municipalities()
    same = official.loc[shipped.index.intersection(official.index)]
    shipped = shipped.loc[same.index]
    assert len(same) >= 117
    around = same["population_within_30km"] / shipped["population_within_30km"] - 1
    assert around.abs().median() < 0.02
    assert around.abs().max() < 0.10
    assert (same["lon"] - shipped["lon"]).abs().max() < 1e-5  # shipped with five decimals
    way = (same["km_to_city_100k"] - shipped["km_to_city_100k"]).abs()
    assert way.median() == pytest.approx(0, abs=0.05)


def test_kreise_of_germany(official):
    kreise = register.kreise()
    assert len(kreise) == 400
    assert kreise["is_city"].sum() == 106
    assert kreise.at["09471", "name"] == "Landkreis Bamberg"
    assert kreise["municipalities"].sum() == 10_752


@pytest.mark.parametrize(
    ("query", "ags"),
    [
        ("Gröde", "01054039"),
        ("Fuchstal", "09181121"),
        ("Apfeldorf", "09181111"),
        ("Guetersloh", "05754008"),
        ("Jenna", "16053000"),
        ("KÖLN", "05315000"),
        ("Weiden in der Oberpfalz", "09363000"),
        ("Neuenkirchen (Heidekreis)", "03358017"),
        ("Schulzendorf, Landkreis Dahme-Spreewald", "12061444"),
    ],
)
def test_known_places_are_found(official, query, ags):
    assert register.municipality(query).name == ags


def test_every_municipality_is_found_by_its_official_name_or_listed_among_its_namesakes(official):
    from transferkit.knowledge.register_find import find_by_name
    from transferkit.knowledge.register_names import names_of

    names = names_of(official, register.kreise(), register_store.read_changes(), complete=True)
    wrong = []
    for ags, name in official.loc[official["is_municipality"], "official_name"].items():
        try:
            found = find_by_name(names, name)
        except PlaceError as error:
            if "kann" not in str(error):
                wrong.append((ags, name, str(error)))
            continue
        if found != ags:
            wrong.append((ags, name, found))
    assert wrong == []


def test_two_neuenkirchen_in_one_kreis_are_told_apart_by_their_amt(official):
    with pytest.raises(PlaceError, match=r"(?s)kann 11 Gemeinden meinen.*13075101.*13075102") as caught:
        register.municipality("Neuenkirchen")
    assert str(caught.value).count("\n") == 11


def test_a_dissolved_municipality_names_its_successors(official):
    with pytest.raises(PlaceError, match=r"(?s)Rodeberg.*16061118  Dingelstädt.*16064046  Mühlhausen"):
        register.municipality("16064055")


def test_a_changed_byte_in_the_official_text_is_named_and_nothing_replaced(
    official, official_register_folder
):
    data = bytearray((official_register_folder / TEXT).read_bytes())
    line = data.index(b"\n60", 2_000_000) + 1
    data[line + 12] = ord("x")
    number = bytes(data[:line]).count(b"\n") + 1
    with pytest.raises(RegisterError, match=rf"Zeile {number}: "):
        import_documents([Document(TEXT, bytes(data))])
    assert register.status().rows == 10_959


def test_the_source_names_the_gebietsstand_of_the_register_in_use(official):
    cited = cite("register").iloc[0]
    assert cited["title"] == "Gemeindeverzeichnis GV-ISys, Gebietsstand 31.12.2024"
    assert cited["date"] == "2024-12-31"
