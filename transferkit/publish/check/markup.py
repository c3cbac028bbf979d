"""Whether HTML is written as the standard wants it: slow and thorough. The one door to justhtml."""

from __future__ import annotations

from collections.abc import Iterator

from justhtml import JustHTML

from transferkit.finding import Finding


def findings(html: str, address: str) -> Iterator[Finding]:
    """What the HTML standard calls an error. Takes about 50 ms a page, so ask for one page of a kind."""
    for error in JustHTML(html, collect_errors=True).errors:
        yield Finding(
            address,
            error.line,
            "page.markup",
            error.code,
            f"Das HTML hat einen Fehler: {error.message}.",
            "Berichtigen Sie die Vorlage oder die Zelle, aus der es stammt.",
        )
