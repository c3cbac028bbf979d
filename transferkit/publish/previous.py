"""The site as it was published last: what of it is still true and can be taken over."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from transferkit.publish import manifest
from transferkit.publish.manifest import Entry, Manifest
from transferkit.publish.page import Page


@dataclass(frozen=True)
class Previous:
    """The published site: its manifest, and those of its pages that are still planned and sound."""

    site: Path
    manifest: Manifest
    pages: Mapping[str, Entry]

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
    return Previous(site, published, sound)
