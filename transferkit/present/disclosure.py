"""„Woher kommt diese Zahl?“: where a figure comes from, to unfold below it, and the same for machines.

On a page the tables are described once, at its end (`publish.origins`), and the disclosure links there; in an
app and in JupyterLab there is no such list, so it says all of it.
"""

from __future__ import annotations

from html import escape
from typing import Any

from transferkit import face
from transferkit.origin import MIXED, OWN, Origin, Rows
from transferkit.present import german

MIMETYPE = "application/vnd.transferkit.origin+json"
ROOM_FOR_KEYS = 44  # letters; what is longer is counted, and `transferkit explain` names it
AS_THEY_ARE = "Werte wie in der Tabelle."
QUESTION = '<details class="origin"><summary>Woher kommt diese Zahl?</summary>{}</details>'


def html(origin: Origin) -> str:
    """The disclosure; nothing for a fragment that does not show data."""
    if not (origin.rows or origin.how or origin.rules):
        return ""
    on_page = face.name() == "page"
    shown = "; ".join([_shown(one, on_page) for one in origin.rows])
    said = [
        escape(" ".join(origin.how) if origin.how else AS_THEY_ARE, quote=False),
        f"{shown}." if shown else "",
        _rules(origin, on_page),
        *([] if on_page else _packages(origin)),
    ]
    return QUESTION.format(" ".join(filter(None, said)))


def bundle(origin: Origin) -> dict[str, Any]:
    """What a cell tells a machine about the origin of what it shows."""
    told = origin.plain()
    return {MIMETYPE: told} if told["how"] or told["packages"] else {}


def _shown(rows: Rows, on_page: bool) -> str:
    """`Lösungen der Modellprojekte: a, b`."""
    count, keys = len(rows.keys), ", ".join(rows.keys)
    said = german.count(count, "Zeile", "Zeilen") if len(keys) > ROOM_FOR_KEYS else escape(keys, quote=False)
    words = ", ".join(filter(None, [said, _basis(rows.basis)]))
    name = _link(rows, rows.table.title, on_page)
    return f"{name}: {words}" if words else name


def _rules(origin: Origin, on_page: bool) -> str:
    """`Regeln: T4, T5, eigene Einschätzung.`: on a page by number, the list at its end has their titles."""
    if not origin.rules:
        return ""
    named = ", ".join([_link(one, "T" if on_page else one.table.title, on_page) for one in origin.rules])
    basis = _basis(frozenset().union(*(one.basis for one in origin.rules)))
    return f"Regeln: {named}{', ' if basis else ''}{basis}."


def _link(rows: Rows, words: str, on_page: bool) -> str:
    words = escape(words, quote=False)
    return f'<a href="#t-{rows.table.name}">{words}</a>' if on_page else words


def _basis(basis: frozenset[str]) -> str:
    """Who says so, unless it is a source alone: it stands beside what it says."""
    if basis == {OWN}:
        return "eigene Einschätzung"
    if OWN in basis:
        return "teils eigene Einschätzung"
    return "Bewertung transferkit" if MIXED in basis else ""


def _packages(origin: Origin) -> list[str]:
    return [
        escape(f"{one.title}, {one.state}, {one.provider}. {one.licence}.", quote=False)
        for one in origin.packages()
    ]
