"""Private folders for sockets and work, named for the process they belong to: the next one tidies up after a
process that was killed."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = re.compile(r"tk-(?:[a-z]+-)?(\d+)-[0-9a-f]{8}")
# A socket's path may have 107 characters; a long TMPDIR leaves no room for it.
LONGEST_FOLDER = 80


def path(kind: str = "") -> Path:
    """Name a folder that does not exist yet, for `kind` of use (letters) of this process."""
    word = f"{kind}-" if kind else ""
    return Path(_short_temporary_folder()) / f"tk-{word}{os.getpid()}-{secrets.token_hex(4)}"


def made(kind: str = "") -> Path:
    """Make such a folder, for nobody else to look into."""
    folder = path(kind)
    folder.mkdir(mode=0o700)
    return folder


@contextmanager
def for_a_while(kind: str) -> Iterator[Path]:
    """Such a folder, gone with all its files after the block."""
    folder = made(kind)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_abandoned() -> None:
    """Remove the folders of processes that are no more: they were killed and could not."""
    if sys.platform == "win32":  # there to ask about a process is to end it
        return
    for folder in Path(_short_temporary_folder()).glob("tk-*"):
        owner = NAME.fullmatch(folder.name)
        if owner and not _is_running(int(owner[1])):
            shutil.rmtree(folder, ignore_errors=True)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        pass
    return True


def _short_temporary_folder() -> str:
    """The system's own, unless its path leaves no room for a socket's."""
    system = tempfile.gettempdir()
    return system if len(system) <= LONGEST_FOLDER else "/tmp"
