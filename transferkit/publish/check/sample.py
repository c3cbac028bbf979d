"""A sample of a site, one page of each guide, made once more from nothing: the same bytes must come out."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from transferkit.finding import Finding
from transferkit.publish import fingerprint, glossary, storage
from transferkit.publish.build import SITE_PAGES
from transferkit.publish.manifest import Entry, Manifest
from transferkit.publish.page import Page
from transferkit.publish.plan import Sources, plan
from transferkit.publish.worker import Limits, Outcome, Task, make, start_workers

RULE = "site.rebuild"
OTHER_STATE = (
    "Die Site entstand aus einem anderen Stand von Daten, Notizbüchern oder Programm. Bauen Sie sie neu."
)


@dataclass(frozen=True)
class Rebuilt:
    """What was found, how many pages were made again, and why none could be compared, if so."""

    findings: tuple[Finding, ...] = ()
    pages: int = 0
    unchecked: str = ""


def rebuild(sources: Sources, published: Manifest) -> Rebuilt:
    """Make one page of each guide again, in a folder that is gone afterwards, and compare."""
    chosen = list(_chosen(sources, published))
    if not chosen:
        return Rebuilt(unchecked=f"gleiche Bytes beim Neubau. {OTHER_STATE}")
    with tempfile.TemporaryDirectory(prefix="transferkit-check-") as private, start_workers(1) as executor:
        known = Path(private, "known")
        storage.write(known, "\n".join(sorted({*SITE_PAGES, *published.pages})).encode())
        tasks = [_task(sources, page, Path(private), known) for page, _ in chosen]
        outcomes = list(executor.map(make, tasks))
    found = [_compared(entry, outcome) for (_, entry), outcome in zip(chosen, outcomes, strict=True)]
    return Rebuilt(tuple(one for one in found if one), len(chosen))


def _chosen(sources: Sources, published: Manifest) -> Iterator[tuple[Page, Entry]]:
    """A page of each guide that was made from what is here now: the same one every time."""
    origin = fingerprint.origin(sources.toc, sources.notebooks, sources.digests)
    program = glossary.with_program(origin.program, glossary.terms(sources.tables["glossary"]))
    seen: set[str] = set()
    pages = plan(sources, None, published.pages.values()).pages
    for page in sorted(pages, key=lambda page: fingerprint.of_bytes(page.address.encode())):
        entry = published.pages.get(page.address)
        if entry is None or page.guide in seen:
            continue
        is_now = entry.key == fingerprint.of_page(page, origin.notebooks[page.guide], program)
        if is_now and entry.data == sources.digests_of_reads(entry.reads):
            seen.add(page.guide)
            yield page, entry


def _task(sources: Sources, page: Page, folder: Path, known: Path) -> Task:
    guide = sources.toc.guide(page.guide)
    return Task(
        page=page,
        notebook=sources.notebooks / guide.notebook,
        executed=(folder / "executed" / page.address).with_suffix(".ipynb"),
        html=folder / "site" / page.address,
        known=known,
        key="",
        cwd=sources.notebooks,
        limits=Limits(jobs=1),
        terms=() if guide.on_request else glossary.terms(sources.tables["glossary"]),
    )


def _compared(entry: Entry, outcome: Outcome) -> Finding | None:
    if outcome.failure is not None:
        text = f"Beim Neubau schlug die Seite fehl: {outcome.failure.reason}"
    elif outcome.sha256 != entry.sha256 or dict(outcome.files) != dict(entry.files):
        text = "Der Neubau ergab aus demselben Stand eine andere Seite."
    else:
        return None
    return Finding(
        entry.address, None, RULE, entry.guide, text, "Suchen Sie nach Zufall oder Uhrzeit im Notizbuch."
    )
