"""Equal or it does not count: does a forked kernel give what a fresh one gives? A sample, during a build."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from nbformat import NotebookNode

from transferkit.errors import NotebookError

# What differs between any two runs: random ids, and the process number in the name of a cell's file.
BY_CHANCE = re.compile(r"[0-9a-f]{32}|ipykernel_\d+")


def is_in_sample(address: str, share: float) -> bool:
    """Whether a page belongs to a sample of this share (0 to 1): the same pages in every build."""
    number = int.from_bytes(hashlib.sha256(address.encode()).digest()[:8], "big")
    return number < share * 2**64


def require_equal(forked: NotebookNode, fresh: NotebookNode) -> None:
    """Raise NotebookError if other data was read, or naming the first code cell whose outputs differ."""
    if forked.metadata["transferkit"]["reads"] != fresh.metadata["transferkit"]["reads"]:
        raise NotebookError(
            "Die Stichprobe mit einem frischen Kernel hat andere Daten gelesen. "
            "Bauen Sie diese Seite nicht, bevor der Grund bekannt ist."
        )
    for number, (ours, theirs) in enumerate(zip(_code(forked), _code(fresh), strict=True), start=1):
        if _plain(ours) != _plain(theirs):
            raise NotebookError(
                f"Die Stichprobe mit einem frischen Kernel ergab in Zelle {number} etwas anderes. "
                "Bauen Sie diese Seite nicht, bevor der Grund bekannt ist."
            )


def _code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _plain(cell: dict[str, Any]) -> str:
    """Outputs and count as text, with what is random replaced in the order in which it appears."""
    seen: dict[str, str] = {}
    text = json.dumps([cell["execution_count"], cell["outputs"]])
    return BY_CHANCE.sub(lambda found: seen.setdefault(found[0], f"id{len(seen)}"), text)
