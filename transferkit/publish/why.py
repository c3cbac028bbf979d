"""Why a page would be made anew: what has changed since the published version, in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from transferkit.publish import fingerprint, glossary, manifest
from transferkit.publish.manifest import Entry
from transferkit.publish.page import Page
from transferkit.publish.plan import Selection, Sources, plan

UNCHANGED = "unverändert, wird nicht neu gebaut"


def why(sources: Sources, out: Path, name: str, guide: str | None = None) -> list[str]:
    """Return one line per page of this address, value or label; BuildError, with the near miss, for none."""
    entries = manifest.read(out).pages
    planned = plan(sources, Selection(guide, only=(name,)), entries.values())
    pages = [page for page in planned.pages if page.address in planned.selected]
    return [f"{page.address}: {_reasons(page, entries.get(page.address), sources, out)}" for page in pages]


def _reasons(page: Page, entry: Entry | None, sources: Sources, out: Path) -> str:
    if entry is None:
        return "neu, wurde noch nie veröffentlicht"
    return "; ".join(_changes(page, entry, sources, out)) or UNCHANGED


def _changes(page: Page, entry: Entry, sources: Sources, out: Path) -> Iterator[str]:
    if not manifest.is_as_written(out, entry):
        yield "die veröffentlichte Datei fehlt oder wurde von Hand verändert"
    if entry.parameters != page.parameters:
        yield "die Parameter haben sich geändert"
    if entry.title != page.title:
        yield f"der Titel hieß „{entry.title}“"
    if entry.notebook != fingerprint.of_notebook(sources.notebooks / sources.toc.guide(page.guide).notebook):
        yield "das Notizbuch hat sich geändert"
    now = sources.digests_of_reads(entry.reads) if entry.reads else {}
    if parts := sorted(part for part in {*entry.data, *now} if entry.data.get(part) != now.get(part)):
        yield f"Daten haben sich geändert: {', '.join(parts)}"
    terms = glossary.terms(sources.tables["glossary"])
    if entry.program != glossary.with_program(fingerprint.of_program(), terms):
        yield "Programm, Vorlagen, Pakete oder Wörter des Glossars haben sich geändert"
