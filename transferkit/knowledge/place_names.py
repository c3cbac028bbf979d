"""Indexes and finds the names of Kreise and associations; municipalities have `register_names`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NoReturn

import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA

from transferkit.errors import PlaceError
from transferkit.knowledge.place_levels import association_name
from transferkit.knowledge.register_find import KREIS_WORDS, TWO_ERRORS_FROM
from transferkit.knowledge.register_names import SHOWN, fold
from transferkit.knowledge.register_store import HOW_TO_GET_ALL

FORMS: Final = (
    "Ein Ort ist eine Gemeinde (8 Ziffern, etwa 09181121), ein Kreis (5 Ziffern, etwa 09181) oder ein "
    "Gemeindeverband (9 Ziffern, etwa 091815138). Mehrere verbinden Sie mit + (etwa 09181121+09181113)."
)
# Words for an association, folded, and the official kinds they may mean; VG is short for two of them.
GEMEINSCHAFT: Final = ("Verwaltungsgemeinschaft", "Verwaltungsgemeinschaft, Trägermodell")
VERBAND: Final = ("Verwaltungsverband",)
ASSOCIATION_WORDS: Final = {
    "vereinbarte verwaltungsgemeinschaft": GEMEINSCHAFT,
    "verwaltungsgemeinschaft": GEMEINSCHAFT,
    "vgem": GEMEINSCHAFT,
    "vvg": GEMEINSCHAFT,
    "vg": (*GEMEINSCHAFT, "Verbandsgemeinde"),
    "verbandsgemeinde": ("Verbandsgemeinde",),
    "samtgemeinde": ("Samtgemeinde",),
    "sg": ("Samtgemeinde",),
    "amt": ("Amt",),
    "gemeindeverwaltungsverband": VERBAND,
    "verwaltungsverband": VERBAND,
    "gvv": VERBAND,
    "kirchspielslandgemeinde": ("Kirchspielslandgemeinde",),
    "erfuellende gemeinde": ("Erfüllende Gemeinde",),
    "eg": ("Erfüllende Gemeinde",),
    "gemeindeverband": (),
}
WORD: Final = re.compile(rf"^({'|'.join(ASSOCIATION_WORDS)})\b\s*((der|des) (stadt|gemeinde) )?")


@dataclass(frozen=True)
class Kind:
    """All places of one kind: bare folded name -> keys; and for each key how it is listed."""

    word: str
    keys: dict[str, list[str]]
    said: dict[str, str]
    types: dict[str, str]
    complete: bool

    def exact(self, bare: str) -> list[str]:
        """Return the keys of this very name."""
        return self.keys.get(bare, [])

    def find(self, query: str, bare: str, types: Sequence[str] = ()) -> str:
        """Return the one key a name means: exact, the beginning of one name, or with a small typing error.

        `types`: only these kinds of association. Raises PlaceError that lists what it could mean.
        """
        near = process.extract(bare, list(self.keys), scorer=OSA.distance, limit=5, score_cutoff=3)
        slips = [name for name, errors, _ in near if _is_slip(bare, name, int(errors))]
        best = min((errors for name, errors, _ in near if name in slips), default=0)
        longer = [name for name in self.keys if name.startswith(f"{bare} ")]
        tries = [[bare]]
        if self.complete:  # among few shipped places the nearest name can be another Kreis
            tries += [longer, [name for name, errors, _ in near if name in slips and errors == best]]
        for names in tries:
            if found := self._of(names, types):
                return self.only(query, found)
        holding = [name for name in self.keys if f" {bare} " in f" {name} "]  # Neuss: Rhein-Kreis Neuss
        close = self._of([*longer, *holding, *(name for name, _, _ in near)], types)
        meant = f"\nÄhnlich heißen:\n{self.listed(close)}" if close else ""
        if self.complete:
            raise PlaceError(f"{self.word} „{query}“ steht nicht im Gemeindeverzeichnis.{meant}")
        where = "gehört nicht zu den mitgelieferten Orten"
        raise PlaceError(f"{self.word} „{query}“ {where}.{meant}\n{HOW_TO_GET_ALL}")

    def only(self, query: str, keys: Sequence[str]) -> str:
        """Return the one key, or list all that are meant."""
        if len(keys) == 1:
            return keys[0]
        raise PlaceError(f"„{query}“ ist nicht eindeutig. Nennen Sie den Schlüssel:\n{self.listed(keys)}")

    def listed(self, keys: Iterable[str]) -> str:
        """Return one line per key; the first twenty."""
        return "\n".join(f"  {key}  {self.said[key]}" for key in list(keys)[:SHOWN])

    def _of(self, names: Iterable[str], types: Sequence[str]) -> list[str]:
        found = dict.fromkeys(key for name in names for key in self.keys.get(name, []))
        return [key for key in found if not types or self.types[key] in types]


def kreise(names: pd.Series, *, complete: bool) -> Kind:
    """Index Kreise: `names` by key. `Wetteraukreis` is found as `Kreis Wetterau` too."""
    keys: dict[str, list[str]] = defaultdict(list)
    for key, name in names.items():
        whole = fold(str(name))
        bare = KREIS_WORDS.sub("", whole)
        for text in {whole, bare, re.sub(r"\s?kreis$", "", bare)}:
            keys[text].append(str(key))
    said = {str(key): str(name) for key, name in names.items()}
    return Kind("Ein Kreis", dict(keys), said, {}, complete)


def associations(table: pd.DataFrame, *, complete: bool) -> Kind:
    """Index the associations of municipalities, each under its name without the word for its kind."""
    rows = table[table["association_key"].notna()].drop_duplicates("association_key")
    keys: dict[str, list[str]] = defaultdict(list)
    said, types = {}, {}
    columns = ["association_key", "association", "association_type", "kreis"]
    for key, official, kind, kreis in rows[columns].itertuples(index=False, name=None):
        name = association_name(official, kind)
        for text in {name, re.sub(r"\s*\(.*\)$", "", name)}:
            keys[WORD.sub("", fold(text))].append(key)
        said[key], types[key] = f"{name} ({kreis})", kind
    return Kind("Ein Gemeindeverband", dict(keys), said, types, complete)


def refuse_key(query: str, digits: str, kreise: Kind, verbaende: Kind, table: pd.DataFrame) -> NoReturn:
    """Say why a number is the key of no place: a lost zero, a municipality in no association, a wrong length.

    `table`: the municipalities and areas of the register in use, by AGS.
    """
    known = {**kreise.said, **verbaende.said}
    if (whole := f"0{digits}") in known:
        raise PlaceError(
            f"„{query}“ hat {len(digits)} Ziffern; vermutlich fehlt die führende Null. "
            f"Richtig wäre {whole}: {known[whole]}."
        )
    if len(digits) not in {5, 9}:
        raise PlaceError(f"„{query}“ hat {len(digits)} Ziffern. {FORMS}")
    ags = digits[:5] + digits[6:]
    if len(digits) == 9 and digits[5] in "09" and ags in table.index:
        name = table["short_name"][ags]
        raise PlaceError(f"{digits} ist kein Gemeindeverband. Der Schlüssel von „{name}“ ist {ags}.")
    kind = kreise if len(digits) == 5 else verbaende
    near = process.extract(digits, list(kind.said), scorer=OSA.distance, score_cutoff=1, limit=5)
    meant = f"\nEine Ziffer anders:\n{kind.listed([key for key, _, _ in near])}" if near else ""
    hint = " Postleitzahlen sind keine Schlüssel." if len(digits) == 5 else ""
    said = f"{kind.word} mit dem Schlüssel {digits}"
    if kind.complete:
        raise PlaceError(f"{said} steht nicht im Gemeindeverzeichnis.{hint}{meant}")
    raise PlaceError(f"{said} gehört nicht zu den mitgelieferten Orten.{hint}{meant}\n{HOW_TO_GET_ALL}")


def _is_slip(text: str, name: str, errors: int) -> bool:
    return errors <= 1 or (errors == 2 and len(text) >= TWO_ERRORS_FROM and name[:1] == text[:1])
