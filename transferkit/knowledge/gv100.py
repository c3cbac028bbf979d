"""Reads GV100AD, the fixed-width text of the official register: 220 characters a line, UTF-8 or ISO-8859-1.

Layout: Destatis, Datensatzbeschreibung GV100AD. Positions below are Python slices (0-based, end excluded).
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

import pandas as pd

from transferkit.errors import RegisterError
from transferkit.knowledge.register_file import RECORDS, ROW_COLUMNS, Fault, RegisterFile

WIDTH: Final = 220
FIELDS: Final = {
    "type_code": slice(122, 124),
    "land": slice(10, 12),
    "district": slice(12, 13),
    "kreis": slice(13, 15),
    "municipality": slice(15, 18),
    "association": slice(18, 22),
    "name": slice(22, 72),
}
# Which key fields a record must carry, in digits; fields it must not carry are blank.
KEYS: Final = {
    "10": ("land",),
    "20": ("land", "district"),
    "30": ("land", "district"),
    "40": ("land", "district", "kreis", "type_code"),
    "50": ("land", "district", "kreis", "association", "type_code"),
    "60": ("land", "district", "kreis", "municipality", "association", "type_code"),
}
LABELS: Final = {
    "land": "Land",
    "district": "Regierungsbezirk",
    "kreis": "Kreis",
    "municipality": "Gemeinde",
    "association": "Gemeindeverband",
    "type_code": "Textkennzeichen",
}
NUMBERS: Final = {
    "Fläche": slice(128, 139),
    "Bevölkerung": slice(139, 150),
    "Bevölkerung männlich": slice(150, 161),
}
START: Final = re.compile(rb"[1-6]0\d{8}")


def looks_like_gv100(data: bytes) -> bool:
    """Tell by content, not by name: most of the first lines start with a Satzart and a date."""
    head = data.removeprefix(b"\xef\xbb\xbf")[:50_000].splitlines()[:200]
    return bool(head) and sum(bool(START.match(line)) for line in head) > len(head) / 2


def read(data: bytes, source: str) -> RegisterFile:
    """Read a text file; lines that cannot be read are listed in `faults`, not skipped silently."""
    lines, faults = _lines(data)
    date = _common_date(lines, source)
    rows = []
    for number, line in lines:
        where = f"Zeile {number}"
        found = _line_faults(where, line, date, last=number == lines[-1][0])
        faults.extend(found)
        if not found:
            rows.append(_row(where, line))
    return RegisterFile(
        source=source,
        is_text=True,
        register_date=pd.Timestamp(f"{date[:4]}-{date[4:6]}-{date[6:]}"),
        population_date=None,  # the text format has no field for it
        census="",
        published="",
        rows=pd.DataFrame(rows, columns=list(ROW_COLUMNS)),
        faults=tuple(faults),
    )


def _lines(data: bytes) -> tuple[list[tuple[int, str]], list[Fault]]:
    """Decode first, slice after: one line is 220 characters, but more bytes.

    Files up to about 2019 are ISO-8859-1. A single broken byte in a UTF-8 file must not turn the whole file
    into wrong letters, so the encoding is that of most lines with letters beyond ASCII.
    """
    raw = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").split(b"\n")
    if raw and not raw[-1]:
        raw.pop()
    decoded = [_utf8(line) for line in raw]
    beyond_ascii = [text is not None for text, line in zip(decoded, raw, strict=True) if not line.isascii()]
    if beyond_ascii and sum(beyond_ascii) * 2 < len(beyond_ascii):
        return [(number, line.decode("iso-8859-1")) for number, line in enumerate(raw, 1)], []
    readable = [(number, text) for number, text in enumerate(decoded, 1) if text is not None]
    broken = [
        Fault(f"Zeile {number}", "enthält ein Zeichen, das kein gültiges UTF-8 ist.")
        for number, text in enumerate(decoded, 1)
        if text is None
    ]
    return readable, broken


def _utf8(line: bytes) -> str | None:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _common_date(lines: list[tuple[int, str]], source: str) -> str:
    """Return the Gebietsstand of most lines (YYYYMMDD); single other dates are faults of their lines."""
    for date, _ in Counter(line[2:10] for _, line in lines).most_common():
        if re.fullmatch(r"\d{8}", date) and not pd.isna(
            pd.to_datetime(date, format="%Y%m%d", errors="coerce")
        ):
            return date
    raise RegisterError(
        f"„{source}“ nennt keinen Gebietsstand. Richtig wäre JJJJMMTT an Stelle 3 bis 10 jeder Zeile."
    )


def _line_faults(where: str, line: str, date: str, *, last: bool) -> list[Fault]:
    if len(line) != WIDTH:
        cut = " Die Datei endet hier; sie wurde vermutlich nicht ganz heruntergeladen." if last else ""
        return [Fault(where, f"hat {len(line)} Zeichen.", f"Richtig wären {WIDTH}.{cut}")]
    record = line[:2]
    if record not in RECORDS:
        return [
            Fault(where, f"Die Satzart „{record}“ gibt es nicht.", "Richtig wäre 10, 20, 30, 40, 50 oder 60.")
        ]
    faults = []
    if line[2:10] != date:
        faults.append(
            Fault(where, f"Der Gebietsstand ist „{line[2:10]}“.", f"Richtig wäre {date} wie im Rest.")
        )
    for field, label in LABELS.items():
        text = line[FIELDS[field]]
        if field in KEYS[record] and not _digits(text):
            faults.append(Fault(where, f"{label} ist „{text}“.", f"Richtig wären {len(text)} Ziffern."))
        elif field not in KEYS[record] and text.strip() and record != "30":
            faults.append(Fault(where, f"{label} ist „{text}“.", "Richtig wäre leer."))
    name = line[FIELDS["name"]]
    if not name.strip() or name.startswith(" ") or not name.isprintable():
        faults.append(Fault(where, f"Der Name ist „{name.strip()}“.", "Richtig wäre ein Name ab Stelle 23."))
    if record == "60":
        faults.extend(_value_faults(where, line))
    elif line[128:200].strip():
        faults.append(
            Fault(where, "Ab Stelle 129 stehen Werte.", "Richtig wäre leer: Das ist keine Gemeinde.")
        )
    return faults


def _value_faults(where: str, line: str) -> list[Fault]:
    faults = [
        Fault(where, f"{label} ist „{line[cut]}“.", "Richtig wären 11 Ziffern.")
        for label, cut in NUMBERS.items()
        if not _digits(line[cut])
    ]
    postcode = line[165:170]
    if postcode.strip() and not _digits(postcode):
        faults.append(
            Fault(where, f"Die Postleitzahl ist „{postcode}“.", "Richtig wären 5 Ziffern oder leer.")
        )
    if any(line[a:b].strip() for a, b in ((72, 122), (124, 128), (161, 165), (175, 177), (196, 200))):
        faults.append(Fault(where, "Felder sind verschoben: Wo nichts stehen darf, steht etwas."))
    return faults


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _row(where: str, line: str) -> tuple[object, ...]:
    part = {field: line[cut].rstrip() for field, cut in FIELDS.items()}
    is_place = line[:2] == "60"
    postcode = line[165:170].strip()
    return (
        where,
        line[:2],
        part["type_code"],
        part["land"],
        part["district"],
        part["kreis"],
        part["association"],
        part["municipality"],
        part["name"],
        int(line[NUMBERS["Fläche"]]) / 100 if is_place else None,  # hectares -> km²
        int(line[NUMBERS["Bevölkerung"]]) if is_place else None,
        int(line[NUMBERS["Bevölkerung männlich"]]) if is_place else None,
        postcode or None,
        bool(line[170:175].strip()) if is_place and postcode else None,
        None,
        None,
        None,
    )
