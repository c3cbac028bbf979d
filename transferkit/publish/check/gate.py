"""The last look before a site is published: what its pages were found to be, and how they hang together."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from transferkit.finding import Finding
from transferkit.publish.check import allowed
from transferkit.publish.check.allowed import Judged
from transferkit.publish.manifest import Entry, addresses
from transferkit.publish.plan import Sources
from transferkit.publish.previous import Previous

OF_SOURCES = ("data", "language", "notebook")  # beginnings of rules


class Gate:
    """The gate of one build. What reads pages is loaded only when there is a page to read.

    `key` stands for what the site is made from. `judged` is the last judgement, `found` what it was about,
    the guides' own pages aside.
    """

    def __init__(self, sources: Sources, old: Previous, key: str) -> None:
        self.sources, self.old, self.key = sources, old, key
        self.judged = Judged()
        self.found: tuple[Finding, ...] = old.manifest.findings

    def lets_stay(self) -> bool:
        """Whether the old site is sound by what was found when it was made, and by what is allowed today."""
        return self._is_sound(self.old.pages.values())

    def lets_pass(self, folder: Path, entries: Collection[Entry], elsewhere: Collection[str]) -> bool:
        """Whether the new site in `folder` may be published.

        Its guides were read when they were made; its own pages are read now. `elsewhere` are addresses of
        pages that another part of the build brings.
        """
        self.found = (*self._of_site(folder, entries, elsewhere), *self._of_sources())
        return self._is_sound(entries)

    def _is_sound(self, entries: Iterable[Entry]) -> bool:
        found = [finding for entry in entries for finding in entry.findings]
        self.judged = allowed.judge([*found, *self.found], allowed.read(self.sources.notebooks))
        return not self.judged.unsound

    def _of_site(self, folder: Path, entries: Collection[Entry], elsewhere: Collection[str]) -> list[Finding]:
        from transferkit.publish.check import site
        from transferkit.publish.check.pages import OWN, check

        title = self.sources.toc.title
        pages = {
            entry.address: site.Facts(f"{entry.title} – {title}", (*entry.links, *entry.targets))
            for entry in entries
        }
        found: list[Finding] = []
        for address in site.own_pages(folder, addresses(entries)):
            html = (folder / address).read_text(encoding="utf-8", errors="replace")
            checked = check(html, address, OWN)
            pages[address] = site.of_checked(checked)
            found += checked.findings
        return found + list(site.findings(folder, pages, elsewhere))

    def _of_sources(self) -> Iterable[Finding]:
        """What is wrong with data and notebooks; as long as they are the same, what was then."""
        if self.old.manifest.key == self.key:
            return [one for one in self.old.manifest.findings if one.rule.partition(".")[0] in OF_SOURCES]
        return self.sources.findings()
