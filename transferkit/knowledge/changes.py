"""Reads Gebietsaenderungen: which municipality was dissolved into which, and which key replaced which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import pandas as pd

from transferkit.errors import RegisterError

if TYPE_CHECKING:
    from transferkit.knowledge.workbook import Row

COLUMNS_READ: Final = 13  # the sheet is declared 256 columns wide
COLUMNS: Final = {
    "old_ags": "str",
    "old_name": "str",
    "kind": "str",
    "area_m2": "float64",
    "inhabitants": "float64",
    "new_ags": "str",
    "new_name": "str",
    "date": "datetime64[us]",
}
# 1 Auflösung, 2 Teilausgliederung, 3 Schlüsseländerung, 4 Namensänderung
KINDS: Final = ("1", "2", "3", "4")
KINDS_WITH_SUCCESSOR: Final = ("1", "3")


def change_sheet(sheets: Mapping[str, Sequence[Row]]) -> str | None:
    """Name the sheet with the list of changes, or None if this is another workbook."""
    for title, rows in sheets.items():
        if any("Regionaleinheit" in map(str, row) and "Kennziffer" in map(str, row) for row in rows[:6]):
            return title
    return None


def read(sheets: Mapping[str, Sequence[Row]], source: str) -> pd.DataFrame:
    """Return the changes of municipalities (not of associations) as COLUMNS, in the order of the file."""
    title = change_sheet(sheets)
    rows = sheets[title] if title is not None else ()
    records = []
    for number, row in enumerate(rows, 1):
        if row[1] != "Gemeinde":
            continue
        old, new, kind = str(row[3] or ""), str(row[9] or ""), str(row[5] or "").strip()  # int and text mixed
        if not (_is_ags(old) and _is_ags(new)) or kind not in KINDS:
            raise RegisterError(
                f"„{source}“ ist beschädigt: Zeile {number} nennt AGS „{old}“, „{new}“ und die Art „{kind}“. "
                "Richtig wären je 8 Ziffern und eine Art von 1 bis 4. Die Datei wird nicht übernommen."
            )
        records.append(
            (old, str(row[4] or ""), kind, _number(row[6]), _number(row[7]), new, str(row[10] or ""), row[12])
        )
    if not records:
        raise RegisterError(f"„{source}“ enthält keine Gebietsänderung einer Gemeinde.")
    table = pd.DataFrame(records, columns=list(COLUMNS))
    table["date"] = pd.to_datetime(table["date"], format="%d.%m.%Y", errors="coerce")
    return table.astype(COLUMNS)


def empty() -> pd.DataFrame:
    """Return a list without any change."""
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in COLUMNS.items()})


def joined(lists: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return several lists as one, each change once, ordered by date."""
    filled = [table for table in lists if not table.empty]
    if not filled:
        return empty()
    return pd.concat(filled).drop_duplicates().sort_values("date", kind="stable", ignore_index=True)


def predecessors(changes: pd.DataFrame, ags: str) -> pd.DataFrame:
    """Return the rows in which other municipalities became, or joined, this one."""
    became = changes["kind"].isin(KINDS_WITH_SUCCESSOR) & (changes["new_ags"] == ags)
    return changes[became & (changes["old_ags"] != ags)]


def successors(changes: pd.DataFrame, ags: str, existing: Iterable[str]) -> list[str]:
    """Follow the changes from a key that is gone to the keys of today; empty if the lists do not know it."""
    today, seen, found = set(existing), {ags}, []
    waiting = [ags]
    while waiting:
        step = waiting.pop(0)
        rows = changes[(changes["old_ags"] == step) & changes["kind"].isin(KINDS_WITH_SUCCESSOR)]
        for new in rows["new_ags"].unique():
            if new in seen:
                continue
            seen.add(new)
            if new in today:
                found.append(str(new))
            else:
                waiting.append(str(new))
    return found


def _is_ags(text: str) -> bool:
    return len(text) == 8 and text.isascii() and text.isdigit()


def _number(cell: object) -> float:
    return float(str(cell)) if cell not in (None, "") else float("nan")
