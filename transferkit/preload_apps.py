"""What every app needs, loaded and computed once, before the first visitor comes.

Run in the process from which the kernels of apps are forked, after `preload`. It goes once through the cells
of each app, so that nothing has to be kept in step with them; the door to widgets is opened, no widget made.
"""

from __future__ import annotations

import io
import json
import logging
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import transferkit as tk
from transferkit import project
from transferkit.present import cell_code, forms, live

ONLY_ON_PAGES = "page-only"


def preload() -> list[Path]:
    """Run the cells of all apps with their defaults; return the notebooks read."""
    assert live  # imported for what it imports
    tk.suggest_places("Fuchstal")
    folder = project.notebooks_folder()
    notebooks = [folder / app.notebook for app in project.toc(folder).apps]
    for notebook in notebooks:
        try:
            _once(notebook)
        except Exception:  # its visitors are told; those of other apps must not notice
            logging.getLogger("transferkit.app").exception("Vorladen von %s", notebook.name)
    return notebooks


def _once(notebook: Path) -> None:
    names: dict[str, Any] = {}
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code" or ONLY_ON_PAGES in cell["metadata"].get("tags", []):
            continue
        with redirect_stdout(io.StringIO()):  # without a kernel `display` prints
            shown = cell_code.run("".join(cell["source"]), names)
        if isinstance(shown, forms.Form):
            shown.html()
