"""„Woher kommt diese Zahl?“: where a figure comes from, to unfold below it, and the same for machines.

On a page the tables are described once, at its end (`publish.origins`), and the disclosure links there; in an
app and in JupyterLab there is no such list, so it says all of it.
"""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from transferkit import face
from transferkit.origin import MIXED, OWN, SOURCED, Origin, Package, Rows
from transferkit.present import german

MIMETYPE = "application/vnd.transferkit.origin+json"
ROOM_FOR_KEYS = 100  # letters; what is longer is counted, and `transferkit explain` names it
AS_THEY_ARE = "Angaben wie in der Tabelle."
QUESTION = Markup('<details class="origin"><summary>Woher kommt diese Zahl?</summary><p>{}</p></details>')


def html(origin: Origin) -> str:
    """The disclosure; nothing for a fragment that does not show data."""
    if origin == Origin():
        return ""
    how = " ".join(origin.how) if origin.how else AS_THEY_ARE
    on_page = face.name() == "page"
    rows = Markup("; ").join(_rows(one, on_page) for one in origin.rows)
    said = [how, Markup("{}.").format(rows) if rows else "", *([] if on_page else _packages(origin))]
    return str(QUESTION.format(Markup(" ").join(filter(None, said))))


def bundle(origin: Origin) -> dict[str, Any]:
    """What a cell tells a machine about the origin of what it shows."""
    return {} if origin == Origin() else {MIMETYPE: origin.plain()}


def _rows(rows: Rows, on_page: bool) -> Markup:
    """`Lösungen der Modellprojekte (2 Zeilen: a, b)`."""
    name = Markup('<a href="#t-{}">{}</a>' if on_page else "{1}").format(rows.table.name, rows.table.title)
    count, keys = len(rows.keys), ", ".join(rows.keys)
    said = german.count(count, "Zeile", "Zeilen") if count else ""
    if 0 < len(keys) <= ROOM_FOR_KEYS:
        said = f"{'Zeile' if count == 1 else 'Zeilen'} {keys}"
    words = ", ".join(filter(None, [said, _basis(rows.basis)]))
    return Markup("{} ({})").format(name, words) if words else name


def _basis(basis: frozenset[str]) -> str:
    """Who says so; what has a source throughout needs no words."""
    if basis == {OWN}:
        return "eigene Einschätzung"
    if OWN in basis:
        return "teils eigene Einschätzung"
    return "Bewertung transferkit" if MIXED in basis else "belegt" if SOURCED in basis else ""


def _packages(origin: Origin) -> list[str]:
    packages = dict.fromkeys(rows.table.package for rows in origin.rows)
    return [f"{package_words(one)}." for one in packages]


def package_words(package: Package) -> str:
    """`Erfahrungen …, Version 1.0.0, Stand 22.11.2026. Lizenz: … Herausgegeben von …`."""
    return f"{package.title}, {package.state}, {package.provider}. Lizenz: {package.licence}"
