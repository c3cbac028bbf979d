"""manifest.json: what a site holds and what each page was made from; no clock, no path of a machine."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from transferkit.errors import BuildError
from transferkit.finding import Finding
from transferkit.publish import fingerprint, storage
from transferkit.publish.gone import Gone
from transferkit.publish.news import News

NAME = "manifest.json"
GENERATOR = "transferkit"


@dataclass(frozen=True)
class Entry:
    """One page: the hash of its HTML, the key of everything but data it was made from, what data it has read.

    `reads` is what its notebook reported, `data` the digest of each part of it, by the part's German name.
    `links` are the pages it links to, `unlinked` those it names but could not link, for want of a page;
    `targets` is where else in the site it leads, maybe with `#place`; `findings` are what its check found.
    `files` lie beside it and have a hash each. `notebook` and `program` are the digests of two parts of the
    key, to tell what has changed.
    """

    address: str
    title: str
    guide: str
    parameters: Mapping[str, object]
    sha256: str
    key: str
    reads: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)
    links: tuple[str, ...] = ()
    unlinked: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    notebook: str = ""
    program: str = ""


@dataclass(frozen=True)
class Manifest:
    """The pages by address, in order, what was new on the site, the newest first, and what pages are gone.

    `key` stands for what the site's own pages were made from, `files` holds their hashes by address,
    `findings` is what was found on them, on the site as a whole and in what it was made from.
    """

    pages: Mapping[str, Entry]
    news: Sequence[News] = ()
    key: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    gone: Sequence[Gone] = ()


def read(site: Path) -> Manifest:
    """Return the manifest of a published site, an empty one without; BuildError if damaged or foreign."""
    path = site / NAME
    if not path.is_file():
        return Manifest({})
    try:
        with _all_stays():
            return _parsed(path)
    except (ValueError, KeyError, TypeError) as error:
        raise BuildError(
            f"{path} ist beschädigt ({error!r}). Löschen Sie den Ordner {site}, dann wird alles neu gebaut."
        ) from error


def _parsed(path: Path) -> Manifest:
    content = json.loads(path.read_text(encoding="utf-8"))
    if content["generator"] != GENERATOR:
        raise BuildError(f"{path} gehört nicht zu einer Seite von transferkit.")
    entries = [_entry(row) for row in content["pages"]]
    return Manifest(
        {entry.address: entry for entry in entries},
        [_news(row) for row in content.get("news", ())],
        content.get("key", ""),
        content.get("files", {}),
        _findings(content.get("findings", ())),
        [Gone(**row) for row in content.get("gone", ())],
    )


@contextmanager
def _all_stays() -> Iterator[None]:
    """Make a million objects without looking for garbage among them, now or later: half of the time."""
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()


def _entry(row: Mapping[str, Any]) -> Entry:
    """What an older version wrote otherwise is left out: such a page is made anew."""
    known = {name: row[name] for name in Entry.__dataclass_fields__ if name in row}
    if not isinstance(known.get("data", {}), dict):
        del known["data"]
    lists = {name: tuple(row.get(name, ())) for name in ("links", "unlinked", "targets")}
    return Entry(**{**known, **lists, "findings": _findings(row.get("findings", ()))})


def _findings(rows: Iterable[Mapping[str, Any]]) -> tuple[Finding, ...]:
    return tuple(Finding(**row) for row in rows)


def _news(row: Mapping[str, Any]) -> News:
    pages = tuple((address, title) for address, title in row["pages"])
    return News(row["edition"], tuple(row["sentences"]), pages, row["count"])


def write(site: Path, new: Manifest, version: str) -> None:
    """Write the manifest, one page a line; whatever else lies in `site` is one of its own files."""
    entries = list(new.pages.values())
    about = {
        "generator": GENERATOR,
        "version": version,
        "key": new.key,
        "files": _own_files(site, entries),
        "findings": [vars(finding) for finding in new.findings],
    }
    head = json.dumps(about, ensure_ascii=False)[:-1]
    parts: dict[str, Iterable[Entry | News | Gone]] = {"pages": entries, "news": new.news, "gone": new.gone}
    lists = ", ".join(f'"{name}": [\n{_lines(rows)}\n]' for name, rows in parts.items())
    storage.write(site / NAME, f"{head}, {lists}}}\n".encode())


def _own_files(site: Path, entries: Iterable[Entry]) -> dict[str, str]:
    of_pages = addresses(entries)
    found = (path for path in sorted(site.rglob("*")) if path.is_file())
    own = {path.relative_to(site).as_posix(): path for path in found}
    return {
        address: fingerprint.of_bytes(path.read_bytes())
        for address, path in own.items()
        if address not in of_pages
    }


def _lines(rows: Iterable[Entry | News | Gone]) -> str:
    return ",\n".join(json.dumps(vars(row), ensure_ascii=False, sort_keys=True, default=vars) for row in rows)


def addresses(entries: Iterable[Entry]) -> set[str]:
    """Every file of these pages: their own, and those that lie beside them."""
    return {address for entry in entries for address in (entry.address, *entry.files)}


def is_as_written(site: Path, entry: Entry) -> bool:
    """Whether the page and the files beside it are there and nobody has changed them."""
    return are_as_written(site, {entry.address: entry.sha256, **entry.files})


def are_as_written(site: Path, files: Mapping[str, str]) -> bool:
    """Whether files are there with these hashes."""
    return all(fingerprint.of_file(site / address) == digest for address, digest in files.items())
