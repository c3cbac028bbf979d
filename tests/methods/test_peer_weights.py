"""Peers with the weights a reader sets."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from transferkit.errors import MethodError
from transferkit.methods import peers
from transferkit.methods.distance import Field
from transferkit.methods.peer_weights import weighed


@pytest.fixture
def field(
    country: pd.DataFrame,
    national: pd.DataFrame,
    model: pd.DataFrame,
    rules: pd.DataFrame,
    spread: pd.DataFrame,
) -> Field:
    return peers.field(country, national, model, rules, spread)


def proposed(model: pd.DataFrame) -> dict[str, float]:
    rows = model[model["level"] == "gemeinde"]
    return dict(zip(rows["variable"], rows["weight"].astype(float), strict=True))


def test_the_proposed_weights_in_any_unit_find_the_same_peers(
    field: Field, country: pd.DataFrame, model: pd.DataFrame
) -> None:
    tenfold = {name: 10 * weight for name, weight in proposed(model).items()}
    asked = country.iloc[200]
    usual, own = peers.nearest(asked, field), peers.nearest(asked, weighed(field, tenfold))
    assert list(usual.index) == list(own.index)
    assert np.allclose(usual["distance"], own["distance"])


def test_one_variable_alone_orders_by_its_difference(field: Field, country: pd.DataFrame) -> None:
    asked = country.iloc[200]
    found = peers.nearest(asked, weighed(field, {"area_km2": 7}))
    gaps = np.abs(np.log(country.loc[found.index, "area_km2"] / asked["area_km2"]))
    assert list(gaps) == sorted(gaps)
    assert set(found["share_area_km2"]) == {1.0}


def test_what_is_usual_is_found_anew(field: Field, country: pd.DataFrame, model: pd.DataFrame) -> None:
    """A real peer stays one where only the unit of the weights has changed, up to the sample."""
    asked = country.iloc[200]
    own = peers.nearest(asked, weighed(field, proposed(model)))
    assert own["is_real_peer"].iloc[0]
    assert own["percentile"].isna().all()
    assert weighed(field, {"area_km2": 1}).usual.real < field.usual.real


@pytest.mark.parametrize(
    ("weights", "complaint"),
    [
        ({"area": 1}, "Meinten Sie „area_km2“"),
        ({"area_km2": -1}, "ist negativ"),
        ({"area_km2": 0}, "Alle Gewichte sind 0"),
        ({}, "Alle Gewichte sind 0"),
    ],
)
def test_weights_nobody_can_compare_with_are_refused(
    weights: dict[str, float], complaint: str, field: Field
) -> None:
    with pytest.raises(MethodError, match=complaint):
        weighed(field, weights)
