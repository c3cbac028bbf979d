"""The fit check „Passt das zu uns?“: an interval per dimension and a statement by rule, never one number.

The idea of comparing conditions criterion by criterion follows ASTAIRE (Cambon et al. 2013) and PIET-T
(Schloemer and Schröder-Bäck 2018); criteria, weights and thresholds are own proposals in the tables
`transfer_criteria`, `transfer_answers` and `transfer_rules`. What is unknown widens an interval.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import numpy.typing as npt
import pandas as pd

from transferkit.errors import MethodError

UNKNOWN = "unbekannt"
OBSTACLE = "hindernis"
BEST = "gleich"
Floats = npt.NDArray[np.float64]
# From worst to best: a better answer never leads to an earlier one.
STATEMENTS = ("knockout", "unknown", "adaptation", "small-adaptation")


@dataclass(frozen=True)
class Fit:
    """The outcome of a check.

    `statement` is one of STATEMENTS, `said` its German sentence. `dimensions` has one row per dimension that
    counts: dimension_id, name_de, low, high (0 to 1), unknown (share of its weight). `knockouts`, `questions`
    and `tasks` are rows of the criteria with their answers; `flips` names single answers that would change
    the statement: statement, answer_id, names (list), the worst outcome first.
    """

    statement: str
    said: str
    dimensions: pd.DataFrame
    knockouts: pd.DataFrame
    questions: pd.DataFrame
    tasks: pd.DataFrame
    flips: pd.DataFrame


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
    return judge(answered(criteria, scale, answers), dimensions, scale, rules)


def judge(judged: pd.DataFrame, dimensions: pd.DataFrame, scale: pd.DataFrame, rules: pd.DataFrame) -> Fit:
    """As `check`, of the criteria with their answers as `answered` returns them."""
    limits = _limits(rules)
    statement = _statement(judged, limits)
    return Fit(
        statement=statement,
        said=_said(statement, judged, rules),
        dimensions=_intervals(judged, dimensions),
        knockouts=judged[_stops(judged)],
        questions=judged[judged["answer_id"] == UNKNOWN],
        tasks=judged[judged["needs_task"]],
        flips=_flips(judged, scale, limits, statement),
    )


def answered(criteria: pd.DataFrame, scale: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """The criteria in their order with answer_id, value (0 to 1, NaN if unknown), weight and needs_task."""
    given = _given(criteria, scale, answers)
    rows = criteria.sort_values(["dimension_id", "order"]).reset_index(drop=True)
    chosen = pd.Series([given.get(str(key), UNKNOWN) for key in rows["criterion_id"]], dtype="str")
    by_answer = scale.set_index(scale["answer_id"].astype("str"))
    weights = pd.to_numeric(rows["weight_default"]).to_numpy(float, na_value=np.nan)
    if not (weights >= 0).all():
        raise MethodError(
            "Ein Gewicht im Übertragungs-Check fehlt oder ist negativ. Erlaubt ist 0 oder mehr."
        )
    if weights.sum() == 0:
        raise MethodError("Alle Gewichte im Übertragungs-Check sind 0. Mindestens ein Merkmal muss zählen.")
    return rows.assign(
        answer_id=chosen,
        answer_de=chosen.map(by_answer["name_de"]).astype("str"),
        value=chosen.map(by_answer["value"]).astype(float),
        needs_task=chosen.map(by_answer["needs_task"]).astype(bool),
        weight=weights,
        knockout=rows["knockout_default"].astype(bool),
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
    limits = _limits(rules)
    known = (
        scale[scale["answer_id"] != UNKNOWN].sort_values("value", ascending=False)["answer_id"].astype("str")
    )
    steps = pd.Series(range(len(known)), index=known)
    for _, one in ratings.groupby("person"):
        _given(criteria, scale, one)
    rated = ratings.assign(step=ratings["answer_id"].astype("str").map(steps)).dropna(subset="step")
    by_criterion = rated.groupby("criterion_id")["step"]
    apart = by_criterion.max() - by_criterion.min()
    people = by_criterion.size()
    found = pd.DataFrame({"people": people, "steps": apart}).reset_index()
    enough = found["people"] >= limits["min_group"]
    found = found.assign(
        steps=found["steps"].where(enough).astype("Int64"),
        discuss=enough & (found["steps"] >= limits["spread_steps"]),
    )
    order = criteria.sort_values(["dimension_id", "order"])[["criterion_id", "name_de"]]
    return order.merge(found.astype({"criterion_id": "str"}), on="criterion_id")


def _given(criteria: pd.DataFrame, scale: pd.DataFrame, answers: pd.DataFrame) -> dict[str, str]:
    for column, table, what in (("criterion_id", criteria, "Merkmal"), ("answer_id", scale, "Antwort")):
        known = [str(key) for key in table[column]]
        for value in answers[column].dropna().astype("str"):
            if value not in known:
                near = get_close_matches(value, known, n=1)
                hint = f" Meinten Sie „{near[0]}“?" if near else f" Möglich: {', '.join(known)}."
                raise MethodError(f"Im Übertragungs-Check gibt es „{value}“ nicht ({what}).{hint}")
    if (double := answers["criterion_id"][answers["criterion_id"].duplicated()]).size:
        raise MethodError(f"Das Merkmal „{double.iloc[0]}“ ist zweimal beantwortet. Nötig ist eine Antwort.")
    filled = answers.dropna(subset="answer_id")
    return dict(zip(filled["criterion_id"].astype("str"), filled["answer_id"].astype("str"), strict=True))


def _limits(rules: pd.DataFrame) -> Mapping[str, float]:
    named = rules.dropna(subset="parameter")
    return dict(zip(named["parameter"].astype("str"), named["value_default"].astype(float), strict=True))


def _stops(judged: pd.DataFrame) -> pd.Series:
    return judged["knockout"] & (judged["answer_id"] == OBSTACLE)


def _statement(judged: pd.DataFrame, limits: Mapping[str, float]) -> str:
    return _rule(judged["value"].to_numpy(float), _stops(judged).to_numpy(bool), _counted(judged), limits)


def _counted(judged: pd.DataFrame) -> tuple[Floats, npt.NDArray[np.intp]]:
    """The weights, and for each criterion the number of its dimension."""
    return judged["weight"].to_numpy(float), pd.factorize(judged["dimension_id"])[0]


def _rule(
    values: Floats,
    stops: npt.NDArray[np.bool_],
    counted: tuple[Floats, npt.NDArray[np.intp]],
    limits: Mapping[str, float],
) -> str:
    """The first rule that holds, in the order of the table `transfer_rules`."""
    weights, dimension = counted
    if stops.any():
        return "knockout"
    unknown = np.isnan(values)
    if weights[unknown].sum() / weights.sum() > limits["unknown_limit"]:
        return "unknown"
    totals = np.bincount(dimension, weights)
    points = np.bincount(dimension, weights * np.where(unknown, 0, values))
    low = points[totals > 0] / totals[totals > 0]
    return "small-adaptation" if low.min() >= limits["low_limit"] else "adaptation"


def _intervals(judged: pd.DataFrame, dimensions: pd.DataFrame) -> pd.DataFrame:
    """Per dimension with weight: the lowest and highest value the answers allow, and what is unknown."""
    names = dimensions.sort_values("order")[["dimension_id", "name_de"]]
    place = {str(key): n for n, key in enumerate(names["dimension_id"])}
    dimension = np.array([place[str(key)] for key in judged["dimension_id"]], dtype=np.intp)
    weight, value = judged["weight"].to_numpy(float), judged["value"].to_numpy(float)
    open_ = np.isnan(value)
    totals, points, unknown = (
        np.bincount(dimension, one, minlength=len(names))
        for one in (weight, weight * np.where(open_, 0, value), weight * open_)
    )
    counts = totals > 0
    low, missing = points[counts] / totals[counts], unknown[counts] / totals[counts]
    found = names[counts].reset_index(drop=True)
    return found.assign(low=low, high=np.minimum(low + missing, 1), unknown=missing)


def _said(statement: str, judged: pd.DataFrame, rules: pd.DataFrame) -> str:
    """The sentence of the rule; what it lists is shown beside it, so its place-holders end it here."""
    sentence = str(rules.set_index("rule_id").loc[statement, "statement_de"])
    names = judged.loc[_stops(judged), "name_de"].astype("str")
    return (
        sentence.replace("{Merkmale}", ", ".join(names)).split(": {")[0].split(" Fragen an")[0].rstrip(".")
        + "."
    )


def _flips(
    judged: pd.DataFrame, scale: pd.DataFrame, limits: Mapping[str, float], statement: str
) -> pd.DataFrame:
    """Which single answers, other than given, would lead to another statement, grouped by outcome."""
    worth = dict(zip(scale["answer_id"].astype("str"), scale["value"].astype(float), strict=True))
    values, stops = judged["value"].to_numpy(float), _stops(judged).to_numpy(bool)
    counted, knockout = _counted(judged), judged["knockout"].to_numpy(bool)
    found: dict[tuple[str, str], list[str]] = {}
    for number, (name, given) in enumerate(zip(judged["name_de"], judged["answer_id"], strict=True)):
        for answer in {OBSTACLE, BEST} - {given}:
            other_values, other_stops = values.copy(), stops.copy()
            other_values[number] = worth[answer]
            other_stops[number] = knockout[number] and answer == OBSTACLE
            other = _rule(other_values, other_stops, counted, limits)
            if other != statement:
                found.setdefault((other, answer), []).append(str(name))
    worst_first = sorted(found.items(), key=lambda item: (STATEMENTS.index(item[0][0]), item[0][1]))
    rows = [(other, answer, names) for (other, answer), names in worst_first]
    return pd.DataFrame(rows, columns=["statement", "answer_id", "names"])
