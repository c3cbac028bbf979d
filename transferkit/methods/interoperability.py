"""Which system can hand data to which, over which standard; what nobody has assessed stays open.

Three answers, never two: `yes`, `no`, `unknown`. A pair without a row, with support `unknown`, or with a
role that says nothing about direction is `unknown`. `no` needs a row that says `none`, and counts for that
standard only: another standard, or one nobody looked at, may still connect the two.

Own rule: who serves or exports gives, who reads or imports takes, a broker and an exchange do both. A server
may accept data too, but the table does not say so: then the answer is `unknown`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any

import pandas as pd

from transferkit.errors import MethodError

HOW = "Aus Rolle und Unterstützung je System und Standard abgeleitet; ohne Zeile ist nichts beurteilt."
GIVES = frozenset({"Server", "Export", "Quelle", "Veröffentlichung", "Benachrichtigung"})
TAKES = frozenset({"Client", "Import", "Übernahme", "Eingang"})
BOTH = frozenset({"Import und Export", "Broker"})
LEVELS = ("native", "plugin", "partial", "indirect", "via-connector")  # the weaker side decides
READY = LEVELS[:2]
KINDS_THAT_CARRY_DATA = frozenset(
    {
        "API",
        "Dienst",
        "Format",
        "Datenmodell",
        "Protokoll",
        "Streaming-Format",
        "Nachrichten",
        "Profil",
        "Schema",
        "Netz",
    }
)
NO_DATA = frozenset({"oidc"})  # a protocol for signing in


def handovers(
    system_standards: pd.DataFrame, systems: Iterable[str], standards: pd.DataFrame
) -> pd.DataFrame:
    """Every ordered pair of these systems × every standard that carries data and one of them knows.

    Columns: giver, taker (system_id), standard_id, answer (`yes`, `no`, `unknown`), level (the weaker side's
    support, if yes), basis (`sourced` only if both sides are), note_de. Raises MethodError for a system that
    has no row at all: nothing is known about it.
    """
    chosen = _chosen(system_standards, systems)
    pairs = [(giver, taker) for giver in chosen for taker in chosen if giver != taker]
    return _handovers(system_standards, pairs, standards)


def _handovers(
    system_standards: pd.DataFrame, pairs: Sequence[tuple[str, str]], standards: pd.DataFrame
) -> pd.DataFrame:
    """As `handovers`, for these pairs."""
    named = {system for pair in pairs for system in pair}
    carrying = set(standards[standards["layer_de"].isin(KINDS_THAT_CARRY_DATA)]["standard_id"]) - NO_DATA
    rows = {
        (row["system_id"], row["standard_id"]): row
        for row in system_standards.to_dict("records")
        if row["system_id"] in named and row["standard_id"] in carrying
    }
    known = sorted({standard for _, standard in rows})
    found = [
        {"giver": giver, "taker": taker, "standard_id": standard}
        | _handover(rows.get((giver, standard)), rows.get((taker, standard)))
        for giver, taker in pairs
        for standard in known
    ]
    columns = ["giver", "taker", "standard_id", "answer", "level", "basis", "note_de"]
    return pd.DataFrame(found, columns=columns)


def handover(
    system_standards: pd.DataFrame, giver: str, taker: str, standards: pd.DataFrame
) -> tuple[str, pd.DataFrame]:
    """Can `giver` hand data to `taker`? The answer, and what supports it, the best way first.

    `yes` if one standard works; otherwise `unknown`, because no table assesses every standard: what is
    known to fail stands in the rows. Of a missing way, `connectors` finds a system between.
    """
    found = handovers(system_standards, [giver, taker], standards)
    found = found[found["giver"] == giver]
    rank = {"yes": 0, "no": 1, "unknown": 2}
    order = found.assign(
        answer_rank=found["answer"].map(rank),
        level_rank=found["level"].map({level: n for n, level in enumerate(LEVELS)}),
    ).sort_values(["answer_rank", "level_rank", "standard_id"], kind="stable")
    answer = "yes" if (found["answer"] == "yes").any() else "unknown"
    return answer, order.drop(columns=["answer_rank", "level_rank"]).reset_index(drop=True)


def connectors(
    system_standards: pd.DataFrame, giver: str, taker: str, standards: pd.DataFrame
) -> pd.DataFrame:
    """Third systems that take from `giver` and hand on to `taker`, both ready in the product itself.

    Columns: system_id, takes, hands_on (standard_id each). That they also convert between the two standards
    has not been assessed unless both are the same.
    """
    others = [one for one in dict.fromkeys(system_standards["system_id"]) if one not in (giver, taker)]
    pairs = [pair for other in others for pair in ((giver, other), (other, taker))]
    _chosen(system_standards, [giver, taker])
    ways = _handovers(system_standards, pairs, standards)
    ways = ways[(ways["answer"] == "yes") & ways["level"].isin(READY)]
    first = ways[(ways["giver"] == giver) & (ways["taker"] != taker)][["taker", "standard_id"]]
    second = ways[(ways["taker"] == taker) & (ways["giver"] != giver)][["giver", "standard_id"]]
    first, second = (
        first.set_axis(["system_id", "takes"], axis=1),
        second.set_axis(["system_id", "hands_on"], axis=1),
    )
    return (
        first.merge(second, on="system_id")
        .sort_values(["system_id", "takes", "hands_on"])
        .reset_index(drop=True)
    )


def best_standard(
    system_standards: pd.DataFrame, systems: Iterable[str], standards: pd.DataFrame
) -> pd.DataFrame:
    """The standards by how many of these systems they connect, the best first.

    Columns: standard_id, pairs (ordered pairs with `yes`), connected (systems in one of them), unknown
    (ordered pairs not assessed), refused (pairs with a `no`). Ties in the order of the keys.
    """
    found = handovers(system_standards, systems, standards)
    rows = []
    for standard, ways in found.groupby("standard_id"):
        working = ways[ways["answer"] == "yes"]
        counts = ways["answer"].value_counts()
        rows.append(
            {
                "standard_id": standard,
                "pairs": len(working),
                "connected": len(set(working["giver"]) | set(working["taker"])),
                "unknown": int(counts.get("unknown", 0)),
                "refused": int(counts.get("no", 0)),
            }
        )
    table = pd.DataFrame(rows, columns=["standard_id", "pairs", "connected", "unknown", "refused"])
    return table.sort_values(
        ["connected", "pairs", "standard_id"], ascending=[False, False, True], ignore_index=True
    )


def sides(system_standards: pd.DataFrame, standards: pd.DataFrame) -> pd.DataFrame:
    """Which system gives, takes or refuses data over which of these standards, where that was assessed.

    Columns: standard_id, system_id, side (`gives`, `takes`, `both`, `no`, `unknown`), support. Standards in
    their order, systems by key; only standards that carry data.
    """
    carrying = standards[standards["layer_de"].isin(KINDS_THAT_CARRY_DATA)]["standard_id"]
    order = [standard for standard in carrying if standard not in NO_DATA]
    table = system_standards[system_standards["standard_id"].isin(order)]
    return (
        table.assign(
            side=[_side(row) for row in table.to_dict("records")],
            place=table["standard_id"].map(order.index),
        )
        .sort_values(["place", "system_id"], ignore_index=True)
        .loc[:, ["standard_id", "system_id", "side", "support"]]
    )


def gaps(system_standards: pd.DataFrame, systems: Iterable[str], standards: pd.DataFrame) -> pd.DataFrame:
    """Standards × systems nobody has assessed: what to ask the makers. Columns: system_id, standard_id."""
    chosen = _chosen(system_standards, systems)
    told = system_standards[system_standards["support"] != "unknown"]
    assessed = set(zip(told["system_id"], told["standard_id"], strict=True))
    pairs = [(system, standard) for standard in standards["standard_id"] for system in chosen]
    return pd.DataFrame(
        [pair for pair in pairs if pair not in assessed], columns=["system_id", "standard_id"]
    )


def _side(row: dict[Any, Any]) -> str:
    if row["support"] in ("none", "unknown"):
        return "no" if row["support"] == "none" else "unknown"
    for side, roles in (("gives", GIVES), ("takes", TAKES), ("both", BOTH)):
        if row["role_de"] in roles:
            return side
    return "unknown"


def _handover(giver: dict[Any, Any] | None, taker: dict[Any, Any] | None) -> dict[str, Any]:
    refusing = [side for side in (giver, taker) if side is not None and _side(side) == "no"]
    if refusing:
        return _answer("no", refusing)
    if giver is None or taker is None:
        return _answer("unknown", [])
    if _side(giver) in ("gives", "both") and _side(taker) in ("takes", "both"):
        level = max(giver["support"], taker["support"], key=LEVELS.index)
        return _answer("yes", [giver, taker]) | {"level": level}
    return _answer("unknown", [])


def _answer(answer: str, rows: list[dict[Any, Any]]) -> dict[str, Any]:
    bases = {row["basis"] for row in rows}
    notes = dict.fromkeys(row["note_de"] for row in rows if isinstance(row["note_de"], str))
    basis = "sourced" if bases == {"sourced"} else "own"
    return {"answer": answer, "level": None, "basis": basis if rows else None, "note_de": "; ".join(notes)}


def _chosen(system_standards: pd.DataFrame, systems: Iterable[str]) -> list[str]:
    known = sorted(set(system_standards["system_id"]))
    chosen = list(dict.fromkeys(systems))
    for system in chosen:
        if system not in known:
            near = get_close_matches(str(system), known, n=1)
            hint = f"Meinten Sie „{near[0]}“?" if near else f"Es gibt: {', '.join(known)}."
            raise MethodError(f"Zum System „{system}“ liegt keine Beurteilung vor. {hint}")
    return chosen
