"""Peer-learning groups from applications: one mentor who has been there, and those who want to go there.

Own method. Hard rules first: consent, a mentor with an experience on the theme, a stage ahead of all
others, no more learners than the mentor offers to guide, four to six places a group. What is left is judged
by a score whose parts stay visible. Groups open greedily, the best first; then everybody is assigned anew
among the open groups at the highest total score (`scipy.optimize.linear_sum_assignment`). A person may fix
or forbid any pair; each such override stays on record with its reason.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from transferkit.errors import MethodError
from transferkit.methods.cohort_overrides import applied, sound
from transferkit.methods.cohort_pairs import PARTS, pairs

NO_CONSENT = "Die Einwilligung fehlt."
NO_MENTOR = "Zu den gewünschten Themen bietet niemand mit mehr Erfahrung eine Gruppe an."
NOT_NEEDED = "Zum Angebot kam keine Gruppe zusammen."
TOO_FEW = "Zum Thema kamen mit dieser Bewerbung zu wenige Kommunen für eine Gruppe zusammen."


@dataclass(frozen=True)
class Cohorts:
    """The outcome: everybody is in `members` or in `unplaced`.

    `groups`: group_id, theme_id, mentor (application_id), size (mentor included). `members`: group_id,
    application_id, the parts of the score (0 to 1 each), score, override (the reason given, or empty).
    `unplaced`: application_id, reason_de.
    """

    groups: pd.DataFrame
    members: pd.DataFrame
    unplaced: pd.DataFrame


@dataclass(frozen=True)
class _Group:
    mentor: str
    theme: str
    members: tuple[str, ...]
    places: int  # learners it may hold


_Offers = Mapping[tuple[str, str], list[tuple[str, float]]]


def groups(
    applications: pd.DataFrame,
    experiences: pd.DataFrame,
    phases: pd.DataFrame,
    populations: Mapping[str, float],
    rules: pd.DataFrame,
    overrides: pd.DataFrame | None = None,
) -> Cohorts:
    """Form groups; the same applications in any order give the same groups.

    `applications`: application_id, place_key, interests (themes, `a;b`, the dearest first), needs and offers
    (areas, `a;b`), stage (phase_id), consent (`yes`, `no`), capacity (places it would guide).
    `experiences`: place_key, theme_id, area_de of solutions a place has. `phases`: phase_id, order.
    `populations`: inhabitants by place_key. `rules`: the table cohort_rules. `overrides`: kind (`fix`,
    `forbid`), application_id, mentor (application_id), reason_de.
    Raises MethodError for unknown or double ids and for overrides that contradict a rule or each other.
    """
    limits = dict(zip(rules["rule"].astype("str"), rules["value"].astype(float), strict=True))
    people = _people(applications)
    said = sound(overrides, people)
    ready = people[people["consent"] == "yes"]
    candidates = applied(pairs(ready, experiences, phases, populations, limits), said, ready)
    opened = _open(candidates, ready, limits, said)
    fixed = set(said.loc[said["kind"] == "fix", "application_id"])
    placed = _assign(candidates, opened, limits, fixed)
    return _told(people, candidates, opened, placed, said)


def contrast(cohorts: Cohorts, applications: pd.DataFrame, populations: Mapping[str, float]) -> pd.DataFrame:
    """For each group the consenting place that is most different in size from all in it, to be invited once.

    Columns: group_id, application_id, times (how many times larger or smaller than the mentor's place). A
    place with an interest in the theme; the group's own places are left out.
    """
    people = _people(applications).set_index("application_id")
    ready = people[people["consent"] == "yes"]
    rows = []
    for group in cohorts.groups.to_dict("records"):
        inside = cohorts.members.loc[cohorts.members["group_id"] == group["group_id"], "application_id"]
        inside = [*inside, group["mentor"]]
        fits = [str(group["theme_id"]) in str(themes).split(";") for themes in ready["interests"]]
        others = ready[pd.Series(fits, index=ready.index, dtype=bool) & ~ready.index.isin(inside)]
        size = {key: np.log(populations[place]) for key, place in ready["place_key"].items()}
        if others.empty:
            continue
        far = {key: min(abs(size[key] - size[one]) for one in inside) for key in others.index}
        chosen = min(far, key=lambda key: (-far[key], key))
        times = float(np.exp(abs(size[chosen] - size[group["mentor"]])))
        rows.append({"group_id": group["group_id"], "application_id": chosen, "times": times})
    return pd.DataFrame(rows, columns=["group_id", "application_id", "times"])


def _people(applications: pd.DataFrame) -> pd.DataFrame:
    """The applications by key, texts never missing."""
    texts = ["interests", "needs", "offers", "stage", "consent"]
    table = applications.assign(**{name: applications[name].fillna("").astype("str") for name in texts})
    table = table.assign(capacity=pd.to_numeric(table["capacity"]).fillna(0).astype(int))
    table = table.astype({"application_id": "str", "place_key": "str"})
    if (double := table["application_id"][table["application_id"].duplicated()]).size:
        raise MethodError(f"Die Bewerbung „{double.iloc[0]}“ kommt zweimal vor. Nötig ist eine je Kommune.")
    return table.sort_values("application_id", ignore_index=True)


def _open(
    candidates: pd.DataFrame, ready: pd.DataFrame, limits: Mapping[str, float], said: pd.DataFrame
) -> list[_Group]:
    """Open groups one by one: those somebody fixed first, then the one with the highest total score."""
    least, most = int(limits["group_min"]) - 1, int(limits["group_max"]) - 1
    left = dict(zip(ready["application_id"], ready["capacity"], strict=True))
    table = candidates.sort_values(["score", "application_id"], ascending=[False, True], kind="stable")
    offered = {
        (str(mentor), str(theme)): list(zip(rows["application_id"], rows["score"], strict=True))
        for (mentor, theme), rows in table.groupby(["mentor", "theme_id"], sort=True)
    }
    fixed = said[said["kind"] == "fix"]
    wishes = {str(mentor): sorted(rows["application_id"]) for mentor, rows in fixed.groupby("mentor")}
    opened: list[_Group] = []
    for mentor, wanted in sorted(wishes.items()):
        group = _fixed_group(mentor, wanted, offered, min(most, left[mentor]), _busy(opened))
        if len(group.members) < least:
            raise MethodError(
                f"Mit der Vorgabe für „{mentor}“ kämen {len(group.members) + 1} Kommunen zusammen. "
                f"Eine Gruppe hat {least + 1} bis {most + 1}."
            )
        left[mentor] -= group.places
        opened.append(group)
    while best := _best(offered, left, opened, least, most):
        left[best.mentor] -= best.places
        opened.append(best)
    return opened


def _fixed_group(mentor: str, wanted: list[str], offered: _Offers, places: int, busy: set[str]) -> _Group:
    """The group somebody asked for, on the theme that brings most together, filled up with the best."""
    if len(wanted) > places:
        raise MethodError(
            f"Die Vorgabe setzt {len(wanted)} Kommunen zu „{mentor}“. Möglich sind höchstens {places}."
        )
    possible = []
    for (leader, theme), rows in offered.items():
        if leader == mentor:
            others = [key for key, _ in rows if key not in wanted and key not in busy]
            at_home = len({key for key, _ in rows} & set(wanted))
            possible.append(((min(len(wanted) + len(others), places), at_home), theme, others))
    _, theme, others = max(possible, key=lambda one: one[0])
    return _Group(mentor, theme, tuple([*wanted, *others][:places]), places)


def _best(
    offered: _Offers, left: Mapping[str, int], opened: list[_Group], least: int, most: int
) -> _Group | None:
    busy = _busy(opened)
    learning = {member for group in opened for member in group.members}
    leading, highest = None, -1.0
    for (mentor, theme), rows in offered.items():
        places = min(most, left[mentor])
        free = [(key, score) for key, score in rows if key not in busy][: max(places, 0)]
        total = sum(score for _, score in free)
        if mentor not in learning and len(free) >= least and total > highest:
            leading, highest = _Group(mentor, theme, tuple(key for key, _ in free), places), total
    return leading


def _busy(opened: list[_Group]) -> set[str]:
    """Who has a group already: members, and mentors, who do not learn in another one."""
    return {one for group in opened for one in (group.mentor, *group.members)}


def _assign(
    candidates: pd.DataFrame, opened: list[_Group], limits: Mapping[str, float], fixed: set[str]
) -> dict[str, int]:
    """Everybody anew among the open groups: application_id -> number of the group, at the highest total."""
    least = int(limits["group_min"]) - 1
    people = sorted(set(candidates["application_id"]) - {group.mentor for group in opened})
    slots = [(number, place) for number, group in enumerate(opened) for place in range(group.places)]
    fits = {
        (row["application_id"], row["mentor"], row["theme_id"]): row["score"]
        for row in candidates.to_dict("records")
    }
    score = np.full((len(people), len(slots)), np.nan)
    for (row, key), (column, (number, _)) in product(enumerate(people), enumerate(slots)):
        group = opened[number]
        own = 0.0 if key in fixed and key in group.members else np.nan
        score[row, column] = fits.get((key, group.mentor, group.theme), own)
    # Who is fixed, and the places a group cannot do without, count more than all scores together.
    most = float(len(people) + 1)
    needed = np.array([place < least for _, place in slots], dtype=float)
    held = np.array([key in fixed for key in people], dtype=float)
    worth = 1 + score + most * needed[None, :] + 2 * most * held[:, None]
    impossible = -(most**2) * 10
    rows, columns = linear_sum_assignment(np.where(np.isnan(worth), impossible, worth), maximize=True)
    return {
        people[row]: slots[column][0]
        for row, column in zip(rows, columns, strict=True)
        if not np.isnan(score[row, column])
    }


def _told(
    people: pd.DataFrame,
    candidates: pd.DataFrame,
    opened: list[_Group],
    placed: Mapping[str, int],
    said: pd.DataFrame,
) -> Cohorts:
    names = [f"gruppe-{number:02}" for number in range(1, len(opened) + 1)]
    sizes = pd.Series(list(placed.values()), dtype="int64").value_counts()
    table = pd.DataFrame(
        [
            {
                "group_id": name,
                "theme_id": group.theme,
                "mentor": group.mentor,
                "size": int(sizes.get(n, 0)) + 1,
            }
            for n, (name, group) in enumerate(zip(names, opened, strict=True))
        ],
        columns=["group_id", "theme_id", "mentor", "size"],
    )
    columns = ["application_id", "group_id", "mentor", "theme_id"]
    where = pd.DataFrame(
        [(key, names[n], opened[n].mentor, opened[n].theme) for key, n in placed.items()], columns=columns
    ).astype("str")
    members = where.merge(candidates, on=["application_id", "mentor", "theme_id"], how="left")
    reasons = dict(said.loc[said["kind"] == "fix", ["application_id", "reason_de"]].to_numpy())
    parts = members[[*PARTS, "score"]].fillna(0.0)  # somebody fixed whom no rule would have placed here
    members = members.assign(
        **parts, override=[str(reasons.get(key, "")) for key in members["application_id"]]
    ).sort_values(["group_id", "application_id"], ignore_index=True)
    rest = people[~people["application_id"].isin({*placed, *table["mentor"]})]
    able = set(candidates["application_id"])
    unplaced = pd.DataFrame(
        {
            "application_id": rest["application_id"],
            "reason_de": [_reason(row, able) for row in rest.to_dict("records")],
        },
        dtype="str",
    ).reset_index(drop=True)
    return Cohorts(table, members[["group_id", "application_id", *PARTS, "score", "override"]], unplaced)


def _reason(row: Mapping[Hashable, object], able: set[str]) -> str:
    """Why an application has no group."""
    if row["consent"] != "yes":
        return NO_CONSENT
    if row["application_id"] in able:
        return TOO_FEW
    return NO_MENTOR if row["interests"] else NOT_NEEDED
