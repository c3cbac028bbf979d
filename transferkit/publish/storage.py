"""Files that are there whole or not at all, and in German what is wrong when one cannot be written."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from transferkit.errors import BuildError

REASONS = {
    errno.ENOSPC: "der Datenträger ist voll",
    errno.EDQUOT: "der zugeteilte Speicherplatz ist aufgebraucht",
    errno.EFBIG: "die Datei würde größer als erlaubt",
    errno.EROFS: "der Datenträger lässt sich nur lesen",
    errno.EACCES: "dazu fehlt die Berechtigung",
    errno.EPERM: "dazu fehlt die Berechtigung",
    errno.ENOTDIR: "wo ein Ordner sein müsste, liegt eine Datei",
    errno.EEXIST: "wo ein Ordner sein müsste, liegt eine Datei",
    errno.EISDIR: "wo eine Datei sein müsste, liegt ein Ordner",
    errno.ENOENT: "das gibt es nicht",
    errno.ENAMETOOLONG: "der Name ist zu lang",
    errno.EIO: "der Datenträger meldet einen Fehler",
    errno.EMFILE: "zu viele Dateien sind offen",
    errno.ENFILE: "zu viele Dateien sind offen",
    errno.EAGAIN: "das System lässt keinen weiteren Prozess zu",
    errno.ENOMEM: "der Arbeitsspeicher ist erschöpft",
}


def write(path: Path, content: bytes) -> None:
    """Write a file, folders included; OSError leaves what was there before.

    The file beside it has the same name each time: what a killed process left is overwritten by the next one.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.new")
    try:
        unfinished.write_bytes(content)
        os.replace(unfinished, path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise OSError(error.errno, error.strerror, str(path)) from error


def reason(error: OSError) -> str:
    """What is wrong, in German."""
    return REASONS.get(error.errno or 0, f"das System meldet „{error.strerror or error}“")


@contextmanager
def required(promise: str) -> Iterator[None]:
    """Turn every OSError of the block into one BuildError that ends in `promise`: what is still as it was."""
    try:
        yield
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise BuildError(f"Der Bau ist abgebrochen: {where}{reason(error)}. {promise}") from error
