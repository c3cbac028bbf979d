"""A site as it lies in a folder: every page read anew, every file compared with what the build wrote."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from transferkit.errors import BuildError
from transferkit.finding import Finding
from transferkit.publish import manifest
from transferkit.publish.check import markup, site
from transferkit.publish.check.pages import GUIDE, OWN, check
from transferkit.publish.check.site import Facts
from transferkit.publish.manifest import Manifest


@dataclass(frozen=True)
class Read:
    """What was found in a folder, how many pages it has, and what the build wrote about it."""

    findings: tuple[Finding, ...]
    pages: int
    published: Manifest


def read(folder: Path, notes: Collection[str] = ()) -> Read:
    """Check the site in `folder`, whoever made it; `notes` may stand on none of its pages.

    Raises BuildError if there is no page.
    """
    addresses = site.own_pages(folder, ())
    if not addresses:
        raise BuildError(f"In {folder} liegt keine Seite. Bauen Sie zuerst: transferkit build --out {folder}")
    published = manifest.read(folder)
    found: list[Finding] = []
    facts: dict[str, Facts] = {}
    thorough = set(_one_of_a_kind(published, addresses))
    for address in addresses:
        html = (folder / address).read_text(encoding="utf-8", errors="replace")
        is_own = address in published.files
        checked = check(html, address, OWN if is_own else GUIDE, notes)
        facts[address] = site.of_checked(checked)
        found += checked.findings
        if address in thorough:
            found += markup.findings(html, address)
    found += site.findings(folder, facts)
    found += _as_written(folder, published)
    return Read(tuple(found), len(addresses), published)


def _one_of_a_kind(published: Manifest, addresses: list[str]) -> Iterator[str]:
    """The site's own pages, and the first of each guide; all the same template, so one speaks for all."""
    seen: set[str] = set()
    for address in addresses:
        entry = published.pages.get(address)
        kind = entry.guide if entry else address
        if kind not in seen:
            seen.add(kind)
            yield address


def _as_written(folder: Path, published: Manifest) -> Iterator[Finding]:
    if not published.pages:
        yield Finding(
            manifest.NAME,
            None,
            "site.manifest",
            manifest.NAME,
            "Der Ordner sagt nicht, woraus seine Seiten entstanden.",
            "Bauen Sie die Site mit transferkit build.",
        )
        return
    written = dict(published.files)
    for entry in published.pages.values():
        written |= {entry.address: entry.sha256, **entry.files}
    for address, digest in written.items():
        if not manifest.are_as_written(folder, {address: digest}):
            is_there = (folder / address).is_file()
            text = "Die Datei wurde nach dem Bau verändert." if is_there else "Die Datei fehlt."
            yield Finding(address, None, "site.manifest", address, text, "Bauen Sie die Site neu.")
    for path in sorted(folder.rglob("*")):
        address = path.relative_to(folder).as_posix()
        if path.is_file() and address not in written and address != manifest.NAME:
            yield Finding(
                address,
                None,
                "site.manifest",
                address,
                "Die Datei stammt nicht vom Bau.",
                "Entfernen Sie sie, oder nehmen Sie sie in einen Leitfaden auf.",
            )
