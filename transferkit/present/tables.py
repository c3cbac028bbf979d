"""Fact lines, tables and short prose in German."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from transferkit.origin import Origin
from transferkit.present import german
from transferkit.present.block import Block, basis_note, fragment, source_marks
from transferkit.present.records import cells

Formatter = Callable[[object], object]


@dataclass(frozen=True)
class Fact:
    """One line of facts: label, value, unit, date, sources (`a;b`)."""

    label: str
    value: object
    unit: str = ""
    when: str = ""
    source_ids: str = ""


@dataclass(frozen=True)
class Column:
    """A column of a table as readers see it: heading with unit, and whether it is set on the right."""

    label: str
    numeric: bool


def facts(lines: Sequence[Fact]) -> Block:
    """Label and value in two columns; a missing value reads „nicht veröffentlicht“."""
    said = [Fact(line.label, german.MISSING) if german.is_missing(line.value) else line for line in lines]
    return fragment("facts", facts=said)


def finding(lines: Sequence[object]) -> Block:
    """The box „Auf einen Blick“; at most five lines are meant."""
    return fragment("finding", lines=[line for line in lines if line])


def prose(*paragraphs: object) -> Block:
    """Sentences that depend on the data."""
    return fragment("prose", paragraphs=paragraphs)


def table(
    frame: pd.DataFrame,
    columns: Mapping[str, str],
    caption: str,
    *,
    subtitle: str = "",
    formats: Mapping[str, Formatter] | None = None,
    origin: Origin | None = None,
) -> Block | None:
    """A table with caption and scopes; `columns` maps column names to headings; None if it has no rows.

    Numbers are set in German form, `source_ids` as source marks, `basis` in words; `formats` overrides
    how a column is written. `origin`: where it comes from, if `frame` does not know it itself.
    """
    if frame.empty:
        return None
    written = WRITTEN | dict(formats or {})
    heads, told = [], []
    for name, label in columns.items():
        numeric = pd.api.types.is_numeric_dtype(frame[name])
        heads.append(Column(label, numeric))
        told.append(map(written.get(name, _number if numeric else _words), cells(frame[name])))
    rows = list(zip(*told, strict=True))
    made = fragment(
        "table", caption=caption, subtitle=subtitle, columns=heads, rows=rows, wide=len(columns) > 2
    )
    return made.resting_on(frame if origin is None else origin)


def link(address: str, text: str) -> Markup:
    """A link to another page of the site; it stays plain text where that page is not built."""
    return Markup('<a href="site:{}">{}</a>').format(address, text)


def _basis(value: object) -> object:
    return basis_note(value) or "belegt"


WRITTEN: dict[str, Formatter] = {"source_ids": source_marks, "basis": _basis}


def _words(value: object) -> object:
    return german.MISSING if german.is_missing(value) else value


def _number(value: object) -> str:
    """Whole numbers and large ones without decimals, small ones with one."""
    if german.is_missing(value):
        return german.number(value)
    size = float(str(value))
    return german.number(value, 0 if size.is_integer() or abs(size) >= 100 else 1)
