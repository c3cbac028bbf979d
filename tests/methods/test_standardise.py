import numpy as np
import pandas as pd
import pytest

from transferkit.errors import MethodError
from transferkit.methods.standardise import is_place, reference_statistics, standardise


def test_statistics_of_a_register_have_the_columns_of_the_shipped_ones(country, model, statistics):
    own = reference_statistics(country, model)
    assert list(own.columns) == list(statistics.columns)
    assert set(own["variable"]) == set(statistics[statistics["level"] == "gemeinde"]["variable"])


def test_the_reference_population_has_mean_zero_and_spread_one(country, national, model):
    z = standardise(country, national, model)
    assert np.allclose(z.mean(), 0)
    assert np.allclose(z.std(), 1)


def test_standardising_a_few_places_gives_what_standardising_all_gave(country, national, model):
    few = country.iloc[5:9]
    pd.testing.assert_frame_equal(
        standardise(few, national, model), standardise(country, national, model).loc[few.index]
    )


def test_doubling_the_population_is_the_same_step_for_a_village_and_a_city(country, national, model):
    pairs = pd.concat([country.iloc[[0]]] * 4).set_axis(["01", "02", "03", "04"])
    pairs["population"] = [500, 1_000, 500_000, 1_000_000]
    z = standardise(pairs, national, model)["population"]
    assert z["02"] - z["01"] == pytest.approx(z["04"] - z["03"])


def test_values_far_above_the_mean_are_capped_and_the_cap_is_said(country, national, model):
    giant = country.iloc[[0]].assign(population=10**12)
    z = standardise(giant, national, model, cap_sd=5)
    assert z["population"].item() == 5
    assert z.attrs["notes"] == ["„Bevölkerung“: 1 sehr hohe Werte gekappt."]


def test_unknown_values_stay_unknown(country, national, model):
    table = country.assign(population_within_30km=pd.NA)
    assert standardise(table, national, model)["population_within_30km"].isna().all()


def test_a_population_of_zero_is_unknown_and_not_minus_infinity(country, national, model):
    assert standardise(country.iloc[[0]].assign(population=0), national, model)["population"].isna().all()


def test_a_variable_without_spread_is_dropped_with_a_note(country, national, model):
    flat = national.assign(sd=national["sd"].where(national["variable"] != "area_km2", 0.0))
    z = standardise(country, flat, model)
    assert "area_km2" not in z
    assert z.attrs["notes"] == ["„Fläche“ zählt nicht: Der Wert ist überall gleich."]


def test_unincorporated_areas_do_not_count_in_the_statistics(country, model):
    forest = country.iloc[[0]].assign(type_code="66", population=0, area_km2=9_000.0).set_axis(["09999999"])
    pd.testing.assert_frame_equal(
        reference_statistics(pd.concat([country, forest]), model), reference_statistics(country, model)
    )


def test_an_inhabited_unincorporated_area_is_no_place(country):
    table = country.iloc[:2].assign(type_code=["65", "64"])
    assert list(is_place(table)) == [False, True]


def test_a_missing_column_is_named_with_its_near_miss(country, national, model):
    with pytest.raises(MethodError, match=r"„population“.*„populatoin“"):
        standardise(country.rename(columns={"population": "populatoin"}), national, model)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [("weight", -1.0, "negativ"), ("weight", 0.0, "Alle Gewichte"), ("transform", "log10", "log10.*ln")],
)
def test_a_bad_model_is_refused(country, national, model, column, value, message):
    with pytest.raises(MethodError, match=message):
        standardise(country, national, model.assign(**{column: value}))


def test_statistics_of_another_transform_are_refused(country, national, model):
    with pytest.raises(MethodError, match="Beide müssen gleich sein"):
        standardise(country, national.assign(transform="sqrt"), model)


def test_an_unknown_level_names_the_known_ones(country, national, model):
    with pytest.raises(MethodError, match=r"bezirk.*gemeinde, kreis"):
        standardise(country, national, model, "bezirk")
