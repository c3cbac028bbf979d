"""Finding a municipality the way people write its name or key."""

from __future__ import annotations

import pandas as pd
import pytest

from transferkit.errors import PlaceError
from transferkit.knowledge.register_find import find_by_key, find_by_name
from transferkit.knowledge.register_names import Names, fold, names_of
from transferkit.knowledge.register_table import conform, short_name

PLACES = [
    # AGS, official name, Kreis, Land, type, association
    ("09161000", "Ingolstadt", "Ingolstadt", "Bayern", "61", None),
    ("09461000", "Bamberg", "Bamberg", "Bayern", "61", None),
    ("09471142", "Hirschaid, M", "Landkreis Bamberg", "Bayern", "60", None),
    ("09363000", "Weiden i.d.OPf.", "Weiden i.d.OPf.", "Bayern", "61", None),
    ("09162000", "München, Landeshauptstadt", "München", "Bayern", "61", None),
    ("09181121", "Fuchstal", "Landkreis Landsberg am Lech", "Bayern", "64", "Fuchstal"),
    ("05915000", "Hamm, Stadt", "Hamm", "Nordrhein-Westfalen", "61", None),
    ("07232046", "Hamm", "Eifelkreis Bitburg-Prüm", "Rheinland-Pfalz", "64", "Bitburger Land"),
    ("03358017", "Neuenkirchen", "Heidekreis", "Niedersachsen", "64", None),
    (
        "13075101",
        "Neuenkirchen",
        "Landkreis Vorpommern-Greifswald",
        "Mecklenburg-Vorpommern",
        "64",
        "Landhagen",
    ),
    (
        "13075102",
        "Neuenkirchen",
        "Landkreis Vorpommern-Greifswald",
        "Mecklenburg-Vorpommern",
        "64",
        "Anklam-Land",
    ),
    ("06412000", "Frankfurt am Main, Stadt", "Frankfurt am Main", "Hessen", "61", None),
    ("12053000", "Frankfurt (Oder), Stadt", "Frankfurt (Oder)", "Brandenburg", "61", None),
    ("03255016", "Halle", "Landkreis Holzminden", "Niedersachsen", "64", "Bodenwerder-Polle"),
    ("15002000", "Halle (Saale), Stadt", "Halle (Saale)", "Sachsen-Anhalt", "61", None),
    ("14625020", "Bautzen / Budyšin, Stadt", "Landkreis Bautzen", "Sachsen", "67", None),
    ("10046117", "St. Wendel, Kreisstadt", "Landkreis St. Wendel", "Saarland", "63", None),
    ("09474123", "Gräfenberg, St", "Landkreis Forchheim", "Bayern", "63", None),
    ("01054039", "Gröde", "Kreis Nordfriesland", "Schleswig-Holstein", "64", "Pellworm"),
    ("07137501", "Großmaischeid", "Landkreis Neuwied", "Rheinland-Pfalz", "64", "Dierdorf"),
    ("16061119", "Uder", "Landkreis Eichsfeld", "Thüringen", "64", None),
    ("03358501", "Osterheide, gemfr. Bezirk", "Heidekreis", "Niedersachsen", "65", None),
    ("14625120", "Elsterheide / Halštrowska Hola", "Landkreis Bautzen", "Sachsen", "64", None),
]
CHANGES = pd.DataFrame(
    {
        "old_ags": ["16061007", "16061028", "16061097"],
        "old_name": ["Birkenfelde", "Eichstruth", "Uder"],
        "kind": ["1", "1", "1"],
        "new_ags": ["16061028", "16061119", "16061119"],
        "new_name": ["Eichstruth", "Uder", "Uder"],
    }
)


def names(complete: bool = True) -> Names:
    frame = pd.DataFrame(
        PLACES, columns=["ags", "official_name", "kreis", "land", "type_code", "association"]
    )
    table = conform(
        frame.set_index("ags").assign(
            short_name=[short_name(name) for name in frame["official_name"]],
            kreis_key=frame["ags"].str[:5].tolist(),
            association_type=[None if pd.isna(a) else "Amt" for a in frame["association"]],
            is_municipality=(frame["type_code"] != "65").tolist(),
            population=range(1, len(frame) + 1),
            register_date=pd.Timestamp("2024-12-31"),
        )
    )
    kreise = frame.assign(
        kreis_key=frame["ags"].str[:5], name=frame["kreis"], is_city=frame["type_code"] == "61"
    ).drop_duplicates("kreis_key")
    return names_of(table, kreise.set_index("kreis_key"), CHANGES, complete=complete)


@pytest.fixture(scope="module")
def all_names() -> Names:
    return names()


@pytest.mark.parametrize(
    ("query", "ags"),
    [
        ("Fuchstal", "09181121"),
        ("  fuchstal ", "09181121"),
        ("MÜNCHEN", "09162000"),
        ("Muenchen", "09162000"),
        ("Mu\u0308nchen", "09162000"),
        ("München, Landeshauptstadt", "09162000"),
        ("Landeshauptstadt München", "09162000"),
        ("Stadt Ingolstadt", "09161000"),
        ("Groede", "01054039"),
        ("Grossmaischeid", "07137501"),
        ("Grafenberg", "09474123"),
        ("Sankt Wendel", "10046117"),
        ("St Wendel", "10046117"),
        ("Bautzen", "14625020"),
        ("Budysin", "14625020"),
        ("Weiden in der Oberpfalz", "09363000"),
        ("Frankfurt a.M.", "06412000"),
        ("Frankfurt/Oder", "12053000"),
        ("Frankfurt, Hessen", "06412000"),
        ("Halle/Saale", "15002000"),
        ("Hamm, Stadt", "05915000"),
        ("Neuenkirchen (Heidekreis)", "03358017"),
        ("Neuenkirchen, Niedersachsen", "03358017"),
        ("Neuenkirchen, 13075101", "13075101"),
        ("Neuenkirchen (Landhagen)", "13075101"),
    ],
)
def test_a_name_is_found_as_people_write_it(all_names, query, ags):
    assert find_by_name(all_names, query) == ags


