"""Who may be compared with whom: hard filters that widen only as declared, and keys that must be sound."""

import pandas as pd
import pytest

from transferkit.errors import MethodError

VARIABLES = ["population", "density_per_km2", "area_km2", "population_within_30km", "km_to_city_100k"]
SHARES = [f"share_{name}" for name in VARIABLES]
VILLAGE = 200  # position of an ordinary kreisangehörige municipality


def with_rule(rules, rule, value, step=0):
    here = (rules["rule"] == rule) & (rules["step"] == step)
    return rules.assign(value=rules["value"].where(~here, value))


def twin(row, key="09999999", **changes):
    return row.to_frame().T.assign(**changes).set_axis(pd.Index([key], name="ags", dtype="str"))


def test_the_own_place_is_never_its_own_peer(ask, country):
    for position in range(0, 400, 40):
        assert country.index[position] not in ask(country.iloc[position]).index


def test_a_place_outside_the_table_gets_the_same_peers(ask, country):
    own = country.iloc[VILLAGE]
    pd.testing.assert_frame_equal(ask(own, country.drop(index=own.name)), ask(own))


def test_keys_keep_their_leading_zero(ask):
    assert all(isinstance(key, str) and len(key) == 8 and key[0] == "0" for key in ask().index)


def test_keys_read_as_numbers_are_refused(ask, country):
    with pytest.raises(MethodError, match="führende Null"):
        ask(country.iloc[VILLAGE], country.set_axis(country.index.astype(int)))
    with pytest.raises(MethodError, match="Text"):
        ask(country.set_axis(country.index.astype(int)).iloc[VILLAGE])


def test_keys_that_lost_a_zero_on_the_way_are_refused(ask, country):
    with pytest.raises(MethodError, match="führende Null"):
        ask(country.iloc[VILLAGE], country.rename({country.index[3]: country.index[3][1:]}))


def test_a_key_that_occurs_twice_is_refused(ask, country):
    with pytest.raises(MethodError, match="mehrfach"):
        ask(country.iloc[VILLAGE], pd.concat([country, country.iloc[[7]]]))


def test_mixed_gebietsstaende_are_refused(ask, country):
    dates = pd.to_datetime(["2024-12-31"] * 399 + ["2025-11-30"])
    with pytest.raises(MethodError, match="Gebietsstände"):
        ask(country.iloc[VILLAGE], country.assign(register_date=dates))


@pytest.mark.parametrize(
    "change", [{"type_code": "65"}, {"type_code": "66"}, {"population": 0}, {"population": pd.NA}]
)
def test_an_area_without_people_or_municipality_is_never_a_peer(ask, country, change):
    empty = twin(country.iloc[VILLAGE], **change).astype(country.dtypes)
    assert "09999999" not in ask(country.iloc[VILLAGE], pd.concat([country, empty]), count=399).index


@pytest.mark.parametrize("change", [{"type_code": "66"}, {"population": 0}, {"population": pd.NA}])
def test_an_area_without_people_gets_an_empty_answer_and_no_error(ask, country, change):
    own = twin(country.iloc[VILLAGE], **change).iloc[0]
    found = ask(own, country)
    assert found.empty
    assert {"distance", "is_real_peer", "widening", *SHARES} <= set(found.columns)


def test_peers_are_of_the_same_kind_and_at_most_three_times_the_size(ask, country):
    for position in (5, VILLAGE, 333):
        own, found = country.iloc[position], ask(country.iloc[position])
        if (found["widening"] == "").all():
            ratio = country.loc[found.index, "population"] / own["population"]
            assert ratio.between(1 / 3, 3).all()
            assert (country.loc[found.index, "type_code"] == own["type_code"]).all()


def test_exactly_three_times_the_size_still_counts(ask, country, rules):
    own = twin(country.iloc[VILLAGE], population=1001).iloc[0]
    big = twin(country.iloc[VILLAGE], "09999998", population=3003).astype(country.dtypes)
    assert "09999998" in ask(own, pd.concat([country, big]), count=399).index


def test_a_stadtkreis_and_a_city_state_are_compared_with_kreisfreie_staedte(ask, country):
    for key, kind in (("08111000", "62"), ("11000000", "61"), ("02000000", "61")):
        own = twin(country.iloc[5], key, type_code=kind).iloc[0]
        found = ask(own, country)
        assert (country.loc[found.index, "type_code"] == "61").all()
        assert (found["widening"] == "").all()


def test_berlin_has_no_real_peer_and_the_answer_says_how_far_it_looked(ask, country):
    berlin = twin(country.iloc[5], "11000000", population=30_000_000, area_km2=9000.0, density_per_km2=3333.0)
    found = ask(berlin.iloc[0], country)
    assert len(found) == 10
    assert not found["is_real_peer"].any()
    assert set(found["widening"]) == {
        "Kommunaltyp freigegeben, dann Größe bis 1:5 erweitert, dann Größe freigegeben"
    }


def test_a_village_of_seven_gets_an_answer_that_admits_nobody_is_like_it(ask, country):
    hallig = twin(
        country.iloc[VILLAGE],
        "01054039",
        population=7,
        area_km2=2.5,
        density_per_km2=2.8,
        km_to_city_100k=70.0,
    )
    bigger = country[country["population"] > 100]
    found = ask(hallig.iloc[0], bigger)
    assert len(found) == 10
    assert not found["is_real_peer"].any()
    assert found["widening"].iloc[0] != ""


def test_the_filter_is_widened_only_as_far_as_needed(ask, country, rules):
    small = pd.concat(
        [
            country.iloc[[VILLAGE]],
            *[
                twin(country.iloc[VILLAGE], f"0999990{i}", type_code="61").astype(country.dtypes)
                for i in range(6)
            ],
        ]
    )
    assert set(ask(country.iloc[VILLAGE], small)["widening"]) == {"Kommunaltyp freigegeben"}


def test_beyond_the_limit_of_the_table_nobody_is_a_real_peer(ask, rules):
    found = ask(count=30)
    strict = ask(count=30, rules=with_rule(rules, "real_peer_percentile", 0))
    assert found["is_real_peer"].any()
    assert strict["is_real_peer"].sum() < found["is_real_peer"].sum()


def test_beyond_the_95th_percentile_of_all_pairs_nobody_is_a_real_peer(ask, country):
    for position in range(0, 400, 25):
        found = ask(country.iloc[position], count=60)
        assert not found[found["percentile"] > 95]["is_real_peer"].any()
