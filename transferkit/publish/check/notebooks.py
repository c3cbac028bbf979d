"""Whether every notebook keeps the rules of the design: thin, told in words, committed as it was written."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from transferkit.finding import Finding


def findings(folder: Path, known: Collection[str] = ()) -> list[Finding]:
    """Everything that is wrong with the notebooks in `folder` (the one of toc.toml), by file and cell.

    `known` are the abbreviations that readers can look up (see `knowledge.data_check.abbreviations`).
    """
    return []
