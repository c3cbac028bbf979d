"""JSON files that people hand in or bring back: read within limits, and held against the form they must have.

The one door to jsonschema, which Jupyter and Altair bring along.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NoReturn

from transferkit.errors import WorkshopError

MEGABYTE: Final = 1_000_000

Schema = Mapping[str, Any]

ONE_LINE: Final = {"type": "string", "maxLength": 2000, "pattern": r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*\Z"}
LONG: Final = {**ONE_LINE, "maxLength": 5 * MEGABYTE}
FLAG: Final = {"type": "boolean"}
DAY: Final = {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z"}
NUMBER: Final = {"type": "number", "minimum": -1e15, "maximum": 1e15}
COUNT: Final = {"type": "integer", "minimum": 0, "maximum": 1_000_000}
_ROWS: Final = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"id": ONE_LINE, "label": ONE_LINE, "hint": {"anyOf": [ONE_LINE, {"type": "null"}]}},
        "required": ["id", "label"],
    },
}
_MORE: Final = {
    **{kind: ["options"] for kind in ("choice", "choices", "ranking")},
    **{kind: ["options", "items"] for kind in ("assessment", "fit")},
    "dots": ["options", "dots"],
    "scale": ["minimum", "maximum"],
    "number": [],
    "text": [],
}
_QUESTION: Final = {
    "id": {**ONE_LINE, "maxLength": 60},
    "question": ONE_LINE,
    "options": _ROWS,
    "items": _ROWS,
}
_LIMITS: Final[Mapping[str, Mapping[str, object]]] = {
    "scale": {"minimum": COUNT, "maximum": {**COUNT, "maximum": 100}},
    "dots": {"dots": {**COUNT, "maximum": 100}},
    "number": {key: {"anyOf": [NUMBER, {"type": "null"}]} for key in ("minimum", "maximum")},
}
EXERCISE: Final = {
    "anyOf": [
        {
            "type": "object",
            "properties": {**_QUESTION, "kind": {"const": kind}, **_LIMITS.get(kind, {})},
            "required": ["id", "kind", "question", *more],
        }
        for kind, more in _MORE.items()
    ]
}


def exactly(**properties: object) -> Schema:
    """An object of these properties, all of them and no other."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def several(items: object) -> Schema:
    """A list."""
    return {"type": "array", "items": items, "maxItems": 100_000}


ENTRY: Final = exactly(
    number={**COUNT, "minimum": 1},
    kind={"enum": ["decision", "question", "task"]},
    text=ONE_LINE,
    role=ONE_LINE,
    due=ONE_LINE,
)


def read(file: Path, largest: int) -> Any:
    """The content; WorkshopError for a file beyond `largest` bytes, damaged, or with what nobody can keep."""
    try:
        with file.open("rb") as stream:
            data = stream.read(largest + 1)
        if len(data) > largest:
            raise WorkshopError(f"{file} ist zu groß: Möglich sind {largest // MEGABYTE} MB.")
        content = json.loads(data.decode("utf-8"), parse_constant=_refuse)
        json.dumps(content, ensure_ascii=False).encode()  # half letters can be kept nowhere
    except OSError as error:
        raise WorkshopError(f"{file} ist nicht lesbar ({error.strerror}).") from error
    except (ValueError, RecursionError) as error:
        raise WorkshopError(f"{file} ist nicht lesbar oder beschädigt.") from error
    return content


def require(content: Any, schema: Schema, file: Path) -> None:
    """WorkshopError unless the content has this form."""
    import jsonschema

    validator = jsonschema.Draft202012Validator(schema)
    for fault in validator.iter_errors(content):
        place = "/".join(map(str, fault.absolute_path))
        raise WorkshopError(f"{file} ist beschädigt: „{place:.80}“ ist nicht, wie es sein muss.")


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)
