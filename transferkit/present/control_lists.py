"""Controls of many values, kept in one short text: weights, limits, answers, checks, numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from transferkit.errors import MethodError
from transferkit.present import compact, german
from transferkit.present.controls import Control


@dataclass(frozen=True)
class Item:
    """One row of a control of many values."""

    key: str
    label: str
    default: float = 0
    group: str = ""
    hint: str = ""


def grouped(items: Iterable[Item]) -> dict[str, list[Item]]:
    """The rows by group, in order."""
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(item.group, []).append(item)
    return found


@dataclass(frozen=True)
class Weights(Control):
    """How much each of several things counts, 0 to `highest`; what is not given keeps its proposal.

    `value` is empty as long as all weights are the proposed ones; those of things `elsewhere` are left out.
    """

    given: str
    items: tuple[Item, ...]
    highest: int = 10
    elsewhere: Collection[str] = field(default=(), compare=False)
    template: ClassVar[str] = "weights"

    @property
    def value(self) -> dict[str, float]:
        return self.all if self._said else {}

    @property
    def all(self) -> dict[str, float]:
        """Every weight, set or proposed."""
        said = self._said
        return {item.key: said.get(item.key, item.default) for item in self.items}

    @property
    def raw(self) -> str:
        """Only what differs from the proposal."""
        said = self._said
        return compact.write({item.key: f"{said[item.key]:g}" for item in self.items if item.key in said})

    @property
    def words(self) -> str:
        if not self.raw:
            return "wie vorgeschlagen"
        pairs = [f"{item.label} {german.number(self.all[item.key])}" for item in self.items]
        return f"{', '.join(pairs)} (0 zählt nicht, {self.highest} zählt am meisten)"

    @property
    def shape(self) -> object:
        return self.label, self.hint, self.items, self.highest

    @property
    def folded(self) -> bool:
        """Is this only for those who want it?"""
        return False

    @property
    def something_must_count(self) -> bool:
        """Must one of the weights be more than 0?"""
        return True

    @property
    def _said(self) -> dict[str, float]:
        known = {item.key: item for item in self.items}
        read = compact.read(self.given, known, self.label, self.elsewhere)
        values = {
            key: compact.number(text, 0, self.highest, f"Gewicht „{known[key].label}“")
            for key, text in read.items()
        }
        if self.something_must_count and all(
            values.get(key, item.default) == 0 for key, item in known.items()
        ):
            raise MethodError("Alle Gewichte sind 0. Mindestens ein Merkmal muss zählen.")
        return {key: value for key, value in values.items() if value != known[key].default}


@dataclass(frozen=True)
class Limits(Weights):
    """The least somebody asks of each of several things; 0 asks nothing."""

    template: ClassVar[str] = "weights"

    @property
    def folded(self) -> bool:
        return True

    @property
    def value(self) -> dict[str, float]:
        return self._said

    @property
    def words(self) -> str:
        names = {item.key: item.label for item in self.items}
        asked = [f"{names[key]} mindestens {german.number(least)}" for key, least in self.value.items()]
        return ", ".join(asked) or "keine"

    @property
    def something_must_count(self) -> bool:
        return False


@dataclass(frozen=True)
class Answers(Control):
    """A questionnaire: one answer of a scale per question, or none; `proposed` stands until it is changed."""

    given: str
    items: tuple[Item, ...]
    scale: Mapping[str, str]
    proposed: Mapping[str, str] = field(default_factory=dict)
    template: ClassVar[str] = "answers"

    @property
    def value(self) -> dict[str, str]:
        said = {**self.proposed, **self._said}
        return {item.key: said[item.key] for item in self.items if item.key in said}

    @property
    def raw(self) -> str:
        """Only what was answered, and otherwise than proposed."""
        said = self._said
        own = {item.key: said.get(item.key) for item in self.items}
        return compact.write({key: one for key, one in own.items() if one != self.proposed.get(key)})

    @property
    def words(self) -> str:
        own = len(compact.read(self.raw, self.value, self.label))
        said = f"{german.count(own, 'eigene Antwort', 'eigene Antworten')} von {len(self.items)}"
        from_data = len(self.value) - own
        return f"{said}, {from_data} aus Daten" if from_data else said

    @property
    def lines(self) -> list[tuple[str, str]]:
        labels = {item.key: item.label for item in self.items}
        return [(labels[key], self.scale[answer]) for key, answer in self.value.items()]

    @property
    def groups(self) -> dict[str, list[Item]]:
        return grouped(self.items)

    @property
    def shape(self) -> object:
        return self.label, self.hint, self.items, dict(self.scale), dict(self.proposed)

    @property
    def _said(self) -> dict[str, str]:
        read = compact.read(self.given, [item.key for item in self.items], self.label)
        if odd := [answer for answer in read.values() if answer not in self.scale]:
            raise MethodError(f"Die Antwort „{odd[0]}“ gibt es nicht. Möglich: {', '.join(self.scale)}.")
        return read


@dataclass(frozen=True)
class Checks(Control):
    """Several of many; `given` is `a;b`, empty means the proposal of the notebook (`proposed`)."""

    given: str
    items: tuple[Item, ...]
    least: int
    most: int
    proposed: tuple[str, ...] = ()
    elsewhere: Collection[str] = field(default=(), compare=False)
    template: ClassVar[str] = "checks"

    @property
    def value(self) -> list[str]:
        known = [item.key for item in self.items]
        chosen = compact.read(
            ";".join(f"{key}=1" for key in self.given.split(";") if key.strip()),
            known,
            self.label,
            self.elsewhere,
        )
        kept = [key for key in known if key in (chosen or self.proposed)]
        if not self.least <= len(kept) <= self.most:
            raise MethodError(
                f"{self.label}: Wählen Sie {self.least} bis {self.most}. Gewählt sind {len(kept)}."
            )
        return kept

    @property
    def raw(self) -> str:
        value = self.value
        return "" if set(value) == set(self.proposed) else ";".join(value)

    @property
    def words(self) -> str:
        names = {item.key: item.label for item in self.items}
        return german.enumerate_words(names[key] for key in self.value)

    @property
    def shape(self) -> object:
        return self.label, self.hint, self.items, self.least, self.most


@dataclass(frozen=True)
class Fields(Control):
    """Short entries, one per item: numbers with decimal comma; an empty one is not set."""

    given: str
    items: tuple[Item, ...]
    elsewhere: Collection[str] = field(default=(), compare=False)
    lowest: float = -1e12
    highest: float = 1e12
    template: ClassVar[str] = "fields"

    @property
    def value(self) -> dict[str, float]:
        known = {item.key: f"{item.group}, {item.label}" for item in self.items}
        read = compact.read(self.given, known, self.label, self.elsewhere)
        return {
            key: compact.number(text, self.lowest, self.highest, known[key]) for key, text in read.items()
        }

    @property
    def raw(self) -> str:
        return compact.write({key: _decimal(value) for key, value in self.value.items()})

    @property
    def words(self) -> str:
        return german.count(len(self.value), "Zahl", "Zahlen") if self.value else "noch nichts eingetragen"

    @property
    def lines(self) -> list[tuple[str, str]]:
        names = {item.key: f"{item.group}, {item.label}:" for item in self.items}
        return [(names[key], _decimal(value)) for key, value in self.value.items()]

    @property
    def groups(self) -> dict[str, list[Item]]:
        return grouped(self.items)

    @property
    def shape(self) -> object:
        return self.label, self.hint, self.items

    def written(self, key: str) -> str:
        """The entry as it stands in its field."""
        value = self.value.get(key)
        return "" if value is None else _decimal(value)


def _decimal(value: float) -> str:
    return f"{value:.12g}".replace(".", ",")
