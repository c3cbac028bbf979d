"""Pictures a notebook shows: files beside it, which become part of its page."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

from transferkit.errors import PageError

PICTURE = re.compile(r'<img src="(pictures/[\w-]+\.webp)" alt="([^"]*)"')
TAKEN = "taken.json"  # beside the pictures: how large each is shown, see tests/browser/screens.py


def embedded(html: str, folder: Path) -> str:
    """The page with the pictures it shows from `folder`, that of its notebook, in itself.

    Raises PageError for a picture that is missing or has no words for those who do not see it.
    """
    return PICTURE.sub(lambda found: _element(folder, found[1], found[2]), html)


def _element(folder: Path, name: str, words: str) -> str:
    path = folder / name
    if not path.is_file():
        raise PageError(f"Das Bild {name} fehlt. `make pictures` macht die Bilder des Handbuchs.")
    if not words.strip():
        raise PageError(f"Zum Bild {name} fehlt der Text für alle, die es nicht sehen: ![Text]({name})")
    width, height = json.loads(path.with_name(TAKEN).read_text(encoding="utf-8"))[path.stem]["size"]
    data = base64.b64encode(path.read_bytes()).decode()
    source = f"data:image/webp;base64,{data}"
    return f'<img class="screen" src="{source}" alt="{words}" width="{width}" height="{height}"'
