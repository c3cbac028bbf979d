"""The script of a page, where it has one: in the file itself, and the only one the browser may run there."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup
from nbformat import NotebookNode

FOLDER = Path(__file__).parent / "templates" / "guide"
WISH = re.compile(r'<div data-script="([a-z-]+)"')


@dataclass(frozen=True)
class Script:
    """A script, the style of what it adds, and the SHA-256 by which a Content-Security-Policy allows it."""

    text: Markup
    style: Markup
    digest: str


def wanted(notebook: NotebookNode) -> Script | None:
    """The script an output asks for by `<div data-script="NAME">`; most pages have none."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if wish := WISH.search(output.data.get("text/html", "")):
                return _read(wish[1])
    return None


@cache
def _read(name: str) -> Script:
    """NAME.js with NAME.css. No comments and indents: a page has none, and the digest is of what it shows."""
    lines = [line.strip() for line in (FOLDER / f"{name}.js").read_text(encoding="utf-8").splitlines()]
    text = "\n".join(line for line in lines if line and not line.startswith("//"))
    style = (FOLDER / f"{name}.css").read_text(encoding="utf-8").strip()
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Script(Markup(text), Markup(style), digest)
