"""Fixtures for all tests: a whole register, a browser, and a real site built once per run."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import made_up_register
from transferkit.knowledge import register

ROOT = Path(__file__).parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Nothing of the browser's own may go out: what is measured is what the page does.
BROWSER_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# All themes, and sheets, profiles and places as unlike each other as they come.
EXAMPLES = (
    *(f"themen/{theme}.html" for theme in ("digital-twins", "smart-regions", "data-platforms", "city-apps")),
    *(f"themen/{theme}.html" for theme in ("climate-adaptation", "spatial-effects", "impact-monitoring")),
    "themen/open-source.html",
    "peer-learning/data-platforms.html",
    "loesungen/eichenzell-shuttle.html",  # contested
    "loesungen/ilzer-land-smart-region-bus.html",  # ended
    "loesungen/jena-probierladen.html",  # thin evidence
    "loesungen/mannheim-klimamessnetz.html",  # of three further themes
    "loesungen/muenster-klimadashboard.html",
    "loesungen/solingen-open-smartcity-app.html",
    "projekte/hof.html",  # a Landkreis
    "projekte/solingen.html",  # one city
    "projekte/suederbrarup.html",  # thirteen villages
    "kommunen/01059065.html",  # Nottfeld, 123 inhabitants
    "kommunen/05315000.html",  # Köln, a million
    "kommunen/16053000.html",  # Jena
    *(f"handbuch/{page}.html" for page in ("teilnehmende", "beratende", "redaktion", "betrieb", "grenzen")),
)


# Papers are made on request: one of each kind, for the same place and solution.
PAPERS = ("council-paper", "briefing", "slides")
REQUEST = ("-p", "place", "Fuchstal", "-p", "solution", "zwoenitz-erzmobil")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--take-pictures", action="store_true", help="take the pictures of the handbook anew")


@pytest.fixture(scope="session", autouse=True)
def own_workshops(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test touches the workshops of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("TRANSFERKIT_WORKSHOPS", str(tmp_path_factory.mktemp("workshops") / "all.sqlite"))
        yield


def _official_folder() -> Path | None:
    """The folder of the files Destatis publishes, where there is one; they may not be part of the project."""
    named = os.environ.get("TRANSFERKIT_OFFICIAL_REGISTER")
    folder = Path(named) if named else ROOT.parent / "shared" / "register"
    return folder if folder.is_dir() else None


@pytest.fixture(scope="session")
def official_register_folder() -> Path:
    """The official files, for tests of what they hold; without them such a test is skipped."""
    folder = _official_folder()
    if folder is None:
        pytest.skip(
            "Die amtlichen Dateien des Gemeindeverzeichnisses liegen nicht vor. "
            "Setzen Sie TRANSFERKIT_OFFICIAL_REGISTER auf den Ordner, in dem sie liegen."
        )
    return folder


@pytest.fixture(scope="session")
def stored_register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a whole register: the official one where its files are, else a made-up one."""
    folder, official = tmp_path_factory.mktemp("register"), _official_folder()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("TRANSFERKIT_REGISTER", str(folder))
        if official:
            register.import_files(official / "AuszugGV4QAktuell_2024.xlsx")
        else:
            made_up_register.store()
    return folder


@pytest.fixture(scope="module")
def whole_register(stored_register: Path) -> Iterator[Path]:
    """A whole register in use while a module is tested, so that every municipality has peers."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("TRANSFERKIT_REGISTER", str(stored_register))
        yield stored_register


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real Chromium, started once per worker."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert executable, "Kein Chromium gefunden: `make test` richtet einen Browser ein."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(BROWSER_FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def transferkit() -> Path:
    """The installed command, as a user calls it."""
    return Path(sys.executable).with_name("transferkit")


@pytest.fixture(scope="session")
def built_site(transferkit: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of the shipped data with pages of every kind, built by the real command once for all workers."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    site = shared / "site"
    with (shared / "site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not site.exists():
            only = [word for address in EXAMPLES for word in ("--only", address)]
            calls = [only, *([guide, *REQUEST] for guide in PAPERS)]
            for call in calls:
                subprocess.run(
                    [transferkit, "build", *call, "--out", site],
                    check=True,
                    env={**os.environ, "TRANSFERKIT_REGISTER": str(shared / "no-register")},
                )
    return site
