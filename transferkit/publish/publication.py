"""Publishing a folder by one rename: readers see the old site or the new one, never a mixture."""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from transferkit.errors import BuildError
from transferkit.publish import manifest

AT_FDCWD = -100
RENAME_EXCHANGE = 2


@contextmanager
def staging(site: Path) -> Iterator[Path]:
    """Give an empty folder beside `site` to build in; it is gone afterwards, published or not.

    Raises BuildError if another build works on the same site, or if `site` holds something that is not ours.
    What a killed build left behind is removed.
    """
    _require_ours(site)
    site.parent.mkdir(parents=True, exist_ok=True)
    folder = site.with_name(f".{site.name}.new")
    with _lock(site.with_name(f".{site.name}.lock"), site):
        _recover(site)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def publish(folder: Path, site: Path) -> None:
    """Put `folder` in the place of `site`; one rename where the system can exchange two folders (Linux)."""
    if not site.exists():
        folder.rename(site)
    elif not _exchange(folder, site):
        aside = _aside(site)
        site.rename(aside)
        try:
            folder.rename(site)
        except OSError:
            aside.rename(site)
            raise
        shutil.rmtree(aside, ignore_errors=True)


def _require_ours(site: Path) -> None:
    if site.exists() and not site.is_dir():
        raise BuildError(f"{site} ist eine Datei. Nennen Sie mit --out einen Ordner.")
    if site.is_dir() and any(site.iterdir()) and not (site / manifest.NAME).is_file():
        raise BuildError(
            f"Der Ordner {site} enthält etwas anderes als eine Seite von transferkit. "
            "Nichts wurde verändert. Nennen Sie mit --out einen leeren oder neuen Ordner."
        )


@contextmanager
def _lock(path: Path, site: Path) -> Iterator[None]:
    """Hold a lock that the system lets go when the process ends, however it ends: no stale locks."""
    with path.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise BuildError(
                f"An {site} baut gerade schon ein anderer Aufruf (Prozess {file.read()} Uhr). "
                "Warten Sie, bis er fertig ist, oder nennen Sie mit --out einen anderen Ordner."
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}, gestartet am {datetime.now():%d.%m.%Y um %H:%M}")
        file.flush()
        yield


def _aside(site: Path) -> Path:
    return site.with_name(f".{site.name}.old")


def _recover(site: Path) -> None:
    """Undo or finish what a build killed between two renames left behind."""
    aside = _aside(site)
    if aside.exists() and not site.exists():
        aside.rename(site)
    shutil.rmtree(aside, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders at once; False where system or file system cannot."""
    renameat2 = getattr(ctypes.CDLL(None), "renameat2", None)
    if renameat2 is None:
        return False
    done: int = renameat2(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE)
    return done == 0
