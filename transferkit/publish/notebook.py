"""Notebook files: read with a clear error, written the same way every time."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from transferkit.errors import NotebookError
from transferkit.publish import storage

HIDDEN_TAGS = {"parameters", "injected-parameters", "remove-cell", "app-only", "facilitator"}  # on pages
CHART = "application/vnd.transferkit.chart+json"  # an output that becomes a figure


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
    """Write a notebook file for people and version control, folders included."""
    storage.write(path, f"{nbformat.writes(notebook).rstrip()}\n".encode())


def store(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook file for programs, folders included: on one line, in a fifth of the time."""
    text = json.dumps(notebook, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    storage.write(path, f"{text}\n".encode())
