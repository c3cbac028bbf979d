"""Interoperability: not assessed is never no, roles have a direction, the weaker side decides."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transferkit.errors import MethodError
from transferkit.methods.interoperability import (
    best_standard,
    connectors,
    gaps,
    handover,
    handovers,
    sides,
)

DATASETS = Path(__file__).parents[2] / "datasets"
SHIPPED = pd.read_csv(DATASETS / "system_standards.csv")
STANDARDS = pd.read_csv(DATASETS / "standards.csv")
SUPPORT = st.sampled_from(
    ["native", "plugin", "partial", "indirect", "via-connector", "none", "unknown", None]
)
ROLE = st.sampled_from(["Server", "Client", "Export", "Import", "Broker", "Architektur", None])


def rows(*told: tuple[str, str, str, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(told, columns=["system_id", "standard_id", "support", "role_de"])
    return frame.assign(note_de=None, basis="own")


def test_frost_serves_sensor_data_that_the_masterportal_reads_but_not_the_other_way_round():
    """Shipped rows for sta: frost native Server, masterportal native Client. Server gives, Client takes."""
    answer, ways = handover(SHIPPED, "frost", "masterportal", STANDARDS)
    assert (answer, ways.iloc[0]["standard_id"], ways.iloc[0]["level"]) == ("yes", "sta", "native")
    assert handover(SHIPPED, "masterportal", "frost", STANDARDS)[0] == "unknown"


def test_the_weaker_side_decides_the_level():
    told = rows(("a", "wfs", "native", "Server"), ("b", "wfs", "via-connector", "Client"))
    assert handover(told, "a", "b", STANDARDS)[1].iloc[0]["level"] == "via-connector"


def test_a_none_is_a_no_for_that_standard_and_leaves_the_pair_open():
    told = rows(
        ("a", "wfs", "none", None), ("a", "sta", "native", "Server"), ("b", "wfs", "native", "Client")
    )
    answer, ways = handover(told, "a", "b", STANDARDS)
    assert answer == "unknown"
    assert ways.set_index("standard_id")["answer"].to_dict() == {"wfs": "no", "sta": "unknown"}


def test_signing_in_or_an_architecture_hands_over_no_data():
    told = rows(("a", "oidc", "native", "Server"), ("b", "oidc", "native", "Client"))
    assert handovers(told, ["a", "b"], STANDARDS).empty


def test_a_system_between_must_be_ready_on_both_sides():
    """a gives sta, b takes wfs. c takes sta and gives wfs itself; d only by a connector."""
    told = rows(
        ("a", "sta", "native", "Server"),
        ("b", "wfs", "native", "Client"),
        ("c", "sta", "native", "Client"),
        ("c", "wfs", "plugin", "Server"),
        ("d", "sta", "via-connector", "Client"),
        ("d", "wfs", "native", "Server"),
    )
    found = connectors(told, "a", "b", STANDARDS)
    assert found.to_dict("records") == [{"system_id": "c", "takes": "sta", "hands_on": "wfs"}]


def test_the_best_standard_connects_most_systems():
    """wfs: a to b and a to c, three systems, two pairs. sta: only a to b."""
    told = rows(
        ("a", "wfs", "native", "Server"),
        ("b", "wfs", "native", "Client"),
        ("c", "wfs", "native", "Client"),
        ("a", "sta", "native", "Server"),
        ("b", "sta", "native", "Client"),
    )
    found = best_standard(told, ["a", "b", "c"], STANDARDS)
    assert list(found["standard_id"]) == ["wfs", "sta"]
    assert list(found["connected"]) == [3, 2]
    assert list(found["pairs"]) == [2, 1]
    assert list(found["unknown"]) == [4, 5]


def test_each_side_follows_from_the_role_and_an_unclear_role_stays_unknown():
    told = rows(
        ("a", "wfs", "native", "Server"),
        ("b", "wfs", "plugin", "Client"),
        ("c", "wfs", "native", "Import und Export"),
        ("d", "wfs", "none", None),
        ("e", "wfs", "native", "Metadaten"),
        ("f", "wfs", "unknown", "Client"),
        ("g", "wcag", "native", "Server"),
    )
    found = sides(told, STANDARDS).set_index("system_id")["side"].to_dict()
    assert found == {"a": "gives", "b": "takes", "c": "both", "d": "no", "e": "unknown", "f": "unknown"}


def test_gaps_are_what_has_no_row_or_an_unknown_one():
    told = rows(("a", "wfs", "unknown", "Server"), ("a", "sta", "none", None))
    asked = STANDARDS[STANDARDS["standard_id"].isin(["wfs", "sta", "wms"])]
    assert set(gaps(told, ["a"], asked)["standard_id"]) == {"wfs", "wms"}


def test_an_unknown_system_is_refused_with_the_near_miss():
    with pytest.raises(MethodError, match=r"„frots“.*Meinten Sie „frost“"):
        handover(SHIPPED, "frots", "ckan", STANDARDS)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(SUPPORT, ROLE), min_size=4, max_size=4), st.integers(0, 100))
def test_only_a_row_that_says_none_yields_a_no_and_order_does_not_matter(sides, seed):
    pairs = [("a", "wfs"), ("b", "wfs"), ("a", "sta"), ("b", "sta")]
    told = rows(
        ("a", "wms", "native", "Server"),
        ("b", "wms", "native", "Server"),
        *((*pair, support, role) for pair, (support, role) in zip(pairs, sides, strict=True) if support),
    )
    found = handovers(told, ["a", "b"], STANDARDS)
    refused = set(told[told["support"] == "none"]["standard_id"])
    assert set(found[found["answer"] == "no"]["standard_id"]) == refused
    pd.testing.assert_frame_equal(
        found, handovers(told.sample(frac=1, random_state=seed), ["a", "b"], STANDARDS)
    )
