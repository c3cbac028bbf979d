"""The notebooks as they ran for the site that is published now, kept while its pages are made anew."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from transferkit.publish import fingerprint, manifest
from transferkit.publish.changes import changes


class Before:
    """They lie in a folder named after that site: a build that goes on after a kill finds them again, and no
    build takes those of another site for them.
    """

    def __init__(self, executed: Path, site: Path) -> None:
        self.executed, self.site = executed, site
        self.folder = self._folder()

    def keep(self, addresses: Iterable[str]) -> None:
        """Keep the notebooks of these pages, as hard links: a new run writes a new file."""
        for other in self._home.glob("*"):
            if other != self.folder:
                shutil.rmtree(other)
        self._leave_no_empty_home()
        if not self.site.exists():
            return
        for address in addresses:
            ran, kept = self._ran(address), self._kept(address)
            if ran.is_file() and not kept.exists():
                kept.parent.mkdir(parents=True, exist_ok=True)
                os.link(ran, kept)

    def changes(self, address: str) -> list[str]:
        """What has changed on a page; nothing if it cannot be compared."""
        kept = self._kept(address)
        return changes(kept, self._ran(address)) if kept.is_file() else []

    def published(self, failed: Iterable[str]) -> None:
        """The new site is in place: only of failed pages an older version is still shown."""
        old, self.folder = self.folder, self._folder()
        for address in failed:
            kept = old / self._kept(address).relative_to(self.folder)
            if kept.is_file():
                target = self._kept(address)
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(kept, target)
        shutil.rmtree(old, ignore_errors=True)
        self._leave_no_empty_home()

    def _leave_no_empty_home(self) -> None:
        with contextlib.suppress(OSError):  # it is not there, or holds notebooks of failed pages
            self._home.rmdir()

    def _folder(self) -> Path:
        return self._home / (fingerprint.of_file(self.site / manifest.NAME)[:16] or "none")

    @property
    def _home(self) -> Path:
        return self.executed / ".before"

    def _ran(self, address: str) -> Path:
        return (self.executed / address).with_suffix(".ipynb")

    def _kept(self, address: str) -> Path:
        return (self.folder / address).with_suffix(".ipynb")
