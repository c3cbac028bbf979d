"""What a notebook may ask about decisions: which there are, how options stand, and what would change that.

Each function joins the tables of `knowledge` with the method `options`; `tk.<name>` in notebooks.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import pandas as pd

from transferkit import origin
from transferkit.knowledge.datasets import load, split
from transferkit.knowledge.once import once
from transferkit.methods import options

Pairs = tuple[tuple[str, float], ...]


def decision_for(solution: pd.Series) -> pd.Series | None:
    """The decision (row of `decisions`) that comes up with solutions of this area; None if there is none."""
    table = load("decisions")
    meant = [n for n, areas in enumerate(table["areas_de"]) if solution["area_de"] in split(areas)]
    orders = table["order"].to_numpy()
    return table.iloc[min(meant, key=lambda n: orders[n])] if meant else None


def decisions_of(theme: str) -> pd.DataFrame:
    """The decisions of a theme in their order."""
    table = load("decisions")
    return table[table["theme_id"] == theme].sort_values("order")


def decision_tables(decision: str) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Options, criteria and scores of a decision, the first two in their order."""
    offered, criteria, scores = (load(name) for name in ("options", "criteria", "scores"))
    offered, criteria, scores = (
        table[table["decision_id"] == decision] for table in (offered, criteria, scores)
    )
    return offered.sort_values("order"), criteria.sort_values("order"), scores


def standing(
    decision: str, weights: Mapping[str, float] | None = None, requirements: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """The options of a decision, the best first (`options.standing`).

    `weights` by criterion, all of them; without any, those the data propose. `requirements`: least scores.
    """
    return _asked(decision, weights, requirements)[0].copy()


def flips(
    decision: str, weights: Mapping[str, float] | None = None, requirements: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """At which weight another option of the decision takes the lead (`options.flips`); as `standing`."""
    return _asked(decision, weights, requirements)[1].copy()


def _asked(
    decision: str, weights: Mapping[str, float] | None, requirements: Mapping[str, float] | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    if not weights and not requirements:
        return _judged(decision)
    return _weighed(decision, tuple((weights or {}).items()), tuple((requirements or {}).items()))


@once
def _judged(decision: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Ten thousand pages show the same decisions. What `_weighed` keeps would hide what was read."""
    return _computed(decision, (), ())


@lru_cache(maxsize=4)
def _weighed(decision: str, weights: Pairs, requirements: Pairs) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Who asks for the standing asks for the flips next."""
    return _computed(decision, weights, requirements)


def _computed(decision: str, weights: Pairs, requirements: Pairs) -> tuple[pd.DataFrame, pd.DataFrame]:
    tables, given = decision_tables(decision), dict(weights) or None
    ranked = options.standing(*tables, given, dict(requirements))
    flips = options.flips_of(ranked, *tables, given)
    how = f"{options.HOW} {options.OWN_WEIGHTS}" if given else options.HOW
    return origin.made(ranked, how, *tables), origin.made(flips, how, *tables)
