import numpy as np
import pandas as pd
import pytest

from transferkit.errors import MethodError
from transferkit.methods import peer_rules


def test_filters_only_get_wider_and_the_first_says_nothing(rules):
    filters = peer_rules.read(rules).filters
    ratios = [rule.size_ratio for rule in filters]
    assert ratios == sorted(ratios)
    assert ratios[0] == 3
    assert ratios[-1] == np.inf
    assert filters[0].widening == ""
    assert filters[0].same_type
    assert not filters[-1].same_type


def test_every_widening_names_all_steps_so_far_in_the_declared_order(rules):
    assert [rule.widening for rule in peer_rules.read(rules).filters][1:3] == [
        "Kommunaltyp freigegeben",
        "Kommunaltyp freigegeben, dann Größe bis 1:5 erweitert",
    ]


def test_thresholds_come_from_the_table(rules):
    changed = rules.assign(value=rules["value"].where(rules["rule"] != "minimum_peers", 8))
    assert peer_rules.read(changed).minimum_peers == 8


def test_typed_columns_with_missing_values_are_read_too(rules):
    typed = rules.assign(value=rules["value"].astype("Float64"), step=rules["step"].astype("Int64"))
    assert peer_rules.read(typed) == peer_rules.read(rules)


def test_a_missing_rule_is_named(rules):
    with pytest.raises(MethodError, match="fehlt „coverage“"):
        peer_rules.read(rules[rules["rule"] != "coverage"])


def test_an_unknown_rule_is_an_error(rules):
    row = pd.DataFrame([{"rule": "coverrage", "step": 0, "value": 1.0, "label_de": "x"}])
    with pytest.raises(MethodError, match="coverrage"):
        peer_rules.read(pd.concat([rules, row]))


def test_only_filters_can_be_widened(rules):
    row = pd.DataFrame([{"rule": "coverage", "step": 4, "value": 0.5, "label_de": "x"}])
    with pytest.raises(MethodError, match="nur size_ratio und same_type"):
        peer_rules.read(pd.concat([rules, row]))
