"""The questionnaire of the fit check: what is asked, what an answer is worth, which rules judge it."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from transferkit.errors import MethodError

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class Answer(NamedTuple):
    """One step of the scale: its name, what it is worth (NaN if unknown), whether it asks for a plan."""

    name: str
    value: float
    needs_task: bool


@dataclass(frozen=True)
class Sheet:
    """All that a check needs beside the answers: prepared once, asked often.

    `criteria` in their order with `weight` and `knockout`, `dimension` the row of each one's dimension in
    `dimensions`; `known` the keys as the data order them; `limits` and `sentences` (with the place-holder
    {Merkmale} at most) are the rules.
    """

    criteria: pd.DataFrame
    keys: tuple[str, ...]
    known: tuple[str, ...]
    names: tuple[str, ...]
    weights: Floats
    knockout: Bools
    dimension: npt.NDArray[np.intp]
    dimensions: pd.DataFrame
    scale: Mapping[str, Answer]
    limits: Mapping[str, float]
    sentences: Mapping[str, str]

    def plain(self) -> dict[str, Any]:
        """The same as plain values, for whoever judges without Python.

        `criteria`: [key, name, place of the dimension, weight, knock-out (0 or 1)] in their order;
        `dimensions`: names; `scale`: answer -> [name, worth (None if unknown), asks for a plan (0 or 1)].
        """
        columns = self.keys, self.names, self.dimension.tolist(), self.weights.tolist(), self.knockout
        return {
            "criteria": [
                [key, name, dimension, int(weight) if weight.is_integer() else weight, int(stops)]
                for key, name, dimension, weight, stops in zip(*columns, strict=True)
            ],
            "dimensions": [str(name) for name in self.dimensions["name_de"]],
            "scale": {
                key: [one.name, None if math.isnan(one.value) else one.value, int(one.needs_task)]
                for key, one in self.scale.items()
            },
            "limits": dict(self.limits),
            "sentences": dict(self.sentences),
        }


def sheet(
    criteria: pd.DataFrame, dimensions: pd.DataFrame, scale: pd.DataFrame, rules: pd.DataFrame
) -> Sheet:
    """Prepare the tables of `check`, which do not depend on who answers."""
    rows = weighted(criteria)
    names = dimensions.sort_values("order")[["dimension_id", "name_de"]].reset_index(drop=True)
    place = {str(key): n for n, key in enumerate(names["dimension_id"])}
    return Sheet(
        criteria=rows,
        keys=tuple(map(str, rows["criterion_id"])),
        known=tuple(map(str, criteria["criterion_id"])),
        names=tuple(map(str, rows["name_de"])),
        weights=rows["weight"].to_numpy(float),
        knockout=rows["knockout"].to_numpy(bool),
        dimension=np.array([place[str(key)] for key in rows["dimension_id"]], dtype=np.intp),
        dimensions=names,
        scale=steps(scale),
        limits=limits(rules),
        sentences={
            str(rule): _cut(str(said)) for rule, said in rules[["rule_id", "statement_de"]].to_numpy()
        },
    )


def weighted(criteria: pd.DataFrame) -> pd.DataFrame:
    """The criteria in their order with `weight` and `knockout`; refuses weights that cannot be summed."""
    rows = criteria.sort_values(["dimension_id", "order"]).reset_index(drop=True)
    weights = pd.to_numeric(rows["weight_default"]).to_numpy(float, na_value=np.nan)
    if not (weights >= 0).all():
        raise MethodError(
            "Ein Gewicht im Übertragungs-Check fehlt oder ist negativ. Erlaubt ist 0 oder mehr."
        )
    if weights.sum() == 0:
        raise MethodError("Alle Gewichte im Übertragungs-Check sind 0. Mindestens ein Merkmal muss zählen.")
    return rows.assign(weight=weights, knockout=rows["knockout_default"].astype(bool))


def given(keys: Collection[str], scale: Mapping[str, Answer], answers: pd.DataFrame) -> dict[str, str]:
    """The answers by criterion; an empty one is none. Refuses what is unknown or answered twice."""
    criteria, chosen = (answers[name].to_numpy(object) for name in ("criterion_id", "answer_id"))
    for values, known, what in ((criteria, keys, "Merkmal"), (chosen, scale, "Antwort")):
        for value in values:
            if not pd.isna(value) and str(value) not in known:
                near = get_close_matches(str(value), known, n=1)
                hint = f" Meinten Sie „{near[0]}“?" if near else f" Möglich: {', '.join(known)}."
                raise MethodError(f"Im Übertragungs-Check gibt es „{value}“ nicht ({what}).{hint}")
    if len(set(criteria)) < len(criteria):
        double = next(key for n, key in enumerate(criteria) if key in criteria[:n])
        raise MethodError(f"Das Merkmal „{double}“ ist zweimal beantwortet. Nötig ist eine Antwort.")
    pairs = zip(criteria, chosen, strict=True)
    return {str(key): str(answer) for key, answer in pairs if not pd.isna(answer)}


def steps(scale: pd.DataFrame) -> dict[str, Answer]:
    """The scale by answer."""
    columns = (scale[name] for name in ("answer_id", "name_de", "value", "needs_task"))
    return {
        str(key): Answer(str(name), float(value), bool(task))
        for key, name, value, task in zip(*columns, strict=True)
    }


def limits(rules: pd.DataFrame) -> Mapping[str, float]:
    """The thresholds by name."""
    named = rules.dropna(subset="parameter")
    return dict(zip(named["parameter"].astype("str"), named["value_default"].astype(float), strict=True))


def _cut(sentence: str) -> str:
    """A rule's sentence up to what it lists: that is shown beside it. Only knock-outs are named in it."""
    return re.split(r": \{(?!Merkmale\})| Fragen an", sentence)[0].rstrip(".") + "."
