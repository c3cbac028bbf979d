"""The thresholds of the peer method, read from the table `peer_rules` that readers may see and change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from transferkit.errors import MethodError


@dataclass(frozen=True)
class Filter:
    """Who may be compared at all, and the German text of the widening that led here (empty for the first)."""

    size_ratio: float
    same_type: bool
    widening: str


@dataclass(frozen=True)
class Rules:
    """All thresholds, and the filters in the declared order of widening."""

    filters: tuple[Filter, ...]
    minimum_peers: int
    near_percentile: float
    coverage: float
    cap_sd: float
    real_peer_percentile: float
    stable: float
    rather_stable: float
    perturbation: float
    runs: int


def read(table: pd.DataFrame) -> Rules:
    """Turn the table `peer_rules` (rule, step, value, label_de) into thresholds.

    Step 0 holds the starting values. Each later step changes one filter (`size_ratio`, empty = no limit; or
    `same_type`, 0 = free); its label says so to readers. Raises `MethodError` for missing or unknown rules.
    """
    columns = (table[name] for name in ("step", "rule", "value", "label_de"))
    rows = sorted(zip(*columns, strict=True), key=_step)
    start = {str(rule): _number(value) for step, rule, value, _ in rows if step == 0}
    needed = [name for name in Rules.__dataclass_fields__ if name != "filters"] + ["size_ratio", "same_type"]
    missing, unknown = sorted(set(needed) - set(start)), sorted({str(row[1]) for row in rows} - set(needed))
    if missing or unknown:
        what = f"Es fehlt „{missing[0]}“." if missing else f"Unbekannt ist „{unknown[0]}“."
        raise MethodError(f"Die Tabelle peer_rules ist fehlerhaft. {what} Erwartet: {', '.join(needed)}.")
    return Rules(
        filters=_filters([row for row in rows if row[0] > 0], start["size_ratio"], start["same_type"]),
        minimum_peers=int(start["minimum_peers"]),
        near_percentile=start["near_percentile"],
        coverage=start["coverage"],
        cap_sd=start["cap_sd"],
        real_peer_percentile=start["real_peer_percentile"],
        stable=start["stable"],
        rather_stable=start["rather_stable"],
        perturbation=start["perturbation"],
        runs=int(start["runs"]),
    )


def _step(row: tuple[Any, ...]) -> int:
    return int(row[0])


def _number(value: Any) -> float:
    return float("nan") if pd.isna(value) else float(value)


def _filters(widenings: list[tuple[Any, ...]], size_ratio: float, same_type: float) -> tuple[Filter, ...]:
    said: list[str] = []
    filters = [_filter(size_ratio, same_type, said)]
    for _, rule, value, label in widenings:
        if rule == "size_ratio":
            size_ratio = _number(value)
        elif rule == "same_type":
            same_type = _number(value)
        else:
            raise MethodError(f"In peer_rules sind nur size_ratio und same_type erweiterbar, nicht „{rule}“.")
        said.append(str(label))
        filters.append(_filter(size_ratio, same_type, said))
    return tuple(filters)


def _filter(size_ratio: float, same_type: float, said: list[str]) -> Filter:
    limit = np.inf if np.isnan(size_ratio) else size_ratio
    return Filter(size_ratio=limit, same_type=bool(same_type), widening=", dann ".join(said))
