"""Where a municipality stands, in its own words: levels per dimension, next steps, change since last time.

A self-assessment, no grade: there is no figure over all dimensions. A level is the weighted mean of the
answered questions of a dimension, with its range; what is not answered is not counted, not even as 0.
Questions, anchors and thresholds (`maturity_questions`, `maturity_rules`) are own proposals.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from transferkit.errors import MethodError

HIGHEST = 4


@dataclass(frozen=True)
class Rules:
    """The thresholds of `maturity_rules`: a level, a percentage, a count."""

    weak_below: float
    least_answered: float
    steps: float


HOW = "Ihre eigenen Angaben, je Bereich nach dem Gewicht der Fragen gemittelt."


def read(rules: pd.DataFrame) -> Rules:
    """The table `maturity_rules` (rule, value); raises `MethodError` for a missing or unknown rule."""
    values = dict(zip(rules["rule"].astype(str), rules["value"].astype(float), strict=True))
    needed = [field.name for field in fields(Rules)]
    if odd := sorted(set(needed) ^ set(values)):
        raise MethodError(
            f"Tabelle maturity_rules, Regel „{odd[0]}“: Erwartet sind genau {', '.join(needed)}."
        )
    return Rules(**values)


def profile(questions: pd.DataFrame, answers: pd.DataFrame, rules: pd.DataFrame) -> pd.DataFrame:
    """One row per dimension, in the order of the questionnaire.

    Parameters: `questions` as `maturity_questions`; `answers` with `question_id` and `level` (0 to 4, empty
    if not answered; a question may also be left out).

    Columns dimension_id, dimension_de, questions, answered, share_answered (0 to 1), level (weighted mean of
    the answered), median, lowest, highest (NaN without answers), weak (bool; only where enough is answered).
    Raises `MethodError` that lists every unknown, repeated or impossible answer.
    """
    limits, rows = read(rules), _answered(questions, answers)
    table = pd.DataFrame([_dimension(group) for _, group in rows.groupby("dimension_id", sort=False)])
    enough = table["share_answered"] * 100 >= limits.least_answered
    return table.assign(weak=enough & (table["level"] < limits.weak_below))


def next_steps(questions: pd.DataFrame, answers: pd.DataFrame, rules: pd.DataFrame) -> pd.DataFrame:
    """The next steps of each weak dimension: those of its lowest answers, earlier questions first.

    Columns of `questions` plus `level`; at most `steps` rows per dimension, dimensions in the order of the
    questionnaire. Unanswered questions give no step, because nobody has said that anything is missing.
    """
    limits, standing = read(rules), profile(questions, answers, rules)
    rows = _answered(questions, answers)
    weak = list(standing.loc[standing["weak"], "dimension_id"])
    rows = rows[rows["dimension_id"].isin(weak) & (rows["level"] < HIGHEST)]
    turn = rows["dimension_id"].map({key: n for n, key in enumerate(weak)})
    rows = rows.assign(turn=turn).sort_values(["turn", "level", "order"], kind="stable")
    return rows.groupby("turn", sort=False).head(int(limits.steps)).drop(columns="turn")


def compare(questions: pd.DataFrame, earlier: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """What changed per dimension, over the questions answered both times only.

    Columns dimension_id, dimension_de, questions, common (questions answered both times), before, after,
    change (levels; NaN where none is common). Raises `MethodError` as `profile`.
    """
    rows = _answered(questions, now)
    rows = rows.assign(before=_answered(questions, earlier)["level"])
    return pd.DataFrame([_change(group) for _, group in rows.groupby("dimension_id", sort=False)])


def _change(group: pd.DataFrame) -> dict[str, object]:
    both = group.dropna(subset=["level", "before"])
    before, after = _mean(both, "before"), _mean(both, "level")
    return {
        "dimension_id": group["dimension_id"].iloc[0],
        "dimension_de": group["dimension_de"].iloc[0],
        "questions": len(group),
        "common": len(both),
        "before": before,
        "after": after,
        "change": after - before,
    }


def _dimension(group: pd.DataFrame) -> dict[str, object]:
    levels = group["level"].to_numpy(float)
    known = levels[~np.isnan(levels)]
    return {
        "dimension_id": group["dimension_id"].iloc[0],
        "dimension_de": group["dimension_de"].iloc[0],
        "questions": len(group),
        "answered": len(known),
        "share_answered": len(known) / len(group),
        "level": _mean(group, "level"),
        "median": float(np.median(known)) if len(known) else np.nan,
        "lowest": known.min() if len(known) else np.nan,
        "highest": known.max() if len(known) else np.nan,
    }


def _mean(rows: pd.DataFrame, column: str) -> float:
    """The weighted mean of what is known; NaN where nothing is or if all weights are 0."""
    values, weights = rows[column].to_numpy(float), rows["weight_default"].to_numpy(float)
    known = ~np.isnan(values)
    total = weights[known].sum()
    return float((values[known] * weights[known]).sum() / total) if total > 0 else np.nan


def _answered(questions: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """All questions, in the order of the questionnaire, with `level` (NaN where not answered)."""
    if missing := [name for name in ("question_id", "level") if name not in answers.columns]:
        raise MethodError(
            f"In den Antworten fehlt die Spalte „{missing[0]}“. Nötig sind: question_id, level."
        )
    known = [str(key) for key in questions["question_id"]]
    if faults := list(_faults(known, answers)):
        listed = "\n".join(f"- {fault}" for fault in faults)
        raise MethodError(f"Die Antworten können so nicht gelesen werden:\n{listed}")
    given = answers.set_index(answers["question_id"].astype(str))["level"]
    return questions.assign(
        level=pd.to_numeric(questions["question_id"].astype(str).map(given)).astype(float)
    )


def _faults(known: list[str], answers: pd.DataFrame) -> Iterator[str]:
    seen: dict[str, int] = {}
    for number, (name, level) in enumerate(
        zip(answers["question_id"].astype(str), answers["level"], strict=True), start=1
    ):
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" Meinten Sie „{near[0]}“?" if near else ""
            yield f"Zeile {number}, Spalte question_id: Die Frage „{name}“ gibt es nicht.{hint}"
        elif name in seen:
            yield (
                f"Zeile {number}, Spalte question_id: „{name}“ ist schon in Zeile {seen[name]} beantwortet. "
                "Behalten Sie eine Zeile."
            )
        seen.setdefault(name, number)
        if not pd.isna(level) and (isinstance(level, bool) or level not in range(HIGHEST + 1)):
            yield (
                f"Zeile {number}, Spalte level: „{level}“ ist keine Stufe. "
                f"Richtig ist eine ganze Zahl von 0 bis {HIGHEST}; lassen Sie leer, was Sie nicht wissen."
            )
