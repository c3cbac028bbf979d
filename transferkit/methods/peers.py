"""Which municipalities are like this one, and why. Similarity is not quality: nothing here ranks performance.

Hard filters with declared widening, log and capped z-scores over the whole reference population, weighted
Euclidean distance: the openly documented parts of the CIPFA and NHS peer groups and of Burth's stepwise
filters. Weights and thresholds are own proposals in the tables `peer_model` and `peer_rules`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from transferkit.errors import MethodError
from transferkit.methods import peer_rules
from transferkit.methods.distance import (
    Field,
    Point,
    Space,
    admitted,
    first,
    point,
    similar,
    space,
    squared_differences,
    squared_distances,
    widen,
)
from transferkit.methods.neighbours import nearest_of_all
from transferkit.methods.peer_rules import Rules
from transferkit.methods.reasons import compared, judged, usual
from transferkit.methods.stability import label, stability
from transferkit.methods.standardise import scale

HOW = "Die ähnlichsten Orte nach gewichtetem Abstand standardisierter Merkmale."


def peers(
    own: pd.Series,
    candidates: pd.DataFrame,
    statistics: pd.DataFrame,
    model: pd.DataFrame,
    rules: pd.DataFrame,
    distances: pd.DataFrame,
    *,
    count: int = 10,
    level: str = "gemeinde",
) -> pd.DataFrame:
    """The `count` places most like `own`, nearest first; index: key of the peer.

    Parameters
    ----------
    own: one row of a register (name: key as text), also one that is not in `candidates`.
    candidates: register table, index key, with `population`, `type_code` and the variables of the model.
    statistics, model, rules, distances: the tables `reference_statistics`, `peer_model`, `peer_rules`,
        `peer_distances`.

    Returns
    -------
    Columns rank, distance, percentile (0 to 100, of the distance among all pairs that pass the filters),
    is_real_peer, mutual, stability (0 to 1), stability_label, coverage (0 to 1), widening (German text, empty
    if none), most_alike, most_different (lists of variables), and `share_<variable>` (sum 1; all 0 for a
    twin, NaN where a value is unknown). Empty if `own` has no people or too little data.
    `attrs["notes"]` holds German remarks about dropped or capped variables.
    """
    _require_some(count)
    return nearest(own, field(candidates, statistics, model, rules, distances, level=level), count)


def field(
    candidates: pd.DataFrame,
    statistics: pd.DataFrame,
    model: pd.DataFrame,
    rules: pd.DataFrame,
    distances: pd.DataFrame,
    *,
    level: str = "gemeinde",
) -> Field:
    """Prepare the candidates, who do not depend on who asks; the tables as in `peers`."""
    limits = peer_rules.read(rules)
    measure = scale(statistics, model, level, limits.cap_sd)
    return Field(space(candidates, measure), measure, limits, usual(distances, limits, level))


def nearest(own: pd.Series, field: Field, count: int = 10) -> pd.DataFrame:
    """As `peers`, of candidates prepared by `field`."""
    _require_some(count)
    places, asking, limits = field.places, point(own, field.measure), field.rules
    parts = squared_differences(places, asking)
    squared, coverage = squared_distances(places.weights, parts, limits)
    passed, used = widen(places, asking, ~np.isnan(squared), limits, np.count_nonzero)
    found = first(squared, passed, count)

    shares = stability(places, parts, squared, np.flatnonzero(passed), found, limits)
    columns = {
        **compared(field, found, parts, squared, coverage),
        "mutual": np.array([_returns(places, asking, i, limits, count) for i in found], dtype=bool),
        "stability": shares,
        "stability_label": pd.array([label(share, limits) for share in shares], dtype="str"),
        "widening": pd.array([used.widening] * len(found), dtype="str"),
    }
    result = pd.DataFrame(columns, index=places.keys[found])
    result.attrs["notes"] = list(places.notes)
    return result


def _require_some(count: int) -> None:
    if count < 1:
        raise MethodError(f"Die Zahl der Vergleichskommunen muss mindestens 1 sein, nicht {count}.")


def _returns(places: Space, own: Point, peer: int, rules: Rules, count: int) -> bool:
    """Is the asking place among the `count` nearest of this peer, under the peer's own widening?"""
    view = places.point(peer)
    back, _ = squared_distances(places.weights, np.square(own.z - view.z)[:, None], rules)
    for rule in rules.filters:
        passed = admitted(places, view, rule)
        if own.key in places.keys:
            passed[places.keys.get_loc(own.key)] = False  # it counts once, with the values it asks with
        others = np.flatnonzero(passed)
        parts = np.square(places.z.take(others, axis=1) - view.z[:, None])
        squared, _ = squared_distances(places.weights, parts, rules)
        asks = bool(similar(np.array([own.size]), np.array([own.kreisfrei]), view, rule)[0])
        if np.count_nonzero(~np.isnan(squared)) + asks >= rules.minimum_peers:
            break
    nearer = np.count_nonzero(squared < back)
    ties = places.keys[others[squared == back]]
    return asks and int(nearer) + sum(str(key) < own.key for key in ties) < count


def all_peers(
    table: pd.DataFrame,
    statistics: pd.DataFrame,
    model: pd.DataFrame,
    rules: pd.DataFrame,
    distances: pd.DataFrame,
    *,
    count: int = 10,
    level: str = "gemeinde",
) -> pd.DataFrame:
    """The `count` nearest of every place of `table`, as `peers` finds them, without stability and reasons.

    Ordered by key and rank. Columns key, rank, peer, distance, percentile, is_real_peer, mutual, widening.
    """
    _require_some(count)
    limits = peer_rules.read(rules)
    places = space(table, scale(statistics, model, level, limits.cap_sd))
    found = nearest_of_all(places, limits, count)
    distance = np.sqrt(found["squared"].to_numpy())
    percentile, real = judged(distance, usual(distances, limits, level))
    pairs = pd.MultiIndex.from_arrays([found["place"], found["peer"]])
    return pd.DataFrame(
        {
            "key": places.keys[found["place"]],
            "rank": found.groupby("place").cumcount() + 1,
            "peer": places.keys[found["peer"]],
            "distance": distance,
            "percentile": percentile,
            "is_real_peer": real,
            "mutual": pairs.isin(pairs.swaplevel()),
            "widening": found["widening"],
        }
    )
