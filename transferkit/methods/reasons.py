"""Why a place is a peer: how far away it is, how unusual that is, and which variables make the difference."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from transferkit.errors import MethodError
from transferkit.methods.distance import Bools, Field, Positions, Space, Usual
from transferkit.methods.peer_rules import Rules
from transferkit.methods.standardise import Floats, variables

SHARE = "share_"  # a column per variable: its part of the squared distance
NAMED = 3  # so many similarities and differences are named, at most


def compared(
    field: Field, nearest: Positions, parts: Floats, squared: Floats, coverage: Floats
) -> dict[str, npt.NDArray[Any]]:
    """The columns all questions about peers have in common, for the places of `nearest` in that order."""
    places, distance = field.places, np.sqrt(squared[nearest])
    percentile, real = judged(distance, field.usual)
    weighted = places.weights[:, None] * parts[:, nearest]
    total = np.nansum(weighted, axis=0)
    shares = weighted / np.where(total > 0, total, 1.0)
    named = [_named(places, parts[:, place], share) for place, share in zip(nearest, shares.T, strict=True)]
    return {
        "rank": np.arange(1, len(nearest) + 1),
        "distance": distance,
        "percentile": percentile,
        "is_real_peer": real,
        "coverage": coverage[nearest],
        "most_alike": np.fromiter((alike for alike, _ in named), dtype=object, count=len(named)),
        "most_different": np.fromiter((different for _, different in named), dtype=object, count=len(named)),
        **{SHARE + name: share for name, share in zip(places.names, shares, strict=True)},
    }


def usual(distances: pd.DataFrame, rules: Rules, level: str) -> Usual:
    """Read from the table `peer_distances` how far apart places of a level are.

    Real is decided among the distances to the *tenth peer* of every place, not among all pairs: with few and
    correlated variables somebody is always nearer than 95 % of all pairs, so that rule would never speak
    (register of 2024: for none of 10,752 municipalities, not even Helgoland or Berlin).
    """
    rows = distances[distances["level"] == level].sort_values("percentile")
    if rows.empty:
        raise MethodError(f"In der Tabelle peer_distances fehlen Vergleichsabstände für die Ebene „{level}“.")
    percentile, pair, tenth = (
        rows[column].to_numpy(dtype=float)
        for column in ("percentile", "pair_distance", "tenth_peer_distance")
    )
    return Usual(percentile, pair, float(np.interp(rules.real_peer_percentile, percentile, tenth)))


def judged(distance: Floats, usual: Usual) -> tuple[Floats, Bools]:
    """Percentile (0 to 100) among all pairs that pass the filters, and whether this is a real peer."""
    return np.interp(distance, usual.pair, usual.percentile), distance <= usual.real


def explain(
    peer: pd.Series, own: pd.Series, other: pd.Series, model: pd.DataFrame, level: str = "gemeinde"
) -> pd.DataFrame:
    """Both values behind one row of a peers table, per variable, the largest part of the difference first.

    `peer` is the row, `own` and `other` are the register rows. Columns variable, label_de, unit_de, own and
    other (raw numbers, NaN = unknown), share (0 to 1, NaN = not compared), named (alike, different or empty).
    """
    rows = variables(model, level)
    named = dict.fromkeys(peer["most_alike"], "alike")
    named |= dict.fromkeys(peer["most_different"], "different")
    return pd.DataFrame(
        {
            "variable": rows.index,
            "label_de": rows["label_de"].astype(str).to_numpy(),
            "unit_de": rows["unit_de"].astype(str).to_numpy(),
            "own": pd.to_numeric(own.reindex(rows.index)).to_numpy(dtype=float, na_value=np.nan),
            "other": pd.to_numeric(other.reindex(rows.index)).to_numpy(dtype=float, na_value=np.nan),
            "share": peer.reindex(SHARE + rows.index).to_numpy(dtype=float, na_value=np.nan),
            "named": [named.get(name, "") for name in rows.index],
        }
    ).sort_values("share", ascending=False, kind="stable", ignore_index=True)


def _named(places: Space, parts: Floats, shares: Floats) -> tuple[list[str], list[str]]:
    """The most alike and the most different variables; none is both, and what is equal is no difference."""
    known = [j for j in np.argsort(parts, kind="stable") if places.weights[j] > 0 and not np.isnan(parts[j])]
    half = min(NAMED, (len(known) + 1) // 2)
    alike = [places.names[j] for j in known[:half]]
    different = sorted((j for j in known[half:] if parts[j] > 0), key=lambda j: -shares[j])
    return alike, [places.names[j] for j in different[:NAMED]]
