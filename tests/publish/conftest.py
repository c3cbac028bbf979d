"""A checkout in small, to build from: a notebook, two towns, a folder to publish to."""

from __future__ import annotations

import shutil
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pytest

from transferkit import catalogue
from transferkit.knowledge import digests
from transferkit.project import Guide, Toc
from transferkit.publish.build import build
from transferkit.publish.build_result import BuildResult
from transferkit.publish.plan import Selection, Sources
from transferkit.publish.worker import Limits

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
GUIDE = Guide(
    name="town",
    notebook="town.ipynb",
    title="Leitfaden für {label}",
    group="Orte",
    group_page="index.html",
    address="orte/{value}.html",
    parameters={"place": "towns.id"},
)
TOWNS = {"adorf": "Adorf", "bdorf": "Bdorf"}


def two_threads() -> Executor:
    """Real kernels, but no new Python processes: those are what takes the time in a small build."""
    return ThreadPoolExecutor(2)


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return catalogue.tables()


@dataclass
class World:
    """A checkout in small: a notebook, its towns, a folder to publish to."""

    sources: Sources
    out: Path

    workers = staticmethod(two_threads)

    def build(self, *only: str, **limits: bool) -> BuildResult:
        return build(self.sources, self.out, Selection(only=only), Limits(**limits), workers=two_threads)

    def page(self, town: str) -> Path:
        return self.out / "orte" / f"{town}.html"

    def executed(self, town: str) -> Path:
        return self.out.with_name("executed") / "orte" / f"{town}.ipynb"

    def with_towns(self, **towns: str) -> World:
        return World(replace(self.sources, domains={"towns.id": towns}), self.out)

    def edit(self, old: str, new: str) -> None:
        """Change the text of the notebook."""
        path = self.sources.notebooks / GUIDE.notebook
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def fail(self, condition: str) -> None:
        """Let the second code cell fail where the condition holds."""
        self.edit("import HTML", f"import HTML; 1 / (not ({condition}))")


@pytest.fixture
def world(tmp_path: Path, tables: dict[str, pd.DataFrame]) -> World:
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    shutil.copy(NOTEBOOKS / GUIDE.notebook, notebooks)
    toc = Toc("transferkit", "2026-11-22", (GUIDE,))
    data = tables, {"towns.csv": "1"}, digests.of_reads
    return World(Sources(toc, notebooks, {"towns.id": TOWNS}, *data), tmp_path / "site")
