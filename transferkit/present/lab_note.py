"""A note at the beginning of a notebook in JupyterLab, which also makes its cells look like ours."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from transferkit.present.block import Block


class LabNote(Block):
    """The words of a block; shown, it brings along how facts, cards and lists are set."""

    def _repr_html_(self) -> str:
        return f"<style>{_style()}</style>{self.html}"


@cache
def _style() -> str:
    return Path(__file__).with_name("lab_blocks.css").read_text(encoding="utf-8")
