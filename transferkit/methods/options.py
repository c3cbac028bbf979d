"""Which option of a decision, and how much that depends on the weights.

Weighted sums compensate: a strong criterion hides a weak one. So the sum is only one of four answers: what
fails a hard requirement, what another option beats everywhere, how an option fares over all weightings
(rank acceptability, the idea of SMAA: Lahdelma, Hokkanen, Salminen 1998), and where the winner flips.

A missing score is never 0. An option that lacks a score on a criterion that counts has no sum and no rank;
it says which score is missing. Criteria of weight 0 are left out of everything. Ties are shared, not broken.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from transferkit.errors import MethodError

DRAWS, SEED = 10_000, 20261122
HOW = "Punkte gewichtet; Anteil vorn aus 10.000 zufälligen Gewichtungen (SMAA: Lahdelma u. a. 1998)."
OWN_WEIGHTS = "Gewichtet haben Sie selbst."
TIE = 1e-9  # sums closer than this are equal: weights are fractions of decimals


def standing(
    options: pd.DataFrame,
    criteria: pd.DataFrame,
    scores: pd.DataFrame,
    weights: Mapping[str, float] | None = None,
    requirements: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """One row per option of one decision, the best first, ties in the order of the data.

    `weights` (any unit, by criterion_id, all criteria; default: `weight_default`), `requirements` (least
    score by criterion_id). Columns: decision_id, option_id, name_de, state (`compared`, `excluded`,
    `incomplete`), failed and missing (names of criteria), unclear (required, but not scored),
    dominated_by (names), points (1 to 5), rank (ties share the better one), first and top_two (shares of
    the weightings; ties share the first place). Raises MethodError, naming the criterion.
    """
    options, criteria = _in_order(options, "option_id"), _in_order(criteria, "criterion_id")
    share = normalised(criteria, weights)
    table = _table(options, criteria, scores)
    least = _requirements(criteria, requirements)
    names = criteria.set_index("criterion_id")["name_de"]
    counted = [key for key in criteria["criterion_id"] if share[key] > 0]
    failed = table[list(least)].lt(pd.Series(least, dtype=float))
    missing = table[counted].isna()
    state = np.where(failed.any(axis=1), "excluded", np.where(missing.any(axis=1), "incomplete", "compared"))
    compared = table.loc[state == "compared", counted]
    result = pd.DataFrame(
        {
            "decision_id": options["decision_id"].to_numpy(),
            "option_id": options["option_id"].to_numpy(),
            "name_de": options["name_de"].to_numpy(),
            "state": state,
            "failed": _named(failed, names),
            "missing": _named(missing, names),
            "unclear": _named(table[list(least)].isna(), names),
        },
        index=table.index,
    )
    result["dominated_by"] = _dominated_by(compared, options.set_index("option_id")["name_de"], table.index)
    result["points"] = compared @ share[counted]
    result["rank"] = result["points"].round(9).rank(method="min", ascending=False).astype("Int64")
    return (
        result.join(_acceptability(compared))
        .sort_values("rank", kind="stable", na_position="last")
        .reset_index(drop=True)
    )


def flips(
    options: pd.DataFrame,
    criteria: pd.DataFrame,
    scores: pd.DataFrame,
    weights: Mapping[str, float] | None = None,
    requirements: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Where another option takes the lead when the weight of one criterion changes, the nearest first.

    The other weights keep their proportions, so every sum is a straight line in the one weight and the
    crossing is exact. Columns: criterion_id, criterion_de, side (`above`, `below`), now, weight (0 to 1),
    winner, winner_de, option_id, name_de. Empty if the first place is shared or nothing can flip it.
    """
    ranked = standing(options, criteria, scores, weights, requirements)
    return flips_of(ranked, options, criteria, scores, weights)


