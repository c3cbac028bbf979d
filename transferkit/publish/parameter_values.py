"""What a declared parameter is, and which values it accepts.

Text from a command line, a table or an address is read by the declared type: "007" stays "007" for str.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime

from transferkit.errors import ParameterError
from transferkit.project import meant

# What a literal of Python, a page and an Office file can hold alike; nobody types it on purpose.
INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
LONGEST_NUMBER = 18  # digits; beyond, numbers are no longer exact elsewhere

BASES = {
    "str": "ein Text",
    "int": "eine ganze Zahl",
    "float": "eine Zahl",
    "bool": "ja oder nein",
    "date": "ein Datum",
}


@dataclass(frozen=True)
class Parameter:
    """One declared parameter: `base` is str, int, float, bool or date (ISO text); `choices` of a Literal."""

    name: str
    base: str
    default: object
    help: str
    optional: bool = False
    many: bool = False
    choices: tuple[str | int, ...] = ()


def accepted(parameter: Parameter, value: object) -> object:
    """Return `value` as the parameter's type, text read by that type, never guessed; else ParameterError."""
    if value is None or (value == "" and parameter.optional):
        if parameter.optional:
            return None
        raise ParameterError(f"„{parameter.name}“ braucht einen Wert: {BASES[parameter.base]}.")
    if not parameter.many:
        return _accepted_one(parameter, value)
    items = [item.strip() for item in value.split(";") if item.strip()] if isinstance(value, str) else value
    if not isinstance(items, (list, tuple)):
        raise ParameterError(f"„{parameter.name}“ ist eine Liste; als Text mit Semikolon getrennt: a;b.")
    return [_accepted_one(parameter, item) for item in items]


def _accepted_one(parameter: Parameter, value: object) -> object:
    read_text = {"int": _int, "float": _float, "bool": _bool, "date": _date}.get(parameter.base)
    if isinstance(value, str) and read_text:
        value = read_text(parameter.name, value.strip())
    elif isinstance(value, int) and not isinstance(value, bool):
        _refuse_endless(parameter.name, value)
        value = float(value) if parameter.base == "float" else value
    kind = {"str": str, "int": int, "float": float, "bool": bool, "date": str}[parameter.base]
    if type(value) is not kind:
        raise ParameterError(f"„{parameter.name}“ muss {BASES[parameter.base]} sein, nicht {_shown(value)}.")
    if isinstance(value, float) and not math.isfinite(value):
        raise ParameterError(f"„{parameter.name}“ muss eine endliche Zahl sein, nicht {value}.")
    if isinstance(value, str) and INVISIBLE.search(value):
        raise ParameterError(
            f"„{parameter.name}“ enthält unsichtbare Steuerzeichen. Bitte tippen Sie den Wert."
        )
    if parameter.choices and value not in parameter.choices:
        choices = [str(choice) for choice in parameter.choices]
        near = meant(str(value), choices)
        raise ParameterError(f"„{parameter.name}“ kann nicht „{value}“ sein.{near}")
    return value


def _int(name: str, text: str) -> int:
    if not re.fullmatch(r"[+-]?\d+", text):
        raise ParameterError(f"„{name}“ muss eine ganze Zahl ohne Punkt und Komma sein, nicht „{text:.40}“.")
    if len(text) > LONGEST_NUMBER:
        _refuse_endless(name, 10**LONGEST_NUMBER)
    return int(text)


def _refuse_endless(name: str, number: int) -> None:
    if abs(number) >= 10**LONGEST_NUMBER:
        raise ParameterError(
            f"„{name}“ ist zu groß: Möglich sind Zahlen mit bis zu {LONGEST_NUMBER} Stellen."
        )


def _shown(value: object) -> str:
    """What was given, cut short, in letters every terminal can show."""
    return ascii(value)[:80] if INVISIBLE.search(repr(value)) else repr(value)[:80]


def _float(name: str, text: str) -> float:
    """Read a number with decimal comma or point; "1.234" is refused, for it is 1234 to a German reader."""
    if not re.fullmatch(r"[+-]?\d+([.,]\d+)?", text) or len(text) > 2 * LONGEST_NUMBER:
        raise ParameterError(
            f"„{name}“ muss eine Zahl ohne Tausenderpunkte sein, zum Beispiel 1234,5; nicht „{text}“."
        )
    if re.fullmatch(r"[+-]?\d{1,3}\.\d{3}", text):
        raise ParameterError(
            f"„{name}“: „{text}“ ist nicht eindeutig. Schreiben Sie {text.replace('.', '')} "
            f"oder {text.replace('.', ',')}."
        )
    return float(text.replace(",", "."))


def _bool(name: str, text: str) -> bool:
    words = {"ja": True, "nein": False, "true": True, "false": False}
    if text.lower() not in words:
        raise ParameterError(f"„{name}“ muss ja oder nein sein, nicht „{text}“.")
    return words[text.lower()]


def _date(name: str, text: str) -> str:
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            day: date = datetime.strptime(text, form).date()
        except ValueError:
            continue
        return day.isoformat()
    raise ParameterError(f"„{name}“ muss ein Datum sein, zum Beispiel 22.11.2026, nicht „{text}“.")
