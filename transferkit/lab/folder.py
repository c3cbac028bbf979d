"""The folder a person works in: copies of the shipped notebooks, which can be restored at any time.

The shipped notebooks stay as they are. A copy leaves out what only facilitators read and folds the code away;
one that nobody has edited follows the shipped notebook when that changes.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import platformdirs

from transferkit.errors import WorkshopError
from transferkit.project import notebooks_folder

WELCOME = "willkommen.ipynb"
FOLDED = ("workshops/", WELCOME)  # where people answer; elsewhere they look how it is done
VARIABLE = "TRANSFERKIT_LAB"  # tells kernels which folder is meant
DELIVERED = ".transferkit.json"

Notebook = dict[str, Any]


def default() -> Path:
    """Return the folder `transferkit` among the documents of the person."""
    return platformdirs.user_documents_path() / "transferkit"


def in_use() -> Path | None:
    """Return the folder JupyterLab was opened in, None if it was not started by `make lab`."""
    return Path(named) if (named := os.environ.get(VARIABLE)) else None


def current() -> str | None:
    """Return the notebook of this kernel by its path below the folder; None if it is none of the shipped."""
    where, session = in_use(), os.environ.get("JPY_SESSION_NAME")
    if where is None or not session:
        return None
    path = (where / session).resolve()  # an absolute path stays what it is
    name = path.relative_to(where).as_posix() if path.is_relative_to(where) else ""
    return name if name in shipped() else None


def prepare(folder: Path) -> None:
    """Fill the folder: what is missing is copied, what somebody edited stays. WorkshopError if it cannot."""
    before = _delivered(folder)
    for name in shipped():
        target = folder / name
        if not target.is_file() or _digest(_read(target)) == before.get(name):
            restore(folder, name)


def shipped() -> Iterator[str]:
    """Yield the shipped notebooks by their path below the folder, "workshops/theme-workshop.ipynb"."""
    for path in sorted(notebooks_folder().rglob("*.ipynb")):
        if not path.name.startswith("_") and ".ipynb_checkpoints" not in path.parts:
            yield path.relative_to(notebooks_folder()).as_posix()


def restore(folder: Path, name: str) -> None:
    """Put the shipped notebook in the place of the copy; WorkshopError if it cannot be written."""
    copy = for_participants(_read(notebooks_folder() / name), folded=name.startswith(FOLDED))
    try:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(copy, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        delivered = _delivered(folder) | {name: _digest(copy)}
        (folder / DELIVERED).write_text(json.dumps(delivered, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise WorkshopError(
            f"In den Ordner {folder} lässt sich nicht schreiben ({error.strerror}). "
            "Nennen Sie einen anderen: transferkit lab ORDNER."
        ) from error


def for_participants(notebook: Notebook, *, folded: bool) -> Notebook:
    """Return the notebook without cells for facilitators; with the code `folded` away if wanted."""
    cells = [cell for cell in notebook["cells"] if "facilitator" not in cell["metadata"].get("tags", [])]
    if folded:
        cells = [_folded(cell) if cell["cell_type"] == "code" else cell for cell in cells]
    return notebook | {"cells": cells}


def _folded(cell: Notebook) -> Notebook:
    if "parameters" in cell["metadata"].get("tags", []):
        return cell  # here people put in their own place or theme
    return cell | {"metadata": cell["metadata"] | {"jupyter": {"source_hidden": True}}}


def _delivered(folder: Path) -> dict[str, str]:
    """What was delivered before, by its digest."""
    try:
        content = json.loads((folder / DELIVERED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _digest(notebook: Notebook) -> str:
    """Of what a person can edit; running cells changes nothing."""
    sources = [[cell.get("cell_type"), "".join(cell.get("source", ""))] for cell in notebook.get("cells", [])]
    return hashlib.sha256(json.dumps(sources).encode()).hexdigest()


def _read(path: Path) -> Notebook:
    """Read a notebook; an empty one if it is damaged, so that a damaged copy counts as edited."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
