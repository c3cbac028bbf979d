"""The sources of what was used, with the attribution their licences ask for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from transferkit.errors import DatasetError
from transferkit.knowledge import datasets, register
from transferkit.knowledge.once import once

REGISTER_SOURCE = "destatis-gemeindeverzeichnis"
TITLE = "Gemeindeverzeichnis GV-ISys, Gebietsstand"
DERIVED = ("places", "reference_statistics", "peer_distances")


def cite(*used: str | pd.DataFrame) -> pd.DataFrame:
    """The sources of tables (by name; "register" is the official one) and of rows (by their `source_ids`).

    Columns source_id, title, publisher, date, url, licence, attribution_de; each source once, in the order of
    first use. Raises DatasetError for an unknown table or source.
    """
    keys = list(dict.fromkeys(key for one in used for key in _keys(one)))
    place = _places()
    if lost := [key for key in keys if key not in place]:
        raise DatasetError(f"Diese Quelle gibt es nicht: „{lost[0]}“.", table="sources", value=lost[0])
    cited = datasets.select("sources", ["source_id"], lambda _: pd.Index([place[key] for key in keys]))
    return _with_attribution(
        cited.drop(columns=["accessed_note", "checked"]).reset_index(drop=True),
        any(isinstance(one, str) and one == "register" for one in used),
    )


@once
def _places() -> dict[str, int]:
    """Where in its table each source stands."""
    known = datasets.columns("sources", ["source_id"])["source_id"]
    return dict(zip(known, known.index, strict=True))


def _with_attribution(cited: pd.DataFrame, from_register: bool) -> pd.DataFrame:
    """Say which Gebietsstand was read and changed: that of the register in use, or of the shipped places."""
    official = [key == REGISTER_SOURCE for key in cited["source_id"]]
    attribution = register.attribution()
    said = {"attribution_de": [attribution if one else None for one in official]}
    if from_register and register.is_complete():
        day = pd.Timestamp(register.status().register_date)
        said["title"] = _said(cited["title"], official, f"{TITLE} {day:%d.%m.%Y}")
        said["date"] = _said(cited["date"], official, f"{day:%Y-%m-%d}")
    return cited.assign(**{name: pd.array(cells, dtype="str") for name, cells in said.items()})


def _said(cells: pd.Series, official: Sequence[bool], text: str) -> list[str | None]:
    """The cells, with `text` in the rows of the register."""
    return [text if here else cell for here, cell in zip(official, cells, strict=True)]


def _keys(used: str | pd.DataFrame) -> Iterator[str]:
    if isinstance(used, str):
        if used == "register" or used in DERIVED:
            yield REGISTER_SOURCE
            return
        used = datasets.load(used)
    for column in used.columns:
        if str(column).endswith("source_ids") and not str(column).startswith("inspired_by"):
            for cell in used[column]:
                yield from datasets.split(cell)
