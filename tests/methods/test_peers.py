import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transferkit.errors import MethodError
from transferkit.methods.peers import all_peers, peers
from transferkit.methods.reasons import explain

VARIABLES = ["population", "density_per_km2", "area_km2", "population_within_30km", "km_to_city_100k"]
SHARES = [f"share_{name}" for name in VARIABLES]
VILLAGE = 200  # position of an ordinary kreisangehörige municipality


@pytest.fixture(scope="session")
def ask(country, national, model, rules, spread):
    """peers() with the made-up country as default for everything not named."""

    def answer(own=None, table=country, *, count=10, **tables):
        own = table.iloc[VILLAGE] if own is None else own
        with_all = {"statistics": national, "model": model, "rules": rules, "distances": spread} | tables
        return peers(own, table, **with_all, count=count)

    return answer


def with_rule(rules, rule, value, step=0):
    here = (rules["rule"] == rule) & (rules["step"] == step)
    return rules.assign(value=rules["value"].where(~here, value))


def with_weight(model, variable, weight):
    return model.assign(weight=model["weight"].where(model["variable"] != variable, weight))


def twin(row, key="09999999", **changes):
    return row.to_frame().T.assign(**changes).set_axis(pd.Index([key], name="ags", dtype="str"))


# -- distance and reasons


@settings(max_examples=25, deadline=None)
@given(position=st.integers(0, 399), count=st.integers(1, 15))
def test_contributions_sum_to_one_and_ranks_follow_the_distance(ask, country, position, count):
    found = ask(country.iloc[position], count=count)
    assert np.allclose(found[SHARES].sum(axis=1), 1)
    assert found["distance"].is_monotonic_increasing
    assert list(found["rank"]) == list(range(1, len(found) + 1))


@settings(max_examples=25, deadline=None)
@given(one=st.integers(40, 399), two=st.integers(40, 399))
def test_distance_is_the_same_in_both_directions(ask, country, rules, one, two):
    wide = with_rule(rules, "size_ratio", 1e9)
    there = ask(country.iloc[one], country.iloc[[two]], rules=wide)
    back = ask(country.iloc[two], country.iloc[[one]], rules=wide)
    assert list(there["distance"]) == list(back["distance"])


def test_an_identical_twin_is_at_distance_zero_and_differs_in_nothing(ask, country):
    table = pd.concat([country, twin(country.iloc[VILLAGE]).astype(country.dtypes)])
    first = ask(country.iloc[VILLAGE], table).iloc[0]
    assert first.name == "09999999"
    assert first["distance"] == 0
    assert (first[SHARES] == 0).all()
    assert first["most_different"] == []


def test_alike_and_different_never_name_the_same_variable(ask):
    for _, row in ask().iterrows():
        assert not set(row["most_alike"]) & set(row["most_different"])
        assert len(row["most_alike"]) == 3
        assert len(row["most_different"]) == 2


def test_explain_gives_both_values_with_units_largest_share_first(ask, country, model):
    row = ask().iloc[0]
    table = explain(row, country.iloc[VILLAGE], country.loc[row.name], model)
    assert table["share"].is_monotonic_decreasing
    assert table["share"].sum() == pytest.approx(1)
    line = table.set_index("variable").loc["population"]
    assert line["own"] == country.iloc[VILLAGE]["population"]
    assert line["other"] == country.loc[row.name, "population"]
    assert (line["label_de"], line["unit_de"]) == ("Bevölkerung", "Personen")


def test_distance_does_not_change_when_the_filter_changes(ask, rules):
    narrow = ask(rules=with_rule(rules, "size_ratio", 1.5))["distance"]
    wide = ask(rules=with_rule(rules, "size_ratio", 1e9), count=400)["distance"]
    assert len(narrow) == 10
    assert (wide.loc[narrow.index] == narrow).all()


def test_raw_values_would_make_other_peers_than_logarithms(ask, country, national, model):
    raw = model.assign(transform="none")
    plain = national.assign(
        transform="none",
        mean=[country[v].mean() for v in national["variable"]],
        sd=[country[v].std() for v in national["variable"]],
    )
    same = [
        len(ask(country.iloc[i]).index.intersection(ask(country.iloc[i], model=raw, statistics=plain).index))
        for i in range(0, 400, 20)
    ]
    assert np.mean(same) < 9


def test_a_far_irrelevant_candidate_changes_nothing(ask, country):
    far = twin(country.iloc[VILLAGE], population_within_30km=1, km_to_city_100k=900.0).astype(country.dtypes)
    columns = ["rank", "distance", "mutual", *SHARES]
    pd.testing.assert_frame_equal(
        ask(country.iloc[VILLAGE], pd.concat([country, far]))[columns], ask()[columns]
    )


def test_the_order_of_rows_does_not_matter(ask, country):
    shuffled = country.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(ask(country.iloc[VILLAGE], shuffled), ask())


def test_equal_distances_are_ordered_by_key(ask, country):
    own = country.iloc[VILLAGE]
    twins = [twin(own, key).astype(country.dtypes) for key in ("09999992", "09999991")]
    assert list(ask(own, pd.concat([country, *twins])).index[:2]) == ["09999991", "09999992"]


