"""Indexes the names of municipalities, folded the way people write them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA

from transferkit.knowledge.changes import successors
from transferkit.knowledge.register_table import CITY_WITHOUT_KREIS, short_name

UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ł": "l", "&": " und "})
SHOWN: Final = 20


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Return a name as it is compared: `Gräfenberg, St` and `GRAEFENBERG ST` are the same."""
    composed = unicodedata.normalize("NFC", text).casefold().translate(UMLAUTS)
    plain = "".join(
        sign for sign in unicodedata.normalize("NFKD", composed) if not unicodedata.combining(sign)
    )
    name, comma, suffix = re.sub(r"['’`´]", "", plain).partition(",")
    # Only in the name itself: after the comma Bavarian names have „St“ for Stadt.
    name = re.sub(r"\b(st\.|sankt\b)", "st ", name)
    return " ".join(re.findall(r"\w+", f"{name}{comma}{suffix}"))


@dataclass(frozen=True)
class Former:
    """A municipality that was dissolved, and what became of it."""

    ags: str
    name: str
    today: tuple[str, ...]


@dataclass(frozen=True)
class Names:
    """The folded names of one table, and the keys they lead to.

    `official`, `short` and `bracketed` (bracket left out) lead to municipalities, `areas` to unincorporated
    areas, `kreise` to key and name of a Kreis, `former` to a dissolved municipality; `longer` holds the short
    names of several words by their first.
    """

    table: pd.DataFrame
    complete: bool
    official: dict[str, list[str]]
    short: dict[str, list[str]]
    longer: dict[str, list[str]]
    bracketed: dict[str, list[str]]
    areas: dict[str, str]
    kreise: dict[str, tuple[str, str]]
    former: dict[str, Former]

    def called(self, folded: str) -> list[str]:
        """Return the keys of municipalities with this short or official name.

        Who says `Halle` may mean one of two villages, but also `Halle (Saale)`: none is taken for another.
        """
        if short := self.short.get(folded):
            return [*short, *self.bracketed.get(folded, [])]
        return self.official.get(folded, [])

    def abbreviated(self, folded: str) -> list[str]:
        """Return the keys of names that abbreviate this one or are abbreviated by it, word by word:
        `Weiden in der Oberpfalz` is `Weiden i.d.OPf.`, `Frankfurt a.M.` is `Frankfurt am Main`."""
        words = folded.split()
        names = self.longer.get(words[0], []) if words else []
        return [key for name in names if _abbreviate(name.split(), words) for key in self.short[name]]

    def beginning_with(self, folded: str) -> list[str]:
        """Return the keys of names that go on after this word: `Freiburg` finds `Freiburg im Breisgau`."""
        names = self.longer.get(folded.split(" ")[0], [])
        return [key for name in names if name.startswith(f"{folded} ") for key in self.short[name]]

    def like(self, folded: str, limit: int = 5) -> list[tuple[str, int]]:
        """Return the nearest names and their typing errors; two swapped letters count once (OSA distance)."""
        cutoff = min(4, max(1, len(folded) // 2))
        hits = process.extract(
            folded, list(self.short), scorer=OSA.distance, limit=limit, score_cutoff=cutoff
        )
        return [(name, int(errors)) for name, errors, _ in hits]

    def described(self, key: str) -> str:
        """Return `Neuenkirchen (Landkreis Vorpommern-Greifswald, Mecklenburg-Vorpommern)`."""
        row = self.table.loc[[key]].iloc[0]
        kreis = str(row["kreis"]) if pd.notna(row["kreis"]) else f"Kreis {row['kreis_key']}"
        where = "kreisfrei" if row["type_code"] in CITY_WITHOUT_KREIS else kreis
        return f"{row['official_name']} ({where}, {row['land']})"

    def listed(self, keys: Iterable[str]) -> str:
        """Return one line per key with name, Kreis and Land; the first twenty."""
        different = list(dict.fromkeys(keys))
        shown = {key: self.described(key) for key in different[:SHOWN]}
        doubled = {text for text, count in Counter(shown.values()).items() if count > 1}
        lines = [
            f"  {key}  {text}{self._member_of(key) if text in doubled else ''}" for key, text in shown.items()
        ]
        more = len(different) - SHOWN
        return "\n".join([*lines, *([f"  … und {more} weitere"] if more > 0 else [])])

    def _member_of(self, key: str) -> str:
        row = self.table.loc[[key]].iloc[0]
        return f", {row['association_type']} {row['association']}" if pd.notna(row["association"]) else ""


def names_of(table: pd.DataFrame, kreise: pd.DataFrame, changes: pd.DataFrame, *, complete: bool) -> Names:
    """Index the names of municipalities, of Kreise, and of municipalities that the changes say are gone."""
    official: dict[str, list[str]] = defaultdict(list)
    short: dict[str, list[str]] = defaultdict(list)
    bracketed: dict[str, list[str]] = defaultdict(list)
    areas: dict[str, str] = {}
    for key, full, brief, is_municipality in zip(
        table.index, table["official_name"], table["short_name"], table["is_municipality"], strict=True
    ):
        if not is_municipality:
            areas[fold(full)] = areas[fold(brief)] = str(key)
            continue
        official[fold(full)].append(str(key))
        # Sorbian double names: either half is a name of the place.
        for part in {brief, *brief.split(" / ")}:
            short[fold(part)].append(str(key))
        if (bare := re.sub(r"\s*\(.*\)$", "", brief)) != brief:
            bracketed[fold(bare)].append(str(key))
    rural = kreise.loc[~kreise["is_city"], "name"]
    return Names(
        table=table,
        complete=complete,
        official=dict(official),
        short=dict(short),
        longer=_by_first_word(short),
        bracketed=dict(bracketed),
        areas=areas,
        kreise={fold(name): (str(key), str(name)) for key, name in rural.items()},
        former=_former(changes, set(table.index)),
    )


def _by_first_word(names: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name in names:
        first, _, rest = name.partition(" ")
        if rest:
            found[first].append(name)
    return dict(found)


def _former(changes: pd.DataFrame, today: set[str]) -> dict[str, Former]:
    gone = changes[(changes["kind"] == "1") & ~changes["old_ags"].isin(list(today))]
    former = {}
    for key, name in gone[["old_ags", "old_name"]].drop_duplicates().itertuples(index=False):
        found = Former(key, name, tuple(successors(changes, key, today)))
        former[fold(name)] = former[fold(short_name(name))] = found
    return former


def _abbreviate(these: list[str], those: list[str]) -> bool:
    return len(these) == len(those) and all(
        _shortens(a, b) or _shortens(b, a) for a, b in zip(these, those, strict=True)
    )


def _shortens(short: str, long: str) -> bool:
    """Tell whether the letters of `short` occur in `long` in this order, the first one first."""
    rest = iter(long)
    return short[:1] == long[:1] and all(letter in rest for letter in short)
