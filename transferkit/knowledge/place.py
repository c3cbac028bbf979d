"""A place: a municipality, a Kreis, an association, or several of them joined by `+`.

Everything a guide says about a place comes from one row, whatever its level; `tk.place` in notebooks.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import combinations
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from transferkit.errors import PlaceError
from transferkit.knowledge import (
    place_levels,
    place_names,
    reads,
    register,
    register_origin,
    register_shipped,
)
from transferkit.knowledge.place_names import ASSOCIATION_WORDS, WORD, Kind
from transferkit.knowledge.place_sums import PLACE_COLUMNS, summed
from transferkit.knowledge.register_find import KREIS_WORDS
from transferkit.knowledge.register_names import fold
from transferkit.knowledge.register_table import CITY_WITHOUT_KREIS, COLUMNS

JOIN: Final = "+"
LENGTHS_OF_MUNICIPALITIES: Final = (7, 8, 11, 12)  # AGS and ARS, and those that lost a leading zero
TYPES: Final = {**COLUMNS, "size_class": "object", "municipalities": "Int64"}


class Label(NamedTuple):
    """What a place is called: key, name, and the name in the accusative („für die Samtgemeinde Brome“)."""

    key: str
    name: str
    accusative: str


def place(query: str | int) -> pd.Series:
    """Return the row of a place by key or name: municipality, Kreis, association, or several joined by `+`.

    The columns of `municipality`, and: `level` (gemeinde, kreis, verband, auswahl), `compared_as` (level of
    the peers: gemeinde, kreis, verband), `municipalities` (how many; unknown for shipped Kreise), `article`
    (der, die, das or empty), `members` (tuple of the AGS known to lie in it). `.name` is the key; that of a
    set is sorted: the order it was written in does not matter. How parts add up: `place_sums.summed`.
    A kreisfreie Stadt is a municipality, also by its Kreis key. A set is compared with Kreise if one of its
    parts is a Kreis or a kreisfreie Stadt, else with associations. A number is a key that may have lost its
    leading zero: `papermill -p place 09181121` reads one.

    Raises PlaceError for what is unknown, ambiguous, overlapping, or no key of one of the four forms.
    """
    parts = [part.strip() for part in _text(query).split(JOIN)]
    if not all(parts):
        raise PlaceError(f"In „{query}“ fehlt ein Ort. {place_names.FORMS}")
    rows = [_single(part) for part in parts]
    return register_origin.mark(rows[0] if len(rows) == 1 else _together(rows))


def _text(query: str | int) -> str:
    """A number as the key of a Kreis or a municipality, which have 5 and 8 digits."""
    lost_a_zero = isinstance(query, int) and len(str(query)) in (4, 7)
    return f"0{query}" if lost_a_zero else str(query)


def label(query: str) -> Label:
    """Return key and names of a place; raises PlaceError as `place` does."""
    row = place(query)
    article = {"der": "den "}.get(row["article"], f"{row['article']} ".lstrip())
    return Label(str(row.name), str(row["short_name"]), f"{article}{row['short_name']}")


def counties() -> pd.DataFrame:
    """Return all Kreise by `kreis_key` in the columns of a place (kreisfreie Städte are municipalities).

    Without the imported register: those of the model projects; how many municipalities they have is unknown.
    """
    if register.is_complete():
        return place_levels.of_kreise(register.rows())
    table = register_shipped.counties()
    return place_levels.named_kreise(table, table["kreis"])


def associations() -> pd.DataFrame:
    """Return all Gemeindeverbände by key in the columns of a place; empty without the imported register."""
    return place_levels.of_associations(register.rows())


def _single(query: str) -> pd.Series:
    digits = re.sub(r"\s", "", query)
    if digits.isdecimal():
        return _by_key(query, digits)
    kinds, municipal, folded = _kinds(*register.version()), register.names(), fold(query)
    if municipal.called(folded):
        return _municipality(query)
    if (bare := KREIS_WORDS.sub("", folded)) != folded and bare:
        return _kreis(kinds.kreise.find(query, bare))
    if (word := WORD.match(folded)) and (bare := folded[word.end() :]):
        return _association(kinds.associations.find(query, bare, ASSOCIATION_WORDS[word[1]]))
    # Without a word for its kind a Kreis or association is only meant where no municipality could be.
    if municipal.complete and not (municipal.abbreviated(folded) or municipal.beginning_with(folded)):
        if keys := kinds.kreise.exact(folded):
            return _kreis(kinds.kreise.only(query, keys))
        if keys := kinds.associations.exact(folded):
            return _association(kinds.associations.only(query, keys))
    return _municipality(query)


def _by_key(query: str, digits: str) -> pd.Series:
    """Find the place of a key without an index of names, the most frequent question; or say what is wrong."""
    table = register.rows()
    if digits in table.index:
        return _municipality(digits)
    real = table[table["is_municipality"]]
    if len(digits) == 5:
        city = real.index[(real["kreis_key"] == digits) & real["type_code"].isin(list(CITY_WITHOUT_KREIS))]
        if len(city) == 1:
            return _municipality(city[0])
        if digits in (real["kreis_key"].to_numpy() if register.is_complete() else counties().index):
            return _kreis(digits)
    if len(digits) == 9 and (real["association_key"] == digits).any():
        return _association(digits)
    kinds = _kinds(*register.version())
    if len(digits) in LENGTHS_OF_MUNICIPALITIES and f"0{digits}" not in kinds.associations.said:
        return _municipality(query)
    place_names.refuse_key(query, digits, kinds.kreise, kinds.associations, table)


def _municipality(query: str) -> pd.Series:
    row = register.municipality(query)
    compared = {"level": "gemeinde", "compared_as": "gemeinde", "municipalities": 1, "article": ""}
    cells = dict(zip(row.index, row.to_numpy(), strict=True)) | compared
    values = [cells.get(name, np.nan) for name in PLACE_COLUMNS]
    key = str(row.name)
    return pd.Series([*values, (key,)], [*PLACE_COLUMNS, "members"], dtype=object, name=key)


def _kreis(key: str) -> pd.Series:
    table = register.rows()
    rows = table[table["is_municipality"] & (table["kreis_key"] == key)]
    found = place_levels.of_kreise(rows) if register.is_complete() else counties()
    return _placed(found.loc[[key]].iloc[0], key, tuple(rows.index))


def _association(key: str) -> pd.Series:
    table = register.rows()
    rows = table[table["is_municipality"] & (table["association_key"] == key)]
    return _placed(place_levels.of_associations(rows).iloc[0], key, tuple(rows.index))


def _together(parts: list[pd.Series]) -> pd.Series:
    """Add up parts that do not overlap; named after the largest."""
    parts = sorted(parts, key=lambda part: str(part.name))
    for one, other in combinations(parts, 2):
        _refuse_overlap(one, other)
    table = pd.DataFrame(parts).astype(TYPES)
    key = JOIN.join(table.index)
    names = list(table.sort_values("population", ascending=False, kind="stable")["short_name"])
    rural = table["level"].ne("kreis") & ~table["type_code"].isin(list(CITY_WITHOUT_KREIS))
    row = summed(table, pd.Series(key, table.index)).iloc[0]
    row["official_name"] = _listed(names)
    row["short_name"] = _listed(names) if len(names) == 2 else f"{names[0]} und {len(names) - 1} weitere"
    row["land"] = _listed(list(dict.fromkeys(table["land"].dropna())))
    row["kreis"] = _listed(list(dict.fromkeys(table["kreis"].dropna()))) or pd.NA
    row["level"], row["compared_as"] = "auswahl", "verband" if rural.all() else "kreis"
    row["is_municipality"], row["in_association"], row["article"] = False, False, ""
    return _placed(row, key, tuple(sorted(ags for part in parts for ags in part["members"])))


def _refuse_overlap(one: pd.Series, other: pd.Series) -> None:
    if one.name == other.name:
        twice = f"{one['short_name']} ({one.name})"
        raise PlaceError(f"{twice} steht zweimal in der Auswahl. Nennen Sie jeden Ort einmal.")
    whole = next((part for part in (one, other) if part["level"] == "kreis"), None)
    inside = whole is not None and one["kreis_key"] == other["kreis_key"]
    if inside or set(one["members"]) & set(other["members"]):
        raise PlaceError(
            f"{one['short_name']} ({one.name}) und {other['short_name']} ({other.name}) überschneiden sich. "
            "Jede Gemeinde darf nur einmal vorkommen; lassen Sie einen der beiden Orte weg."
        )


def _placed(row: pd.Series, key: str, members: tuple[str, ...]) -> pd.Series:
    row = row.reindex([*PLACE_COLUMNS, "members"]).astype(object)
    row["members"] = members
    return row.rename(key)


def _listed(words: list[str]) -> str:
    return " und ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


class _Kinds(NamedTuple):
    kreise: Kind
    associations: Kind


@lru_cache(maxsize=2)
def _kinds(path: str, stamp: int) -> _Kinds:
    with reads.recording():  # who asks has read the register: its version is the key of this cache
        return _kinds_of(register.rows(), register.is_complete())


def _kinds_of(table: pd.DataFrame, complete: bool) -> _Kinds:
    real = table[table["is_municipality"]]
    city = real["type_code"].isin(list(CITY_WITHOUT_KREIS))
    known = real[~city].drop_duplicates("kreis_key").set_index("kreis_key")["kreis"]
    return _Kinds(
        place_names.kreise(known if complete else counties()["short_name"], complete=complete),
        place_names.associations(real, complete=complete),
    )
