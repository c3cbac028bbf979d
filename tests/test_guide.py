"""What a notebook may ask about a place of any level, with a register in use and without."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import transferkit as tk
from transferkit.knowledge import register_store
from transferkit.knowledge.register_table import conform
from transferkit.present import place_words


def table() -> pd.DataFrame:
    """12 made-up Kreise of four municipalities each, two of them in an association; one kreisfreie Stadt."""
    rng = np.random.default_rng(3)
    kreise = [f"09{number}" for number in range(171, 183)]
    keys = [f"{kreis}{place}" for kreis in kreise for place in (111, 112, 113, 121)]
    frame = pd.DataFrame(index=[*keys, "09161000"]).assign(
        population=[*rng.integers(1_000, 9_000, 48), 140_000],
        area_km2=[*rng.uniform(10, 60, 48).round(2), 133.0],
        lon=rng.uniform(10, 12, 49),
        lat=rng.uniform(47.5, 49.5, 49),
        population_within_30km=rng.integers(200_000, 900_000, 49),
        km_to_city_100k=[*rng.uniform(10, 90, 48).round(1), 0.0],
        type_code=["64"] * 48 + ["61"],
        land_code="09",
        land="Bayern",
        is_municipality=True,
        register_date=pd.Timestamp("2024-12-31"),
        population_date=pd.Timestamp("2023-12-31"),
        census="Zensus 2022",
    )
    bound = frame.index.str[5:].isin(["113", "121"])
    kreis = frame.index.str[:5]
    return conform(
        frame.assign(
            official_name="Ort " + frame.index,
            short_name="Ort " + frame.index,
            kreis_key=kreis,
            kreis="Landkreis " + kreis,
            association_key=np.where(bound, kreis + "5101", None),
            association=np.where(bound, "Bund " + kreis + " (VGem)", None),
            association_type=np.where(bound, "Verwaltungsgemeinschaft", None),
            in_association=bound,
            density_per_km2=frame["population"] / frame["area_km2"],
        )
    )


@pytest.fixture
def complete(tmp_path, monkeypatch):
    """The made-up country as the register in use."""
    monkeypatch.setenv("TRANSFERKIT_REGISTER", str(tmp_path))
    status = register_store.status_of(table(), ("erfunden",), "2025", complete=True)
    register_store.write(table(), status, register_store.read_changes())


@pytest.mark.parametrize(
    ("query", "length", "excluded"),
    [
        ("09181121", 8, "09181121"),
        ("09181", 5, "09181"),
        ("091815101", 9, "091815101"),
        ("09181111+09181121", 9, "091815101"),
        ("09161000+09181", 5, "09181"),
    ],
)
def test_peers_are_of_the_level_of_the_place_and_never_a_part_of_it(complete, query, length, excluded):
    peers = tk.peers(tk.place(query), 8)
    assert set(peers.index.str.len()) == {length}
    assert excluded not in peers.index
    assert {"short_name", "population", "kreis", "land", "distance", "mutual"} <= set(peers.columns)


def test_a_kreisfreie_stadt_is_no_peer_of_a_kreis_and_has_no_kreis_to_compare(complete):
    assert "09161" not in tk.peers(tk.place("09181"), 12).index
    assert "kreis-peer" not in set(tk.model_peers(tk.place("09161"))["relation"])


@pytest.mark.parametrize("counties", [0, 1, 3])
def test_of_projects_of_other_kreise_only_so_many_are_named_as_asked_for(counties):
    relations = list(tk.model_peers(tk.place("01059055"), counties=counties)["relation"])
    assert relations.count("kreis-peer") == counties


def test_the_place_of_a_model_project_is_named_inside_the_place_that_holds_it(complete):
    for query in ("09181", "091815101", "09181111+09181121"):
        first = tk.model_peers(tk.place(query)).iloc[0]
        assert (first["relation"], first["project_id"]) == ("own-member", "auf-region")


def test_projects_compared_as_a_whole_are_among_the_places_compared(complete):
    compared = tk.model_peers(tk.place("091815101"))
    places = tk.compared_places().set_index("place_key")
    wholes = compared[compared["level"] == "verband"]
    assert len(wholes) >= 3
    assert set(compared["place_key"]) <= set(places.index)
    partheland = places.loc[wholes["place_key"]]["municipalities"]
    assert (partheland >= 2).all()


def test_an_event_inside_a_place_is_no_way_off(complete):
    hosts = tk.load("events")["ags"].dropna()
    town = tk.place("09181121").copy()
    town["members"] = (hosts.iloc[0],)
    assert tk.events_near(town)["km"].iloc[0] == 0


def test_without_a_register_a_kreis_has_model_projects_but_no_peers(tmp_path, monkeypatch):
    monkeypatch.setenv("TRANSFERKIT_REGISTER", str(tmp_path))
    kreis = tk.place("01059")
    assert tk.peers(kreis).empty
    assert list(tk.model_peers(kreis)["relation"])[:2] == ["own", "own-member"]
    assert set(tk.model_peers(tk.place("09181111+09181121"))["relation"]) == {"own-member", "peer"}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("09181", "Der Landkreis 09181 hat"),
        ("091815101", "Die Verwaltungsgemeinschaft Bund 09181 hat"),
        ("09181111+09181121", " und Ort 0918"),
        ("09181121", "Ort 09181121 hat"),
    ],
)
def test_every_part_of_a_guide_speaks_of_the_place_as_what_it_is(complete, query, said):
    town = tk.place(query)
    projects, peers, model = tk.model_peers(town), tk.peers(town), tk.load("peer_model")
    calls = tk.worth_a_call(projects)
    glance = str(tk.places.at_a_glance(town, projects, calls, tk.events_near(town)))
    assert said in glance
    facts = str(tk.places.facts(town))
    assert "k. A." not in facts
    assert ("Siedlung" in facts) == (query == "09181121")
    assert "gegen" in str(tk.places.peers_list(town, peers, model))
    places = tk.compared_places()
    assert "gegen" in str(tk.places.model_projects(town, projects, places, model))
    nearest = projects[projects["relation"] == "peer"].head(1)
    origin = places[places["place_key"].isin(nearest["place_key"])]
    assert town["short_name"] in str(tk.places.comparison(town, origin))
    assert "wir schreiben Ihnen für" in str(tk.letters.requests(town, calls))
    assert tk.peer_charts.by_population(town, peers) is not None


def test_drawn_names_leave_the_kind_out_unless_they_would_become_equal():
    names = pd.Series(
        [
            "Vereinbarte Verwaltungsgemeinschaft der Stadt Wolfach",
            "Gemeindeverwaltungsverband Oberes Renchtal",
            "Amt Burg",
            "Verbandsgemeinde Burg",
            "Fuchstal und Denklingen",
        ]
    )
    drawn = place_words.without_kind(names, "verband")
    assert list(drawn) == ["Wolfach", "Oberes Renchtal", "Amt Burg", "Verbandsgemeinde Burg", names[4]]
    assert place_words.without_kind(pd.Series(["Amt Neuhaus"]), "gemeinde")[0] == "Amt Neuhaus"


def test_a_kreis_that_takes_part_and_holds_another_project_says_both_in_one_line(tmp_path, monkeypatch):
    monkeypatch.setenv("TRANSFERKIT_REGISTER", str(tmp_path))
    kreis = tk.place("01059")
    projects = tk.model_peers(kreis)
    glance = tk.places.at_a_glance(kreis, projects, tk.worth_a_call(projects), tk.events_near(kreis)).html
    assert "gehört selbst zum Modellprojekt Kreis Schleswig-Flensburg" in glance
    assert "Modellprojekte in Ihrem Gebiet: Süderbrarup und 12 weitere (Amt Süderbrarup)." in glance
    assert 1 < glance.count("<li>") <= 5
    assert "nicht veröffentlicht" not in str(tk.places.facts(kreis))
