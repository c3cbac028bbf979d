"""The sources of what was used, with the attribution their licences ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from transferkit.errors import DatasetError
from transferkit.knowledge import datasets, register

REGISTER_SOURCE = "destatis-gemeindeverzeichnis"
DERIVED = ("places", "reference_statistics", "peer_distances")


def cite(*used: str | pd.DataFrame) -> pd.DataFrame:
    """The sources of tables (by name; "register" is the official one) and of rows (by their `source_ids`).

    Columns source_id, title, publisher, date, url, licence, attribution_de; each source once, in the order of
    first use. Raises DatasetError for an unknown table or source.
    """
    keys = list(dict.fromkeys(key for one in used for key in _keys(one)))
    known = datasets.columns("sources", ["source_id"])["source_id"]
    place = dict(zip(known, known.index, strict=True))
    if lost := [key for key in keys if key not in place]:
        raise DatasetError(f"Diese Quelle gibt es nicht: „{lost[0]}“.", table="sources", value=lost[0])
    cited = datasets.select("sources", ["source_id"], lambda _: pd.Index([place[key] for key in keys]))
    cited = cited.reset_index(drop=True)
    return _with_attribution(
        cited.drop(columns="accessed_note"), any(isinstance(one, str) and one == "register" for one in used)
    )


def _with_attribution(cited: pd.DataFrame, from_register: bool) -> pd.DataFrame:
    """Say which Gebietsstand was read and changed: that of the register in use, or of the shipped places."""
    official = cited["source_id"] == REGISTER_SOURCE
    cited = cited.assign(
        attribution_de=pd.Series(pd.NA, index=cited.index, dtype="str").mask(official, register.attribution())
    )
    if from_register and register.is_complete():
        day = pd.Timestamp(register.status().register_date)
        title = f"Gemeindeverzeichnis GV-ISys, Gebietsstand {day:%d.%m.%Y}"
        cited.loc[official, ["title", "date"]] = [title, f"{day:%Y-%m-%d}"]
    return cited


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
