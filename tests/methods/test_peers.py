import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transferkit.errors import MethodError
from transferkit.methods.peers import all_peers
from transferkit.methods.reasons import explain

VARIABLES = ["population", "density_per_km2", "area_km2", "population_within_30km", "km_to_city_100k"]
SHARES = [f"share_{name}" for name in VARIABLES]
VILLAGE = 200  # position of an ordinary kreisangehörige municipality


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
    halves = [0.5] * 4
    assert list(model["weight"]) == [1, *halves, 1, *halves[1:], 1, *halves, 0.5]
    for _, rows in distances.groupby("level"):
        columns = rows.sort_values("percentile")[["pair_distance", "tenth_peer_distance"]]
        assert len(rows) == 105
        assert (columns.diff().dropna() >= 0).all(axis=None)
