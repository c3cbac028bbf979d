"""What a page owes those whose work it uses: sources, attribution, licence, the day of its data."""

from __future__ import annotations

import re
from collections.abc import Iterator

from transferkit.finding import Finding
from transferkit.publish.check.document import Document, Element, words

BY_LICENCE = re.compile(r"dl-de/by|Datenlizenz Deutschland\s*[–-]\s*Namensnennung")
CHANGED = re.compile(r"geändert|verändert|Aufbereitung|bearbeitet", re.IGNORECASE)
DAY = re.compile(r"\b\d\d\.\d\d\.\d{4}\b")
LICENCE = "creativecommons.org/licenses/by/4.0"
CLAIMS = {"facts", "lessons", "cards"}  # classes of what only data can say; a table may be our own words


def findings(document: Document, is_guide: bool) -> Iterator[Finding]:
    """What is wrong; a guide has a list of its sources."""
    if is_guide:
        yield from _sources(document)
    yield from _attribution(document)
    yield from _footer(document)


def _sources(document: Document) -> Iterator[Finding]:
    classes = document.attributes.get("class", ())
    claims = (one for one, value in classes if not CLAIMS.isdisjoint(value.split()))
    first = next(claims, None)
    if first is None:
        first = next(iter(document.all("figure")), None)
    if first is None:
        return
    lists = [one for one, value in classes if "sources" in value and "sources" in value.split()]
    entries = [entry for one in lists for entry in one.iter("li")]
    if not entries:
        yield document.finding(
            "page.source",
            first,
            "Die Seite zeigt Zahlen oder Erfahrungen, nennt aber keine Quelle.",
            "Schließen Sie das Notizbuch mit tk.cite(…) ab.",
        )
    for entry in entries:
        if not any(text.strip() for text in entry.itertext()):
            yield document.finding(
                "page.source", entry, "Die Quelle ist leer.", "Nennen Sie Titel, Herausgeber und Datum."
            )


def _attribution(document: Document) -> Iterator[Finding]:
    entries = [entry for entry in document.all("li") if (entry.get("id") or "").startswith("q")]
    for entry in entries:
        text = words(entry)
        if "Destatis" in text and "©" not in text:
            yield document.finding(
                "page.attribution",
                entry,
                "Das Statistische Bundesamt verlangt seinen vollen Vermerk (©).",
                "Übernehmen Sie ihn aus dem Gemeindeverzeichnis: tk.cite(„register“).",
            )
        if BY_LICENCE.search(text):
            yield from _data_licence(document, entry, text)


def _data_licence(document: Document, entry: Element, text: str) -> Iterator[Finding]:
    links = [link.get("href", "") for link in entry.iter("a")]
    if not any("govdata.de/dl-de/by-2-0" in link for link in links):
        yield document.finding(
            "page.attribution",
            entry,
            "Zur Datenlizenz Deutschland gehört ein Link auf ihren Text.",
            "Verlinken Sie https://www.govdata.de/dl-de/by-2-0.",
        )
    if not CHANGED.search(text):
        yield document.finding(
            "page.attribution",
            entry,
            "Es fehlt, ob die Daten verändert wurden.",
            "Schreiben Sie „Daten geändert“ oder „unverändert“.",
        )


def _footer(document: Document) -> Iterator[Finding]:
    footers = document.all("footer")
    if not footers:
        return  # said by page.landmarks
    text = words(footers[-1])
    links = [link.get("href", "") for link in footers[-1].iter("a")]
    missing = {
        "den Tag der Daten": DAY.search(text),
        "die Lizenz CC BY 4.0 mit Link": any(LICENCE in link for link in links),
        "die Lizenz des Programms": "MIT" in text,
    }
    for name, is_there in missing.items():
        if not is_there:
            yield document.finding(
                "page.licence", footers[-1], f"Der Fuß nennt nicht {name}.", "Ergänzen Sie es.", "<footer>"
            )
