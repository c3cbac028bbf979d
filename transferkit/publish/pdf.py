"""PDF files of built pages: which ones, each of them, and where they go."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from transferkit.errors import BuildError, PageError
from transferkit.project import meant
from transferkit.publish import fingerprint, manifest, pdf_file, pdf_verdict, storage
from transferkit.publish.pdf_browser import PrintingBrowser

BUILT, UNCHANGED, FAILED = "gebaut", "unverändert", "fehlgeschlagen"
AFTER_AN_ERROR = "PDF-Dateien, die schon da sind, sind unverändert."


@dataclass(frozen=True)
class Printed:
    """What became of one page: its address, BUILT, UNCHANGED or FAILED, seconds, and why it failed."""

    address: str
    state: str
    seconds: float
    reason: str = ""


@dataclass(frozen=True)
class _Order:
    """One page to print: its address, its PDF file, and the digest of all that makes the file what it is."""

    address: str
    file: Path
    made_from: str


Watch = Callable[[Iterable[Printed], int], Iterable[Printed]]


@storage.required(AFTER_AN_ERROR)
def make(
    site: Path,
    names: Iterable[str] = (),
    out: Path | None = None,
    *,
    address: str = "",
    watch: Watch = lambda items, total: items,
) -> list[Printed]:
    """Make PDF files of the pages named, all guides without names; they lie beside the pages or below `out`.

    `address` is where the site is published, "" if nobody knows. `watch` sees each page pass. Raises
    BuildError if there is no site, no such page or no browser; a page that fails keeps its last PDF file.
    """
    site = site.resolve()
    published = manifest.read(site)
    if not published.pages:
        raise BuildError(f"In {site} liegt keine gebaute Seite. Bauen Sie zuerst: transferkit build")
    checker = pdf_verdict.checker()
    orders = [_order(site, page, out or site, f"{address} {checker}") for page in _pages(published, names)]
    changed = [order for order in orders if pdf_file.made_from(order.file) != order.made_from]
    kept = [Printed(one.address, UNCHANGED, 0.0) for one in orders if one not in changed]
    if not changed:
        return kept
    with PrintingBrowser(site, address) as browser:
        return [*kept, *watch(_each(changed, browser, checker), len(changed))]


def _pages(published: manifest.Manifest, names: Iterable[str]) -> list[str]:
    """Addresses of the pages named by address, key or title; BuildError with the near miss for any other."""
    called: dict[str, list[str]] = {}
    for entry in published.pages.values():
        for word in {entry.address, entry.title, *map(str, entry.parameters.values())}:
            called.setdefault(word, []).append(entry.address)
    for own in published.files:
        if own.endswith(".html"):
            called.setdefault(own, []).append(own)
    wanted: dict[str, None] = {}
    for name in names:
        if name not in called:
            hint = meant(name, called.keys())
            raise BuildError(f"{name}: Keine Seite hat diese Adresse, diesen Schlüssel oder Titel.{hint}")
        wanted |= dict.fromkeys(called[name])
    return list(wanted) if wanted else list(published.pages)


def _order(site: Path, address: str, out: Path, about: str) -> _Order:
    page = fingerprint.of_file(site / address)
    made_from = fingerprint.of_value([page, version("transferkit"), about, _OWN_CODE])
    return _Order(address, (out / address).with_suffix(".pdf"), made_from)


_OWN_CODE = [
    fingerprint.of_file(Path(__file__).with_name(name))
    for name in ("pdf.py", "pdf_browser.py", "pdf_file.py", "pdf_verdict.py")
]


def _each(orders: Iterable[_Order], browser: PrintingBrowser, checker: str | None) -> Iterator[Printed]:
    for order in orders:
        started = time.perf_counter()
        try:
            content = _made(order, browser, checker)
            storage.write(order.file, content)
        except PageError as error:
            yield Printed(order.address, FAILED, time.perf_counter() - started, str(error))
        else:
            yield Printed(order.address, BUILT, time.perf_counter() - started)


def _made(order: _Order, browser: PrintingBrowser, checker: str | None) -> bytes:
    """The finished PDF file; PageError if it cannot be made or lacks what its readers need."""
    if checker is None:
        content = _finished(order, browser, pdf_verdict.UNCHECKED)
    else:
        content = _finished(order, browser, pdf_verdict.PASSED, claims_ua=True)
        passed = pdf_verdict.passes(checker, content)
        if passed is not True:
            said = pdf_verdict.UNCHECKED if passed is None else pdf_verdict.FAILED
            content = _finished(order, browser, said)
    if faults := pdf_file.faults(content):
        raise PageError(f"Die PDF-Datei ist nicht in Ordnung: {', '.join(faults)}.")
    return content


def _finished(order: _Order, browser: PrintingBrowser, verdict: str, claims_ua: bool = False) -> bytes:
    notes = [verdict]
    if browser.known:
        notes.append(f"Die Webseite: {browser.origin}{order.address}")
    printed, headings = browser.printed(order.address, notes)
    return pdf_file.finished(
        printed,
        title=pdf_file.title(printed),
        headings=headings,
        about=verdict,
        made_from=order.made_from,
        program=f"transferkit {version('transferkit')}",
        claims_ua=claims_ua,
    )
