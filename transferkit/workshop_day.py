"""The day of a workshop: agendas from the methods and meetings the data package knows."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from transferkit import origin
from transferkit.errors import MethodError
from transferkit.knowledge.datasets import load
from transferkit.methods import agenda


def plan_workshop(
    methods: Sequence[str], start: str, minutes: int, people: int | None = None
) -> agenda.Agenda:
    """The agenda of these methods (ids of `workshop_methods`), see `methods.agenda`."""
    known, steps = load("workshop_methods"), load("workshop_steps")
    rules, fallbacks = load("workshop_rules"), load("workshop_fallbacks")
    planned = agenda.agenda(known, steps, rules, fallbacks, methods, start, minutes, people)
    used = (table[table["method_id"].isin(list(methods))] for table in (known, steps))
    return _told(planned, origin.of(*used), rules)


def plan_meeting(pack: str, start: str, minutes: int) -> agenda.Agenda:
    """The agenda of one meeting of a learning group (`kick-off`, `exchange`, `reflection`).

    A pack brings its own beginning and end; it goes into any time from two thirds of its plan on.
    Raises MethodError for an unknown pack or too little time.
    """
    packs = load("peer_packs")
    steps = packs[packs["pack"] == pack].rename(columns={"pack": "method_id"}).assign(source_ids=None)
    if steps.empty:
        raise MethodError(f"Das Treffen „{pack}“ gibt es nicht. Möglich sind: {_packs()}.")
    usual = int(steps["minutes"].sum())
    steps = steps.assign(text_de=steps["title_de"] + ": " + steps["text_de"])
    methods = load("workshop_methods").head(1)
    methods = methods.assign(
        method_id=pack,
        name_de="Treffen",
        minutes_min=usual * 2 // 3,
        minutes_max=usual * 3 // 2,
        steps_total_minutes=usual,
        materials_de="Flipchart, Stifte, Karten",
    )
    rules, fallbacks = load("workshop_rules"), load("workshop_fallbacks")
    planned = agenda.agenda(methods, steps, rules, fallbacks, [pack], start, minutes)
    return _told(planned, origin.of(steps), rules)


def _told(planned: agenda.Agenda, used: origin.Origin, rules: pd.DataFrame) -> agenda.Agenda:
    """The agenda, whose rows say from which steps and by which rules they were made."""
    origin.made(planned.rows, agenda.HOW, used, origin.of(rules).as_rules())
    return planned


def _packs() -> str:
    return ", ".join(dict.fromkeys(load("peer_packs")["pack"]))
