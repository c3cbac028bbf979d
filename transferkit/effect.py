"""What a notebook may ask about measuring: indicators that fit a solution, a plan with one's own numbers.

Each function joins the tables of `knowledge` with the method `impact`; `tk.<name>` in notebooks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from transferkit import origin
from transferkit.errors import MethodError
from transferkit.guide import impact_plan
from transferkit.knowledge.datasets import load
from transferkit.methods import impact

KINDS = ("baseline", "target", "value")
COLUMNS = ("indicator_id", "kind", "period", "value", "unit_de")


@dataclass(frozen=True)
class MeasuringPlan:
    """Chosen indicators with the numbers somebody gave.

    `plan`: as `impact.plan`, with what is given so far; `entries`: all numbers as rows of the Excel form;
    `standing`: as `impact.progress`, for indicators with baseline and target.
    """

    indicators: pd.DataFrame
    plan: pd.DataFrame
    entries: pd.DataFrame
    standing: pd.DataFrame


def indicators_for(solution: pd.Series) -> pd.DataFrame:
    """Indicators of a solution's theme and area that a plan can judge, in the order of the logic model."""
    table = load("indicators")
    of_area = table["area_de"].isna() | (table["area_de"] == solution["area_de"])
    table = table[(table["theme_id"] == solution["theme_id"]) & of_area]
    return impact.judgeable(table)


def proposed_indicators(solution: pd.Series) -> list[str]:
    """The keys of the three indicators the municipality guide would propose for it."""
    plan = impact_plan([str(solution["theme_id"])], areas=[str(solution["area_de"])])
    return list(plan["indicator_id"])


def measuring_plan(
    keys: Sequence[str], numbers: Mapping[str, float], years: Mapping[str, int]
) -> MeasuringPlan:
    """A plan for these indicators: `numbers` by `<indicator>.<kind>`, `years` by kind (`KINDS`).

    A number of an indicator that is not chosen is left out. Raises MethodError for a target against the
    direction, and whatever else `impact.checked` finds.
    """
    table = load("indicators")
    indicators = table[table["indicator_id"].isin(list(keys))]
    indicators = indicators.set_index("indicator_id", drop=False).loc[list(keys)].reset_index(drop=True)
    _refuse(indicators, numbers, years)
    entries = _entries(indicators, numbers, years)
    pairs = entries.groupby("indicator_id")["kind"].agg(set)
    whole = [key for key, kinds in pairs.items() if {"baseline", "target"} <= kinds]
    complete = entries[entries["indicator_id"].isin(whole)]
    standing = pd.DataFrame()
    if whole:
        rules = load("impact_rules")
        standing = impact.progress(complete, load("indicators"), rules)
        origin.made(standing, impact.OWN_NUMBERS, indicators, origin.of(rules).as_rules())
    plan = _filled(indicators, entries)
    if len(entries):
        origin.made(entries, impact.OWN_NUMBERS, indicators)
        origin.chosen(plan, impact.OWN_NUMBERS)
    return MeasuringPlan(indicators, plan, entries, standing)


def _entries(
    indicators: pd.DataFrame, numbers: Mapping[str, float], years: Mapping[str, int]
) -> pd.DataFrame:
    rows = [
        (key, kind, str(years[kind]), numbers[f"{key}.{kind}"], unit)
        for key, unit in zip(indicators["indicator_id"], indicators["unit_de"], strict=True)
        for kind in KINDS
        if f"{key}.{kind}" in numbers
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _filled(indicators: pd.DataFrame, entries: pd.DataFrame) -> pd.DataFrame:
    """The plan with every baseline and target that is there, also of indicators that lack the other."""
    plan = impact.plan(indicators)
    for kind in ("baseline", "target"):
        rows = entries[entries["kind"] == kind].set_index("indicator_id")
        plan[kind] = plan["indicator_id"].map(rows["value"]).astype("Float64")
        plan[f"{kind}_period"] = plan["indicator_id"].map(rows["period"])
    return plan


def _refuse(indicators: pd.DataFrame, numbers: Mapping[str, float], years: Mapping[str, int]) -> None:
    """Say what is wrong in the words of the form, before the method says it in those of the table."""
    measured = any(key.endswith(".value") for key in numbers)
    for kind, what in (("target", "Ziels"), ("value", "Messwerts")):
        if years[kind] <= years["baseline"] and (kind == "target" or measured):
            raise MethodError(f"Das Jahr des {what} muss nach dem Jahr des Ausgangswerts liegen.")
    columns = (indicators[name] for name in ("indicator_id", "name_de", "direction"))
    for key, name, direction in zip(*columns, strict=True):
        start, goal = (numbers.get(f"{key}.{kind}") for kind in ("baseline", "target"))
        if start is None or goal is None:
            continue
        if {"up": goal <= start, "down": goal >= start}.get(str(direction), goal == start):
            better = {"up": "höher", "down": "niedriger"}.get(str(direction), "anders")
            raise MethodError(f"„{name}“: Das Ziel muss {better} sein als der Ausgangswert.")
