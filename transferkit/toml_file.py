"""Reads a file of TOML that somebody edits: whatever is wrong with it as a file is one clear message."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from transferkit.errors import BuildError

INVISIBLE = re.compile(r"[\x00-\x1f\x7f\ufffe\uffff]")


def read(path: Path) -> dict[str, Any]:
    """The content of a table of contents; BuildError with the line, also for texts nobody can see."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        if any(INVISIBLE.search(text) for text in _texts(content)):
            raise BuildError(f"Das Inhaltsverzeichnis {path} enthält unsichtbare Steuerzeichen.")
    except OSError as error:
        raise BuildError(f"Das Inhaltsverzeichnis {path} ist nicht lesbar ({error.strerror}).") from error
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        where = f"Zeile {place[1]} ist kein gültiges TOML" if place else "es ist kein gültiges TOML"
        raise BuildError(f"Das Inhaltsverzeichnis {path} ist nicht lesbar: {where}.") from error
    except (ValueError, RecursionError) as error:
        raise BuildError(f"Das Inhaltsverzeichnis {path} ist kein Text in UTF-8 oder beschädigt.") from error
    return content


def _texts(content: object) -> Iterator[str]:
    """Every text in it, keys included."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for key, value in content.items():
            yield from (key, *_texts(value))
    elif isinstance(content, list):
        for value in content:
            yield from _texts(value)
