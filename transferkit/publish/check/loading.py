"""What a page lets the browser fetch, keep or run: nothing from other servers, nothing it does not need."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache

from transferkit.finding import Finding
from transferkit.publish.check.document import Document, Element

FOREIGN = "Die Seite ruft beim Öffnen etwas von einem anderen Server ab."
REMEDY = "Bringen Sie es in der Seite selbst mit, oder streichen Sie es."
BESIDE = "Die Seite lädt eine Datei nach; allein geöffnet ist sie unvollständig."
WITHIN = "Setzen Sie den Inhalt in die Seite selbst (Stil, Skript, data:-Bild)."
LOADING = (
    "src",
    "srcset",
    "poster",
    "data",
    "background",
    "action",
    "formaction",
    "ping",
    "xlink:href",
    "manifest",
)
# Links of a head that no browser follows by itself.
QUIET = {"canonical", "alternate", "license", "author", "help", "next", "prev", "search", "cite-as", "me"}
NAMESPACES = ("http://www.w3.org/", "https://www.w3.org/")
IN_SCRIPT = re.compile(r"""(["'`])((?:https?:|wss?:)?//[^"'`\s]+)""")
NETWORK = re.compile(
    r"\bimport\s*\(|\bimport\b[^;\n]{0,200}?[\"']|\bfetch\s*\(|XMLHttpRequest|\bWebSocket\b|\bEventSource\b|"
    r"sendBeacon|importScripts|\bWorker\s*\(|\.src\b|[\"']src[\"']|\.href\s*=[^=]|requirejs|require\.config|\.open\s*\("
)
STORING = re.compile(r"\b(localStorage|sessionStorage|indexedDB|document\.cookie|caches\.open)\b")
HANDLERS = tuple(
    f"on{event}"
    for event in (
        "click",
        "load",
        "error",
        "change",
        "input",
        "submit",
        "focus",
        "mouseover",
        "keydown",
        "keyup",
    )
)
DATA_TYPES = re.compile(
    r"application/(?!javascript|ecmascript)|text/(?!javascript|ecmascript)|speculationrules"
)


def is_foreign(address: str) -> bool:
    """Whether a browser that fetches this address asks another server."""
    return bool(re.match(r"\s*((https?|wss?|ftp):|//)", address, re.IGNORECASE))


def findings(document: Document, may_load: bool, may_store: bool, has_policy: bool) -> Iterator[Finding]:
    """What is wrong; `may_load` if a server stands behind the page, which then sends the policy too."""
    yield from _elements(document, may_load)
    yield from _head(document, may_load)
    yield from _scripts(document, may_store)
    if has_policy:
        yield from _policy(document)


def _elements(document: Document, may_load: bool) -> Iterator[Finding]:
    for element, name, value in document.having(*LOADING):
        if element.tag == "a" and name != "ping":
            continue
        if not value.strip() and name in ("src", "srcset", "poster", "data"):
            yield document.finding(
                "page.empty-address",
                element,
                f"{name} ist leer: Der Browser lädt dann die Seite noch einmal.",
                "Streichen Sie das Element.",
            )
        addresses = (
            [part.split()[0] for part in value.split(",") if part.split()] if name == "srcset" else [value]
        )
        yield from _fetched(document, element, addresses, may_load or name in ("action", "formaction"))
    for element, value in document.attributes.get("href", ()):
        if element.tag not in ("a", "area", "link", "base"):  # drawings: image, use and the like
            yield from _fetched(document, element, [value], may_load)


def _fetched(document: Document, element: Element, addresses: list[str], may_load: bool) -> Iterator[Finding]:
    for address in addresses:
        if is_foreign(address):
            yield document.finding("page.third-party", element, FOREIGN, REMEDY)
        elif not may_load and address.strip() and not address.startswith(("data:", "#")):
            yield document.finding("page.whole", element, BESIDE, WITHIN)


def _head(document: Document, may_load: bool) -> Iterator[Finding]:
    for link in document.all("link"):
        address = link.get("href", "")
        kinds = set(link.get("rel", "").lower().split())
        if kinds and kinds <= QUIET:
            continue
        if not address.strip():
            yield document.finding(
                "page.empty-address", link, "Die Adresse ist leer.", "Streichen Sie das Element."
            )
        yield from _fetched(document, link, [address], may_load)
    for base in document.all("base"):
        rule = "page.third-party" if is_foreign(base.get("href", "")) else "page.whole"
        yield document.finding(
            rule, base, "<base> lenkt alle Adressen der Seite um.", "Streichen Sie das Element."
        )
    for meta in document.all("meta"):
        if meta.get("http-equiv", "").lower() == "refresh":
            if may_load and "url" not in meta.get("content", "").lower():
                continue  # a page of a server that looks again whether there is a place
            away = is_foreign(meta.get("content", "").lower().partition("url=")[2].strip("'\" "))
            yield document.finding(
                "page.third-party" if away else "page.whole",
                meta,
                "Die Seite leitet von selbst weiter.",
                "Streichen Sie das Element.",
            )


def _scripts(document: Document, may_store: bool) -> Iterator[Finding]:
    for script in document.all("script"):
        text = script.text or ""
        if DATA_TYPES.match(script.get("type") or ""):
            continue
        for address in _addresses(text):
            yield document.finding("page.third-party", script, FOREIGN, REMEDY, address)
        if not may_store and (kept := _stores(text)):
            yield document.finding(
                "page.storage",
                script,
                "Das Skript legt etwas auf dem Gerät ab oder liest es dort.",
                "Ohne Einwilligung ist das nur erlaubt, wenn es der gewünschte Dienst unbedingt braucht.",
                kept,
            )
    for handler in HANDLERS:
        for element, value in document.attributes.get(handler, ()):
            for address in _addresses(value):
                yield document.finding("page.third-party", element, FOREIGN, REMEDY, address)


@lru_cache(maxsize=64)
def _addresses(script: str) -> tuple[str, ...]:
    """The foreign addresses in a script that can fetch something."""
    if not NETWORK.search(script):
        return ()
    found = (match[2] for match in IN_SCRIPT.finditer(script))
    return tuple(address for address in found if not address.startswith(NAMESPACES))


@lru_cache(maxsize=64)
def _stores(script: str) -> str:
    found = STORING.search(script)
    return found[0] if found else ""


def _policy(document: Document) -> Iterator[Finding]:
    policies = [
        meta
        for meta in document.all("meta")
        if meta.get("http-equiv", "").lower() == "content-security-policy"
    ]
    if not policies:
        yield document.finding(
            "page.policy",
            None,
            "Die Seite hat keine Content-Security-Policy.",
            "Sie beginnt mit default-src 'none'.",
            "<meta http-equiv>",
        )
        return
    text = policies[0].get("content", "")
    parts = [part.split() for part in text.split(";") if part.strip()]
    allowed = {words[0].lower(): words[1:] for words in parts}
    if allowed.get("default-src") != ["'none'"]:
        yield document.finding(
            "page.policy",
            policies[0],
            "Die Policy erlaubt mehr als nötig.",
            "Richtig ist default-src 'none'.",
        )
    for source in sorted({one for words in allowed.values() for one in words}):
        if source == "*" or re.match(r"(https?|wss?):|[\w-]+\.[a-z]", source):
            yield document.finding(
                "page.policy", policies[0], f"Die Policy erlaubt {source}.", "Fremde Server kommen nicht vor."
            )
    yield from _forbidden_scripts(document, allowed.get("script-src", []))


def _forbidden_scripts(document: Document, allowed: list[str]) -> Iterator[Finding]:
    """Scripts in the page that its own policy stops: what they do is dead, whatever the page promises."""
    if "'unsafe-inline'" in allowed:
        return
    for script in document.all("script"):
        is_run = script.get("src") is None and not DATA_TYPES.match(script.get("type") or "")
        if is_run and _digest(script.text or "") not in allowed:
            yield document.finding(
                "page.policy",
                script,
                "Die Policy der Seite verbietet dieses Skript.",
                "Nehmen Sie seinen SHA-256 in script-src auf.",
            )


@lru_cache(maxsize=64)
def _digest(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
