"""Who could learn from whom, and how well it would fit: every allowed pair with the parts of its score."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from transferkit.errors import MethodError

PARTS = ("interest", "needs", "likeness", "stage")


def pairs(
    people: pd.DataFrame,
    experiences: pd.DataFrame,
    phases: pd.DataFrame,
    populations: Mapping[str, float],
    limits: Mapping[str, float],
) -> pd.DataFrame:
    """Every learner × mentor × theme the hard rules allow.

    Columns: application_id, mentor, theme_id, the four parts from 0 to 1 and score, their weighted mean.
    interest: 1 for the dearest theme, 1/2 for the second, 1/3 for the third. needs: share of the learner's
    needs in which the mentor has an experience or an offer (1 if none is named). likeness: 1 for equal
    population, 0 from `size_limit` times larger or smaller on, even steps of the logarithm between.
    stage: 1 for the next stage, 1/2 for two ahead and so on.
    Raises MethodError for an unknown stage or a place without population.
    """
    order = dict(zip(phases["phase_id"].astype("str"), phases["order"].astype(int), strict=True))
    known = _known(people, order, populations)
    learners = known.assign(theme_id=known["interests"].str.split(";")).explode("theme_id")
    learners = learners[learners["theme_id"] != ""]
    learners = learners.assign(wish=learners.groupby("application_id").cumcount() + 1)
    themes = experiences[["place_key", "theme_id"]].drop_duplicates()
    mentors = known[known["capacity"] > 0].merge(themes, on="place_key")
    both = learners.merge(mentors, on="theme_id", suffixes=("", "_mentor"))
    both = both[(both["stage_mentor"] > both["stage"]) & (both["place_key"] != both["place_key_mentor"])]
    areas = experiences.groupby("place_key")["area_de"].agg(set).to_dict()
    found = pd.DataFrame(
        {
            "application_id": both["application_id"],
            "mentor": both["application_id_mentor"],
            "theme_id": both["theme_id"],
            "interest": 1 / both["wish"],
            "needs": [
                _met(needs, set(offers.split(";")) | areas.get(place, set()))
                for needs, offers, place in zip(
                    both["needs"], both["offers_mentor"], both["place_key_mentor"], strict=True
                )
            ],
            "likeness": _alike(both["population"], both["population_mentor"], limits["size_limit"]),
            "stage": 1 / (both["stage_mentor"] - both["stage"]),
        }
    )
    weights = {part: limits[f"weight_{part}"] for part in PARTS}
    score = sum(found[part] * weight for part, weight in weights.items()) / sum(weights.values())
    return found.assign(score=score).reset_index(drop=True)


def _known(people: pd.DataFrame, order: Mapping[str, int], populations: Mapping[str, float]) -> pd.DataFrame:
    for row in people.to_dict("records"):
        if row["stage"] not in order:
            raise MethodError(
                f"Bewerbung „{row['application_id']}“: Die Phase „{row['stage']}“ gibt es nicht. "
                f"Möglich sind: {', '.join(order)}."
            )
        if not populations.get(row["place_key"], 0) > 0:
            raise MethodError(
                f"Bewerbung „{row['application_id']}“: Zu „{row['place_key']}“ ist keine Bevölkerung bekannt."
            )
    return people.assign(
        stage=people["stage"].map(order),
        population=people["place_key"].map(populations).astype(float),
    )


def _met(needs: str, offered: set[str]) -> float:
    asked = [need for need in needs.split(";") if need]
    return sum(need in offered for need in asked) / len(asked) if asked else 1.0


def _alike(ours: pd.Series, theirs: pd.Series, limit: float) -> pd.Series:
    apart = np.abs(np.log((ours / theirs).to_numpy(float))) / np.log(limit)
    return pd.Series(1 - np.minimum(apart, 1), index=ours.index)
