"""A checkout in which somebody calls the real command: a notebook, a table of contents, eight pages."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

from tests.small_toc import GUIDE, SITE

NOTEBOOK = Path(__file__).parent.parent / "notebooks" / "town.ipynb"
PAGES = 8
SECONDS = 120  # what takes longer will never come


class Checkout:
    """The folder, and what one can do in it and see of it from outside."""

    def __init__(self, folder: Path, command: Path) -> None:
        self.folder, self.command = folder, command
        self.site, self.executed, self.notebooks = folder / "site", folder / "executed", folder / "notebooks"
        self.temporary, self.out = folder / "tmp", self.site
        for made in (self.notebooks, self.temporary):
            made.mkdir(parents=True)
        (self.notebooks / "toc.toml").write_text(SITE + GUIDE, encoding="utf-8")
        self.edit("Text für alle.")

    def edit(self, text: str, code: str = "") -> None:
        """Let the notebook begin with these words, so that every page is made anew; run `code` in it."""
        notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
        notebook["cells"][0]["source"] = f"# Titel\n\n{text}"
        notebook["cells"][2]["source"] += f"\n{code}"
        (self.notebooks / NOTEBOOK.name).write_text(json.dumps(notebook), encoding="utf-8")

    def start(self, *before: str, jobs: int = 1) -> subprocess.Popen[str]:
        """Start `transferkit build`; words before it are a command that runs it."""
        environment = {
            "TRANSFERKIT_NOTEBOOKS": str(self.notebooks),
            "TRANSFERKIT_REGISTER": str(self.folder / "no-register"),
            "TMPDIR": str(self.temporary),
        }
        return subprocess.Popen(
            [*before, self.command, "build", "--out", self.out, "--jobs", str(jobs)],
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def build(self, *before: str, jobs: int = 1) -> tuple[int, str, str]:
        """Build to the end; return the exit code and what was said on both streams."""
        process = self.start(*before, jobs=jobs)
        said, wrong = process.communicate(timeout=SECONDS)
        return process.returncode, said, wrong

    def content(self) -> dict[str, bytes]:
        """Every file of the site; empty without one."""
        files = [path for path in self.site.rglob("*") if path.is_file()]
        return {path.relative_to(self.site).as_posix(): path.read_bytes() for path in files}

    def leftovers(self) -> set[str]:
        """What lies here that is neither part of a checkout nor made to stay."""
        stays = {"notebooks", "tmp", "site", "executed", ".site.lock"}
        stays |= {"executed/journal.jsonl", "executed/orte"}
        stays |= {f"executed/orte/{page.stem}.ipynb" for page in self.site.glob("orte/*.html")}
        places = [self.folder, self.executed, self.executed / "orte", self.temporary]
        found = {path.relative_to(self.folder).as_posix() for place in places for path in place.glob("*")}
        return found - stays

    def processes(self) -> list[psutil.Process]:
        """All that runs with the environment of a build here: workers, servers, kernels, Pagefind."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.environ().get("TMPDIR") == str(self.temporary):
                    found.append(process)
        return found


def wait_for(seen: Callable[[], object], build: subprocess.Popen[str] | None = None) -> None:
    """Wait until it is seen or, if one is given, the build has ended."""
    deadline = time.monotonic() + SECONDS
    while not (seen() or (build is not None and build.poll() is not None)):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.002)
