"""The rows of an impact plan, checked: baseline, milestones, target and measured values of each indicator.

A plan is a long table, as the Excel form writes it: `indicator_id`, `kind` (baseline, milestone, target,
value), `period` (see `periods`), `value` (a number), `unit_de` (that of the indicator), perhaps `note_de`.
Whatever is wrong is said at once, with row, column, value and remedy.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from numbers import Real

import pandas as pd

from transferkit.errors import MethodError
from transferkit.methods import periods

COLUMNS = ("indicator_id", "kind", "period", "value", "unit_de")
KINDS = {"baseline": "Ausgangswert", "milestone": "Zwischenziel", "target": "Ziel", "value": "Messwert"}
PLANNED = ("baseline", "milestone", "target")


@dataclass(frozen=True)
class Way:
    """From the baseline of an indicator to its target; shares are in % of this way, 100 at the target."""

    baseline: float
    target: float
    direction: str

    def share(self, value: float) -> float:
        """0 at the baseline, 100 at the target; beyond both ends for `up` and `down`.

        Where the target itself is best (`target`), overshooting it costs as much as falling short.
        """
        if self.direction == "target":
            return 100 * (1 - abs(self.target - value) / abs(self.target - self.baseline))
        return 100 * (value - self.baseline) / (self.target - self.baseline)


def checked(entries: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """The entries of a plan in order of indicator and time, with `end` (last day of the period).

    Raises `MethodError` that lists every fault of the table: unknown or numberless indicators, wrong units,
    duplicate periods, missing or double baselines and targets, a target against the direction, values that
    are no numbers.
    """
    missing = [name for name in COLUMNS if name not in entries.columns]
    if missing:
        raise MethodError(
            f"In der Tabelle der Werte fehlt die Spalte „{missing[0]}“. Nötig sind: {', '.join(COLUMNS)}."
        )
    known = indicators.set_index("indicator_id")
    faults = [fault for row in _rows(entries) for fault in _faults_of_row(row, known)]
    rows = _readable(entries, known)
    named = {(row["indicator_id"], row["kind"]) for row in _rows(entries)}
    plans = rows.groupby("indicator_id")
    faults += [fault for _, group in plans for fault in _faults_of_plan(group, known, named)]
    if faults:
        listed = "\n".join(f"- {fault}" for fault in faults)
        raise MethodError(f"Der Plan kann so nicht gelesen werden ({_count(faults)}):\n{listed}")
    return rows.sort_values(["indicator_id", "end", "order"], ignore_index=True).drop(
        columns=["order", "said"]
    )


def _count(faults: Sequence[str]) -> str:
    return "1 Fehler" if len(faults) == 1 else f"{len(faults)} Fehler"


def _rows(entries: pd.DataFrame) -> list[dict[str, object]]:
    """The rows as dictionaries, each with the words that name it."""
    return [
        {str(name): cell for name, cell in row.items()} | {"said": f"Zeile {number}"}
        for number, row in enumerate(entries.to_dict("records"), start=1)
    ]


def _faults_of_row(row: dict[str, object], known: pd.DataFrame) -> Iterator[str]:
    """What can be said about a row without its neighbours."""
    where, name, given = row["said"], str(row["indicator_id"]), row["unit_de"]
    unit = str(known.at[name, "unit_de"]) if name in known.index else ""
    if name not in known.index:
        near = difflib.get_close_matches(name, [str(key) for key in known.index], n=1)
        hint = f" Meinten Sie „{near[0]}“?" if near else " Die Schlüssel stehen in der Tabelle indicators."
        yield f"{where}, Spalte indicator_id: Die Kennzahl „{name}“ gibt es nicht.{hint}"
    elif given != unit:
        yield (
            f"{where}, Spalte unit_de: „{given}“ ist nicht die Einheit der Kennzahl „{name}“. "
            f"Rechnen Sie den Wert um in „{unit}“ und tragen Sie diese Einheit ein."
        )
    if row["kind"] not in KINDS:
        words = ", ".join(f"{kind} ({said})" for kind, said in KINDS.items())
        yield f"{where}, Spalte kind: „{row['kind']}“ ist keine Art von Wert. Richtig ist eine von: {words}."
    if _day(row["period"]) is None:
        yield (
            f"{where}, Spalte period: „{row['period']}“ ist kein Zeitraum. "
            f"Schreiben Sie zum Beispiel {periods.WRITTEN}."
        )
    number = _number(row["value"])
    if number is None:
        yield (
            f"{where}, Spalte value: „{row['value']}“ ist keine Zahl. "
            "Tragen Sie nur die Zahl ein, mit Dezimalpunkt und ohne Tausenderzeichen, zum Beispiel 1234.5."
        )
    elif (limits := _scale(unit)) and not limits[0] <= number <= limits[1]:
        yield (
            f"{where}, Spalte value: {_de(number)} liegt außerhalb der Einheit „{unit}“. "
            f"Erlaubt ist {_de(limits[0])} bis {_de(limits[1])}."
        )


def _readable(entries: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """The rows that can be placed, whatever their unit: with numbers, periods as text and `end`."""
    kept = [
        row
        | {
            "period": periods.canonical(row["period"]),
            "value": _number(row["value"]),
            "end": _day(row["period"]),
            "order": list(KINDS).index(str(row["kind"])),
        }
        for row in _rows(entries)
        if row["indicator_id"] in known.index and row["kind"] in KINDS and _day(row["period"])
    ]
    columns = [*entries.columns, "said", "end", "order"]
    frame = pd.DataFrame(kept, columns=list(dict.fromkeys(columns)))
    return frame.assign(value=frame["value"].astype(float))


def _faults_of_plan(
    rows: pd.DataFrame, known: pd.DataFrame, named: set[tuple[object, object]]
) -> Iterator[str]:
    """What the rows of one indicator say together; `named`: the (indicator, kind) that have any row."""
    key = rows["indicator_id"].iloc[0]
    about = known.loc[key]
    name, direction = f"„{about['name_de']}“ ({key})", str(about["direction"])
    yield from _doubles(rows, name)
    baselines, targets = rows[rows["kind"] == "baseline"], rows[rows["kind"] == "target"]
    if (key, "baseline") not in named:
        yield (
            f"{rows['said'].iloc[0]}, Spalte kind: Für {name} fehlt der Ausgangswert (baseline). "
            "Messen Sie einmal vor dem Start und tragen Sie Wert und Zeitraum als Ausgangswert ein."
        )
    if direction == "neutral":
        for row in rows[rows["kind"].isin(["milestone", "target"])].to_dict("records"):
            yield (
                f"{row['said']}, Spalte kind: {name} hat keine gewünschte Richtung, darum "
                f"lässt sich kein {KINDS[row['kind']]} bewerten. "
                "Löschen Sie die Zeile oder wählen Sie eine andere Kennzahl."
            )
    elif (key, "target") not in named:
        yield (
            f"{rows['said'].iloc[0]}, Spalte kind: Für {name} fehlt das Ziel (target). "
            "Legen Sie Wert und Zeitraum des Ziels fest."
        )
    elif len(baselines) == 1 and len(targets) == 1:
        yield from _against_the_way(rows, baselines.iloc[0], targets.iloc[0], direction, name)
    if len(baselines) == 1:
        start = baselines.iloc[0]
        for row in rows[(rows["kind"] != "baseline") & (rows["end"] <= start["end"])].to_dict("records"):
            yield (
                f"{row['said']}, Spalte period: Der Zeitraum „{row['period']}“ endet nicht nach dem "
                f"Ausgangswert „{start['period']}“. Prüfen Sie, welcher Zeitraum gemeint ist."
            )


def _doubles(rows: pd.DataFrame, name: str) -> Iterator[str]:
    for kind, group in rows.groupby("kind", sort=False):
        if kind in ("baseline", "target") and len(group) > 1:
            places = ", ".join(group["said"])
            yield (
                f"{places}, Spalte kind: Für {name} gibt es mehr als einmal: {KINDS[str(kind)]}. "
                "Behalten Sie eine Zeile."
            )
            continue
        for end, same in group.groupby("end"):
            if len(same) > 1:
                yield (
                    f"{', '.join(same['said'])}, Spalte period: Für {name} steht der Zeitraum "
                    f"„{same['period'].iloc[0]}“ (Ende {end:%d.%m.%Y}) mehrfach als {KINDS[str(kind)]}. "
                    "Behalten Sie eine Zeile."
                )


def _against_the_way(
    rows: pd.DataFrame, start: pd.Series, target: pd.Series, direction: str, name: str
) -> Iterator[str]:
    """A target that is no change or goes the wrong way, and milestones that do not lie between."""
    change = target["value"] - start["value"]
    if math.isnan(change):
        return
    wrong = {"up": change < 0, "down": change > 0}.get(direction, False)
    if change == 0 or wrong:
        better = {"up": "höher", "down": "niedriger"}.get(direction, "anders")
        yield (
            f"{target['said']}, Spalte value: Das Ziel {_de(target['value'])} für {name} ist nicht {better} "
            f"als der Ausgangswert {_de(start['value'])}. Gewünscht ist: {better}. Prüfen Sie beide Werte."
        )
        return
    low, high = sorted((start["value"], target["value"]))
    for row in rows[rows["kind"] == "milestone"].to_dict("records"):
        if not low <= row["value"] <= high and not math.isnan(row["value"]):
            yield (
                f"{row['said']}, Spalte value: Das Zwischenziel {_de(row['value'])} für {name} liegt nicht "
                f"zwischen Ausgangswert {_de(start['value'])} und Ziel {_de(target['value'])}. "
                "Prüfen Sie den Wert."
            )
        if row["end"] >= target["end"]:
            yield (
                f"{row['said']}, Spalte period: Das Zwischenziel „{row['period']}“ für {name} liegt nicht "
                f"vor dem Ziel „{target['period']}“. Prüfen Sie den Zeitraum."
            )


def _day(period: object) -> object:
    try:
        return periods.last_day(periods.canonical(period))
    except ValueError:
        return None


def _number(value: object) -> float | None:
    """A finite number; text only in the one form that nobody can read in two ways."""
    if isinstance(value, str) and re.fullmatch(r"-?\d+(\.(?!\d{3}$)\d+)?", value.strip()):
        return float(value)
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
        return None
    return float(value)


def _scale(unit: str) -> tuple[float, float] | None:
    """`Skala 1–5` -> (1, 5)."""
    found = re.fullmatch(r"(?:Skala|Stufe) (\d+)–(\d+)", unit)
    return (float(found[1]), float(found[2])) if found else None


def _de(value: float) -> str:
    return f"{value:,.10g}".translate(str.maketrans(",.", ".,"))