def flips_of(
    ranked: pd.DataFrame,
    options: pd.DataFrame,
    criteria: pd.DataFrame,
    scores: pd.DataFrame,
    weights: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """As `flips`, of options whose `standing` with these weights is known."""
    share = normalised(criteria, weights)
    share = share[share > 0]
    leaders, rivals = ranked[ranked["rank"] == 1], ranked[ranked["rank"] > 1]
    rows: list[dict[str, Any]] = []
    if len(leaders) == 1 and len(rivals) and len(share) > 1:
        table, names = _table(options, criteria, scores), criteria.set_index("criterion_id")["name_de"]
        leader, keys = leaders.iloc[0], list(rivals["option_id"])
        winner = {"winner": leader["option_id"], "winner_de": leader["name_de"]}
        called = dict(zip(keys, rivals["name_de"], strict=True))
        # how much the leader is ahead of each rival, by criterion
        gap = table.loc[leader["option_id"], share.index].to_numpy() - table.loc[keys, share.index].to_numpy()
        sums = gap @ share.to_numpy()
        for n, (key, now) in enumerate(zip(map(str, share.index), share, strict=True)):
            at_none, at_all = (sums - now * gap[:, n]) / (1 - now), gap[:, n]
            for side, lost in (("above", at_all), ("below", at_none)):
                overtaken = np.flatnonzero(lost < -TIE)
                if not len(overtaken):
                    continue
                crossing = at_none[overtaken] / (at_none[overtaken] - at_all[overtaken])
                nearest = crossing.min() if side == "above" else crossing.max()
                # of several that draw level at once, the one that pulls away fastest leads beyond
                level = overtaken[np.abs(crossing - nearest) < TIE]
                rival = keys[level[np.argmin(lost[level])]]
                crossed = {"criterion_id": key, "criterion_de": names[key], "side": side, "now": now}
                beyond = {"weight": float(nearest), "option_id": rival, "name_de": called[rival]}
                rows.append({**crossed, **winner, **beyond})
    columns = ["criterion_id", "criterion_de", "side", "now", "weight"]
    found = pd.DataFrame(rows, columns=[*columns, "winner", "winner_de", "option_id", "name_de"])
    distance = (found["weight"] - found["now"]).abs().astype(float)
    return found.loc[distance.sort_values(kind="stable").index].reset_index(drop=True)


def normalised(criteria: pd.DataFrame, weights: Mapping[str, float] | None = None) -> pd.Series:
    """Weights by criterion_id that sum to 1, in the order of the criteria."""
    criteria = _in_order(criteria, "criterion_id")
    keys = [str(key) for key in criteria["criterion_id"]]
    given: Mapping[str, Any] = (
        dict(zip(keys, criteria["weight_default"], strict=True)) if weights is None else weights
    )
    _known(criteria, given)
    named = dict(zip(keys, criteria["name_de"], strict=True))
    for key, name in named.items():
        if key not in given:
            raise MethodError(f"Für „{name}“ ({key}) fehlt das Gewicht. Geben Sie 0 an, wenn es nicht zählt.")
        _number(given[key], f"Das Gewicht von „{name}“ ({key})")
        if given[key] < 0:
            raise MethodError(f"Das Gewicht von „{name}“ ({key}) ist negativ. Richtig ist 0 oder mehr.")
    total = sum(float(given[key]) for key in named)
    if not total > 0:
        raise MethodError("Alle Gewichte sind 0. Mindestens ein Kriterium muss zählen.")
    return pd.Series({key: float(given[key]) / total for key in named})


def _requirements(criteria: pd.DataFrame, given: Mapping[str, float] | None) -> dict[str, float]:
    given = given or {}
    _known(criteria, given)
    for key, least in given.items():
        _number(least, f"Die Mindestpunktzahl für „{key}“")
        if not 1 <= least <= 5:
            raise MethodError(f"Die Mindestpunktzahl für „{key}“ ist {least}. Richtig ist 1 bis 5.")
    return dict(given)


def _known(criteria: pd.DataFrame, given: Mapping[str, Any]) -> None:
    keys = [str(key) for key in criteria["criterion_id"]]
    for key in given:
        if key not in keys:
            near = get_close_matches(str(key), keys, n=1)
            hint = f"Meinten Sie „{near[0]}“?" if near else f"Es gibt: {', '.join(keys)}."
            raise MethodError(f"Diese Entscheidung hat kein Kriterium „{key}“. {hint}")


def _number(value: object, what: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float | np.number) or not np.isfinite(value):
        raise MethodError(f"{what} ist keine Zahl: {value!r}. Richtig ist zum Beispiel 20.")


def _in_order(frame: pd.DataFrame, key: str) -> pd.DataFrame:
    if frame.empty or frame["decision_id"].nunique() != 1:
        raise MethodError("Verglichen werden die Optionen genau einer Entscheidung. Wählen Sie eine aus.")
    return frame.sort_values(["order", key], kind="stable")


def _table(options: pd.DataFrame, criteria: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Options × criteria in the order of the data; unscored pairs are NaN."""
    options, criteria = _in_order(options, "option_id"), _in_order(criteria, "criterion_id")
    given = scores[scores["option_id"].isin(options["option_id"])]
    twice = given[given.duplicated(["option_id", "criterion_id"])]
    if not twice.empty:
        row = twice.iloc[0]
        raise MethodError(f"„{row['option_id']}“ hat zwei Punktzahlen bei „{row['criterion_id']}“.")
    _known(criteria, dict.fromkeys(given["criterion_id"]))
    table = given.pivot(index="option_id", columns="criterion_id", values="score").astype(float)
    return table.reindex(index=list(options["option_id"]), columns=list(criteria["criterion_id"]))


def _named(flags: pd.DataFrame, names: pd.Series) -> list[tuple[str, ...]]:
    return [tuple(names[key] for key in flags.columns[row]) for row in flags.to_numpy(dtype=bool)]


def _dominated_by(table: pd.DataFrame, names: pd.Series, index: pd.Index) -> pd.Series:
    """Names of the options at least as good on every criterion and better on one."""
    values = table.to_numpy()
    found = {
        key: tuple(names[list(table.index[np.flatnonzero(better)])])
        for key, own in zip(table.index, values, strict=True)
        for better in [(values >= own).all(axis=1) & (values > own).any(axis=1)]
    }
    return pd.Series([found.get(key, ()) for key in index], index=index, dtype=object)


def _acceptability(table: pd.DataFrame) -> pd.DataFrame:
    """Share of all weightings (uniform over the simplex, same draws for same criteria) in front."""
    if table.empty:
        return pd.DataFrame(columns=["first", "top_two"], index=table.index, dtype=float)
    ordered = table[sorted(table.columns)]
    sums = _draws(len(ordered.columns)) @ ordered.to_numpy().T
    better = np.zeros(sums.shape, dtype=int)
    for column in range(sums.shape[1]):
        better += sums[:, [column]] > sums + TIE
    leads = better == 0
    first = (leads / leads.sum(axis=1, keepdims=True)).mean(axis=0)
    return pd.DataFrame({"first": first, "top_two": (better < 2).mean(axis=0)}, index=table.index)


@lru_cache(maxsize=16)
def _draws(criteria: int) -> Any:
    """DRAWS × criteria weights from the flat Dirichlet distribution."""
    return np.random.default_rng(SEED).dirichlet(np.ones(criteria), DRAWS)
