"""What a form is: sheets with fields. One description serves writing the workbook and reading it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

# text, one of a list, number, whole number, day, year or month or day, the same or a quarter, key of a place
Kind = Literal["text", "choice", "number", "whole", "day", "moment", "period", "place"]

LISTS = "Listen"  # the hidden sheet that holds the drop-down lists and says which form this is
HINTS = "Hinweise"
MARK = "transferkit-Formular"
HEAD_ROW = 4
UPRIGHT_HEADS = ("Feld", "Eintrag", "So füllen Sie das Feld aus")


@dataclass(frozen=True)
class Field:
    """One thing asked for. `choices` maps keys to labels; for a text they are suggestions only.

    `words` limits the length of a text, `width` and `lines` give the room for it, a `fixed` field is filled
    in beforehand and locked, `unknown` allows the word „unbekannt“ in the place of a date.
    """

    name: str
    head: str
    help: str
    kind: Kind = "text"
    choices: Mapping[str, str] = field(default_factory=dict)
    required: bool = False
    fixed: bool = False
    unknown: bool = False
    words: int | None = None
    width: int = 24
    lines: int = 1


@dataclass(frozen=True)
class Sheet:
    """Fields side by side with one record per row, or (`upright`) one record, its fields below each other.

    `prefilled` holds values row by row: those of fixed fields, and proposals for others as people would type
    them. A row with nothing but fixed ones counts as empty.
    """

    title: str
    intro: str
    fields: tuple[Field, ...]
    rows: int = 1
    upright: bool = False
    prefilled: tuple[Mapping[str, str], ...] = ()
    at_least: int = 0


@dataclass(frozen=True)
class Form:
    """A workbook to fill in: its kind, its German title, what it is for, and its sheets."""

    kind: str
    title: str
    hints: tuple[str, ...]
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True)
class Problem:
    """Something wrong in a workbook: where, what stands there, and what to do about it."""

    sheet: str
    cell: str
    value: str
    remedy: str

    def __str__(self) -> str:
        place = f"Blatt „{self.sheet}“" + (f", Zelle {self.cell}" if self.cell else "")
        return f"{place}: „{self.value}“. {self.remedy}" if self.value else f"{place}: {self.remedy}"


@dataclass(frozen=True)
class Record:
    """One filled row: values by field name (absent if empty), where each stands and how it looks there."""

    sheet: str
    values: Mapping[str, str | float]
    cells: Mapping[str, str]
    shown: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The value of a field as text, empty if there is none."""
        return str(self.values.get(name, ""))

    def problem(self, name: str, remedy: str) -> Problem:
        """A problem with the value of one field."""
        return Problem(self.sheet, self.cells[name], self.shown.get(name, ""), remedy)


@dataclass(frozen=True)
class Filled:
    """A form as filled in: the records of each sheet, by its title."""

    form: Form
    records: Mapping[str, tuple[Record, ...]]

    def only(self, title: str) -> Record:
        """The one record of an upright sheet."""
        return self.records[title][0]


DECIMAL = Field(
    "decimal",
    "Dezimalzeichen",
    "Nur nötig, wenn Zahlen als Text in den Zellen stehen, etwa nach dem Einfügen aus einem anderen "
    "Programm. "
    "Ohne Angabe wird eine Zahl wie 1.234 nicht geraten, sondern gemeldet.",
    kind="choice",
    choices={",": "Komma (1.234,5)", ".": "Punkt (1,234.5)"},
)
