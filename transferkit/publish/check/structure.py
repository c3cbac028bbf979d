"""How a page is laid out for whoever does not see it: language, title, headings, landmarks, skip link."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from transferkit.finding import Finding
from transferkit.publish.check.document import Document, Element, words

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
FOCUSABLE = ("a", "button", "input", "select", "textarea", "summary", "iframe")


def findings(document: Document, needs_navigation: bool) -> Iterator[Finding]:
    """What is wrong; `needs_navigation` unless the page stands alone."""
    yield from _language(document)
    yield from _title(document)
    yield from _headings(document)
    yield from _landmarks(document, needs_navigation)
    yield from _skip_link(document)


def _language(document: Document) -> Iterator[Finding]:
    [page] = document.all("html")[:1] or [None]
    language = "" if page is None else page.get("lang", "")
    if language.partition("-")[0] != "de":
        said = (
            f"Die Seite gibt als Sprache „{language}“ an." if language else "Die Seite nennt keine Sprache."
        )
        yield document.finding(
            "page.language", page, said, 'Schreiben Sie <html lang="de">.', f'<html lang="{language}">'
        )


def _title(document: Document) -> Iterator[Finding]:
    if not document.title:
        yield document.finding(
            "page.title",
            None,
            "Die Seite hat keinen Titel.",
            "Geben Sie ihr im Kopf ein <title>.",
            "<title>",
        )


def _headings(document: Document) -> Iterator[Finding]:
    found = sorted(document.all(*HEADINGS), key=_position(document))
    levels = [(int(heading.tag[1]), heading) for heading in found]
    first = [heading for level, heading in levels if level == 1]
    if len(first) != 1:
        said = "keine Hauptüberschrift" if not first else f"{len(first)} Hauptüberschriften"
        yield document.finding(
            "page.headings",
            first[1] if first else None,
            f"Die Seite hat {said}.",
            "Richtig ist genau eine (h1).",
            "" if first else "<h1>",
        )
    elif levels[0][0] != 1:
        yield document.finding(
            "page.headings",
            found[0],
            "Vor der Hauptüberschrift steht eine andere Überschrift.",
            "Die erste Überschrift ist die h1.",
        )
    for (above, _), (level, heading) in pairwise(levels):
        if level > above + 1:
            yield document.finding(
                "page.headings",
                heading,
                f"Auf eine Überschrift der Ebene {above} folgt eine der Ebene {level}.",
                f"Richtig ist Ebene {above + 1}.",
            )
    for _, heading in levels:
        if not words(heading):
            yield document.finding(
                "page.headings",
                heading,
                "Die Überschrift ist leer.",
                "Streichen Sie sie, oder füllen Sie sie.",
            )


def _position(document: Document) -> Callable[[Element], int]:
    places = {element: number for number, element in enumerate(document.root.iter(*HEADINGS))}
    return places.__getitem__


def _landmarks(document: Document, needs_navigation: bool) -> Iterator[Finding]:
    mains = document.all("main")
    if len(mains) != 1:
        yield document.finding(
            "page.landmarks",
            mains[1] if mains else None,
            f"Die Seite hat {len(mains) or 'keinen'} Bereich{'e' if len(mains) > 1 else ''} „main“.",
            "Der Inhalt steht in genau einem <main>.",
            "" if mains else "<main>",
        )
    wanted = {"header": "Der Kopf der Seite", "footer": "Der Fuß der Seite"}
    if needs_navigation:
        wanted["nav"] = "Die Navigation"
    for tag, name in wanted.items():
        if not document.all(tag):
            yield document.finding(
                "page.landmarks", None, f"{name} fehlt.", f"Zeichnen Sie ihn aus: <{tag}>.", f"<{tag}>"
            )
    yield from _names_of_navigation(document)


def _names_of_navigation(document: Document) -> Iterator[Finding]:
    seen: set[str] = set()
    navigations = document.all("nav")
    for navigation in navigations if len(navigations) > 1 else ():
        name = navigation.get("aria-label") or navigation.get("aria-labelledby") or ""
        if not name or name in seen:
            yield document.finding(
                "page.landmarks",
                navigation,
                "Mehrere Navigationen heißen gleich oder gar nicht.",
                "Geben Sie jeder einen eigenen Namen (aria-label).",
            )
        seen.add(name)


def _skip_link(document: Document) -> Iterator[Finding]:
    if not document.all("main"):
        return  # said by page.landmarks
    first = _first_focusable(document)
    target = first.get("href", "") if first is not None and first.tag == "a" else ""
    inside = {
        element.get("id") for main in document.all("main") for element in [main, *main.iter("h1", "article")]
    }
    if not (target.startswith("#") and target[1:] in inside - {None}):
        yield document.finding(
            "page.skip-link",
            first,
            "Mit der Tastatur kommt man nicht gleich zum Inhalt.",
            'Das Erste in <body> ist ein Link auf das <main>: <a class="skip" href="#inhalt">Zum Inhalt</a>.',
            "" if first is not None else "<body>",
        )


def _first_focusable(document: Document) -> Element | None:
    for body in document.all("body"):
        for element in body.iter(*FOCUSABLE):
            if element.tag != "a" or element.get("href") is not None:
                return element
    return None
