"""How far an indicator is on its way, and whether to change course. Every threshold stands in `impact_rules`.

All is judged in % of the way from baseline to target, so that one rule serves Euro and visits alike:
- trend: the last value against the first of the last `trend_values`; within `trend_band` it is unchanged;
- plan: a straight line from baseline over milestones to the target, level after it;
- change course („nachsteuern“): the last `steer_values` values each lie more than `behind` below the plan and
  no number involved is a small count; fewer, or a small count, is a reason to watch.
Own proposals, no published method.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from transferkit.errors import MethodError
from transferkit.methods.impact_entries import Way, checked

COUNTED = ("Abrufe", "Anzahl", "Besuche", "Fahrten", "Nächte", "Personen")


@dataclass(frozen=True)
class Rules:
    """The thresholds of `impact_rules`; shares in percentage points of the way."""

    small_count: float
    trend_values: float
    trend_band: float
    behind: float
    steer_values: float


def read(rules: pd.DataFrame) -> Rules:
    """The table `impact_rules` (rule, value); raises `MethodError` for a missing or unknown rule."""
    values = dict(zip(rules["rule"].astype(str), rules["value"].astype(float), strict=True))
    needed = [field.name for field in fields(Rules)]
    if odd := sorted(set(needed) ^ set(values)):
        raise MethodError(f"Tabelle impact_rules, Regel „{odd[0]}“: Erwartet sind genau {', '.join(needed)}.")
    return Rules(**values)


def progress(entries: pd.DataFrame, indicators: pd.DataFrame, rules: pd.DataFrame) -> pd.DataFrame:
    """One row per indicator of the plan: where it stands and what follows.

    Columns indicator_id, name_de, unit_de, values (count), baseline, target, last, last_period,
    share (% of the way, NaN without value or target), planned (% of the way planned by then), trend
    (better, same, worse, unknown), small (a count below the threshold), verdict (reached, on-course, watch,
    steer, unmeasured, undirected). Raises `MethodError` as `impact_entries.checked`.
    """
    limits, rows = read(rules), checked(entries, indicators)
    known = indicators.set_index("indicator_id")
    stands = [_stand(group, known.loc[[key]].iloc[0], limits) for key, group in rows.groupby("indicator_id")]
    return pd.DataFrame(stands)


def _stand(rows: pd.DataFrame, about: pd.Series, rules: Rules) -> dict[str, object]:
    measured = rows[rows["kind"] == "value"]
    baseline, target = (_only(rows, kind) for kind in ("baseline", "target"))
    stand: dict[str, object] = {
        "indicator_id": rows["indicator_id"].iloc[0],
        "name_de": about["name_de"],
        "unit_de": about["unit_de"],
        "direction": about["direction"],
        "values": len(measured),
        "baseline": baseline,
        "target": target,
        "last": measured["value"].iloc[-1] if len(measured) else np.nan,
        "last_period": measured["period"].iloc[-1] if len(measured) else "",
        "share": np.nan,
        "planned": np.nan,
        "trend": "unknown",
        "small": _is_small(rows, about, rules),
    }
    if about["direction"] == "neutral":
        return stand | {"verdict": "undirected"}
    if measured.empty:
        return stand | {"verdict": "unmeasured"}
    way = Way(baseline, target, str(about["direction"]))
    shares = np.array([way.share(value) for value in measured["value"]])
    plan = _planned(rows, way, measured)
    return stand | {
        "share": shares[-1],
        "planned": plan[-1],
        "trend": _trend(shares, rules),
        "verdict": _verdict(shares, plan, bool(stand["small"]), rules),
    }


def _only(rows: pd.DataFrame, kind: str) -> float:
    values = rows.loc[rows["kind"] == kind, "value"]
    return float(values.iloc[0]) if len(values) else float("nan")


def _planned(
    rows: pd.DataFrame, way: Way, measured: pd.DataFrame
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The share of the way that the plan foresees at the end of each measured period."""
    points = rows[rows["kind"] != "value"]
    days = [end.toordinal() for end in points["end"]]
    shares = [way.share(value) for value in points["value"]]
    return np.asarray(np.interp([end.toordinal() for end in measured["end"]], days, shares))


def _trend(shares: np.ndarray[tuple[int], np.dtype[np.float64]], rules: Rules) -> str:
    latest = shares[-int(rules.trend_values) :]
    if len(latest) < rules.trend_values:
        return "unknown"
    change = latest[-1] - latest[0]
    if abs(change) <= rules.trend_band:
        return "same"
    return "better" if change > 0 else "worse"


def _verdict(
    shares: np.ndarray[tuple[int], np.dtype[np.float64]],
    plan: np.ndarray[tuple[int], np.dtype[np.float64]],
    small: bool,
    rules: Rules,
) -> str:
    if shares[-1] >= 100:
        return "reached"
    behind = plan - shares > rules.behind
    if not behind[-1]:
        return "on-course"
    needed = int(rules.steer_values)
    return "steer" if len(shares) >= needed and behind[-needed:].all() and not small else "watch"


def _is_small(rows: pd.DataFrame, about: pd.Series, rules: Rules) -> bool:
    """Is this a count, not a share or a rate, whose baseline or last value chance alone could explain?"""
    rate = re.search(r"geteilt|bezogen", str(about["definition_de"]))
    if rate or str(about["unit_de"]).split("/")[0] not in COUNTED:
        return False
    judged = rows[rows["kind"].isin(["baseline", "value"])]
    ends = judged["value"].iloc[[0, -1]]
    return bool((ends < rules.small_count).any())