@pytest.mark.parametrize(
    ("query", "ags"),
    [("Fuchsthal", "09181121"), ("Ingolstatd", "09161000"), ("Munchen", "09162000"), ("Bambreg", "09461000")],
)
def test_a_small_typing_error_is_forgiven_in_the_whole_register(all_names, query, ags):
    assert find_by_name(all_names, query) == ags


@pytest.mark.parametrize("query", ["Fuchsthal", "Frankfurt", "Weiden"])
def test_among_few_places_the_nearest_name_is_only_suggested(query):
    with pytest.raises(
        PlaceError, match=r"(?s)gehört nicht zu den mitgelieferten Orten.*Ähnlich heißen.*register update"
    ):
        find_by_name(names(complete=False), query)


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ("Neuenkirchen", ["03358017", "13075101", "13075102"]),
        (
            "Neuenkirchen, Kreis Vorpommern-Greifswald",
            ["13075101", "13075102", "Amt Landhagen", "Amt Anklam-Land"],
        ),
        ("Hamm", ["05915000", "Hamm, Stadt (kreisfrei, Nordrhein-Westfalen)", "07232046"]),
        ("Halle", ["03255016", "15002000"]),
        ("Frankfurt", ["06412000", "12053000"]),
    ],
)
def test_several_hits_are_listed_with_kreis_and_key_and_none_is_guessed(all_names, query, listed):
    with pytest.raises(PlaceError, match=r"kann [23] Gemeinden meinen") as caught:
        find_by_name(all_names, query)
    for text in listed:
        assert text in str(caught.value)


def test_a_kreis_is_not_the_city_of_its_name(all_names):
    with pytest.raises(
        PlaceError, match=r"(?s)„Landkreis Bamberg“ \(09471\) ist ein Kreis.*Hirschaid.*09461000"
    ):
        find_by_name(all_names, "Landkreis Bamberg")
    with pytest.raises(PlaceError, match=r"„Heidekreis“ .* ist ein Kreis"):
        find_by_name(all_names, "Heidekreis")
    with pytest.raises(PlaceError, match="nennt einen Kreis"):
        find_by_name(all_names, "Landkreis Nirgendwo")


def test_a_name_in_the_wrong_kreis_says_where_it_is(all_names):
    with pytest.raises(PlaceError, match=r"(?s)gibt es dort nicht.*01054039"):
        find_by_name(all_names, "Gröde (Heidekreis)")


def test_an_area_without_municipality_is_no_near_miss_of_another_place(all_names):
    with pytest.raises(
        PlaceError, match=r"„Osterheide, gemfr\. Bezirk“ \(03358501\) ist ein gemeindefreies Gebiet"
    ):
        find_by_name(all_names, "Osterheide")
    with pytest.raises(PlaceError, match="gemeindefreies Gebiet"):
        find_by_key(all_names, "03358501", "03358501", CHANGES)


def test_a_dissolved_municipality_names_what_became_of_it_over_two_steps(all_names):
    with pytest.raises(
        PlaceError, match=r"(?s)„Birkenfelde“ \(16061007\) gibt es .* nicht mehr.*16061119  Uder"
    ):
        find_by_key(all_names, "16061007", "16061007", CHANGES)
    with pytest.raises(PlaceError, match=r"(?s)„Eichstruth“ \(16061028\).*16061119  Uder"):
        find_by_name(all_names, "Eichstruth")
    assert find_by_name(all_names, "Uder") == "16061119"


@pytest.mark.parametrize(
    ("digits", "expected"),
    [
        ("9181121", "Richtig wäre 09181121: Fuchstal"),
        (
            "91815138121",
            "11 Ziffern; vermutlich fehlt die führende Null. Richtig wäre 091815138121: Fuchstal",
        ),
        ("09471", "Kreisschlüssel: Landkreis Bamberg"),
        ("86925", "Postleitzahlen gehören oft zu mehreren Gemeinden"),
        ("09181122", "(?s)steht nicht im Gemeindeverzeichnis.*Eine Ziffer anders.*09181121"),
    ],
)
def test_a_wrong_key_says_what_would_be_right(all_names, digits, expected):
    with pytest.raises(PlaceError, match=expected):
        find_by_key(all_names, digits, digits, CHANGES)


def test_a_regional_key_leads_to_its_municipality_even_if_the_association_changed(all_names):
    assert find_by_key(all_names, "091815999121", "091815999121", CHANGES) == "09181121"


def test_an_unknown_name_suggests_near_ones(all_names):
    with pytest.raises(
        PlaceError, match=r"(?s)steht nicht im Gemeindeverzeichnis \(Gebietsstand 31\.12\.2024\).*Bamberg"
    ):
        find_by_name(all_names, "Bombarg")


def test_letters_fold_to_what_keyboards_have():
    assert fold("Wysokošulske Město") == "wysokosulske mesto"
    assert fold("Łužica") == "luzica"
    assert fold("Gräfenberg, St") == "graefenberg st"
    assert fold("St. Märgen") == fold("Sankt Maergen")
