"""Makes a value out of what stands in one cell, or says in German why that cannot be done. Never guesses."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from transferkit.errors import PlaceError
from transferkit.knowledge import place, register
from transferkit.knowledge.workbook.form import Field

TEXT_LIMIT = 2_000
YEARS = range(1900, 2101)
PLACE_KEY = re.compile(r"(0[1-9]|1[0-6])(\d{3}|\d{6}|\d{7})")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
GROUPED = {",": r"\d{1,3}(\.\d{3})+", ".": r"\d{1,3}(,\d{3})+"}
FIT_BOTH = re.compile(r"\d{1,3}[.,]\d{3}")


class ComplaintError(ValueError):
    """What to do about a cell that cannot be read."""


@dataclass(frozen=True)
class Cell:
    """A cell as the workbook holds it. `percent`: shown as a percentage, so 12,5 % is stored as 0.125."""

    value: object
    kind: Literal["text", "number", "date", "truth", "formula", "error"]
    percent: bool = False

    @property
    def shown(self) -> str:
        if isinstance(self.value, datetime.datetime | datetime.date):
            return self.value.strftime("%d.%m.%Y")
        if isinstance(self.value, float):
            return str(self.value).replace(".", ",")
        return str(self.value)


def convert(field: Field, cell: Cell, decimal: str | None) -> str | float | None:
    """The value of a cell for this field, None if nothing stands there; ComplaintError with the remedy."""
    _refuse_kinds(cell)
    if isinstance(cell.value, str) and not cell.value.strip():
        return None
    match field.kind:
        case "choice":
            return choice(_text(cell), field.choices)
        case "number":
            return number(cell, decimal)
        case "whole":
            return _whole(number(cell, decimal))
        case "day":
            return _day(cell)
        case "moment" | "period":
            return _moment(cell, quarters=field.kind == "period", unknown=field.unknown)
        case "place":
            return _place(cell)
    text = _text(cell)
    if field.words and len(text.split()) > field.words:
        raise ComplaintError(
            f"Der Text hat {len(text.split())} Wörter, erlaubt sind {field.words}. Bitte kürzen Sie."
        )
    if len(text) > TEXT_LIMIT:
        raise ComplaintError(
            f"Der Text hat {len(text)} Zeichen, erlaubt sind {TEXT_LIMIT}. Bitte kürzen Sie."
        )
    return text


def _refuse_kinds(cell: Cell) -> None:
    if cell.kind == "formula":
        raise ComplaintError(
            "Hier steht eine Formel. Ersetzen Sie sie durch ihren Wert (Kopieren, Einfügen als Wert). "
            "Soll ein Text mit = beginnen, formatieren Sie die Zelle vorher als Text."
        )
    if cell.kind == "error":
        raise ComplaintError("Hier steht ein Fehlerwert von Excel. Bitte tragen Sie den richtigen Wert ein.")
    if cell.kind == "truth":
        raise ComplaintError(
            "Excel hat daraus einen Wahrheitswert gemacht. Formatieren Sie die Zelle als Text."
        )


def _text(cell: Cell) -> str:
    if cell.kind == "date":
        raise ComplaintError(
            "Excel hat daraus ein Datum gemacht. Formatieren Sie die Zelle als Text, und tippen Sie den "
            "Eintrag neu."
        )
    if isinstance(cell.value, float) or cell.percent:
        raise ComplaintError(
            "Excel hat daraus eine Zahl gemacht. Formatieren Sie die Zelle als Text, und tippen Sie den "
            "Eintrag neu."
        )
    text = str(cell.value).replace("\r\n", "\n").replace("\r", "\n").strip()
    if CONTROL.search(text):
        raise ComplaintError("Der Text enthält unsichtbare Steuerzeichen. Bitte tippen Sie ihn neu.")
    return text


def choice(text: str, choices: Mapping[str, str]) -> str:
    """The key of a label (or the key itself); case and spacing do not matter."""
    spelt = {_plain(label): key for key, label in choices.items()} | {_plain(key): key for key in choices}
    if _plain(text) in spelt:
        return spelt[_plain(text)]
    near = get_close_matches(text, list(choices.values()), n=1, cutoff=0.6)
    if near:
        raise ComplaintError(f"Das steht nicht in der Liste. Meinten Sie „{near[0]}“?")
    allowed = f" Möglich sind: {', '.join(choices.values())}." if len(choices) <= 12 else ""
    raise ComplaintError(f"Das steht nicht in der Liste. Bitte wählen Sie einen Eintrag aus.{allowed}")


def number(cell: Cell, decimal: str | None) -> float:
    """A number as it is; text by the declared decimal sign; undeclared, only one reading may be possible."""
    if cell.kind == "date":
        raise ComplaintError(
            "Excel hat daraus ein Datum gemacht. Formatieren Sie die Zelle als Zahl, und tippen Sie den "
            "Wert neu."
        )
    if isinstance(cell.value, int | float):
        if cell.percent:
            raise ComplaintError(
                "Die Zelle ist als Prozent formatiert; gespeichert ist ein Hundertstel. Formatieren Sie "
                "sie als "
                "Zahl, und tippen Sie den Wert ohne Prozentzeichen."
            )
        return float(cell.value)
    text = re.sub(r"[\s\u00a0\u202f\u2009]", "", str(cell.value)).replace("−", "-")
    sign = -1 if text.startswith("-") else 1
    digits = text[1:] if text.startswith(("+", "-")) else text
    readings = {mark: _read(digits, mark) for mark in (",", ".")}
    possible = {mark: value for mark, value in readings.items() if value is not None}
    if not possible:
        raise ComplaintError(
            "Das ist keine Zahl. Schreiben Sie nur die Zahl, zum Beispiel 1234,5; die Einheit steht daneben."
        )
    if decimal is not None and decimal not in possible:
        other = "Komma" if decimal == "." else "Punkt"
        raise ComplaintError(
            "Mit dem angegebenen Dezimalzeichen ist das keine Zahl. Schreiben Sie sie um, oder wählen Sie "
            f"„{other}“."
        )
    if decimal is None and len(set(possible.values())) > 1:
        raise ComplaintError(
            f"Das ist mehrdeutig: Es kann {_german(possible[','])} oder {_german(possible['.'])} heißen. "
            "Geben Sie das Dezimalzeichen an, oder tippen Sie die Zahl ohne Tausenderzeichen als Zahl."
        )
    return sign * (possible[decimal] if decimal else next(iter(possible.values())))


def _read(digits: str, decimal: str) -> float | None:
    fits = re.fullmatch(rf"(\d+|{GROUPED[decimal]})({re.escape(decimal)}\d+)?", digits)
    thousands = "." if decimal == "," else ","
    return float(digits.replace(thousands, "").replace(decimal, ".")) if fits else None


def _german(value: float) -> str:
    return f"{value:.15g}".replace(".", ",")


def _whole(value: float) -> int:
    if value != int(value):
        raise ComplaintError("Erwartet wird eine ganze Zahl.")
    return int(value)


def _day(cell: Cell) -> str:
    text = _moment(cell, quarters=False, unknown=False)
    if len(text) != 10:
        raise ComplaintError("Das Datum ist nicht vollständig. Schreiben Sie es so: 22.11.2026.")
    return text


def _moment(cell: Cell, *, quarters: bool, unknown: bool) -> str:
    """JJJJ, JJJJ-MM, JJJJ-MM-TT or, of quarters, JJJJ-Qn; German spellings become these."""
    if isinstance(cell.value, datetime.datetime):
        if cell.value.time() != datetime.time(0):
            raise ComplaintError("Hier steht auch eine Uhrzeit. Bitte schreiben Sie nur das Datum.")
        return cell.value.date().isoformat()
    if isinstance(cell.value, datetime.date):
        return cell.value.isoformat()
    text = SPACES.sub(" ", str(cell.value)).strip()
    if unknown and text.casefold() == "unbekannt":
        return "unbekannt"
    if quarters and (
        found := re.fullmatch(r"(\d{4})[ -/]?Q([1-4])|Q([1-4])[ -/]?(\d{4})|([1-4])\. Quartal (\d{4})", text)
    ):
        year = found[1] or found[4] or found[6]
        return f"{_year(year)}-Q{found[2] or found[3] or found[5]}"
    if re.fullmatch(r"\d{4}", text):
        return _year(text)
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})", text) or re.fullmatch(
        r"(?P<m>\d{1,2})[./](?P<y>\d{4})", text
    ):
        year, month = (found["y"], found["m"]) if "y" in found.groupdict() else (found[1], found[2])
        if not 1 <= int(month) <= 12:
            raise ComplaintError("Den Monat gibt es nicht. Schreiben Sie zum Beispiel 11/2026.")
        return f"{_year(year)}-{int(month):02}"
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
        return _date(found[1], found[2], found[3])
    if found := re.fullmatch(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})", text):
        return _date(found[3], found[2], found[1])
    examples = "22.11.2026 oder 2026-11-22, 11/2026, 2026" + (", 1. Quartal 2026" if quarters else "")
    more = " oder „unbekannt“" if unknown else ""
    raise ComplaintError(f"Das ist kein eindeutiges Datum. Schreiben Sie es so: {examples}{more}.")


def _year(text: str) -> str:
    if int(text) not in YEARS:
        raise ComplaintError(f"Das Jahr liegt nicht zwischen {YEARS[0]} und {YEARS[-1]}.")
    return text


def _date(year: str, month: str, day: str) -> str:
    try:
        return datetime.date(int(_year(year)), int(month), int(day)).isoformat()
    except ValueError as error:
        if isinstance(error, ComplaintError):
            raise
        raise ComplaintError("Diesen Tag gibt es nicht im Kalender.") from error


def _place(cell: Cell) -> str:
    """A key of 8 (municipality), 5 (Kreis) or 9 digits (association), or several joined by +."""
    if isinstance(cell.value, int) and len(str(cell.value)) in {4, 7}:
        raise ComplaintError(
            f"Die führende Null fehlt. Formatieren Sie die Zelle als Text, und schreiben Sie 0{cell.value}."
        )
    keys = re.sub(r"\s", "", _text(cell)).split("+")
    return "+".join(_known_place(key) for key in keys)


def _known_place(key: str) -> str:
    try:
        found = place.place(key)
    except PlaceError as error:
        if PLACE_KEY.fullmatch(key) and not register.is_complete():
            return key  # the shipped places are few: what is not among them may well exist
        raise ComplaintError(f"{error} Erwartet wird ein Schlüssel wie 09181121.") from error
    if str(found.name) != key:
        raise ComplaintError(f"Bitte schreiben Sie den Schlüssel: {found.name} ({found['short_name']}).")
    return key


def _plain(text: str) -> str:
    return SPACES.sub(" ", text).strip().casefold()
