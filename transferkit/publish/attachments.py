"""Files a notebook made for its readers, such as a Word file: they lie beside the page that links to them."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from nbformat import NotebookNode

from transferkit.errors import PageError

OFFICE = "application/vnd.openxmlformats-officedocument"
SUFFIXES = {
    f"{OFFICE}.wordprocessingml.document": ".docx",
    f"{OFFICE}.presentationml.presentation": ".pptx",
    f"{OFFICE}.spreadsheetml.sheet": ".xlsx",
}


def attachments(notebook: NotebookNode, address: str) -> dict[str, bytes]:
    """The files of an executed notebook by their address in the site, named like the page.

    Raises PageError for two files of one kind, which would have one name.
    """
    found: dict[str, bytes] = {}
    for kind, data in _files(notebook):
        name = str(PurePosixPath(address).with_suffix(SUFFIXES[kind]))
        if name in found:
            raise PageError(f"{address}: Das Notebook macht zwei Dateien {name}. Möglich ist eine je Art.")
        found[name] = base64.b64decode(str(data[kind]))
    return found


def linked(data: Mapping[str, str], address: str) -> str | None:
    """The HTML of an output that holds a file, with a link to the file beside the page; None for others."""
    for kind, suffix in SUFFIXES.items():
        if kind in data:
            name = PurePosixPath(address).with_suffix(suffix).name
            return re.sub(r'href="data:[^"]*"', f'href="{name}"', data["text/html"])
    return None


def _files(notebook: NotebookNode) -> Iterator[tuple[str, NotebookNode]]:
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            for kind in SUFFIXES.keys() & output.get("data", {}).keys():
                yield kind, output.data
