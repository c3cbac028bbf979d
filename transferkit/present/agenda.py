"""The agenda of a workshop as facilitators and participants see it."""

from __future__ import annotations

from typing import Protocol

import pandas as pd
from markupsafe import Markup

from transferkit.origin import of
from transferkit.present import german, tables
from transferkit.present.block import Block, fragment, source_marks
from transferkit.present.records import Row, records

DASH = "–\u2060"  # with a word joiner: two times stay on one line
SITUATIONS = ("projector", "network", "time", "people")  # in this order


class Planned(Protocol):
    """What is shown of an agenda."""

    @property
    def rows(self) -> pd.DataFrame: ...
    @property
    def materials(self) -> tuple[str, ...]: ...
    @property
    def fallbacks(self) -> pd.DataFrame: ...
    @property
    def notes(self) -> tuple[str, ...]: ...


def table(planned: Planned) -> Block | None:
    """When what happens, to the minute."""
    rows = records(planned.rows)
    said = pd.DataFrame(
        {
            "when": [f"{row['start']}{DASH}{row['end']}" for row in rows],
            "minutes": [row["minutes"] for row in rows],
            "what": [_what(row, before) for row, before in zip(rows, [None, *rows], strict=False)],
        },
        dtype=object,  # a text column would turn markup into plain text
    ).astype({"minutes": int})
    total = german.number(said["minutes"].sum())
    columns = {"when": "Uhrzeit", "minutes": "Minuten", "what": "Was geschieht"}
    timing = "Zeiten ohne Quelle sind eigene Einschätzung."
    return tables.table(
        said, columns, "Ablauf", subtitle=f"Zusammen {total} Minuten. {timing}", origin=of(planned.rows)
    )


def overview(planned: Planned) -> Block | None:
    """The agenda in large pieces, as people who take part want it: one line per method and break."""
    shown = planned.rows[planned.rows["kind"] != "buffer"]
    piece = (shown["title_de"] != shown["title_de"].shift()).cumsum()
    pieces = shown.groupby(piece).agg(
        start=("start", "first"), end=("end", "last"), what=("title_de", "first")
    )
    said = pieces.assign(when=pieces["start"] + DASH + pieces["end"])
    return tables.table(said, {"when": "Uhrzeit", "what": "Was"}, "Ablauf", origin=of(planned.rows))


def materials(planned: Planned) -> Block:
    """What to bring, as a list to tick off, and what does not fit the group."""
    return fragment("agenda-materials", materials=planned.materials, notes=planned.notes)


def fallbacks(planned: Planned) -> Block:
    """What to do if something fails: for everything, and for single methods."""
    names = dict(planned.rows[["method_id", "title_de"]].dropna().to_numpy())
    rows = [row | {"method": names.get(row["method_id"])} for row in records(planned.fallbacks)]
    rows.sort(key=lambda row: (SITUATIONS.index(row["situation"]), row["method"] or ""))
    told = [f"{row['method']}: {row['text_de']}" if row["method"] else row["text_de"] for row in rows]
    said = pd.DataFrame({"situation": [row["situation_de"] for row in rows], "what": told})
    block = tables.table(
        said,
        {"situation": "Wenn", "what": "Dann"},
        "Wenn etwas ausfällt",
        subtitle="Eigene Einschätzung.",
        origin=of(planned.fallbacks),
    )
    return block or tables.prose()


def _what(row: Row, before: Row | None) -> Markup:
    """The step, after the name of its method where a new one begins."""
    new = before is None or before["title_de"] != row["title_de"]
    name = Markup("<strong>{}</strong><br>").format(row["title_de"]) if new else Markup("")
    return name + Markup("{}{}").format(row["text_de"], source_marks(row["source_ids"]))
