"""Text of a cell put together: where ipykernel cuts it depends on the clock, and two builds must be equal."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from nbformat import NotebookNode

NAMES = ("stdout", "stderr")


def joined(outputs: Iterable[NotebookNode]) -> list[NotebookNode]:
    """The outputs, changed in place: all text between two others is one output per stream, stdout first."""
    found: list[NotebookNode] = []
    for is_text, group in groupby(outputs, lambda one: one.output_type == "stream"):
        several = list(group)
        found += _by_stream(several) if is_text else several
    return found


def _by_stream(texts: list[NotebookNode]) -> list[NotebookNode]:
    found = []
    for name in NAMES:
        if pieces := [one for one in texts if one.name == name]:
            pieces[0].text = "".join(one.text for one in pieces)
            found.append(pieces[0])
    return found
