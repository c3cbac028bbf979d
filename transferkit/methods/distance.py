"""Places as points in the space of the peer model: who may be compared, and how far apart two places are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from transferkit.errors import MethodError
from transferkit.methods.peer_rules import Filter, Rules
from transferkit.methods.standardise import UNINCORPORATED, Floats, Scale, is_place, numbers

Bools = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.intp]

# Textkennzeichen of places that are municipality and Kreis in one (kreisfreie Stadt, Stadtkreis; Berlin and
# Hamburg too): 61 and 62 as municipality, 41 and 42 as Kreis.
KREISFREI = ("61", "62", "41", "42")


@dataclass(frozen=True)
class Point:
    """One place seen from outside the table: its key, z-scores (p), ln(population) and kind."""

    key: str
    z: Floats
    size: float
    kreisfrei: bool


@dataclass(frozen=True)
class Space:
    """All n places that may be peers, sorted by key; `z` is p x n so that one variable lies together."""

    keys: pd.Index
    names: tuple[str, ...]
    weights: Floats
    z: Floats
    size: Floats
    kreisfrei: Bools
    exists: Bools
    notes: tuple[str, ...]

    def point(self, position: int) -> Point:
        size, kreisfrei = float(self.size[position]), bool(self.kreisfrei[position])
        return Point(str(self.keys[position]), self.z[:, position], size, kreisfrei)


@dataclass(frozen=True)
class Usual:
    """How far apart places of a level usually are: distances of pairs by percentile, limit of a real peer."""

    percentile: Floats
    pair: Floats
    real: float


@dataclass(frozen=True)
class Field:
    """All places of one level with what every question about them needs: prepared once, asked often."""

    places: Space
    measure: Scale
    rules: Rules
    usual: Usual


def space(table: pd.DataFrame, measure: Scale) -> Space:
    """Place every row of `table` (index: key as text) into the space of the model."""
    check_keys(table)
    if not table.index.is_monotonic_increasing:
        table = table.sort_index()  # equal distances are ordered by key, whatever order the rows came in
    z, notes = measure.z(table)
    exists = is_place(table)
    return Space(
        keys=table.index,
        names=measure.names,
        weights=measure.weights,
        z=z,
        size=np.log(np.where(exists, numbers(table, "population"), np.nan)),
        kreisfrei=table["type_code"].isin(KREISFREI).to_numpy(dtype=bool),
        exists=exists,
        notes=notes,
    )


def point(own: pd.Series, measure: Scale) -> Point:
    """The asking place, in the table or not. What its row does not say is unknown."""
    if not isinstance(own.name, str):
        raise MethodError(f"Der Schlüssel der Kommune muss Text sein (etwa „01054039“), nicht {own.name!r}.")
    population, kind = _number(own, "population"), own.get("type_code")
    exists = population > 0 and kind not in UNINCORPORATED
    return Point(
        key=own.name,
        z=measure.z_of(np.array([_number(own, name) for name in measure.names])),
        size=float(np.log(population)) if exists else np.nan,
        kreisfrei=kind in KREISFREI,
    )


def _number(row: pd.Series, name: str) -> float:
    value = row.get(name)
    return np.nan if value is None or pd.isna(value) else float(value)


def check_keys(table: pd.DataFrame) -> None:
    """Refuse keys that lost their leading zero, double keys and mixed Gebietsstände."""
    if not pd.api.types.is_string_dtype(table.index) or not _of_one_length(table.index):
        raise MethodError(
            "Die Schlüssel der Kommunen müssen Text gleicher Länge sein, zum Beispiel „01054039“."
            " Vermutlich ist beim Einlesen eine führende Null verloren gegangen."
        )
    if not table.index.is_unique:
        double = table.index[table.index.duplicated()][0]
        raise MethodError(f"Der Schlüssel {double} kommt mehrfach vor. Jede Kommune zählt nur einmal.")
    if "register_date" in table and table["register_date"].nunique() > 1:
        raise MethodError("Die Tabelle mischt mehrere Gebietsstände. Bitte nur einen davon verwenden.")


def _of_one_length(keys: pd.Index) -> bool:
    """A set of places has the keys of its parts joined by +, so only single keys tell of a lost zero."""
    return len(set(keys.str.len())) <= 1 or len({len(key) for key in keys if "+" not in key}) <= 1


def squared_differences(places: Space, asking: Point) -> Floats:
    """(z_ij - z_mj)^2, p x n, NaN where one of the two values is unknown."""
    return np.square(places.z - asking.z[:, None])


def squared_distances(weights: Floats, parts: Floats, rules: Rules) -> tuple[Floats, Floats]:
    """Weighted mean of squared differences over the known variables, and their part of all weights.

    The distance is NaN where the coverage is below the rule. Summed variable by variable: the result for a
    pair is the same to the last bit whoever else is in the table.
    """
    unknown = np.isnan(parts)
    total = np.zeros(parts.shape[1:])
    if not unknown.any():
        for w, part in zip(weights, parts, strict=True):
            total += w * part
        return total / sum(weights), np.ones_like(total)
    weight = np.zeros_like(total)
    for w, part, missing in zip(weights, parts, unknown, strict=True):
        total += w * np.where(missing, 0.0, part)
        weight += w * ~missing
    coverage = weight / sum(weights)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(coverage >= rules.coverage - 1e-9, total / weight, np.nan), coverage


def similar(size: Floats, kreisfrei: Bools, asking: Point, rule: Filter) -> Bools:
    """Do places of this ln(population) and kind pass the filters? Exactly 1:3 counts despite rounding."""
    passed: Bools = np.abs(size - asking.size) <= np.log(rule.size_ratio) + 1e-12
    if rule.same_type:
        passed &= kreisfrei == asking.kreisfrei
    return passed


def admitted(places: Space, asking: Point, rule: Filter) -> Bools:
    """Who passes the hard filters for this point; never the point itself."""
    passed = places.exists & similar(places.size, places.kreisfrei, asking, rule)
    if asking.key in places.keys:
        passed[places.keys.get_loc(asking.key)] = False
    return passed


def widen(
    places: Space, asking: Point, comparable: Bools, rules: Rules, count: Callable[[Bools], int]
) -> tuple[Bools, Filter]:
    """Loosen the filters in the declared order until enough remain; the last filter is taken as it is."""
    for rule in rules.filters:
        passed = admitted(places, asking, rule) & comparable
        if count(passed) >= rules.minimum_peers:
            break
    return passed, rule


def first(distances: Floats, passed: Bools, count: int) -> Positions:
    """Positions of the `count` nearest among `passed`; equal distances in order of the key."""
    positions = np.flatnonzero(passed)
    near = distances[positions]
    if len(positions) > count:
        limit = np.partition(near, count - 1)[count - 1]
        positions, near = positions[near <= limit], near[near <= limit]
    return positions[np.argsort(near, kind="stable")][:count]
