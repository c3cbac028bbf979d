"""A page to plant defects in: everything a guide can show, rendered as every guide is, and sound."""

from __future__ import annotations

from functools import cache

import pandas as pd
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from transferkit.present import charts
from transferkit.publish import render
from transferkit.publish.check.notes import notes
from transferkit.publish.check.pages import Checked, check
from transferkit.publish.page import Page

TABLE = (
    '<div class="table" tabindex="0" role="region" aria-label="Orte"><table><caption>Orte</caption>'
    '<thead><tr><th scope="col">Ort</th><th scope="col" class="num">Personen</th></tr></thead>'
    '<tbody><tr><th scope="row">Adorf</th><td class="num">1.200</td></tr></tbody></table></div>'
)
PICTURE = '<p><img src="data:image/png;base64,iVBORw0KGgo=" alt="Der Marktplatz von Adorf"></p>'
FIELD = '<form><p><label for="wort">Wort</label> <input id="wort" name="wort" type="text"></p></form>'
SOURCES = (
    '<ol class="sources"><li id="q-amt"><a href="https://www.destatis.de/">Gemeindeverzeichnis</a>. '
    "Statistisches Bundesamt (Destatis), 30.11.2025. "
    "© Statistisches Bundesamt (Destatis), 2025. Eigene Aufbereitung.</li>"
    '<li id="q-land"><a href="https://example.org/daten">Daten</a>. Land, 2025. '
    '<a href="https://www.govdata.de/dl-de/by-2-0">dl-de/by-2-0</a>, Daten geändert.</li></ol>'
)
PAGE = Page(
    address="orte/adorf.html",
    title="Leitfaden für Adorf",
    guide="town",
    group="Orte",
    group_page="kommunen.html",
    label="Adorf",
    edition="2026-11-22",
    site_title="transferkit",
    version="0.1.0",
)
KNOWN = ("index.html", "kommunen.html", "orte/bdorf.html")
NOTE = "Lassen Sie der Gruppe hier zehn Minuten Zeit, und sammeln Sie erst danach."


def _shown(piece: str) -> NotebookNode:
    """A code cell that shows a piece of HTML."""
    return new_code_cell("x", outputs=[new_output("display_data", data={"text/html": piece})])


def _chart() -> NotebookNode:
    frame = pd.DataFrame({"name": ["Adorf", "Bdorf"], "value": [1200, 800]})
    chart = {
        "finding": "Adorf ist größer",
        "subtitle": "Personen",
        "description": "Waagerechte Balken: Adorf 1.200, Bdorf 800.",
        "drawings": charts.bars(frame, "name", "value"),
        "table": TABLE,
    }
    return new_code_cell("x", outputs=[new_output("display_data", data={charts.MIMETYPE: chart})])


@cache
def notebook() -> NotebookNode:
    """A notebook that was run: text, a chart, a table, a field, links, sources, and a note for others."""
    note = new_markdown_cell(NOTE)
    note.metadata["tags"] = ["facilitator"]
    text = '<p>Adorf kennt <a href="site:orte/bdorf.html">Bdorf</a>.<a href="#q-amt">Quelle</a></p>'
    return new_notebook(
        cells=[
            new_markdown_cell("# Leitfaden\n\nWorum es geht, in einem Satz."),
            new_markdown_cell("## Zahlen"),
            _chart(),
            _shown(text),
            note,
            new_markdown_cell("## Fragen\n\n### Eine Frage"),
            _shown(FIELD),
            _shown(PICTURE),
            new_markdown_cell("## Die nächsten Schritte\n\nRufen Sie dort an."),
            new_markdown_cell("## Quellen"),
            _shown(SOURCES),
        ]
    )


@cache
def sound_page() -> str:
    """The page as HTML."""
    return render.page(notebook(), PAGE, KNOWN)


def examined(html: str) -> Checked:
    """What the check says of a page in the place of the sound one."""
    return check(html, PAGE.address, notes=notes(notebook()))
