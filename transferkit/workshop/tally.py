"""Counting answers: how they are distributed, how far apart they lie, what a group ranks first.

Nothing is told about fewer than five answers, neither of a question nor of one row of it: with so few,
somebody in the room could be recognised.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median, pstdev, quantiles
from typing import Any, Final

LEAST: Final = 5  # answers before their distribution is told
APART: Final = 0.7  # spread from here on: worth talking about
DIFFERENT: Final = 0.35

Definition = Mapping[str, Any]


@dataclass(frozen=True)
class Bar:
    """One answer of a distribution: how many gave it, or how many dots or points it got.

    `number` of `of`: answers, dots or points of all; `share` = number / of, 0 if there are none.
    """

    id: str
    label: str
    number: float
    share: float


@dataclass(frozen=True)
class Part:
    """The distribution of one question, or of one row of an assessment (`id`, `label` are the row's then).

    `bars` is None below five answers; `spread` runs from 0 (all the same) to 1 (as far apart as can be), None
    where the kind of question has no such thing; `sentence` says in German what is seen.
    """

    id: str
    label: str
    answers: int
    bars: tuple[Bar, ...] | None
    spread: float | None
    sentence: str


@dataclass(frozen=True)
class Tally:
    """All that may be told about the answers to one exercise; `texts` are the released ones."""

    exercise: Definition
    answers: int
    parts: tuple[Part, ...]
    texts: tuple[str, ...] = ()


def tally(exercise: Definition, values: Sequence[Any], texts: Iterable[str] = ()) -> Tally:
    """Count the values given to an exercise; `texts`: those of its free texts that were released."""
    kind, number = exercise["kind"], len(values)
    if kind == "text":
        return Tally(exercise, number, (), tuple(sorted(texts)))
    if kind in ("assessment", "fit"):
        return Tally(exercise, number, tuple(_rows(exercise, values)))
    return Tally(exercise, number, (_part(exercise, values),))


def too_few(number: int) -> str:
    """The sentence that stands for a distribution of fewer than five answers."""
    given = {0: "Noch keine Antwort.", 1: "Erst eine Antwort."}.get(number, f"Erst {number} Antworten.")
    return f"{given} Ab fünf sehen Sie hier, wie sie sich verteilen."


def _rows(exercise: Definition, values: Sequence[Mapping[str, str]]) -> Iterable[Part]:
    options = exercise["options"]
    ordered = exercise["kind"] == "assessment"
    for item in exercise["items"]:
        given = [value[item["id"]] for value in values if item["id"] in value]
        yield _counted(item["id"], item["label"], options, given, len(given), ordered)


def _part(exercise: Definition, values: Sequence[Any]) -> Part:
    match exercise["kind"]:
        case "choice":
            return _counted("", "", exercise["options"], values, len(values), ordered=False)
        case "choices":
            given = [option for value in values for option in value]
            return _counted("", "", exercise["options"], given, len(values), ordered=None)
        case "scale":
            rows = [{"id": str(step), "label": label} for step, label in _steps(exercise)]
            return _counted("", "", rows, [str(value) for value in values], len(values), ordered=True)
        case "dots":
            return _dots(exercise, values)
        case "ranking":
            return _ranking(exercise, values)
        case "number":
            return _number(exercise, values)
    return Part("", "", len(values), None, None, "")


def _steps(exercise: Definition) -> Iterable[tuple[int, str]]:
    """The steps of a scale with what they are called; its ends may have words."""
    low, high = int(exercise["minimum"]), int(exercise["maximum"])
    words = {low: exercise.get("low"), high: exercise.get("high")}
    for step in range(low, high + 1):
        yield step, f"{step} {words[step]}" if words.get(step) else str(step)


def _counted(
    id: str,
    label: str,
    options: Sequence[Mapping[str, str]],
    given: Sequence[str],
    people: int,
    ordered: bool | None,
) -> Part:
    """Bars of how many gave each answer; `ordered` None: several answers each, no spread."""
    if people < LEAST:
        return Part(id, label, people, None, None, too_few(people))
    counts = Counter(given)
    bars = tuple(
        Bar(option["id"], option["label"], counts[option["id"]], counts[option["id"]] / people)
        for option in options
    )
    if ordered is None:
        return Part(id, label, people, bars, None, _most(bars, people))
    spread = _apart([bar.share for bar in bars]) if ordered else _mixed([bar.share for bar in bars])
    return Part(id, label, people, bars, spread, _of_spread(spread))


def _dots(exercise: Definition, values: Sequence[Mapping[str, int]]) -> Part:
    if len(values) < LEAST:
        return Part("", "", len(values), None, None, too_few(len(values)))
    given: Counter[str] = Counter()
    for value in values:
        given.update(value)
    return _ranked(exercise, given, len(values), "Die meisten Punkte")


def _ranking(exercise: Definition, values: Sequence[Sequence[str]]) -> Part:
    """Points: with n options the first place counts n, the last 1."""
    if len(values) < LEAST:
        return Part("", "", len(values), None, None, too_few(len(values)))
    options = len(exercise["options"])
    points: Counter[str] = Counter()
    for value in values:
        points.update({option: options - place for place, option in enumerate(value)})
    return _ranked(exercise, points, len(values), "Am weitesten vorn")


def _ranked(exercise: Definition, points: Counter[str], people: int, praise: str) -> Part:
    total = sum(points.values())
    bars = [
        Bar(option["id"], option["label"], points[option["id"]], points[option["id"]] / total if total else 0)
        for option in exercise["options"]
    ]
    bars.sort(key=lambda bar: -bar.number)
    first = [f"„{bar.label}“" for bar in bars if bar.number == bars[0].number]
    return Part("", "", people, tuple(bars), None, f"{praise}: {' und '.join(first)}.")


def _number(exercise: Definition, values: Sequence[float]) -> Part:
    if len(values) < LEAST:
        return Part("", "", len(values), None, None, too_few(len(values)))
    low, middle, high = quantiles(values, n=4, method="inclusive")
    told = (
        ("lower", "unteres Viertel bis", low),
        ("median", "Mitte", middle),
        ("upper", "oberes Viertel ab", high),
    )
    bars = tuple(Bar(id, label, number, 0) for id, label, number in told)
    unit = f" {exercise['unit']}" if exercise.get("unit") else ""
    sentence = (
        f"Die Hälfte der Angaben liegt zwischen {_said(low)} und {_said(high)}{unit}, "
        f"die mittlere ist {_said(median(values))}{unit}."
    )
    return Part("", "", len(values), bars, None, sentence)


def _apart(shares: Sequence[float]) -> float:
    """How far apart answers on ordered steps lie: 1 if one half stands at each end."""
    steps = [step for step, _ in enumerate(shares)]
    mean = fmean(steps, weights=shares)
    deviation: float = sum(share * (step - mean) ** 2 for step, share in enumerate(shares)) ** 0.5
    return deviation / pstdev([steps[0], steps[-1]])


def _mixed(shares: Sequence[float]) -> float:
    """How few agree on one of the answers without order: 1 if all are equally frequent."""
    return (1 - max(shares)) * len(shares) / (len(shares) - 1)


def _of_spread(spread: float) -> str:
    if spread >= APART:
        return "Hier gehen die Antworten weit auseinander. Darüber lohnt sich das Gespräch."
    if spread >= DIFFERENT:
        return "Die Antworten unterscheiden sich."
    return "Die Gruppe ist sich weitgehend einig."


def _most(bars: Sequence[Bar], people: int) -> str:
    top = max(bars, key=lambda bar: bar.number)
    return f"Am häufigsten: „{top.label}“, {top.number:g} von {people}."


def _said(number: float) -> str:
    """As people say a number: no cents where there are hundreds."""
    whole, _, rest = f"{number:,.{0 if abs(number) >= 100 else 2}f}".partition(".")
    digits = rest.rstrip("0")
    return whole.replace(",", ".").replace("-", "−") + (f",{digits}" if digits else "")
