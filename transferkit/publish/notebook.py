"""Notebook files: read with a clear error, written the same way every time."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from transferkit.errors import NotebookError


def load(path: Path) -> NotebookNode:
    """Read a notebook file; NotebookError if it is missing or damaged."""
    if not path.is_file():
        raise NotebookError(f"Das Notizbuch {path} fehlt.")
    try:
        notebook: NotebookNode = nbformat.read(path, as_version=4)
    except (ValueError, nbformat.ValidationError, nbformat.reader.NotJSONError) as error:
        raise NotebookError(f"Das Notizbuch {path} ist beschädigt: {error}") from error
    return notebook


def save(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook file, folders included; at once, and never into a file that has another name too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    nbformat.write(notebook, beside)
    os.replace(beside, path)
