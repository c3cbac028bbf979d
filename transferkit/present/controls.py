"""What a form is made of: native, labelled controls, each with a checked value and what it says in words.

A control knows the parameter of the notebook it stands for (`name`) and the literal this has (`raw`, short
enough for an address); `value` is what the notebook calculates with. Nothing typed is trusted: what a control
cannot read is refused with a German MethodError.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pandas as pd

from transferkit.errors import TransferkitError
from transferkit.present import compact
from transferkit.present.block import environment

Raw = str | int | float | bool
Suggest = Callable[[str], pd.DataFrame]  # typed text -> key, name, where


@dataclass(frozen=True)
class Control(ABC):
    """One control; `shape` is all that its HTML depends on except its value."""

    name: str
    label: str
    hint: str = field(default="", kw_only=True)
    template: ClassVar[str] = ""

    @property
    @abstractmethod
    def raw(self) -> Raw:
        """The value as the form sends it."""

    @property
    def value(self) -> object:
        return self.raw

    @property
    def words(self) -> str:
        """The value as a reader says it."""
        return str(self.raw)

    @property
    def lines(self) -> list[tuple[str, str]]:
        """What a page lists below the words: question and answer."""
        return []

    @property
    def shape(self) -> object:
        """All that the HTML depends on except the value."""
        return self.label, self.hint

    def html(self) -> str:
        """The control with its label; `data-control` names it to the script."""
        template = environment().get_template(f"control-{self.template}.html.j2")
        return template.render(c=self, id=f"f-{self.name}")


@dataclass(frozen=True)
class Kept(Control):
    """A parameter the form keeps without showing it."""

    given: str
    template: ClassVar[str] = "kept"

    @property
    def raw(self) -> str:
        return self.given


@dataclass(frozen=True)
class PlaceSearch(Control):
    """A place: typed with or without errors, chosen from suggestions."""

    town: pd.Series
    suggest: Suggest = field(compare=False)
    template: ClassVar[str] = "place"

    @property
    def raw(self) -> str:
        return str(self.town.name)

    @property
    def words(self) -> str:
        return str(self.town["short_name"])


@dataclass(frozen=True)
class Choice(Control):
    """One of several. What is offered may depend on another choice: a value from `elsewhere` (what other
    choices offer) gives way to the first."""

    given: str
    options: Mapping[str, str]
    elsewhere: Collection[str] = field(default=(), compare=False)
    template: ClassVar[str] = "choice"

    @property
    def raw(self) -> str:
        return compact.meant(self.given, self.options, self.elsewhere, self.label)

    @property
    def words(self) -> str:
        return self.options[self.raw]

    @property
    def shape(self) -> object:
        return self.label, self.hint, tuple(self.options.items())


@dataclass(frozen=True)
class Slider(Control):
    """A whole number between two limits."""

    given: int
    lowest: int
    highest: int
    unit: str = ""
    template: ClassVar[str] = "slider"

    @property
    def raw(self) -> int:
        return int(compact.number(str(self.given), self.lowest, self.highest, self.label))

    @property
    def words(self) -> str:
        return f"{self.raw} {self.unit}".rstrip()


def typed(state: object, known: Mapping[str, Any]) -> dict[str, Any]:
    """What a browser sent as the literals of the parameters it names; everything else is refused."""
    if not isinstance(state, Mapping) or set(state) - set(known):
        raise TransferkitError("Diese Eingabe gehört nicht zu diesem Formular. Laden Sie die Seite neu.")
    found: dict[str, Any] = {}
    for name, said in state.items():
        kind = type(known[name])
        try:
            found[name] = str(said) in ("True", "true", "on") if kind is bool else kind(str(said))
        except ValueError:
            raise TransferkitError(f"„{said}“ ist keine Zahl.") from None
    return found
