import numpy as np
import pandas as pd
import pytest

from transferkit.methods.project_peers import PARTICIPATION, model_project_peers

COLUMNS = [
    "project_id",
    "project",
    "relation",
    "place_key",
    "place",
    "level",
    "rank",
    "distance",
    "percentile",
    "is_real_peer",
    "coverage",
    "widening",
    "most_alike",
    "most_different",
]


@pytest.fixture(scope="session")
def ask(places, project_places, projects, statistics, model, rules, distances):
    """model_project_peers() on the shipped tables."""

    def answer(own, count=3, own_kreis=None, **tables):
        shipped = {"places": places, "project_places": project_places, "projects": projects}
        return model_project_peers(
            own,
            **(shipped | tables),
            statistics=statistics,
            model=model,
            rules=rules,
            distances=distances,
            count=count,
            own_kreis=own_kreis,
        )

    return answer


@pytest.fixture(scope="session")
def place(places):
    """A shipped place as a register row."""
    table = places.set_index("place_key")
    return lambda key: table.loc[key]


def elsewhere(row, ags="09999999", kreis_key="09999", **changes):
    """The same figures in a Kreis without a model project."""
    changed = row.copy()
    for name, value in ({"kreis_key": kreis_key} | changes).items():
        changed[name] = value
    return changed.rename(ags)


def of(found, relation):
    return found[found["relation"] == relation]


def test_every_shipped_municipality_gets_an_answer_with_the_promised_columns(ask, place, places):
    for key in places.loc[places["level"] == "gemeinde", "place_key"]:
        found = ask(place(key))
        assert list(found.columns[: len(COLUMNS)]) == COLUMNS
        assert len(of(found, "peer")) == 3
        assert not (of(found, "peer")["place_key"] == key).any()


def test_a_place_that_takes_part_reads_so_first_and_without_distance(ask, place):
    found = ask(place("09181121"))
    assert list(found["relation"])[:2] == ["own", "peer"]
    assert found["project"].iloc[0] == "Smart Region AUF"
    assert np.isnan(found["distance"].iloc[0])
    assert found["most_alike"].iloc[0] == []


def test_the_own_project_is_not_compared_with_its_own_members(ask, place):
    found = ask(place("09181121"))
    assert "Smart Region AUF" not in set(of(found, "peer")["project"])


def test_a_member_of_a_landkreis_project_learns_that_its_kreis_is_a_model_project(ask, place):
    found = ask(elsewhere(place("09181121"), ags="09475112", kreis_key="09475"))
    first = found.iloc[0]
    assert (first["relation"], first["place"], first["level"]) == ("own-kreis", "Landkreis Hof", "kreis")


def test_the_kreis_is_read_from_the_key_where_the_row_does_not_name_it(ask, place):
    own = elsewhere(place("09181121"), ags="09475112").drop("kreis_key")
    assert ask(own)["relation"].iloc[0] == "own-kreis"


def test_an_intermunicipal_project_is_compared_by_its_nearest_member(ask, place):
    found = of(ask(elsewhere(place("09181121"))), "peer").iloc[0]
    assert (found["project"], found["place"], found["distance"]) == ("Smart Region AUF", "Fuchstal", 0)


def test_every_project_stands_once_ranked_by_distance(ask, place):
    found = of(ask(elsewhere(place("09181121")), count=20), "peer")
    assert found["project_id"].is_unique
    assert found["distance"].is_monotonic_increasing
    assert list(found["rank"]) == list(range(1, len(found) + 1))


def test_general_knowledge_is_no_participation(ask, place, project_places):
    vague = project_places[~project_places["basis"].isin(PARTICIPATION)]
    sure = project_places[project_places["basis"].isin(PARTICIPATION)]
    assert len(vague) > 0
    for key, project in zip(vague["place_key"], vague["project_id"], strict=True):
        if len(key) == 8 and key not in set(sure["place_key"]):
            found = ask(place(key), count=73)
            assert project not in set(of(found, "own")["project_id"])
            assert key not in set(found["place_key"])


def test_a_kreis_is_compared_with_a_kreis_and_never_with_a_municipality(ask, place):
    found = ask(elsewhere(place("09181121")), own_kreis=place("07137").rename("07999"))
    assert set(of(found, "peer")["level"]) == {"gemeinde"}
    kreise = of(found, "kreis-peer")
    assert set(kreise["level"]) == {"kreis"}
    assert kreise["place"].iloc[0] == "Landkreis Mayen-Koblenz"
    assert set(of(ask(elsewhere(place("09181121"))), "kreis-peer")["level"]) == set()


def test_the_number_of_municipalities_is_unknown_and_not_made_up(ask, place):
    own_kreis = pd.concat([place("07137"), pd.Series({"municipalities": 87})]).rename("07999")
    kreise = of(ask(elsewhere(place("09181121")), own_kreis=own_kreis), "kreis-peer")
    assert np.allclose(kreise["coverage"].astype(float), 0.8)
    assert kreise["share_municipalities"].isna().all()


def test_contributions_sum_to_one(ask, place):
    found = ask(place("05754008"), own_kreis=place("06531").rename("05754"), count=10)
    compared = found[found["distance"] > 0]
    shares = compared[[name for name in found.columns if name.startswith("share_")]].astype(float)
    assert np.allclose(shares.sum(axis=1), 1)


def test_a_large_town_in_a_kreis_finds_kreisfreie_staedte_of_its_size_and_says_so(ask, place):
    found = of(ask(place("05754008")), "peer")
    assert (found["percentile"] < 10).all()
    assert "Kommunaltyp freigegeben" in set(found["widening"])


def test_only_a_place_that_needed_it_is_called_widened(ask, place):
    found = of(ask(place("05754008"), count=10), "peer").set_index("place")
    assert found.loc["Paderborn", "widening"] == ""


def test_a_village_of_seven_gets_projects_and_hears_that_none_is_like_it(ask, place):
    hallig = elsewhere(
        place("09181121"),
        "01054039",
        "01054",
        population=7,
        area_km2=2.5,
        density_per_km2=3,
        population_within_30km=60_000,
        km_to_city_100k=70.0,
    )
    found = ask(hallig)
    assert len(found) == 3
    assert not found["is_real_peer"].any()
    assert (found["widening"] != "").all()


def test_a_place_without_people_gets_no_comparison_and_no_error(ask, place):
    assert of(ask(elsewhere(place("09181121"), population=0)), "peer").empty
    assert of(ask(elsewhere(place("09181121"), population=pd.NA)), "peer").empty


def test_a_place_without_known_position_is_not_comparable(ask, place):
    own = elsewhere(place("09181121"), population_within_30km=np.nan, km_to_city_100k=pd.NA)
    assert of(ask(own), "peer").empty


def test_the_order_of_the_tables_does_not_matter(ask, place, places, project_places, projects):
    own = place("16053000")
    mixed = {"places": places[::-1], "project_places": project_places[::-1], "projects": projects[::-1]}
    pd.testing.assert_frame_equal(ask(own, **mixed), ask(own))
