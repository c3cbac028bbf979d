"""What a notebook may ask about systems and standards: who hands data to whom, and over which standard.

Each function joins the tables of `knowledge` with the method `interoperability`; `tk.<name>` in notebooks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from transferkit import origin
from transferkit.knowledge.datasets import load
from transferkit.methods import interoperability


@dataclass(frozen=True)
class Handover:
    """Whether one system can hand data to another.

    `answer`: yes or unknown. `ways`: the standards looked at, the best first, with answer, level, basis and
    note_de (`interoperability.handover`). `between`: systems that can stand between the two:
    name, takes and hands_on (names of standards), same (both over one standard).
    """

    giver: pd.Series
    taker: pd.Series
    answer: str
    ways: pd.DataFrame
    between: pd.DataFrame


def systems() -> pd.DataFrame:
    """The systems somebody has assessed, by kind and name: system_id, name with kind, and all columns."""
    table, assessed = load("systems"), set(load("system_standards")["system_id"])
    table = table[table["system_id"].isin(assessed)].sort_values(["category_de", "name"])
    shown = table["name"].astype(str) + " (" + table["category_de"].astype(str) + ")"
    return pd.concat([table[["system_id"]].assign(shown=shown), table.drop(columns="system_id")], axis=1)


def handover(giver: str, taker: str) -> Handover:
    """Can one system hand data to another, and if nobody knows a way, who could stand between?

    MethodError for a system without any assessment.
    """
    support, standards = load("system_standards"), load("standards")
    names = standards.set_index("standard_id")["name"]
    known = load("systems").set_index("system_id", drop=False)
    sides = [known.iloc[int(known.index.get_indexer(pd.Index([key]))[0])] for key in (giver, taker)]
    answer, ways = interoperability.handover(support, giver, taker, standards)
    between = interoperability.connectors(support, giver, taker, standards)
    named = between.assign(
        name=between["system_id"].map(known["name"]),
        takes=between["takes"].map(names),
        hands_on=between["hands_on"].map(names),
        same=between["takes"] == between["hands_on"],
    )
    return Handover(
        sides[0],
        sides[1],
        answer,
        _between(ways.assign(name=ways["standard_id"].map(names)), support, [giver, taker]),
        _between(named, support, [giver, taker, *between["system_id"]]),
    )


def _between(found: pd.DataFrame, support: pd.DataFrame, systems: Sequence[str]) -> pd.DataFrame:
    """Mark what was found as derived from what is known about these systems."""
    about = support[support["system_id"].isin(list(systems))]
    return origin.made(found, interoperability.HOW, about)


def common_standards(systems: Sequence[str]) -> pd.DataFrame:
    """How many of these systems each standard connects, the best first (`interoperability.best_standard`)."""
    standards = load("standards")
    found = interoperability.best_standard(load("system_standards"), systems, standards)
    names = standards.set_index("standard_id")["name"]
    named = found.assign(name=found["standard_id"].map(names), systems=len(systems))
    return _between(named, load("system_standards"), systems)


def sides(standards: pd.DataFrame) -> pd.DataFrame:
    """Which system gives or takes data over these standards (`interoperability.sides`)."""
    support = load("system_standards")
    return _derived(interoperability.sides(support, standards), support, standards)


def reach(standards: pd.DataFrame) -> pd.DataFrame:
    """How many systems each of these standards connects, the best first (`interoperability.best_standard`).

    In addition `systems` (how many were looked at) and `unassessed` (how many nobody assessed for it).
    """
    support = load("system_standards")
    systems = list(dict.fromkeys(support[support["standard_id"].isin(standards["standard_id"])]["system_id"]))
    found = interoperability.best_standard(support, systems, standards)
    gaps = interoperability.gaps(support, systems, standards)["standard_id"].value_counts()
    unassessed = found["standard_id"].map(gaps).fillna(0).astype(int)
    return _derived(found.assign(systems=len(systems), unassessed=unassessed), support, standards)


def _derived(found: pd.DataFrame, support: pd.DataFrame, standards: pd.DataFrame) -> pd.DataFrame:
    """Mark what was found as derived from what is known about these standards."""
    about = support[support["standard_id"].isin(standards["standard_id"])]
    return origin.made(found, interoperability.HOW, about, standards)