def test_a_weight_of_zero_takes_a_variable_out(ask, country, model):
    light = with_weight(model, "area_km2", 0.0)
    found = ask(model=light)
    assert (found["share_area_km2"] == 0).all()
    assert all("area_km2" not in row["most_alike"] + row["most_different"] for _, row in found.iterrows())
    other = country.assign(area_km2=country["area_km2"].to_numpy()[::-1])
    assert list(ask(other.iloc[VILLAGE], other, model=light).index) == list(found.index)


def test_a_single_variable_with_weight_is_enough(ask, model):
    only = model.assign(weight=model["weight"].where(model["variable"] == "population", 0.0))
    found = ask(model=only)
    assert np.allclose(found["share_population"].where(found["distance"] > 0, 1), 1)
    assert len(found) == 10


# -- who may be compared


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


# -- missing data


def test_too_little_common_data_means_not_comparable(ask, country):
    own = country.iloc[VILLAGE]
    nearest = ask().index[0]
    table = country.astype({"density_per_km2": float})
    table.loc[nearest, ["density_per_km2", "km_to_city_100k"]] = np.nan
    assert nearest not in ask(own, table, count=399).index  # 2 of 3 parts of the weight are known: below 0.7


def test_a_place_without_coordinates_still_gets_no_made_up_values(ask, country, model, rules):
    lost = twin(country.iloc[VILLAGE], population_within_30km=pd.NA, km_to_city_100k=np.nan).iloc[0]
    assert ask(lost, country).empty  # coverage 2/3
    found = ask(lost, country.drop(index=country.index[VILLAGE]), rules=with_rule(rules, "coverage", 0.6))
    assert len(found) == 10
    assert np.allclose(found["coverage"], 2 / 3)
    assert found["share_km_to_city_100k"].isna().all()
    assert np.allclose(found[SHARES].sum(axis=1), 1)


def test_one_unknown_value_is_left_out_and_told(ask, country):
    own = twin(country.iloc[VILLAGE], km_to_city_100k=np.nan).iloc[0]
    found = ask(own, country)
    assert len(found) == 10
    assert np.allclose(found["coverage"], 2.5 / 3)
    named = [*found["most_alike"], *found["most_different"]]
    assert not any("km_to_city_100k" in names for names in named)


# -- stability, mutuality, all at once


def test_stability_is_the_same_every_time_and_labelled_by_the_rules(ask, rules):
    one, two = ask(), ask()
    pd.testing.assert_frame_equal(one, two)
    for share, label in zip(one["stability"], one["stability_label"], strict=True):
        assert label == ("stabil" if share >= 0.9 else "eher stabil" if share >= 0.6 else "wackelig")


def test_stability_is_what_repeating_the_question_with_other_weights_gives(ask, country, model, rules):
    """Brute force: every varied weighting asked as a question of its own."""
    found = ask(count=5)
    weights = model[model["level"] == "gemeinde"].set_index("variable")["weight"][VARIABLES].to_numpy()
    factors = np.random.default_rng(1).uniform(0.75, 1.25, (200, 5))
    runs = [*(weights * factors), *(np.where(np.arange(5) == j, 0, weights) for j in range(5))]
    kept = pd.Series(0, found.index)
    for run in runs:
        weight = model["variable"].map(dict(zip(VARIABLES, run, strict=True))).fillna(1.0)
        varied = model.assign(weight=weight)
        again = ask(count=5, model=varied, rules=with_rule(rules, "runs", 1))
        kept[kept.index.isin(again.index)] += 1
    assert np.allclose(found["stability"], kept / len(runs))


def test_mutual_means_the_peer_names_us_too(ask, country):
    for position in (3, 77, VILLAGE, 390):
        own = country.iloc[position]
        for key, row in ask(own, count=8).iterrows():
            assert row["mutual"] == (own.name in ask(country.loc[key], count=8).index)


def test_asking_for_all_gives_what_asking_one_by_one_gives(ask, country, national, model, rules, spread):
    table = pd.concat(
        [country, *[twin(country.iloc[VILLAGE], f"0999990{i}").astype(country.dtypes) for i in range(3)]]
    ).astype({"km_to_city_100k": float})
    table.iloc[100, table.columns.get_loc("km_to_city_100k")] = np.nan
    everyone = all_peers(table, national, model, rules, spread, count=6).set_index(["key", "peer"])
    assert everyone.index.is_unique
    columns = ["rank", "distance", "percentile", "is_real_peer", "mutual", "widening"]
    for key in [*table.index[::9], "09999900", "09999901", table.index[100]]:
        one = ask(table.loc[key], table, count=6)[columns]
        pd.testing.assert_frame_equal(one, everyone.loc[key][columns], check_names=False)


def test_less_than_one_peer_is_refused(ask):
    with pytest.raises(MethodError, match="mindestens 1"):
        ask(count=0)


def test_a_level_without_reference_distances_is_refused(ask, spread):
    with pytest.raises(MethodError, match="peer_distances"):
        ask(distances=spread.assign(level="kreis"))


def test_shipped_distances_belong_to_the_shipped_weights(model, distances):
    """Other weights: run `neighbours.peer_distances` again on a whole register, then change this list."""
    assert list(model["weight"]) == [1, 0.5, 0.5, 0.5, 0.5, 1, 0.5, 0.5, 0.5]
    for _, rows in distances.groupby("level"):
        columns = rows.sort_values("percentile")[["pair_distance", "tenth_peer_distance"]]
        assert len(rows) == 105
        assert (columns.diff().dropna() >= 0).all(axis=None)
