"""The agenda of a workshop: chosen methods laid into the time there is, to the minute, with breaks.

Own method. Each method keeps within its shortest and longest duration and is stretched or shortened evenly;
a break comes before people have worked too long, between two methods where that is possible; what is left
over becomes time for questions before the end. Limits stand in the table workshop_rules.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import pandas as pd

from transferkit.errors import MethodError

HOW = "Methoden gleichmäßig auf die Dauer gestreckt oder gekürzt, mit Pausen nach den Regeln."
DAY = 24 * 60
COLUMNS = ["kind", "method_id", "title_de", "minutes", "text_de", "basis", "source_ids"]
OPENING, BREAK, BUFFER, CLOSING = "opening", "break", "buffer", "closing"
FRAME = {  # title and text; own words
    OPENING: ("Begrüßung", "Ziel und Ablauf nennen, kurze Vorstellung, Regeln für die Antworten."),
    BREAK: ("Pause", ""),
    BUFFER: ("Zeit für Fragen", "Offenes klären. Wird es vorher knapp, fällt dies zuerst weg."),
    CLOSING: ("Abschluss", "Ergebnisse zeigen: Wer tut was bis wann?"),
}


@dataclass(frozen=True)
class Agenda:
    """What happens when. `rows`: start and end (text, "09:05"), minutes, kind (opening, step, break, buffer,
    closing), method_id, title_de, text_de, basis, source_ids. `materials`: what to bring, each once.
    `fallbacks`: situation_de, text_de and method_id (missing: for all). `notes`: what does not fit, in words.
    """

    rows: pd.DataFrame
    materials: tuple[str, ...]
    fallbacks: pd.DataFrame
    notes: tuple[str, ...]


def agenda(
    methods: pd.DataFrame,
    steps: pd.DataFrame,
    rules: pd.DataFrame,
    fallbacks: pd.DataFrame,
    chosen: Sequence[str],
    start: str,
    minutes: int,
    people: int | None = None,
) -> Agenda:
    """The chosen methods in this order, from `start` ("9:00") on, exactly `minutes` long.

    Raises MethodError for an unknown or double method, a start that is no time of day, and a duration into
    which the methods do not go.
    """
    limits = dict(zip(rules["rule"].astype("str"), rules["value"].astype(int), strict=True))
    begin = _minute_of_day(start)
    picked = _picked(methods, chosen)
    worked = _laid_out(picked, steps, limits, minutes)
    rows = pd.DataFrame(worked, columns=COLUMNS)
    ends = [begin + passed for passed in accumulate(rows["minutes"])]
    rows["start"] = [_clock(end - length) for end, length in zip(ends, rows["minutes"], strict=True)]
    rows["end"] = [_clock(end) for end in ends]
    told = fallbacks[fallbacks["method_id"].isna() | fallbacks["method_id"].isin(list(chosen))]
    return Agenda(rows, _materials(picked), told.reset_index(drop=True), _notes(picked, people))


def shared(total: int, weights: Sequence[float]) -> list[int]:
    """`total` split into whole numbers in the ratio of `weights` (not all 0), largest remainders first."""
    exact = np.asarray(weights, dtype=float) * total / sum(weights)
    parts = np.floor(exact + 1e-9).astype(int)
    order = np.argsort(parts - exact, kind="stable")
    parts[order[: total - int(parts.sum())]] += 1
    return [int(part) for part in parts]


def _picked(methods: pd.DataFrame, chosen: Sequence[str]) -> pd.DataFrame:
    known = methods.set_index("method_id", drop=False)
    if not chosen:
        raise MethodError("Wählen Sie mindestens eine Methode.")
    for method in chosen:
        if method not in known.index:
            possible = ", ".join(known.index)
            raise MethodError(f"Die Methode „{method}“ gibt es nicht. Möglich sind: {possible}.")
        if list(chosen).count(method) > 1:
            raise MethodError(f"Die Methode „{method}“ ist doppelt gewählt.")
    return known.loc[list(chosen)]


Row = tuple[str, str | None, str, int, str, str, str | None]


def _laid_out(
    picked: pd.DataFrame, steps: pd.DataFrame, limits: Mapping[str, int], minutes: int
) -> list[Row]:
    """The rows for as few breaks as the rules allow; fewer minutes of work may need fewer breaks."""
    frame = limits["frame_short"] if minutes < limits["short_workshop"] else limits["frame_long"]
    shortest, longest = int(picked["minutes_min"].sum()), int(picked["minutes_max"].sum())
    for breaks in range(len(steps) + 1):
        left = minutes - 2 * frame - breaks * limits["break_minutes"]
        if left < shortest:
            needed = minutes - left + shortest
            names = ", ".join(f"„{name}“" for name in picked["name_de"])
            raise MethodError(
                f"{names}: Mit Begrüßung, Pausen und Abschluss brauchen Sie mindestens {needed} Minuten, "
                f"vorgesehen sind {minutes}. Nehmen Sie eine Methode heraus oder mehr Zeit."
            )
        work = min(left, longest)
        groups = _timed(picked, steps, work)
        rows = _with_breaks(groups, frame, limits)
        taken = sum(row[0] == BREAK for row in rows)
        if taken <= breaks:
            buffer = minutes - 2 * frame - work - taken * limits["break_minutes"]
            return [
                _frame(OPENING, frame),
                *rows,
                *([_frame(BUFFER, buffer)] if buffer else []),
                _frame(CLOSING, frame),
            ]
    raise AssertionError("as many breaks as steps are always enough")


def _timed(picked: pd.DataFrame, steps: pd.DataFrame, work: int) -> list[list[Row]]:
    """The steps of each method with their minutes, `work` minutes in all."""
    low, usual = picked["minutes_min"].astype(int), picked["steps_total_minutes"].astype(int)
    room = picked["minutes_max"].astype(int) - usual if work >= usual.sum() else usual - low
    more = work - int(usual.sum())
    moved = shared(abs(more), list(room)) if more else [0] * len(picked)
    lengths = [int(plan) + (part if more > 0 else -part) for plan, part in zip(usual, moved, strict=True)]
    groups = []
    for (method, name), length in zip(picked[["method_id", "name_de"]].to_numpy(), lengths, strict=True):
        own = steps[steps["method_id"] == method].sort_values("order")
        # Every step keeps a minute; the rest is shared out as in the plan.
        rest = shared(length - len(own), [max(float(plan) - 1, 0.01) for plan in own["minutes"]])
        told = own[["text_de", "basis", "source_ids"]].to_numpy(dtype=object)
        groups.append(
            [
                ("step", method, name, 1 + part, text, basis, None if pd.isna(sources) else sources)
                for part, (text, basis, sources) in zip(rest, told, strict=True)
            ]
        )
    return groups


def _with_breaks(groups: Sequence[Sequence[Row]], opening: int, limits: Mapping[str, int]) -> list[Row]:
    """A break where people would otherwise work longer than the rule says, best before a new method."""
    longest, rows, worked = limits["longest_stretch"], list[Row](), opening
    for group in groups:
        whole = sum(row[3] for row in group)
        if rows and worked + whole > longest and worked >= longest / 3:
            rows.append(_frame(BREAK, limits["break_minutes"]))
            worked = 0
        for row in group:
            if rows and worked + row[3] > longest and rows[-1][0] != BREAK:
                rows.append(_frame(BREAK, limits["break_minutes"]))
                worked = 0
            rows.append(row)
            worked += row[3]
    return rows


def _frame(kind: str, minutes: int) -> Row:
    title, text = FRAME[kind]
    return (kind, None, title, minutes, text, "own", None)


def _materials(picked: pd.DataFrame) -> tuple[str, ...]:
    named = [one.strip() for cell in picked["materials_de"] for one in str(cell).split(",")]
    once = {one.casefold(): one for one in reversed(["Gedruckte Übungen, eine je Person", *named]) if one}
    return tuple(reversed(once.values()))


def _notes(picked: pd.DataFrame, people: int | None) -> tuple[str, ...]:
    if people is None:
        return ()
    sizes = picked[["name_de", "group_min", "group_max"]].to_numpy()
    return tuple(
        f"„{name}“ ist für {low} bis {high} Personen gedacht, nicht für {people}."
        for name, low, high in sizes
        if not low <= people <= high
    )


def _minute_of_day(start: str) -> int:
    found = re.fullmatch(r"(\d{1,2}):(\d{2})", start)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise MethodError(f"„{start}“ ist keine Uhrzeit. Schreiben Sie zum Beispiel 9:30.")
    return int(found[1]) * 60 + int(found[2])


def _clock(minute: int) -> str:
    return f"{minute % DAY // 60:02}:{minute % 60:02}"
