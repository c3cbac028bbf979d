"""What single elements owe their readers: descriptions, captions, names, targets, order for the keyboard."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import unquote

from transferkit.finding import Finding
from transferkit.publish.check.document import Document, Element, within, words

# What programs write where a person should describe the picture.
DUMMY = re.compile(
    r"no description has been provided.*|image|img|bild|grafik|picture|photo|foto|png|untitled|output|"
    r"\S+\.(png|jpe?g|svg|gif|webp)",
    re.IGNORECASE,
)
BLIND_LINKS = {"hier", "link", "mehr", "weiter", "klicken sie hier", "hier klicken", "weiterlesen"}
INTERACTIVE = {"a", "button", "input", "select", "textarea", "summary", "iframe", "audio", "video"}
WIDGET_ROLES = {
    *(
        "button",
        "checkbox",
        "combobox",
        "grid",
        "link",
        "listbox",
        "menuitem",
        "option",
        "radio",
        "searchbox",
    ),
    *("slider", "spinbutton", "switch", "tab", "tabpanel", "textbox", "treeitem"),
}
NAMELESS_INPUTS = {"hidden", "submit", "reset", "button", "image"}
SCOPES = ("col", "row", "colgroup", "rowgroup")


def findings(document: Document) -> Iterator[Finding]:
    """What is wrong."""
    yield from _pictures(document)
    yield from _drawings(document)
    yield from _charts(document)
    yield from _tables(document)
    yield from _links(document)
    yield from _tab_order(document)
    yield from _controls(document)
    yield from _ids(document)
    yield from _anchors(document)


def _pictures(document: Document) -> Iterator[Finding]:
    for picture in document.all("img", "area", "input"):
        if picture.tag == "input" and picture.get("type") != "image":
            continue
        said = (picture.get("alt") or "").strip()
        if not said and not _is_hidden(picture):
            text = "Das Bild hat keine Beschreibung."
        elif DUMMY.fullmatch(said):
            text = f"Die Beschreibung „{said}“ sagt nicht, was auf dem Bild ist."
        else:
            continue
        yield document.finding(
            "page.alt-text", picture, text, 'Beschreiben Sie in einem Satz, was es zeigt: alt="…".'
        )


def _drawings(document: Document) -> Iterator[Finding]:
    for drawing in document.all("svg"):
        if within(drawing, "svg") is not None or _is_hidden(drawing):
            continue
        titles = [words(title) for title in drawing.iterchildren("title")]
        named = drawing.get("aria-label") or _referred(document, drawing) or any(titles)
        if drawing.get("role") != "img" or not named or DUMMY.fullmatch(str(named)):
            yield document.finding(
                "page.alt-text",
                drawing,
                "Die Zeichnung hat keine Beschreibung.",
                'Geben Sie ihr role="img" und einen <title>, oder blenden Sie Schmuck mit aria-hidden aus.',
            )


def _is_hidden(element: Element) -> bool:
    if element.get("role") in ("presentation", "none"):
        return True
    around = [element, *element.iterancestors()]
    return any(one.get("aria-hidden") == "true" for one in around)


def _referred(document: Document, element: Element) -> str:
    """The text that `aria-labelledby` refers to."""
    names = (element.get("aria-labelledby") or "").split()
    if not names:
        return ""
    places = {value: one for one, value in document.attributes["id"]}
    return " ".join(words(places[name]) for name in names if name in places).strip()


def _charts(document: Document) -> Iterator[Finding]:
    for figure in document.all("figure"):
        drawn = next(figure.iter("svg", "canvas"), None)
        if drawn is None or _is_hidden(drawn) or next(figure.iter("table"), None) is not None:
            continue
        beside = figure.getnext()
        if beside is None or next(beside.iter("table"), None) is None:
            yield document.finding(
                "page.chart-table",
                figure,
                "Neben der Abbildung steht keine Tabelle mit ihren Zahlen.",
                "Zeigen Sie Abbildungen mit tk.charts: Die Tabelle kommt dann mit.",
                words(figure)[:80],
            )


def _tables(document: Document) -> Iterator[Finding]:
    for table in document.all("table"):
        if table.get("role") in ("presentation", "none"):
            continue
        captions = [words(caption) for caption in table.iterchildren("caption")]
        if not any(captions):
            yield document.finding(
                "page.table", table, "Die Tabelle hat keine Beschriftung.", "Geben Sie ihr eine <caption>."
            )
        heads = list(table.iter("th"))
        if not heads:
            yield document.finding(
                "page.table", table, "Die Tabelle hat keine Kopfzellen.", 'Richtig ist <th scope="col">.'
            )
        for head in heads:
            if head.get("scope") not in SCOPES:
                yield document.finding(
                    "page.table",
                    head,
                    "Die Kopfzelle sagt nicht, ob sie für eine Spalte oder eine Zeile gilt.",
                    'Richtig ist scope="col" oder scope="row".',
                )


def _links(document: Document) -> Iterator[Finding]:
    for link, _, _ in document.having("href"):
        if link.tag != "a":
            continue
        name = _name(document, link)
        if not name:
            text = "Der Link hat keinen Text."
        elif name.casefold().strip(" .…›»→") in BLIND_LINKS:
            text = f"„{name}“ sagt ohne den Satz darum nicht, wohin der Link führt."
        else:
            continue
        yield document.finding(
            "page.link-text", link, text, "Nennen Sie das Ziel, zum Beispiel seinen Titel."
        )


def _name(document: Document, element: Element) -> str:
    """What a screen reader calls an element."""
    named = element.get("aria-label") or _referred(document, element) or words(element)
    if not named:
        pictures = (one.get("alt") or one.get("aria-label") or "" for one in element.iter("img", "svg"))
        named = " ".join(pictures)
    return str(named or element.get("title") or "").strip()


def _tab_order(document: Document) -> Iterator[Finding]:
    for element, _, value in document.having("tabindex"):
        number = int(value) if re.fullmatch(r"[+-]?\d+", value.strip()) else 0
        role = element.get("role", "")
        named = element.get("aria-label") or element.get("aria-labelledby")
        can_scroll = role in ("region", "group") and named
        if number > 0:
            text = "Das Element drängt sich mit der Tabulatortaste vor."
        elif number == 0 and element.tag not in INTERACTIVE and role not in WIDGET_ROLES and not can_scroll:
            text = "Die Tabulatortaste hält hier, obwohl es nichts zu bedienen gibt."
        else:
            continue
        yield document.finding("page.tabindex", element, text, "Streichen Sie tabindex.")


def _controls(document: Document) -> Iterator[Finding]:
    labelled = {value for label, value in document.attributes.get("for", ()) if words(label)}
    for control in document.all("input", "select", "textarea"):
        if control.tag == "input" and control.get("type") in NAMELESS_INPUTS:
            continue
        own = control.get("aria-label") or _referred(document, control) or control.get("title")
        around = within(control, "label")
        if not own and control.get("id") not in labelled and (around is None or not words(around)):
            yield document.finding(
                "page.label", control, "Das Feld hat keine Beschriftung.", "Geben Sie ihm ein <label>."
            )
    for button in document.all("button", "summary"):
        if not _name(document, button):
            yield document.finding(
                "page.label", button, "Die Schaltfläche hat keinen Namen.", "Beschriften Sie sie mit Text."
            )


def _ids(document: Document) -> Iterator[Finding]:
    counted = Counter(value for _, value in document.attributes.get("id", ()))
    if len(counted) < len(document.attributes.get("id", ())):
        for element, value in document.attributes["id"]:
            if counted[value] > 1:
                counted[value] = 0  # said once
                yield document.finding(
                    "page.ids",
                    element,
                    f"Die Kennung „{value}“ gibt es mehrmals.",
                    "Jede id gibt es nur einmal.",
                )
    for element, name, value in document.having("aria-labelledby", "aria-describedby", "for"):
        for lost in set(value.split()) - document.ids:
            yield document.finding(
                "page.ids",
                element,
                f"{name} verweist auf „{lost}“, das es nicht gibt.",
                "Berichtigen Sie die id.",
            )


def _anchors(document: Document) -> Iterator[Finding]:
    targets = document.ids | {"", "top"}
    for link, _, value in document.having("href"):
        if value.startswith("#") and link.tag == "a" and unquote(value[1:]) not in targets:
            yield document.finding(
                "page.anchor",
                link,
                f"Die Stelle „{value}“ gibt es auf der Seite nicht.",
                "Berichtigen Sie den Link.",
            )
