"""Places beyond the single municipality: how they are named, what they refuse, how they add up."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transferkit.errors import PlaceError
from transferkit.knowledge import register_store
from transferkit.knowledge.place import associations, counties, label, place
from transferkit.knowledge.place_levels import article, association_name
from transferkit.knowledge.place_sums import summed
from transferkit.knowledge.register_table import COLUMNS, conform

LANDSBERG = "Landkreis Landsberg am Lech"
LANDSHUT = "Landkreis Landshut"
NUERNBERG = "Landkreis Nürnberger Land"
FUCHSTAL = ("5138", "Fuchstal (VGem)", "Verwaltungsgemeinschaft")
VELDEN, VELDEN_TOO = (("5227", "Velden (VGem)", FUCHSTAL[2]), ("5527", "Velden (VGem)", FUCHSTAL[2]))
ELBE = ("5406", "Elbtalaue", "Samtgemeinde")
NOWHERE = (None, None, None, None)
ROWS = [
    # AGS, name, Kreis, type, association, people, km², lon, lat, people within 30 km, km to a big city
    ("09181121", "Fuchstal", LANDSBERG, "64", FUCHSTAL, 4_000, 40.0, 10.8, 47.9, 470_000, 48.0),
    ("09181143", "Unterdießen", LANDSBERG, "64", FUCHSTAL, 1_000, 10.0, 10.9, 48.0, 520_000, 43.0),
    ("09181113", "Denklingen", LANDSBERG, "64", None, 3_000, 57.0, 10.7, 47.8, 440_000, 51.0),
    ("09181451", "Ammersee", LANDSBERG, "66", None, 0, 46.0, 11.1, 48.0, None, None),
    ("09461000", "Bamberg", "Bamberg", "61", None, 80_000, 54.0, 10.9, 49.9, 450_000, 34.0),
    ("09471142", "Hirschaid, M", "Landkreis Bamberg", "60", None, 12_000, 41.0, 11.0, 49.8, 600_000, 28.0),
    ("09274183", "Velden, M", LANDSHUT, "60", VELDEN, 6_000, 40.0, *NOWHERE),
    ("09574160", "Velden, St", NUERNBERG, "63", VELDEN_TOO, 2_000, 21.0, *NOWHERE),
    ("11000000", "Berlin, Stadt", "Berlin", "61", None, 3_700_000, 891.0, 13.4, 52.5, 4_700_000, 0.0),
    ("06440008", "Friedberg (Hessen), St", "Wetteraukreis", "63", None, 30_000, 50.0, 8.7, 50.3, 1, 30.0),
    ("03354004", "Dannenberg", "Landkreis Lüchow-Dannenberg", "63", ELBE, 8_000, 76.0, 11.1, 53.1, 1, 80.0),
]  # fmt: skip


def table_of(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    names = ["official_name", "kreis", "type_code", "bound", "population", "area_km2", "lon", "lat"]
    frame = pd.DataFrame(
        [row[1:] for row in rows],
        index=[str(row[0]) for row in rows],
        columns=[*names, "population_within_30km", "km_to_city_100k"],
    )
    bound = [value or (None, None, None) for value in frame["bound"]]
    kreis_key = frame.index.str[:5]
    code = pd.Series([value[0] for value in bound], frame.index, dtype="str")
    return conform(
        frame.assign(
            short_name=frame["official_name"].str.split(",").str[0],
            land_code=frame.index.str[:2],
            land=["Bayern" if key.startswith("09") else "Anderswo" for key in frame.index],
            kreis_key=kreis_key,
            association_key=(kreis_key + code).where(code.notna()),
            association=[value[1] for value in bound],
            association_type=[value[2] for value in bound],
            in_association=code.notna(),
            is_municipality=frame["type_code"] != "66",
            density_per_km2=frame["population"] / frame["area_km2"],
            register_date=pd.Timestamp("2024-12-31"),
            population_date=pd.Timestamp("2023-12-31"),
            census="Zensus 2022",
        )
    )


TABLE = table_of(ROWS)


@pytest.fixture
def complete(register_folder):
    """The invented register in use."""
    status = register_store.status_of(TABLE, ("erfunden",), "2025", complete=True)
    register_store.write(TABLE, status, register_store.read_changes())


@pytest.mark.parametrize(
    ("query", "key", "level"),
    [
        ("09181121", "09181121", "gemeinde"),
        ("091815138121", "09181121", "gemeinde"),
        ("Fuchstal", "09181121", "gemeinde"),
        ("09181", "09181", "kreis"),
        ("Landkreis Landsberg am Lech", "09181", "kreis"),
        ("Landkreis Landsberg", "09181", "kreis"),
        ("LK Landsberg am Lehc", "09181", "kreis"),
        ("Kreis Wetterau", "06440", "kreis"),
        ("Wetteraukreis", "06440", "kreis"),
        ("Bamberg", "09461000", "gemeinde"),
        ("Stadt Bamberg", "09461000", "gemeinde"),
        ("Landkreis Bamberg", "09471", "kreis"),
        ("091815138", "091815138", "verband"),
        ("VG Fuchstal", "091815138", "verband"),
        ("Verwaltungsgemeinschaft Fuchstal", "091815138", "verband"),
        ("VGem Fuchsthal", "091815138", "verband"),
        ("Samtgemeinde Elbtalaue", "033545406", "verband"),
        ("Elbtalaue", "033545406", "verband"),
        ("09181121+09181113", "09181113+09181121", "auswahl"),
        ("VG Fuchstal + Denklingen", "09181113+091815138", "auswahl"),
    ],
)
def test_a_place_is_found_by_key_and_by_name_at_its_level(complete, query, key, level):
    row = place(query)
    assert (row.name, row["level"]) == (key, level)


@pytest.mark.parametrize(("number", "key"), [(9181121, "09181121"), (9181, "09181"), (11000000, "11000000")])
def test_a_key_that_became_a_number_has_its_leading_zero_again(complete, number, key):
    assert place(number).name == key


@pytest.mark.parametrize(("key", "ags"), [("09461", "09461000"), ("11000", "11000000")])
def test_a_city_that_is_its_own_kreis_is_a_municipality_by_either_key(complete, key, ags):
    assert place(key).name == ags
    assert place(key)["level"] == "gemeinde"
    assert ags[:5] not in counties().index


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("0918", r"hat 4 Ziffern\. .*8 Ziffern.*5 Ziffern.*9 Ziffern.*mit \+"),
        ("9181", "fehlt die führende Null. Richtig wäre 09181: Landkreis Landsberg am Lech"),
        ("91815138", "Richtig wäre 091815138: Verwaltungsgemeinschaft Fuchstal"),
        ("9181121", "Richtig wäre 09181121: Fuchstal"),
        ("86925", "Postleitzahlen sind keine Schlüssel"),
        ("09182", r"Eine Ziffer anders:\n  09181  Landkreis Landsberg"),
        ("091815139", r"Eine Ziffer anders:\n  091815138  Verwaltungsgemeinschaft Fuchstal"),
        ("091810113", "ist kein Gemeindeverband. Der Schlüssel von „Denklingen“ ist 09181113"),
        ("091819451", "ist kein Gemeindeverband. Der Schlüssel von „Ammersee“ ist 09181451"),
        ("09181451", "gemeindefreies Gebiet"),
        ("VG Velden", r"(?s)nicht eindeutig.*092745227  .*Landshut.*\n  095745527  .*Nürnberger Land"),
        ("Velden", "kann 2 Gemeinden meinen"),
        ("Landkreis Atlantis", "Ein Kreis „Landkreis Atlantis“ steht nicht im Gemeindeverzeichnis"),
        ("Kreis Lech", r"Ähnlich heißen:\n  09181  Landkreis Landsberg am Lech"),
        ("Amt Fuchstal", "Ein Gemeindeverband „Amt Fuchstal“ steht nicht"),
        ("09181121+", "fehlt ein Ort"),
        ("09181121+09181121", "steht zweimal"),
        ("Fuchstal+09181121", "steht zweimal"),
        ("09181121+09181", "überschneiden sich"),
        ("091815138+09181121", "überschneiden sich"),
        ("091815138+09181", "überschneiden sich"),
        ("09181121+0918", "hat 4 Ziffern"),
    ],
)
def test_what_is_no_place_is_refused_with_what_would_be_right(complete, query, said):
    with pytest.raises(PlaceError, match=said):
        place(query)


def test_an_association_adds_up_as_worked_by_hand(complete):
    row = place("091815138")
    # Fuchstal 4,000 people on 40 km², Unterdießen 1,000 on 10 km²: weights 4/5 and 1/5.
    assert row["population"] == 5_000
    assert row["area_km2"] == 50.0
    assert row["density_per_km2"] == 100.0  # 5,000 / 50
    assert row["municipalities"] == 2
    assert row["lon"] == pytest.approx(10.82)  # 10.8 * 4/5 + 10.9 * 1/5
    assert row["lat"] == pytest.approx(47.92)
    assert row["population_within_30km"] == 480_000  # 470,000 * 4/5 + 520,000 * 1/5
    assert row["km_to_city_100k"] == 47.0  # 48 * 4/5 + 43 * 1/5
    assert row["kreis"] == LANDSBERG
    assert row["members"] == ("09181121", "09181143")


def test_the_density_of_a_kreis_follows_from_sums_and_leaves_unincorporated_areas_out(complete):
    row = place("09181")
    # 4,000 + 1,000 + 3,000 people on 40 + 10 + 57 km²; the 46 km² of the lake belong to no municipality.
    assert (row["population"], row["area_km2"], row["municipalities"]) == (8_000, 107.0, 3)
    assert row["density_per_km2"] == pytest.approx(8_000 / 107)
    assert "09181451" not in row["members"]


def test_a_set_is_the_same_in_any_order_and_named_after_the_largest(complete):
    one, other = place("09181113+09181121"), place("09181121+09181113")
    pd.testing.assert_series_equal(one, other)
    assert one["short_name"] == "Fuchstal und Denklingen"
    assert place("09181113+09181143+09181121")["short_name"] == "Fuchstal und 2 weitere"


def test_a_set_over_two_laender_has_no_land_code_but_names_both(complete):
    row = place("09181121+06440008")
    assert pd.isna(row["land_code"])
    assert row["land"] == "Anderswo und Bayern"


@pytest.mark.parametrize(
    ("query", "compared_as"),
    [
        ("09181121", "gemeinde"),
        ("09181", "kreis"),
        ("091815138", "verband"),
        ("09181121+09181113", "verband"),
        ("091815138+09181113", "verband"),
        ("09181+09471", "kreis"),
        ("09461+09471", "kreis"),
    ],
)
def test_like_is_compared_with_like(complete, query, compared_as):
    assert place(query)["compared_as"] == compared_as


def test_a_place_has_the_columns_of_a_municipality_whatever_its_level(complete):
    for query in ("09181121", "09181", "091815138", "09181121+09181113"):
        assert list(place(query).index) == [
            *COLUMNS,
            "level",
            "compared_as",
            "municipalities",
            "article",
            "members",
        ]


def test_the_label_of_a_place_can_stand_in_a_title(complete):
    assert label("09181") == ("09181", LANDSBERG, f"den {LANDSBERG}")
    assert label("Fuchstal") == ("09181121", "Fuchstal", "Fuchstal")
    assert label("091815138").accusative == "die Verwaltungsgemeinschaft Fuchstal"


def test_without_a_register_the_kreise_of_the_model_projects_are_places(register_folder):
    row = place("Kreis Plön")
    assert (row.name, row["level"], row["population"]) == ("01057", "kreis", 130_609)
    assert pd.isna(row["municipalities"])
    assert place("01057+01058")["compared_as"] == "kreis"
    assert associations().empty


@pytest.mark.parametrize("query", ["09181", "VG Fuchstal", "091815138", "Plön", "Landkreis Bamberg"])
def test_without_a_register_other_places_say_how_to_get_all(register_folder, query):
    with pytest.raises(PlaceError, match="„transferkit register import DATEI“"):
        place(query)


def test_a_shipped_kreis_and_a_town_in_it_overlap_though_its_members_are_not_known(register_folder):
    with pytest.raises(PlaceError, match="überschneiden sich"):
        place("01059+01059083")


@pytest.mark.parametrize(
    ("official", "kind", "name", "der_die_das"),
    [
        ("Fuchstal (VGem)", "Verwaltungsgemeinschaft", "Verwaltungsgemeinschaft Fuchstal", "die"),
        ("VVG der Stadt Singen (Hohentwiel)", "Verwaltungsgemeinschaft",
         "Vereinbarte Verwaltungsgemeinschaft der Stadt Singen (Hohentwiel)", "die"),
        ("GVV Oberes Gäu", "Verwaltungsverband", "Gemeindeverwaltungsverband Oberes Gäu", "der"),
        ("Amt Lütjenburg", "Amt", "Amt Lütjenburg", "das"),
        ("Altes Amt Lemförde", "Samtgemeinde", "Samtgemeinde Altes Amt Lemförde", "die"),
        ("Schwedt/Oder, Stadt", "Erfüllende Gemeinde", "Erfüllende Gemeinde Schwedt/Oder", "die"),
    ],
)  # fmt: skip
def test_an_association_is_called_as_people_call_it(official, kind, name, der_die_das):
    assert association_name(official, kind) == name
    assert article(name) == der_die_das


def test_the_region_hannover_is_a_she_and_a_landkreis_a_he():
    assert [article(name) for name in ("Region Hannover", "Städteregion Aachen", "Ortenaukreis")] == [
        "die",
        "die",
        "der",
    ]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 3), min_size=len(ROWS), max_size=len(ROWS)))
def test_the_sum_of_a_partition_is_the_whole(groups):
    rows = TABLE[TABLE["is_municipality"]]
    group = pd.Series([f"part {number}" for number in groups][: len(rows)], rows.index)
    all_of_them = pd.Series("all", rows.index)
    parts = summed(rows, group)
    whole = summed(rows, all_of_them).iloc[0]
    again = summed(parts, pd.Series("all", parts.index)).iloc[0]
    for name in ("population", "municipalities"):
        assert again[name] == whole[name]
    assert again["area_km2"] == pytest.approx(whole["area_km2"])
    assert again["density_per_km2"] == pytest.approx(whole["density_per_km2"])
    # Where every part knows them; rounded twice.
    located = summed(rows[rows["lon"].notna()], group[rows["lon"].notna()])
    there = summed(rows[rows["lon"].notna()], all_of_them[rows["lon"].notna()]).iloc[0]
    twice = summed(located, pd.Series("all", located.index)).iloc[0]
    assert twice["lon"] == pytest.approx(there["lon"], abs=2e-5)
    assert twice["population_within_30km"] == pytest.approx(there["population_within_30km"], abs=1.1)
    assert twice["km_to_city_100k"] == pytest.approx(there["km_to_city_100k"], abs=0.11)


@settings(deadline=None, max_examples=50)
@given(st.permutations(range(len(ROWS))))
def test_the_order_of_rows_does_not_matter(order):
    rows = TABLE[TABLE["is_municipality"]]
    mixed = rows.iloc[[position for position in order if position < len(rows)]]
    one, other = (summed(table, pd.Series("all", table.index)) for table in (rows, mixed))
    pd.testing.assert_frame_equal(one, other)
