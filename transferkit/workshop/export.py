"""A session's results as files for others: one JSON file, and CSV files that Excel opens.

What is handed on holds aggregates, released texts and the protocol; no answer of one person.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from transferkit.errors import WorkshopError
from transferkit.workshop import results as reading
from transferkit.workshop.sessions import KINDS

if TYPE_CHECKING:
    from transferkit.workshop.results import Results

# What Excel would take for a formula, the wide letters of East Asian keyboards included.
RISKY = ("=", "+", "-", "@", "\t", "\0", "\r", "\n", "＝", "＋", "－", "＠")


def export(results: Results, folder: Path) -> list[Path]:
    """Write the files into a folder, which is made; returns them. WorkshopError if that is not possible."""
    files = {
        "ergebnisse.json": (reading.as_json(results) + "\n").encode(),
        "verteilungen.csv": _csv(("Frage", "Zeile", "Antwort", "Anzahl", "Anteil"), _distributions(results)),
        "freitexte.csv": _csv(("Frage", "Text"), _texts(results)),
        "protokoll.csv": _csv(("Art", "Text", "Rolle", "Bis"), _protocol(results)),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise WorkshopError(f"{folder} lässt sich nicht schreiben ({error.strerror}).") from error
    return [folder / name for name in files]


def _distributions(results: Results) -> Iterable[Sequence[object]]:
    for one in results.tallies:
        for part in one.parts:
            for bar in part.bars or ():
                yield one.exercise["question"], part.label, bar.label, bar.number, bar.share
            if part.bars is None:
                yield one.exercise["question"], part.label, part.sentence, "", ""


def _texts(results: Results) -> Iterable[Sequence[object]]:
    for one in results.tallies:
        for text in one.texts:
            yield one.exercise["question"], text


def _protocol(results: Results) -> Iterable[Sequence[object]]:
    for entry in results.protocol:
        yield KINDS[entry.kind], entry.text, entry.role, entry.due


def _csv(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """As German Excel reads it: semicolons, decimal commas, UTF-8 with byte order mark."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([[_cell(value) for value in row] for row in rows])
    return stream.getvalue().encode("utf-8-sig")


def _cell(value: object) -> str:
    if isinstance(value, int | float):
        return f"{value:.4f}".rstrip("0").rstrip(".").replace(".", ",")
    text = str(value)
    return f"'{text}" if text.startswith(RISKY) else text
