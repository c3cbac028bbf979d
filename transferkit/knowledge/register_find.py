"""Finds one municipality by key or by name, or says what is wrong with the question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NoReturn

import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA

from transferkit.errors import PlaceError
from transferkit.knowledge import changes as change_lists
from transferkit.knowledge.register_names import Former, Names, fold
from transferkit.knowledge.register_store import HOW_TO_GET_ALL

KREIS_WORDS: Final = re.compile(r"^(landkreis|kreis|lkr|lk)\b\s*")
# Words people put before a name, and that are no part of it.
TITLES: Final = re.compile(
    r"^(kreisfreie stadt|landeshauptstadt|hansestadt|universitaetsstadt|stadt|gemeinde|markt|flecken)\s+"
)
TWO_ERRORS_FROM: Final = 8  # letters


def find_by_name(names: Names, query: str) -> str:
    """Return the key of the municipality a name means, or raise PlaceError with what it could mean.

    Tried in turn: the name; without a title such as `Stadt`; with a Kreis, Land or key after a comma or in
    brackets; abbreviated; the beginning of exactly one name; with one typing error (two from 8 letters on, if
    the first letter is right). The last two only in the complete register: among the shipped places the
    nearest name can be another town's.
    """
    folded = fold(query)
    _refuse_kreis(names, query, folded)
    for text in (folded, TITLES.sub("", folded)):
        if keys := names.called(text):
            return _only(names, query, keys)
    name, place = _split(query)
    said = TITLES.sub("", fold(name))
    if place and (keys := [*names.called(said), *names.beginning_with(said)]):
        return _in_place(names, query, keys, place)
    if keys := names.abbreviated(folded):
        return _only(names, query, keys)
    if (area := names.areas.get(folded)) is not None:
        refuse_area(names, area)
    if (former := names.former.get(folded)) is not None:
        _refuse_former(names, former)
    longer = names.beginning_with(folded)
    near = names.like(folded)
    if names.complete and longer:
        return _only(names, query, longer)
    if names.complete and near and _is_slip(folded, *near[0]):
        best = [key for text, errors in near if errors == near[0][1] for key in names.short[text]]
        return _only(names, query, best)
    close = [*longer, *(key for text, _ in near for key in names.short[text])]
    _refuse_unknown(names, f"Eine Gemeinde „{query}“", "Ähnlich heißen", close)


def find_by_key(names: Names, query: str, digits: str, changes: pd.DataFrame) -> str:
    """Return the AGS for an AGS (8 digits) or ARS (12 digits), or raise PlaceError: a lost zero, a Kreis,
    a key that is gone (its successor is named), an unknown number."""
    keys = names.table.index
    # The AGS stays when a place changes its association, the ARS does not: only its AGS part counts.
    ags = digits[:5] + digits[9:] if len(digits) == 12 else digits
    if ags in keys:
        if not names.table.at[ags, "is_municipality"]:
            refuse_area(names, ags)
        return ags
    if len(ags) == 8 and (found := change_lists.successors(changes, ags, keys)):
        gone = changes.loc[changes["old_ags"] == ags, "old_name"]
        _refuse_former(names, Former(ags, str(gone.iloc[0]), tuple(found)))
    _refuse_key(names, query, digits, ags)


def refuse_area(names: Names, key: str) -> NoReturn:
    """Say that a key or name belongs to an area without municipality."""
    raise PlaceError(
        f"„{names.table['official_name'][key]}“ ({key}) ist ein gemeindefreies Gebiet, keine Gemeinde. "
        "Einen Leitfaden gibt es nur für Gemeinden."
    )


def _refuse_former(names: Names, former: Former) -> NoReturn:
    today = f"\nHeute gehört das Gebiet zu:\n{names.listed(former.today)}" if former.today else ""
    raise PlaceError(f"„{former.name}“ ({former.ags}) gibt es unter diesem Schlüssel nicht mehr.{today}")


def _refuse_kreis(names: Names, query: str, folded: str) -> None:
    bare = KREIS_WORDS.sub("", folded)
    said_kreis = bool(bare) and bare != folded
    asked = (folded, bare, f"landkreis {bare}", f"kreis {bare}") if said_kreis else (folded,)
    hit = next((names.kreise[text] for text in asked if text in names.kreise), None)
    if not said_kreis and (hit is None or folded in names.short):
        return
    same_name = names.short.get(bare, []) if said_kreis else []
    same = f"\nGemeinden dieses Namens:\n{names.listed(same_name)}" if same_name else ""
    if hit is None:
        raise PlaceError(f"„{query}“ nennt einen Kreis. Nennen Sie Namen oder AGS einer Gemeinde.{same}")
    key, name = hit
    table = names.table
    some = table[table["is_municipality"] & (table["kreis_key"] == key)].nlargest(3, "population")
    examples = f", zum Beispiel {', '.join(some['short_name'])}" if len(some) else ""
    raise PlaceError(
        f"„{name}“ ({key}) ist ein Kreis, keine Gemeinde. Nennen Sie eine Gemeinde{examples}.{same}"
    )


def _split(query: str) -> tuple[str, str]:
    """Split `Neuenkirchen, Kreis Stade` and `Neuenkirchen (Heidekreis)` into the name and where it is."""
    match = re.fullmatch(r"\s*(.+?)\s*(?:\(([^()]+)\)|,\s*(.+?))\s*", query)
    return (match[1], match[2] or match[3]) if match else (query, "")


def _in_place(names: Names, query: str, keys: Sequence[str], place: str) -> str:
    wanted = KREIS_WORDS.sub("", fold(place))
    found = []
    for key in dict.fromkeys(keys):
        row = names.table.loc[[key]].iloc[0]
        levels = (row[level] for level in ("kreis", "land", "association") if pd.notna(row[level]))
        if wanted in {key, row["kreis_key"]} or any(
            f" {wanted} " in f" {fold(str(level))} " for level in levels
        ):
            found.append(key)
    if not found:
        raise PlaceError(f"„{query}“ gibt es dort nicht. Gemeinden dieses Namens:\n{names.listed(keys)}")
    return _only(names, query, found)


def _is_slip(folded: str, name: str, errors: int) -> bool:
    return errors <= 1 or (errors == 2 and len(folded) >= TWO_ERRORS_FROM and name[:1] == folded[:1])


def _only(names: Names, query: str, keys: Sequence[str]) -> str:
    different = list(dict.fromkeys(keys))
    if len(different) == 1:
        return different[0]
    raise PlaceError(
        f"„{query}“ kann {len(different)} Gemeinden meinen. Nennen Sie den Kreis dazu oder den Amtlichen "
        f"Gemeindeschlüssel (AGS):\n{names.listed(different)}"
    )


def _refuse_key(names: Names, query: str, digits: str, ags: str) -> NoReturn:
    table = names.table
    if len(digits) in {7, 11}:
        right = f"0{digits}"
        restored = right if len(right) == 8 else right[:5] + right[9:]
        place = f": {names.described(restored)}" if restored in table.index else ""
        raise PlaceError(
            f"„{query}“ hat {len(digits)} Ziffern; vermutlich fehlt die führende Null. "
            f"Richtig wäre {right}{place}."
        )
    kreise = dict(names.kreise.values())
    if digits in kreise:
        raise PlaceError(
            f"{digits} ist der Kreisschlüssel: {kreise[digits]}. Der AGS einer Gemeinde hat 8 Ziffern."
        )
    if len(digits) not in {8, 12}:
        raise PlaceError(
            f"„{query}“ hat {len(digits)} Ziffern. Ein Amtlicher Gemeindeschlüssel (AGS) hat 8, "
            "ein Regionalschlüssel (ARS) 12 Ziffern. Postleitzahlen gehören oft zu mehreren Gemeinden."
        )
    real = list(table.index[table["is_municipality"]])
    near = process.extract(ags, real, scorer=OSA.distance, score_cutoff=1, limit=5)
    what = f"Der Amtliche Gemeindeschlüssel {ags}"
    _refuse_unknown(names, what, "Eine Ziffer anders", [key for key, _, _ in near])


def _refuse_unknown(names: Names, what: str, label: str, near: Sequence[str]) -> NoReturn:
    meant = f"\n{label}:\n{names.listed(near)}" if near else ""
    if names.complete:
        day = names.table["register_date"].max()
        raise PlaceError(f"{what} steht nicht im Gemeindeverzeichnis (Gebietsstand {day:%d.%m.%Y}).{meant}")
    raise PlaceError(f"{what} gehört nicht zu den mitgelieferten Orten.{meant}\n{HOW_TO_GET_ALL}")
