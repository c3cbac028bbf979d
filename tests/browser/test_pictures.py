"""The pictures of the handbook show what is there: the same steps, the same words on the screen.

`make pictures` runs these tests with --take-pictures: then they take the pictures anew instead of comparing.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.browser import screens
from tests.browser.screens import Picture

PICTURES = screens.pictures()
Look = Callable[[Page, list[Locator], Picture], Any]
TOGETHER = 600_000  # bytes


@pytest.fixture(scope="session")
def taking(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--take-pictures"))


@pytest.fixture(scope="module")
def addresses(
    taking: bool, transferkit: Path, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """Where the screens are. A picture that is missing must not keep the pages from being built it is of."""
    folder = tmp_path_factory.mktemp("pictures")
    site = pages_in_pictures(transferkit, folder) if taking else request.getfixturevalue("built_site")
    with screens.serving(transferkit, folder) as served:
        yield {"site": site.as_uri(), **served}


def pages_in_pictures(transferkit: Path, folder: Path) -> Path:
    shown = [one.open.removeprefix("{site}/") for one in PICTURES if one.open.startswith("{site}")]
    only = [word for address in shown if "/" in address for word in ("--only", address)]
    environment = {**os.environ, "TRANSFERKIT_REGISTER": str(folder / "no-register")}
    subprocess.run([transferkit, "build", *only, "--out", folder / "site"], check=True, env=environment)
    return folder / "site"


def test_the_screens_say_what_they_said_when_their_pictures_were_taken(
    taking: bool, chromium: Browser, addresses: dict[str, str]
) -> None:
    """All in one test: whoever answers the workshop in one picture would be counted in another."""
    if taking:
        screens.note({one.name: walked(chromium, one, addresses, screens.take) for one in PICTURES})
        return
    now = {one.name: walked(chromium, one, addresses, screens.said) for one in PICTURES}
    then = {name: noted["said"] for name, noted in screens.taken().items()}
    assert now == then, "Der Bildschirm sagt etwas anderes als das Bild: Rufen Sie `make pictures` auf."


def walked(chromium: Browser, picture: Picture, addresses: dict[str, str], look: Look) -> Any:
    with screens.opened(chromium, picture, addresses) as (page, region):
        return look(page, region, picture)


def test_every_picture_is_taken_shown_and_small() -> None:
    files = {path.stem: path.stat().st_size for path in screens.FOLDER.glob("*.webp")}
    notebooks = "".join(path.read_text(encoding="utf-8") for path in screens.FOLDER.parent.glob("*.ipynb"))
    assert files.keys() == screens.taken().keys() == {picture.name for picture in PICTURES}
    assert [name for name in files if f"](pictures/{name}.webp)" not in notebooks] == []
    assert sum(files.values()) < TOGETHER
