"""Who hands data to whom, standard by standard, and the words for a tender."""

from __future__ import annotations

import pandas as pd

from transferkit.present import german
from transferkit.present.block import Block, fragment
from transferkit.present.records import records

SUPPORT = {
    "native": "",
    "plugin": " (Erweiterung)",
    "partial": " (teilweise)",
    "indirect": " (mittelbar)",
    "via-connector": " (Konnektor)",
}


def bridges(sides: pd.DataFrame, standards: pd.DataFrame, systems: pd.DataFrame) -> Block | None:
    """Each standard as a bridge: who gives data, who takes it, what is refused or open.

    `sides` as made by the interoperability method: standard_id, system_id, side, support. Only standards with
    a known giver and a known taker are a bridge; the others are named below.
    """
    named = sides.assign(system=sides["system_id"].map(systems.set_index("system_id")["name"]))
    names = standards.set_index("standard_id")["name"]
    rows: list[dict[str, str]] = []
    half: list[dict[str, str]] = []
    for standard, group in named.groupby("standard_id", sort=False):
        both = group["side"] == "both"
        row = {
            "name": names[standard],
            "gives": _listed(group[both | (group["side"] == "gives")]),
            "takes": _listed(group[both | (group["side"] == "takes")]),
            "no": _listed(group[group["side"] == "no"]),
            "unknown": _listed(group[group["side"] == "unknown"]),
        }
        movers = group[group["side"].isin(["gives", "takes", "both"])]
        connects = row["gives"] and row["takes"] and movers["system_id"].nunique() > 1
        (rows if connects else half).append(row)
    loose = german.enumerate_words(row["name"] for row in half)
    block = fragment("interoperability-bridges", rows=rows, loose=loose) if rows else None
    return block and block.resting_on(sides)


def reach(found: pd.DataFrame, standards: pd.DataFrame) -> Block | None:
    """Which standard connects most systems, in a sentence, and what is not known; None if none connects two.

    `found`: standard_id, connected, systems, unassessed (numbers of systems), the best first.
    """
    connecting = found[found["connected"] > 1]
    if connecting.empty:
        return None
    names = standards.set_index("standard_id")["name"]
    best = connecting.iloc[0]
    others = [
        f"{names[row['standard_id']]} ({row['connected']})" for _, row in connecting.iloc[1:3].iterrows()
    ]
    return fragment(
        "interoperability-reach",
        best=names[best["standard_id"]],
        connected=best["connected"],
        systems=best["systems"],
        others=german.enumerate_words(others) if others else "",
        many=len(others) > 1,
        unassessed=best["unassessed"],
    ).resting_on(found)


def tender_text(standards: pd.DataFrame) -> Block | None:
    """Sentences for a tender: one per standard, with the occasion on which to ask for it."""
    rows = records(standards.dropna(subset=["require_when_de"]))
    return fragment("interoperability-tender", rows=rows) if rows else None


def _listed(group: pd.DataFrame) -> str:
    """`FROST-Server, GeoServer (teilweise)`: native support goes without saying."""
    return ", ".join(f"{row['system']}{SUPPORT.get(row['support'], '')}" for row in records(group))
