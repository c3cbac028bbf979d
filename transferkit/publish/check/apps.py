"""The apps as far as they can be seen without a kernel: frames, texts of their notebooks, all messages."""

from __future__ import annotations

from collections.abc import Iterator

from nbformat import NotebookNode

from transferkit.finding import Finding
from transferkit.project import App
from transferkit.publish import app_pages
from transferkit.publish.app_offer import Offer
from transferkit.publish.app_pages import Pages
from transferkit.publish.check.notes import notes
from transferkit.publish.check.pages import APP, check

NONCE = "0000"
SCRIPTS = {"vega": "/laden/vega.js", "voila": "/laden/voila.js", "widgets": "/laden/widgets.js"}


def pages(offer: Offer) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Name, HTML and words that may not be on it, of each page a server of these apps delivers."""
    made = Pages("/", offer)
    yield "apps/start", made.start(has_workshops=True), ()
    yield "apps/start-ohne-werkstatt", made.start(has_workshops=False), ()
    yield "apps/zugang", made.access("/", complaint="Diesen Code gibt es nicht."), ()
    yield "apps/belegt", made.busy("Alle Plätze sind belegt.", "/", NONCE), ()
    yield "apps/nachricht", made.message("Das ging nicht.", ["Versuchen Sie es noch einmal."]), ()
    for app in offer.apps:
        notebook = offer.notebook(app)
        yield f"apps/{app.name}", _app(made, app, notebook), notes(notebook)


def findings(offer: Offer) -> list[Finding]:
    """What is wrong with them; what an app's code shows is tested in a browser."""
    return [
        finding for name, html, unsaid in pages(offer) for finding in check(html, name, APP, unsaid).findings
    ]


def _app(made: Pages, app: App, notebook: NotebookNode) -> str:
    frame = made.app(app.name, "", NONCE, app_pages.settings({}, NONCE), SCRIPTS, is_heavy=False)
    words = [cell for cell in notebook.cells[1:] if cell.cell_type == "markdown"]
    cells = "".join(app_pages.cell(cell, number) for number, cell in enumerate(words))
    runtime = app_pages.states({}) + app_pages.script(SCRIPTS["widgets"])
    return frame.before + cells + frame.after + runtime + frame.end
