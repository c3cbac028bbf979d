"""What the data does not know, in German sentences and tables."""

from __future__ import annotations

from datetime import date

import pandas as pd

from transferkit.present import german, tables
from transferkit.present.block import Block


def size(frame: pd.DataFrame) -> Block:
    """What the data holds; `frame`: one row per model project with `solutions` and `lessons`."""
    solutions, lessons = int(frame["solutions"].sum()), int(frame["lessons"].sum())
    return tables.prose(
        f"Aus {len(frame)} Modellprojekten stehen hier {german.number(solutions)} Lösungen und "
        f"{german.number(lessons)} Erfahrungen."
    )


def projects(frame: pd.DataFrame) -> Block:
    """How many model projects have solutions and lessons, and which have no lesson.

    `frame`: one row per project with `name`, `solutions`, `lessons`.
    """
    total, silent = len(frame), frame[frame["lessons"] == 0]
    told = total - len(silent)
    described = int((frame["solutions"] > 0).sum())
    sentences = [
        f"Zu {described} von {total} Modellprojekten steht mindestens eine Lösung in den Daten, zu {told} "
        "auch eine Erfahrung: ein Erfolgsfaktor oder eine Stolperfalle."
    ]
    if len(silent):
        names = german.enumerate_words(sorted(silent["name"].astype(str)))
        sentences.append(f"Keine Erfahrung gibt es zu {names}. Das sagt nichts über diese Projekte.")
    return tables.prose(*sentences)


def fields(frame: pd.DataFrame, caption: str, subtitle: str) -> Block:
    """How many rows know each field; `frame`: `label`, `known`, `missing`, `examples`."""
    written = [
        "alle" if known == 0 else ", ".join(examples) or "keine"
        for known, examples in zip(frame["known"], frame["examples"], strict=True)
    ]
    columns = {"label": "Angabe", "known": "bekannt", "missing": "fehlt", "written": "Beispiele"}
    return _whole(tables.table(frame.assign(written=written), columns, caption, subtitle=subtitle))


def counts(frame: pd.DataFrame, caption: str, subtitle: str) -> Block:
    """How many rows know each field, without examples."""
    columns = {"label": "Angabe", "known": "bekannt", "missing": "fehlt"}
    return _whole(tables.table(frame, columns, caption, subtitle=subtitle))


def rare(frame: pd.DataFrame) -> Block:
    """The fields that less than a third of the rows know, the rarest first; `frame` as in `counts`."""
    total = int(frame["known"].iloc[0] + frame["missing"].iloc[0])
    few = frame[frame["known"] * 3 < total].sort_values("known", kind="stable")
    named = [f"{label} ({known})" for label, known in few[["label", "known"]].to_numpy()]
    return tables.prose(f"Von {total} Lösungen kennen wir selten: {german.enumerate_words(named)}.")


def basis(frame: pd.DataFrame) -> Block:
    """Who says so, table by table; `frame`: `title`, `rows`, `sourced`, `mixed`, `own`."""
    columns = {
        "title": "Tabelle",
        "rows": "Zeilen",
        "sourced": "belegt",
        "mixed": "Tatsache belegt, Bewertung eigen",
        "own": "eigene Einschätzung",
    }
    return _whole(tables.table(frame, columns, "Wer sagt das? Zeilen je Tabelle"))


def estimates(frame: pd.DataFrame) -> Block:
    """How many figures of effort are our own estimates; `frame`: `title`, `rows`, `own`."""
    columns = {"title": "Tabelle", "rows": "Angaben zum Aufwand", "own": "davon eigene Schätzung"}
    return _whole(tables.table(frame, columns, "Geschätzter Aufwand"))


def years(frame: pd.DataFrame, edition: str) -> Block:
    """How old the status of solutions is at the date of the data; `frame`: `year` ("" if unknown), `rows`."""
    total, undated = int(frame["rows"].sum()), int(frame.loc[frame["year"] == "", "rows"].sum())
    recent = date.fromisoformat(edition).year - 1
    known = pd.to_numeric(frame["year"], errors="coerce")
    older = int(frame.loc[known < recent, "rows"].sum())
    sentence = (
        f"Der Stand jeder Lösung gilt für das Datum ihrer Quelle. Bei {older} von {total} Lösungen stammt er "
        f"aus der Zeit vor {recent}, bei {undated} ist er nicht datiert. Was heute läuft, wissen die "
        "Projekte."
    )
    return tables.prose(sentence)


def sources(found: pd.Series) -> Block:
    """What was read of the sources; `found`: `all`, `undated`, `beginning`, `licence`."""
    return tables.prose(
        f"Ausgewertet wurden {german.number(int(found['all']))} Quellen. Von {found['beginning']} wurde nur "
        f"der Anfang gelesen. {found['undated']} haben kein Datum. Bei {found['licence']} haben wir keine "
        "Angabe zur Lizenz gefunden; von dort stammen nur Tatsachen, in eigenen Worten."
    )


def register(known: int, whole: bool) -> Block:
    """Which municipalities the pages know: all, or those `known` that came with the data."""
    if whole:
        return tables.prose(
            f"Diese Seiten kennen das ganze Gemeindeverzeichnis: {german.number(known)} Orte."
        )
    return tables.prose(
        f"Diese Seiten kennen {german.number(known)} Gemeinden: die Orte der Modellprojekte. Alle anderen "
        "fehlen, bis das amtliche Gemeindeverzeichnis eingelesen ist. Auch als Vergleichskommunen kommen sie "
        "bis dahin nicht vor."
    )


def _whole(block: Block | None) -> Block:
    assert block is not None  # there is a row for each field
    return block
