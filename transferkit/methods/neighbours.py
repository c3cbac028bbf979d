"""The nearest of all places at once, and how far apart places usually are."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from transferkit.methods import peer_rules
from transferkit.methods.distance import (
    Bools,
    Positions,
    Space,
    first,
    space,
    squared_differences,
    squared_distances,
    widen,
)
from transferkit.methods.peer_rules import Rules
from transferkit.methods.standardise import Floats, scale

BLOCK = 32  # places worked on together: their distances to all of similar size stay in the processor's cache
PAIRS = 2_000_000  # random pairs drawn; about a third passes the filters
PERCENTILES = (0, 0.1, 0.2, 0.5, *range(1, 100), 99.5, 100)
TENTH = 10
SEED = 1


def nearest_of_all(places: Space, rules: Rules, count: int) -> pd.DataFrame:
    """Columns place, peer (positions), squared (distance), widening; ordered by place, nearest first."""
    found: list[tuple[Positions, Positions, Floats]] = []
    rest: list[int] = []
    for block, near, squared, settled in _blocks(places, rules, count):
        found.append((np.repeat(block[settled], count), near[settled].ravel(), squared[settled].ravel()))
        rest.extend(block[~settled].tolist())
    place, peer, distance = (np.concatenate(columns) for columns in zip(*found, strict=True))
    settled_rows = pd.DataFrame({"place": place, "peer": peer, "squared": distance, "widening": ""})
    frames = [settled_rows, *(_one(places, place, rules, count) for place in rest)]
    table = pd.concat(frames).sort_values("place", kind="stable", ignore_index=True)
    return table.astype({"widening": "str"})


def _one(places: Space, place: int, rules: Rules, count: int) -> pd.DataFrame:
    asking = places.point(place)
    squared, _ = squared_distances(places.weights, squared_differences(places, asking), rules)
    passed, used = widen(places, asking, ~np.isnan(squared), rules, np.count_nonzero)
    near = first(squared, passed, count)
    return pd.DataFrame({"place": place, "peer": near, "squared": squared[near], "widening": used.widening})


def _blocks(places: Space, rules: Rules, count: int) -> Iterator[tuple[Positions, Positions, Floats, Bools]]:
    """Places of one kind in order of size, so that the size filter is a window and not a search.

    Yields positions (b), nearest (b x count), squared distances (b x count) and whether that settles it;
    where it does not (widening needed, a tie at the last rank) the caller goes the long way of one place.
    """
    rule = rules.filters[0]
    reach = np.log(rule.size_ratio) + 1e-9
    kinds = [~places.kreisfrei, places.kreisfrei] if rule.same_type else [np.ones_like(places.kreisfrei)]
    for kind in kinds:
        order = np.flatnonzero(places.exists & kind)
        order = order[np.argsort(places.size[order], kind="stable")]
        sizes, z = places.size[order], np.ascontiguousarray(places.z[:, order])
        for start in range(0, len(order), BLOCK):
            stop = min(start + BLOCK, len(order))
            low, high = np.searchsorted(sizes, [sizes[start] - reach, sizes[stop - 1] + reach])
            block, window = order[start:stop], order[low:high]
            parts = np.square(z[:, None, low:high] - z[:, start:stop, None])
            squared, _ = squared_distances(places.weights, parts, rules)
            passed = np.abs(sizes[low:high] - sizes[start:stop, None]) <= np.log(rule.size_ratio) + 1e-12
            passed &= ~np.isnan(squared)
            passed[np.arange(stop - start), np.arange(start - low, stop - low)] = False
            near, distance, sure = _smallest(np.where(passed, squared, np.inf), window, count)
            yield block, near, distance, sure & (passed.sum(axis=1) >= max(rules.minimum_peers, count))


def _smallest(squared: Floats, window: Positions, count: int) -> tuple[Positions, Floats, Bools]:
    """Per row the `count` smallest in order (equal ones by position), and whether no tie was cut off."""
    rows = len(squared)
    if len(window) < count:
        nobody = np.zeros((rows, count), dtype=np.intp)
        return nobody, np.full((rows, count), np.inf), np.zeros(rows, dtype=bool)
    chosen = np.argpartition(squared, count - 1, axis=1)[:, :count]
    distance, near = np.take_along_axis(squared, chosen, axis=1), window[chosen]
    sure = (squared <= distance.max(axis=1)[:, None]).sum(axis=1) == count
    order = np.lexsort((near, distance), axis=1)
    return np.take_along_axis(near, order, axis=1), np.take_along_axis(distance, order, axis=1), sure


def peer_distances(
    table: pd.DataFrame,
    statistics: pd.DataFrame,
    model: pd.DataFrame,
    rules: pd.DataFrame,
    level: str = "gemeinde",
) -> pd.DataFrame:
    """How far apart places of a whole register are: level, percentile, pair_distance, tenth_peer_distance.

    `pair_distance`: percentiles over random pairs (seeded) that pass the first filters;
    `tenth_peer_distance`: over the distances of all places to their tenth peer. Other weights, other table.
    """
    limits = peer_rules.read(rules)
    places = space(table, scale(statistics, model, level, limits.cap_sd))
    nearest = nearest_of_all(places, limits, TENTH)
    tenth = np.sqrt(nearest.groupby("place")["squared"].nth(TENTH - 1).to_numpy())
    return pd.DataFrame(
        {
            "level": level,
            "percentile": PERCENTILES,
            "pair_distance": np.percentile(_random_pairs(places, limits), PERCENTILES),
            "tenth_peer_distance": np.percentile(tenth, PERCENTILES),
        }
    )


def _random_pairs(places: Space, rules: Rules) -> Floats:
    rule = rules.filters[0]
    one, two = np.random.default_rng(SEED).integers(0, len(places.keys), (2, PAIRS))
    passed = (one != two) & places.exists[one] & places.exists[two]
    passed &= np.abs(places.size[one] - places.size[two]) <= np.log(rule.size_ratio)
    if rule.same_type:
        passed &= places.kreisfrei[one] == places.kreisfrei[two]
    parts = np.square(places.z[:, one[passed]] - places.z[:, two[passed]])
    squared, _ = squared_distances(places.weights, parts, rules)
    return np.sqrt(squared[~np.isnan(squared)])
