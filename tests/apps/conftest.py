"""Apps as pages: their notebooks executed and rendered as an export does it, with a whole register."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from transferkit import project
from transferkit.publish.app_exports import Files, made_alone
from transferkit.publish.page import Page
from transferkit.publish.worker import Limits

Make = Callable[..., "Made"]


class Made:
    """What a notebook became: its page, and the files beside it by suffix."""

    def __init__(self, files: Files) -> None:
        self.files = {Path(name).suffix: content for name, (_, content) in files.items()}
        self.html = self.files.pop(".html").decode()
        self.page = BeautifulSoup(self.html, "html.parser")

    @property
    def text(self) -> str:
        """The words of the article, blanks joined."""
        return " ".join(self.page.select_one("article").get_text(" ").split())


@pytest.fixture(scope="module")
def make(whole_register: Path) -> Make:
    """Make the page of a notebook (`apps/peer-finder`) with parameters; each once."""

    @lru_cache
    def made(notebook: str, given: tuple[tuple[str, object], ...]) -> Made:
        files = made_alone(_page(dict(given)), project.notebooks_folder() / f"{notebook}.ipynb", Limits())
        assert not isinstance(files, str), files
        return Made(files)

    def of_notebook(notebook: str, **parameters: object) -> Made:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TRANSFERKIT_FACE", "page")  # as a worker sets it for itself
            return made(notebook, tuple(parameters.items()))

    return of_notebook


def _page(parameters: Mapping[str, object]) -> Page:
    return Page(
        address="seite.html",
        title="Ein Titel",
        guide="app",
        group="Apps",
        group_page="",
        label="Ein Titel",
        edition="2026-11-22",
        site_title="transferkit",
        version="0",
        parameters=parameters,
        alone=True,
    )
