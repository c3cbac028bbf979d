"""A new guide from the template: its notebook and its row in the table of contents."""

from __future__ import annotations

import re
from pathlib import Path

from transferkit.errors import BuildError
from transferkit.project import toc
from transferkit.publish.notebook import load, save

TEMPLATE = "guides/_template.ipynb"
ROW = """
[[guide]]
name = "{name}"
notebook = "guides/{name}.ipynb"
title = "{{label}}"
group = "{name}"
group_page = "{name}.html"
address = "{name}/{{value}}.html"
parameters = {{ theme = "themes.theme_id" }}
"""


def new_guide(notebooks: Path, name: str) -> Path:
    """Copy the template to `guides/<name>.ipynb`, add its row to toc.toml and return the notebook's path.

    Raises BuildError, and changes nothing, for a name that is taken or cannot be part of an address.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise BuildError(
            f"„{name}“ geht nicht als Name: nur Kleinbuchstaben ohne Umlaute, Ziffern und Bindestriche, "
            "am Anfang ein Buchstabe, zum Beispiel mobility-guide."
        )
    path = notebooks / "guides" / f"{name}.ipynb"
    if path.exists() or name in [guide.name for guide in toc(notebooks).guides]:
        raise BuildError(f"Einen Leitfaden „{name}“ gibt es schon. Wählen Sie einen anderen Namen.")
    notebook = load(notebooks / TEMPLATE)
    for cell in notebook.cells:
        cell.id = cell.id.replace("template", name)[:64]
    save(notebook, path)
    contents = notebooks / "toc.toml"
    contents.write_text(contents.read_text(encoding="utf-8").rstrip() + "\n" + ROW.format(name=name), "utf-8")
    return path
