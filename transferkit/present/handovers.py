"""Whether one system can hand data to another: the answer, the ways, who can stand between."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import pandas as pd

from transferkit.origin import of
from transferkit.present import charts, german, tables
from transferkit.present.block import BASIS, Block
from transferkit.present.interoperability import SUPPORT
from transferkit.present.records import records

ANSWERS = {"yes": "ja", "no": "nein", "unknown": "nicht beurteilt"}
SHOWN = 10


class Handover(Protocol):
    """What is shown of two systems."""

    @property
    def giver(self) -> pd.Series: ...
    @property
    def taker(self) -> pd.Series: ...
    @property
    def answer(self) -> str: ...
    @property
    def ways(self) -> pd.DataFrame: ...
    @property
    def between(self) -> pd.DataFrame: ...


def answer(found: Handover) -> Block:
    """In one sentence, with what to do next."""
    giver, taker = found.giver["name"], found.taker["name"]
    if giver == taker:
        return tables.finding(["Wählen Sie zwei verschiedene Systeme."])
    ways = found.ways[found.ways["answer"] == "yes"]
    if len(ways):
        names = german.enumerate_words(f"„{name}“" for name in ways["name"])
        return tables.finding([f"Ja, {giver} kann Daten an {taker} geben, über {names}."]).resting_on(ways)
    lines = [f"Ein Weg von {giver} zu {taker} ist nicht belegt. Das heißt nicht, dass es keinen gibt."]
    if len(found.between):
        count = german.count(found.between["system_id"].nunique(), "System", "Systeme")
        lines.append(f"{count} aus unserer Liste können dazwischen stehen.")
    lines.append(f"Fragen Sie beide Hersteller, welche Schnittstelle {giver} und {taker} gemeinsam haben.")
    return tables.finding(lines).resting_on(found.ways, found.between)


def ways(found: Handover) -> Block | None:
    """Each standard somebody assessed for both: whether it works, how well, and who says so."""
    rows = records(found.ways[found.ways["answer"] != "unknown"])
    said = pd.DataFrame(
        {
            "name": [row["name"] for row in rows],
            "answer": [
                ANSWERS[row["answer"]] + ("" if german.is_missing(row["level"]) else SUPPORT[row["level"]])
                for row in rows
            ],
            "note": ["–" if german.is_missing(row["note_de"]) else row["note_de"] for row in rows],
            "origin": [_basis(row["basis"]) for row in rows],
        },
        dtype=object,
    )
    columns = {"name": "Standard", "answer": "Übergabe möglich", "note": "Hinweis", "origin": "Herkunft"}
    return tables.table(
        said, columns, f"Von {found.giver['name']} zu {found.taker['name']}", origin=of(found.ways)
    )


def unassessed(found: Handover) -> Block | None:
    """The standards one of the two knows and nobody has assessed for both."""
    names = found.ways.loc[found.ways["answer"] == "unknown", "name"]
    if names.empty or found.giver["name"] == found.taker["name"]:
        return None
    return tables.prose(
        f"Noch nicht beurteilt: {german.enumerate_words(names)}. Fragen Sie die Hersteller danach."
    )


def _basis(basis: object) -> str:
    return "–" if german.is_missing(basis) else BASIS.get(str(basis), "belegt")


def between(found: Handover) -> Block | None:
    """Systems that take from the one and hand on to the other; None if there is none or none is needed."""
    if found.answer == "yes" or found.giver["name"] == found.taker["name"]:
        return None
    rows = found.between.sort_values("same", ascending=False, kind="stable").head(SHOWN)
    said = rows.assign(
        remark=["derselbe Standard" if same else "Umwandlung nicht beurteilt" for same in rows["same"]]
    )
    columns = {"name": "System dazwischen", "takes": "nimmt", "hands_on": "gibt weiter", "remark": "Hinweis"}
    return tables.table(said, columns, "Wer dazwischen stehen kann", subtitle="Eigene Einschätzung.")


def common(found: pd.DataFrame, systems: pd.DataFrame) -> charts.Chart | None:
    """How many of the chosen systems each standard connects; None if none connects two."""
    rows = found[found["connected"] > 1].head(SHOWN)
    if rows.empty:
        return None
    table = tables.table(
        rows,
        {
            "name": "Standard",
            "connected": "Verbundene Systeme",
            "pairs": "Wege",
            "unknown": "Nicht beurteilt",
        },
        "Gemeinsame Standards Ihrer Systeme",
        subtitle="Ein Weg führt von einem System zu einem anderen.",
    )
    if table is None:
        raise ValueError("a chart is only drawn of rows")
    best, count = rows.iloc[0], len(systems)
    names = german.enumerate_words(systems["name"])
    return charts.Chart(
        finding=f"„{best['name']}“ verbindet {best['connected']} von {count} Systemen",
        subtitle="Systeme, die je Standard mindestens einen Weg haben. Eigene Einschätzung.",
        description=f"{len(rows)} Standards, die mindestens zwei dieser Systeme verbinden: {names}.",
        drawings=charts.bars(rows, "name", "connected"),
        table=table,
    )


def no_common(found: pd.DataFrame) -> Block | None:
    """Said aloud where no standard connects two of the systems."""
    if (found["connected"] > 1).any():
        return None
    return tables.prose(
        "Kein Standard verbindet zwei dieser Systeme, soweit es jemand beurteilt hat. "
        "Fragen Sie die Hersteller."
    )


def demanded(found: Handover, common: pd.DataFrame, standards: pd.DataFrame, count: int = 5) -> pd.DataFrame:
    """The standards to name in a tender: those that work between the two, then those most systems share."""
    working = list(found.ways.loc[found.ways["answer"] == "yes", "standard_id"])
    shared = list(common.loc[common["connected"] > 1, "standard_id"])
    chosen = list(dict.fromkeys([*working, *shared]))[:count]
    places = {key: n for n, key in enumerate(standards["standard_id"])}
    return standards.iloc[[places[key] for key in chosen]]


def support(system_standards: pd.DataFrame, systems: Sequence[str]) -> pd.DataFrame:
    """What was said about these systems, to cite it."""
    return system_standards[system_standards["system_id"].isin(list(systems))]


def sheets(found: Handover, common: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Both questions for Excel."""
    return {
        "Übergabe": pd.DataFrame(
            {
                "Von": found.giver["name"],
                "Zu": found.taker["name"],
                "Standard": found.ways["name"],
                "Übergabe möglich": found.ways["answer"].map(ANSWERS),
                "Herkunft": [_basis(basis) for basis in found.ways["basis"]],
                "Hinweis": found.ways["note_de"],
            }
        ),
        "Dazwischen": pd.DataFrame(
            {
                "System": found.between["name"],
                "nimmt": found.between["takes"],
                "gibt weiter": found.between["hands_on"],
            }
        ),
        "Gemeinsame Standards": pd.DataFrame(
            {
                "Standard": common["name"],
                "Verbundene Systeme": common["connected"],
                "Wege": common["pairs"],
                "Nicht beurteilt": common["unknown"],
            }
        ),
    }
