"""Where data comes from: carried along with a table from where it is read to where it is shown.

Whoever reads a table marks it; pandas keeps the mark (`DataFrame.attrs`) through choosing and sorting rows.
The rows are not noted down: they are those the table has when it is shown, by their keys. Who computes
something new from tables says so (`made`), in one German sentence that stands with the method.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import pandas as pd

MARK = "origin"
OWN, MIXED, SOURCED = "own", "mixed", "sourced"  # who says so, as in the column `basis`
Data = pd.DataFrame | pd.Series
D = TypeVar("D", pd.DataFrame, pd.Series)


@dataclass(frozen=True)
class Package:
    """What tables are published in: title with version, date in German words, licence, who provides it."""

    title: str
    state: str
    licence: str
    provider: str


@dataclass(frozen=True)
class Table:
    """A table: its name in the data, its German title, its package."""

    name: str
    title: str
    package: Package


@dataclass(frozen=True)
class Rows:
    """Rows of one table by their keys (several columns joined by a space), and who says what is in them."""

    table: Table
    keys: tuple[str, ...]
    basis: frozenset[str] = frozenset()

    def __add__(self, other: Rows) -> Rows:
        keys = tuple(dict.fromkeys((*self.keys, *other.keys)))
        return Rows(self.table, keys, self.basis | other.basis)


@dataclass(frozen=True)
class Origin:
    """The rows a figure rests on, and how it was made of them: sentences, none if they are shown as they are.

    `rules`: the rows that say by which weights, limits and questions it was made.
    """

    rows: tuple[Rows, ...] = ()
    how: tuple[str, ...] = ()
    rules: tuple[Rows, ...] = ()

    def __add__(self, other: Origin) -> Origin:
        return _of((self, other))

    def as_rules(self) -> Origin:
        """The same rows, as what decided and not as what is shown."""
        return Origin((), self.how, _merged(self.rows + self.rules))

    def plain(self) -> dict[str, Any]:
        """As JSON: `{"how": [...], "packages": [{title, ..., "tables": [{name, title, use, keys, basis}]}]}`.

        `use`: `shown`, or `rule` for what decided.
        """
        return {
            "how": list(self.how),
            "packages": [
                {
                    **vars(package),
                    "tables": [
                        _told(one, use)
                        for use, some in (("shown", self.rows), ("rule", self.rules))
                        for one in some
                        if one.table.package == package
                    ],
                }
                for package in self.packages()
            ],
        }

    def packages(self) -> list[Package]:
        """What the tables are published in, each once."""
        return list(dict.fromkeys(one.table.package for one in (*self.rows, *self.rules)))


def _merged(parts: Iterable[Rows]) -> tuple[Rows, ...]:
    merged: dict[str, Rows] = {}
    for rows in parts:
        name = rows.table.name
        known = merged.get(name)
        merged[name] = rows if known is None or known is rows else known + rows
    return tuple(merged.values())


def _told(rows: Rows, use: str) -> dict[str, Any]:
    table = rows.table
    told = {"name": table.name, "title": table.title, "use": use, "keys": list(rows.keys)}
    return {**told, "basis": sorted(rows.basis)}


@dataclass(frozen=True)
class _Mark:
    """What a frame carries: the table of its own rows, the columns of their keys (or its index), the rest."""

    table: Table | None = None
    key: tuple[str, ...] = ()
    rest: Origin = Origin()

    def __deepcopy__(self, memo: object) -> _Mark:
        """pandas copies marks with every step; nobody can change this one."""
        return self


def marked(data: D, table: Table, *key: str) -> D:
    """Mark data as rows of a table, with their keys in these columns, or in the index."""
    data.attrs[MARK] = _Mark(table, key)
    return data


def chosen(data: D, how: str, *by: Data | Origin) -> D:
    """Say how the rows of marked data were chosen, and by which other data."""
    mark = data.attrs[MARK]
    data.attrs[MARK] = replace(mark, rest=_of((mark.rest, *by, _said(how))))
    return data


def made(data: D, how: str, *sources: Data | Origin) -> D:
    """Mark data as computed: its own rows are rows of no table."""
    data.attrs[MARK] = _Mark(rest=_of((*sources, _said(how))))
    return data


def rows(table: Table, keys: Iterable[object]) -> Origin:
    """The rows of a table with these keys, for whoever has no frame of them."""
    single = dict.fromkeys(one for key in keys for one in str(key).split("+"))
    return Origin((Rows(table, tuple(single)),)) if single else Origin()


def of(*sources: Data | Origin | None, how: str = "") -> Origin:
    """Where all this comes from; data nobody has marked adds nothing."""
    return _of((*sources, _said(how)))


def _said(how: str) -> Origin:
    return Origin(how=(how,)) if how else Origin()


def _of(sources: Iterable[Data | Origin | None]) -> Origin:
    """All of them at once: one after the other would merge as often as there are sources."""
    found = [one if isinstance(one, Origin) else _of_data(one) for one in sources if one is not None]
    if len(found) == 1:
        return found[0]
    return Origin(
        _merged(rows for one in found for rows in one.rows),
        tuple(dict.fromkeys(sentence for one in found for sentence in one.how)),
        _merged(rows for one in found for rows in one.rules),
    )


def _of_data(data: Data) -> Origin:
    mark = data.attrs.get(MARK)
    if mark is None:
        return Origin()
    if mark.table is None:
        rest: Origin = mark.rest
        return rest
    if not data.size:
        return Origin()
    keys = tuple(dict.fromkeys(_keys(data, mark.key))) if _has(data, mark.key) else ()
    return _of((Origin((Rows(mark.table, keys, _basis(data)),)), mark.rest))


def _has(data: Data, columns: tuple[str, ...]) -> bool:
    """Whether the keys are still there: who shows two columns of a table may have dropped them."""
    there = data.index if isinstance(data, pd.Series) else data.columns
    return all(name in there for name in columns)


def _keys(data: Data, key: tuple[str, ...]) -> Iterator[str]:
    """The keys of the rows; a key of several places joined by `+` is each of them."""
    if isinstance(data, pd.Series):
        yield from (" ".join(str(data[name]) for name in key) if key else str(data.name)).split("+")
        return
    columns = [data[name].to_numpy(dtype=object).tolist() for name in key] or [data.index.tolist()]
    for parts in zip(*columns, strict=True):
        yield from " ".join(map(str, parts)).split("+")


def _basis(data: Data) -> frozenset[str]:
    """Who says what is in these rows; the column is one of few words, and to read it cell by cell is slow."""
    if isinstance(data, pd.Series):
        return frozenset((data["basis"],)) if "basis" in data.index else frozenset()
    if "basis" not in data.columns:
        return frozenset()
    cells = data["basis"].array
    if isinstance(cells, pd.Categorical):
        words = cells.categories.tolist()
        return frozenset([words[code] for code in set(cells.codes.tolist()) if code >= 0])
    return frozenset(cells.dropna().tolist())
