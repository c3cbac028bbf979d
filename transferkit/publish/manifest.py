"""manifest.json: what a site holds and what each page was made from; no clock, no path of a machine."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from transferkit.errors import BuildError
from transferkit.publish import fingerprint, storage

NAME = "manifest.json"
GENERATOR = "transferkit"


@dataclass(frozen=True)
class Entry:
    """One page: the hash of its HTML, the key of everything it was made from, the digest of its data.

    `links` are the pages it links to, `unlinked` those it names but could not link, for want of a page;
    `files` lie beside it and have a hash each. `notebook` and `program` are the digests of two parts of the
    key, to tell what has changed.
    """

    address: str
    title: str
    guide: str
    parameters: Mapping[str, object]
    sha256: str
    key: str
    data: str
    links: tuple[str, ...] = ()
    unlinked: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    notebook: str = ""
    program: str = ""


@dataclass(frozen=True)
class Manifest:
    """The pages by address, in order, and for each data digest in use the digests of its tables."""

    pages: Mapping[str, Entry]
    data: Mapping[str, Mapping[str, str]]


def read(site: Path) -> Manifest | None:
    """Return the manifest of a published site, None without one; BuildError if it is damaged or foreign."""
    path = site / NAME
    if not path.is_file():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["generator"] != GENERATOR:
            raise BuildError(f"{path} gehört nicht zu einer Seite von transferkit.")
        entries = [
            Entry(**{**row, "links": tuple(row["links"]), "unlinked": tuple(row["unlinked"])})
            for row in content["pages"]
        ]
        return Manifest({entry.address: entry for entry in entries}, content["data"])
    except (ValueError, KeyError, TypeError) as error:
        raise BuildError(
            f"{path} ist beschädigt ({error!r}). Löschen Sie den Ordner {site}, dann wird alles neu gebaut."
        ) from error


def write(site: Path, entries: Iterable[Entry], data: Mapping[str, Mapping[str, str]], version: str) -> None:
    """Write the manifest; of `data` only what the entries refer to."""
    pages = [asdict(entry) for entry in entries]
    used = {digest: dict(data[digest]) for digest in sorted({page["data"] for page in pages})}
    content = {"generator": GENERATOR, "version": version, "pages": pages, "data": used}
    text = json.dumps(content, ensure_ascii=False, indent=1)
    storage.write(site / NAME, f"{text}\n".encode())


def addresses(entries: Iterable[Entry]) -> set[str]:
    """Every file of these pages: their own, and those that lie beside them."""
    return {address for entry in entries for address in (entry.address, *entry.files)}


def is_as_written(site: Path, entry: Entry) -> bool:
    """Whether the page and the files beside it are there and nobody has changed them."""
    return all(
        (site / address).is_file() and fingerprint.of_bytes((site / address).read_bytes()) == digest
        for address, digest in {entry.address: entry.sha256, **entry.files}.items()
    )
