"""The fit check „Passt das zu uns?“: an interval per dimension and a statement by rule, never one number.

The idea of comparing conditions criterion by criterion follows ASTAIRE (Cambon et al. 2013) and PIET-T
(Schloemer and Schröder-Bäck 2018); criteria, weights and thresholds are own proposals in the tables
`transfer_criteria`, `transfer_answers` and `transfer_rules`. What is unknown widens an interval.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from transferkit.methods.fit_sheet import Answer, Bools, Floats, Sheet, given, limits, sheet, steps, weighted

HOW = "Antworten je Bereich gewichtet; Unbekanntes zählt einmal als „passt“, einmal als „passt nicht“."
OWN_ANSWERS = "Antworten von Menschen sind deren eigene Angaben."
UNKNOWN = "unbekannt"
OBSTACLE = "hindernis"
BEST = "gleich"
# From worst to best: a better answer never leads to an earlier one.
STATEMENTS = ("knockout", "unknown", "adaptation", "small-adaptation")


@dataclass(frozen=True)
class Fit:
    """The outcome of a check.

    `statement` is one of STATEMENTS, `said` its German sentence. `dimensions` has one row per dimension that
    counts: dimension_id, name_de, low, high (0 to 1), unknown (share of its weight). `knockouts`, `questions`
    and `tasks` are rows of the criteria with their answers; `flips` names single answers that would change
    the statement: statement, answer_id, names (list), the worst outcome first. `answers` are those judged, in
    the order of the criteria of `sheet`.
    """

    statement: str
    said: str
    dimensions: pd.DataFrame
    flips: pd.DataFrame
    sheet: Sheet
    answers: tuple[str, ...]

    @property
    def knockouts(self) -> pd.DataFrame:
        return self.judged[self.sheet.knockout & (self.judged["answer_id"] == OBSTACLE)]

    @property
    def questions(self) -> pd.DataFrame:
        return self.judged[self.judged["answer_id"] == UNKNOWN]

    @property
    def tasks(self) -> pd.DataFrame:
        return self.judged[self.judged["needs_task"]]

    @cached_property
    def judged(self) -> pd.DataFrame:
        """The criteria in their order with answer_id, value, weight, needs_task."""
        return _with_answers(self.sheet.criteria, self.sheet.scale, self.answers)


def check(
    criteria: pd.DataFrame,
    dimensions: pd.DataFrame,
    scale: pd.DataFrame,
    rules: pd.DataFrame,
    answers: pd.DataFrame,
) -> Fit:
    """Judge `answers` (columns criterion_id, answer_id; a criterion without a row is unknown).

    `criteria`, `dimensions`, `scale`, `rules`: the tables transfer_criteria, transfer_dimensions,
    transfer_answers, transfer_rules. Raises MethodError for unknown or double ids and for weights that are
    missing, negative or all zero.
    """
    return judge(sheet(criteria, dimensions, scale, rules), answers)


def judge(sheet: Sheet, answers: pd.DataFrame) -> Fit:
    """As `check`, with the tables as `fit_sheet.sheet` prepares them."""
    said = given(sheet.known, sheet.scale, answers)
    chosen = tuple(said.get(key, UNKNOWN) for key in sheet.keys)
    values = np.array([sheet.scale[answer].value for answer in chosen])
    stops = sheet.knockout & np.array([answer == OBSTACLE for answer in chosen])
    statement = _statements(sheet, values[None], stops[None])[0]
    return Fit(
        statement=statement,
        said=_said(sheet, statement, stops),
        dimensions=_intervals(sheet, values),
        flips=_flips(sheet, chosen, values, stops, statement),
        sheet=sheet,
        answers=chosen,
    )


def answered(criteria: pd.DataFrame, scale: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """The criteria in their order with answer_id, value (0 to 1, NaN if unknown), weight and needs_task."""
    rows, worth = weighted(criteria), steps(scale)
    said = given([str(key) for key in criteria["criterion_id"]], worth, answers)
    return _with_answers(rows, worth, [said.get(str(key), UNKNOWN) for key in rows["criterion_id"]])


def _with_answers(criteria: pd.DataFrame, scale: Mapping[str, Answer], chosen: Sequence[str]) -> pd.DataFrame:
    said = [scale[answer] for answer in chosen]
    return criteria.assign(
        answer_id=pd.array(chosen, dtype="str"),
        answer_de=pd.array([one.name for one in said], dtype="str"),
        value=[one.value for one in said],
        needs_task=[one.needs_task for one in said],
    )


def merge(prefilled: pd.DataFrame, given: pd.DataFrame) -> pd.DataFrame:
    """Answers of people over answers from data; what was overridden stays on record.

    Both: criterion_id, answer_id, reason_de, source_de. The result has in addition `prefilled` (the answer
    the data had given, missing if none) and `overridden`.
    """
    both = prefilled.merge(given, on="criterion_id", how="outer", suffixes=("_data", ""))
    data = both["answer_id_data"]
    own = both["answer_id"].notna()
    return pd.DataFrame(
        {
            "criterion_id": both["criterion_id"],
            **{
                name: both[name].where(own, both[f"{name}_data"])
                for name in ("answer_id", "reason_de", "source_de")
            },
            "prefilled": data,
            "overridden": own & data.notna() & (both["answer_id"] != data),
        }
    )


def spread(
    criteria: pd.DataFrame, scale: pd.DataFrame, rules: pd.DataFrame, ratings: pd.DataFrame
) -> pd.DataFrame:
    """How far a group's answers lie apart: discuss only what differs by two steps or more.

    `ratings`: person, criterion_id, answer_id. One row per rated criterion: criterion_id, name_de, people
    (who gave a known answer), steps (0 to 3; missing for fewer people than the smallest group), discuss.
    No distribution of so few people is given, because their answers would be known.
    """
    least = limits(rules)
    known = (
        scale[scale["answer_id"] != UNKNOWN].sort_values("value", ascending=False)["answer_id"].astype("str")
    )
    keys, worth = [str(key) for key in criteria["criterion_id"]], steps(scale)
    for _, one in ratings.groupby("person"):
        given(keys, worth, one)
    step = pd.Series(range(len(known)), index=known)
    rated = ratings.assign(step=ratings["answer_id"].astype("str").map(step)).dropna(subset="step")
    by_criterion = rated.groupby("criterion_id")["step"]
    apart = by_criterion.max() - by_criterion.min()
    people = by_criterion.size()
    found = pd.DataFrame({"people": people, "steps": apart}).reset_index()
    enough = found["people"] >= least["min_group"]
    found = found.assign(
        steps=found["steps"].where(enough).astype("Int64"),
        discuss=enough & (found["steps"] >= least["spread_steps"]),
    )
    order = criteria.sort_values(["dimension_id", "order"])[["criterion_id", "name_de"]]
    return order.merge(found.astype({"criterion_id": "str"}), on="criterion_id")


def _sums(sheet: Sheet, worth: Floats) -> Floats:
    """Added up by dimension, for each row of `worth` (n x criteria)."""
    rows, dimensions = len(worth), len(sheet.dimensions)
    places = (np.arange(rows)[:, None] * dimensions + sheet.dimension).ravel()
    sums: Floats = np.bincount(places, worth.ravel(), minlength=rows * dimensions).astype(float)
    return sums.reshape(rows, dimensions)


def _statements(sheet: Sheet, values: Floats, stops: Bools) -> list[str]:
    """For each row of answers the first rule that holds, in the order of the table `transfer_rules`."""
    unknown = np.isnan(values)
    share = (sheet.weights * unknown).sum(axis=1) / sheet.weights.sum()
    totals = _sums(sheet, sheet.weights[None])[0]
    points = _sums(sheet, sheet.weights * np.where(unknown, 0, values))
    low = (points[:, totals > 0] / totals[totals > 0]).min(axis=1)
    holds = [
        stops.any(axis=1),
        share > sheet.limits["unknown_limit"],
        low >= sheet.limits["low_limit"],
    ]
    return [str(one) for one in np.select(holds, ["knockout", "unknown", "small-adaptation"], "adaptation")]


def _intervals(sheet: Sheet, values: Floats) -> pd.DataFrame:
    """Per dimension with weight: the lowest and highest value the answers allow, and what is unknown."""
    open_ = np.isnan(values)
    worth = [sheet.weights, sheet.weights * np.where(open_, 0, values), sheet.weights * open_]
    totals, points, unknown = _sums(sheet, np.stack(worth))
    counts = totals > 0
    low, missing = points[counts] / totals[counts], unknown[counts] / totals[counts]
    found: pd.DataFrame = sheet.dimensions[counts].reset_index(drop=True)
    return found.assign(low=low, high=np.minimum(low + missing, 1), unknown=missing)


def _said(sheet: Sheet, statement: str, stops: Bools) -> str:
    """The sentence of the rule, with the knock-outs that stop."""
    names = ", ".join(name for name, stop in zip(sheet.names, stops, strict=True) if stop)
    return sheet.sentences[statement].replace("{Merkmale}", names)


def _flips(sheet: Sheet, chosen: Sequence[str], values: Floats, stops: Bools, statement: str) -> pd.DataFrame:
    """Which single answers, other than given, would lead to another statement, grouped by outcome."""
    others = [(n, answer) for n, one in enumerate(chosen) for answer in (OBSTACLE, BEST) if answer != one]
    rows, changed = np.arange(len(others)), np.array([n for n, _ in others])
    other_values, other_stops = np.tile(values, (len(others), 1)), np.tile(stops, (len(others), 1))
    other_values[rows, changed] = [sheet.scale[answer].value for _, answer in others]
    other_stops[rows, changed] = [sheet.knockout[n] and answer == OBSTACLE for n, answer in others]
    found: dict[tuple[str, str], list[str]] = {}
    outcomes = _statements(sheet, other_values, other_stops)
    for (number, answer), other in zip(others, outcomes, strict=True):
        if other != statement:
            found.setdefault((other, answer), []).append(sheet.names[number])
    worst_first = sorted(found.items(), key=lambda item: (STATEMENTS.index(item[0][0]), item[0][1]))
    listed = [(other, answer, names) for (other, answer), names in worst_first]
    return pd.DataFrame(listed, columns=["statement", "answer_id", "names"])
