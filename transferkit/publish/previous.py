"""The site as it was published last: what of it is still true and can be taken over."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from transferkit.finding import Finding
from transferkit.publish import manifest
from transferkit.publish.gone import Gone
from transferkit.publish.manifest import Entry, Manifest
from transferkit.publish.news import News
from transferkit.publish.page import Page


@dataclass(frozen=True)
class Previous:
    """The pages of the published site that are still planned and sound; the titles of all, and its news.

    `gone` are pages that had been published before and were no more.
    `key`, `files` and `findings` are those of the site (see `Manifest`).
    """

    site: Path
    pages: Mapping[str, Entry]
    published: Mapping[str, str] = field(default_factory=dict)
    news: Sequence[News] = ()
    key: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    gone: Sequence[Gone] = ()

    def take_over(self, addresses: Iterable[str], folder: Path) -> None:
        """Put the pages into `folder` as hard links, which cost no space, or else as copies."""
        for address in addresses:
            target = folder / address
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(self.site / address, target)
            except OSError:
                shutil.copyfile(self.site / address, target)


def previous(site: Path, published: Manifest, pages: Iterable[Page]) -> Previous:
    """What `site`, which `published` describes, holds of `pages`; what is gone or changed does not count."""
    sound: dict[str, Entry] = {}
    for page in pages:
        entry = published.pages.get(page.address)
        if entry and manifest.is_as_written(site, entry):
            sound[page.address] = entry
    return Previous(
        site,
        sound,
        {entry.address: entry.title for entry in published.pages.values()},
        published.news,
        published.key,
        published.files,
        published.findings,
        published.gone,
    )
