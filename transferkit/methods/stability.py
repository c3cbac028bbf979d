"""How firmly a place belongs among the nearest when the weights are doubted."""

from __future__ import annotations

import numpy as np

from transferkit.methods.distance import Bools, Positions, Space
from transferkit.methods.peer_rules import Rules
from transferkit.methods.standardise import Floats

SEED = 1  # the same question gets the same answer


def stability(
    places: Space, parts: Floats, squared: Floats, candidates: Positions, nearest: Positions, rules: Rules
) -> Floats:
    """Share of runs in which each of `nearest` is again among the len(nearest) nearest of `candidates`.

    Runs: every weight times U(1 - p, 1 + p), `rules.runs` times; then once without each variable that counts.
    """
    if not len(nearest):
        return np.empty(0)
    weights, change = places.weights, rules.perturbation
    factors = np.random.default_rng(SEED).uniform(1 - change, 1 + change, (rules.runs, len(weights)))
    left_out = np.where(np.eye(len(weights), dtype=bool), 0.0, weights)[weights > 0]
    left_out = left_out[left_out.sum(axis=1) > 0]

    # Changed weights move a squared distance by at most this factor, so who is farther can never come near.
    reach = squared[nearest].max() * ((1 + change) / (1 - change)) ** 2 if change < 1 else np.inf
    close = candidates[squared[candidates] <= reach]
    kept = [_kept(weights * factors, parts, close, nearest), _kept(left_out, parts, candidates, nearest)]
    share: Floats = np.concatenate(kept).mean(axis=0)
    return share


def _kept(weights: Floats, parts: Floats, candidates: Positions, nearest: Positions) -> Bools:
    """Runs x nearest: is this place among the nearest with these weights?"""
    known = ~np.isnan(parts[:, candidates])
    totals = weights @ np.where(known, parts[:, candidates], 0.0)
    if not known.all():
        with np.errstate(invalid="ignore", divide="ignore"):
            totals = totals / (weights @ known)  # nothing known but what was left out: NaN, sorts last
    limits = np.partition(totals, len(nearest) - 1, axis=1)[:, len(nearest) - 1]
    inside: Bools = totals[:, np.searchsorted(candidates, nearest)] <= limits[:, None] * (1 + 1e-12)
    return inside


def label(share: float, rules: Rules) -> str:
    """The German word for a share of runs."""
    if share >= rules.stable:
        return "stabil"
    return "eher stabil" if share >= rules.rather_stable else "wackelig"
