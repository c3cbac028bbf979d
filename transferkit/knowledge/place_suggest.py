"""Suggests places while somebody types their name: beginnings first, then names with typing errors."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA

from transferkit.knowledge import place, register
from transferkit.knowledge.register_find import KREIS_WORDS, TITLES
from transferkit.knowledge.register_names import fold
from transferkit.knowledge.register_table import CITY_WITHOUT_KREIS

COUNT = 8
LEAST_LETTERS = 2
MUNICIPAL = 8  # digits of the key of a municipality: they come before Kreise and associations
ENOUGH = 3  # so many names that begin like this are no typing error


def suggest_places(typed: str, count: int = COUNT) -> pd.DataFrame:
    """The places a name, its beginning, or a beginning with a typing error may mean; larger ones first.

    Columns key, name, where (Kreis and Land, or what kind of place it is). Municipalities, Kreise and
    associations; a key finds its place. Empty below two letters.
    """
    folded = fold(typed[:120])
    known = _known(*register.version())
    if len(folded) < LEAST_LETTERS:
        return _listed(known, [])
    if folded.replace(" ", "").isdecimal():
        return _listed(known, _with_key(known, folded.replace(" ", ""), count))
    found = list(dict.fromkeys(_ranked(known, folded, count)))
    return _listed(known, found[:count])


def _ranked(known: _Places, folded: str, count: int) -> list[int]:
    """Positions: the name itself, its beginnings, beginnings of later words, then typing errors."""
    said = (
        TITLES.sub("", KREIS_WORDS.sub("", folded)) if KREIS_WORDS.match(folded) else TITLES.sub("", folded)
    )
    text = folded if any(name.startswith(folded) for name in known.names) else said or folded
    sure = [n for n in known.by_size if text in (known.names[n], known.bare[n])]
    sure += [n for n in known.by_size if known.names[n].startswith(text)]
    sure += [n for n in known.by_size if f" {text}" in known.names[n]]
    return sure if len(set(sure)) >= ENOUGH else [*sure, *_like(known, text, count)]


def _like(known: _Places, text: str, count: int) -> list[int]:
    """Names whose beginning differs by few typing errors from what was typed so far."""
    errors = 1 if len(text) < 8 else 2
    beginnings = [name[: len(text)] for name in known.names]
    hits = process.extract(text, beginnings, scorer=OSA.distance, score_cutoff=errors, limit=None)
    whole = process.extract(text, known.names, scorer=OSA.distance, score_cutoff=errors, limit=None)
    best: dict[int, tuple[float, int]] = {}
    for _, distance, n in [*hits, *whole]:
        best[n] = min(best.get(n, (9.0, 0)), (float(distance), -known.people[n]))
    return sorted(best, key=lambda n: (best[n][0], text[0] != known.names[n][0], best[n][1]))[:count]


def _with_key(known: _Places, digits: str, count: int) -> list[int]:
    return [n for n in known.by_size if known.keys[n].startswith(digits)][:count]


class _Places:
    """All places with their folded names, in the order of the tables; `by_size` municipalities first."""

    def __init__(self, table: pd.DataFrame) -> None:
        self.table = table
        self.keys = [str(key) for key in table.index]
        self.names = [fold(name) for name in table["name"]]
        self.bare = [fold(re.sub(r"\s*\(.*\)$", "", name)) for name in table["name"]]
        self.people = [int(people) for people in table["people"]]
        is_town = [len(key) == MUNICIPAL for key in self.keys]
        self.by_size = sorted(range(len(self.keys)), key=lambda n: (not is_town[n], -self.people[n]))


@lru_cache(maxsize=2)
def _known(_: str, __: int) -> _Places:
    """Made once per register."""
    towns = register.municipalities()
    towns = towns[towns["is_municipality"]]
    parts = [_rows(towns, _where(towns))]
    for table, kind in ((place.counties(), "Kreis"), (place.associations(), "Gemeindeverband")):
        if len(table):
            parts.append(_rows(table, [f"{kind}, {land}" for land in table["land"]]))
    return _Places(pd.concat(parts))


def _rows(table: pd.DataFrame, where: list[str]) -> pd.DataFrame:
    people = pd.to_numeric(table["population"]).fillna(0).astype(int)
    names = table["short_name"].astype("str")
    return pd.DataFrame({"name": names, "where": where, "people": people.to_numpy()}, index=table.index)


def _where(towns: pd.DataFrame) -> list[str]:
    columns: list[list[Any]] = [
        towns[name].to_numpy(object).tolist() for name in ("kreis", "land", "type_code")
    ]
    return [
        f"kreisfrei, {land}" if code in CITY_WITHOUT_KREIS or pd.isna(kreis) else f"{kreis}, {land}"
        for kreis, land, code in zip(*columns, strict=True)
    ]


def _listed(known: _Places, positions: list[int]) -> pd.DataFrame:
    table = known.table.iloc[positions]
    return pd.DataFrame(
        {"key": list(table.index), "name": table["name"].to_list(), "where": table["where"].to_list()}
    )
