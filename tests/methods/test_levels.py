"""Like with like: Kreise among Kreise, associations and sets among associations."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from transferkit.errors import MethodError
from transferkit.methods.peers import peers
from transferkit.methods.project_peers import model_project_peers

VARIABLES = ["population", "area_km2", "density_per_km2", "municipalities", "population_within_30km"]


@pytest.fixture(scope="session")
def bound(country):
    """60 made-up associations: the rural places of the country with a number of municipalities."""
    table = country.iloc[40:100].assign(municipalities=[2 + n % 7 for n in range(60)], type_code=None)
    return table.set_index(pd.Index([f"{key}5" for key in table.index], dtype="str"))


@pytest.fixture(scope="session")
def like(statistics, model, rules, distances):
    """peers() with the shipped tables."""
    return lambda own, table, level: peers(own, table, statistics, model, rules, distances, level=level)


@pytest.fixture(scope="session")
def projects_like(places, project_places, projects, statistics, model, rules, distances):
    """model_project_peers() with the shipped tables and one inter-municipal project as a whole."""
    whole = pd.DataFrame(
        {
            "place_key": ["01059006+01059055"],
            "level": ["verband"],
            "display_name_de": ["Zwei zusammen"],
            "population": [5_000],
            "area_km2": [50.0],
            "density_per_km2": [100.0],
            "municipalities": [2],
            "population_within_30km": [400_000],
            "km_to_city_100k": [40.0],
        }
    )
    takes_part = {"project_id": "suederbrarup", "place_key": "01059006+01059055", "basis": "source"}

    def answer(own, **named):
        return model_project_peers(
            own,
            pd.concat([places, whole], ignore_index=True),
            pd.concat([project_places, pd.DataFrame([takes_part])], ignore_index=True),
            projects,
            statistics,
            model,
            rules,
            distances,
            **named,
        )

    return answer


def association(key="091815138", **changes):
    figures = {"population": 5_200, "area_km2": 51.0, "density_per_km2": 102.0, "municipalities": 2}
    around = {"population_within_30km": 410_000, "km_to_city_100k": 41.0, "kreis_key": "09181"}
    return pd.Series(figures | around | changes, name=key, dtype=object)


def test_an_association_is_compared_by_the_number_of_its_municipalities_too(like, bound):
    found = like(bound.iloc[7], bound, "verband")
    assert set(found.columns) >= {f"share_{name}" for name in VARIABLES}
    assert bound.index[7] not in found.index
    assert found["distance"].is_monotonic_increasing


def test_a_set_of_places_asks_with_a_key_of_any_length(like, bound):
    own = bound.iloc[7].rename("09181121+091815138")
    found = like(own, bound, "verband")
    assert (found.index[0], found["distance"].iloc[0]) == (bound.index[7], 0)


def test_the_same_figures_lie_at_another_distance_on_another_level(like, bound):
    pair = bound.iloc[[7, 8]]
    as_places = like(pair.iloc[0], pair.assign(type_code="64"), "gemeinde")
    as_bound = like(pair.iloc[0], pair, "verband")
    assert as_places["distance"].iloc[0] != as_bound["distance"].iloc[0]


def test_an_unknown_level_is_refused(like, bound):
    with pytest.raises(MethodError, match="Möglich: gemeinde, kreis, verband"):
        like(bound.iloc[7], bound, "bezirk")


def test_keys_of_several_lengths_are_still_refused_where_none_is_a_set(like, bound):
    mixed = bound.set_axis(pd.Index(["5", *bound.index[1:]], dtype="str"))
    with pytest.raises(MethodError, match="führende Null"):
        like(bound.iloc[7], mixed, "verband")


def test_an_association_is_compared_with_projects_of_several_municipalities_only(projects_like):
    found = projects_like(association(), level="verband")
    compared = found[found["relation"] == "peer"]
    assert list(compared["project_id"]) == ["suederbrarup"]
    assert list(compared["level"]) == ["verband"]


def test_a_kreis_is_compared_with_kreise_only_and_its_own_kreis_is_itself(projects_like, places):
    own = places.set_index("place_key").loc["09475"]
    found = projects_like(own, level="kreis", count=5)
    assert list(found["relation"].unique()) == ["own", "peer"]
    assert set(found["level"]) == {"kreis"}


def test_model_projects_inside_a_place_are_named_once_with_their_places(projects_like):
    inside = ["09181111", "09181121", "09181143"]
    found = projects_like(association("09181", kreis_key="09181"), level="kreis", inside=inside)
    first = found.iloc[0]
    assert (first["relation"], first["project_id"]) == ("own-member", "auf-region")
    assert first["place"] == "Apfeldorf und 2 weitere"
    assert np.isnan(first["distance"])
    assert "auf-region" not in set(found["project_id"].iloc[1:])


def test_two_places_inside_are_both_named(projects_like):
    found = projects_like(association(), level="verband", inside=["09181121", "09181143"])
    assert found["place"].iloc[0] == "Unterdießen und Fuchstal"


def test_what_is_inside_an_own_project_is_not_told_twice(projects_like, places):
    own = places.set_index("place_key").loc["01059"]
    found = projects_like(own, level="kreis", inside=["01059", "01059083"])
    assert list(found["relation"][:2]) == ["own", "own-member"]
    assert list(found["project_id"][:2]) == ["schleswig-flensburg", "suederbrarup"]


def test_a_place_over_several_kreise_belongs_to_none(projects_like):
    found = projects_like(association(kreis_key=pd.NA), level="verband")
    assert "own-kreis" not in set(found["relation"])
