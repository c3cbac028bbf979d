"""Where things are: the notebooks' folder and its table of contents, toc.toml.

The table of contents has one row per guide: its notebook, its German title, its address and which data table
its pages come from. Order there is order of publication, so addresses never change when the order does. Apps
and workshops have a row each as well; their addresses follow from their names.
"""

from __future__ import annotations

import os
import re
import string
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from transferkit import toml_file
from transferkit.errors import BuildError

PACKAGE = Path(__file__).resolve().parent
SITE_KEYS = ("title", "edition")
ADDRESS = r"[\w.-]+(/[\w.-]+)*\.html"
LONGEST_ADDRESS = 200  # characters; file systems take 255 a name
NAME_IN_ADDRESS = r"[a-z0-9]+(-[a-z0-9]+)*"


@dataclass(frozen=True)
class Guide:
    """One row of the table of contents: a notebook that becomes one page, or one page per value of a domain.

    `title` and `address` may hold `{value}` and, the title only, `{label}`; `parameters` names the domain
    ("table.column") of a notebook parameter. A guide `on_request` is made only for values somebody asks for;
    it may have several parameters, whose labels its title may hold by name: `{place}`. `text` says in one
    sentence what it is good for; lists of guides show it.
    """

    name: str
    notebook: str
    title: str
    group: str
    group_page: str
    address: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    on_request: bool = False
    text: str = ""


@dataclass(frozen=True)
class App:
    """One row of the table of contents: a notebook that is served live, at an address made from `name`.

    `text` says in one sentence what it is good for. `parameters` names the domain ("table.column") of those
    notebook parameters that have one; the others are only held to their types.
    """

    name: str
    notebook: str
    title: str
    text: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Workshop(App):
    """One row of the table of contents: a format of workshops, whose sessions are made from its notebook."""


@dataclass(frozen=True)
class Operator:
    """Who publishes the site, in the words of its accessibility statement and its privacy notice.

    What is empty stands there as an open point.
    """

    name: str = ""
    contact: str = ""
    data_protection: str = ""
    enforcement: str = ""
    supervision: str = ""
    logs: str = ""


@dataclass(frozen=True)
class Toc:
    """The site's title, the ISO date of its data (`edition`) and its guides in order of publication.

    `address` is where the site is published ("https://leitfaden.example.org/"), empty if nobody knows. `apps`
    and `workshops` stand in the order in which they are offered. `operator` is who publishes it.
    """

    title: str
    edition: str
    guides: tuple[Guide, ...]
    address: str = ""
    apps: tuple[App, ...] = ()
    workshops: tuple[Workshop, ...] = ()
    operator: Operator = field(default_factory=Operator)

    def guide(self, name: str) -> Guide:
        """Return the guide of that name; BuildError naming the near miss otherwise."""
        for guide in self.guides:
            if guide.name == name:
                return guide
        known = [guide.name for guide in self.guides]
        raise BuildError(f"Den Leitfaden „{name}“ gibt es nicht.{meant(name, known)}")

    def app(self, name: str) -> App:
        """Return the app of that name; BuildError naming the near miss otherwise."""
        for app in self.apps:
            if app.name == name:
                return app
        raise BuildError(f"Die App „{name}“ gibt es nicht.{meant(name, [app.name for app in self.apps])}")

    def workshop(self, name: str) -> Workshop:
        """Return the workshop format of that name; BuildError naming the near miss otherwise."""
        for workshop in self.workshops:
            if workshop.name == name:
                return workshop
        known = [workshop.name for workshop in self.workshops]
        raise BuildError(f"Das Werkstattformat „{name}“ gibt es nicht.{meant(name, known)}")


def notebooks_folder() -> Path:
    """Return the folder that holds toc.toml.

    The environment variable TRANSFERKIT_NOTEBOOKS names a folder of one's own; otherwise it is `notebooks` of
    the checkout, or the copy inside the installed package.
    """
    own = os.environ.get("TRANSFERKIT_NOTEBOOKS")
    candidates = [Path(own)] if own else [PACKAGE.parent / "notebooks", PACKAGE / "notebooks"]
    for folder in candidates:
        if (folder / "toc.toml").is_file():
            return folder.resolve()
    places = " und ".join(str(folder) for folder in candidates)
    raise BuildError(f"Das Inhaltsverzeichnis toc.toml fehlt. Gesucht wurde in {places}.")


def notebooks_are_packaged() -> bool:
    """Say whether the notebooks are the installed package's own, where nobody should edit them."""
    return notebooks_folder() == PACKAGE / "notebooks"


def toc(folder: Path | None = None) -> Toc:
    """Read toc.toml of `folder` (default: `notebooks_folder()`); BuildError names the row and the fault."""
    path = (folder or notebooks_folder()) / "toc.toml"
    content = toml_file.read(path)
    _require_keys(content, ("site", "guide"), ("operator", "app", "workshop"), "toc.toml")
    site = content["site"]
    if not isinstance(site, dict):
        raise BuildError("toc.toml: „[site]“ muss eine Tabelle sein.")
    _require_keys(site, SITE_KEYS, ("address",), "toc.toml, [site]")
    _require_text({key: site[key] for key in SITE_KEYS}, "toc.toml, [site]")
    address = _site_address(site.get("address", ""))
    operator = _operator(content.get("operator", {}))
    guides = tuple(_guide(row, where) for row, where in _rows(content, "guide"))
    apps = tuple(App(**_live(row, where)) for row, where in _rows(content, "app"))
    workshops = tuple(Workshop(**_live(row, where)) for row, where in _rows(content, "workshop"))
    for named in (guides, apps, workshops):
        _require_unique([row.name for row in named], "Name")
    _require_unique([guide.address for guide in guides], "Adresse")
    return Toc(site["title"], site["edition"], guides, address, apps, workshops, operator)


def meant(word: str, known: Collection[str]) -> str:
    """Return the German half sentence that names the near miss, or else everything possible."""
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f" Meinten Sie „{near[0]}“?"
    return f" Möglich sind: {', '.join(known)}." if 0 < len(known) <= 12 else ""


def _site_address(address: object) -> str:
    """Return the address with one / at its end, so that a page's own address can follow."""
    if address == "":
        return ""
    if not isinstance(address, str) or not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", address):
        raise BuildError(
            f"toc.toml, [site]: „address“ muss mit https:// beginnen, zum Beispiel "
            f'"https://leitfaden.example.org/", oder leer sein, nicht {address!r}.'
        )
    return address.rstrip("/") + "/"


def _operator(table: object) -> Operator:
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        raise BuildError("toc.toml: „[operator]“ muss eine Tabelle aus Texten sein.")
    _require_keys(table, (), [entry.name for entry in fields(Operator)], "toc.toml, [operator]")
    return Operator(**table)


def _rows(content: Mapping[str, Any], kind: str) -> list[tuple[Mapping[str, Any], str]]:
    """Return the rows `[[kind]]`, none if there are none, each with its place for error messages."""
    rows = content.get(kind, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BuildError(f"toc.toml: „[[{kind}]]“ muss eine Liste von Tabellen sein.")
    return [(row, f"toc.toml, [[{kind}]] Nr. {number}") for number, row in enumerate(rows, 1)]


def _live(row: Mapping[str, Any], where: str) -> Mapping[str, Any]:
    """Return a row `[[app]]` or `[[workshop]]`, whose name becomes a part of an address."""
    required = ("name", "notebook", "title", "text")
    _require_keys(row, required, ("parameters",), where)
    _require_text({key: row[key] for key in required}, where)
    _require_domains(row.get("parameters", {}), where)
    if not re.fullmatch(NAME_IN_ADDRESS, row["name"]):
        raise BuildError(
            f"{where}: „name“ steht in der Adresse und hat nur a–z, 0–9 und Bindestriche, "
            f"zum Beispiel fit-check, nicht „{row['name']}“."
        )
    return row


def _require_domains(parameters: object, where: str) -> None:
    if not isinstance(parameters, dict) or not all(isinstance(domain, str) for domain in parameters.values()):
        raise BuildError(f'{where}: „parameters“ hat die Form {{ place = "municipalities.ags" }}.')


def _guide(row: Mapping[str, Any], where: str) -> Guide:
    names = [entry.name for entry in fields(Guide)]
    optional = ["parameters", "on_request", "text"]
    _require_keys(row, [name for name in names if name not in optional], optional, where)
    _require_text({key: value for key, value in row.items() if key not in optional[:2]}, where)
    if not isinstance(row.get("on_request", False), bool):
        raise BuildError(f"{where}: „on_request“ ist true oder false, nicht {row['on_request']!r}.")
    guide = Guide(**row)
    parameters = guide.parameters
    _require_domains(parameters, where)
    if len(parameters) > 1 and not guide.on_request:
        raise BuildError(
            f"{where}: „parameters“ nennt höchstens einen Parameter, hier {len(parameters)}. "
            "Mehrere kann nur ein Leitfaden mit on_request = true haben."
        )
    if guide.on_request and not parameters:
        raise BuildError(f"{where}: Ein Leitfaden mit on_request = true braucht „parameters“.")
    holders = {"value"} if parameters else set()
    _require_holders(guide.address, holders, holders, f"{where}, address")
    in_title = {"label", *(parameters if len(parameters) > 1 else ())}
    _require_holders(guide.title, set(), holders | in_title if parameters else set(), f"{where}, title")
    plain = guide.address.replace("{value}", "x")
    if not re.fullmatch(ADDRESS, plain) or ".." in plain or len(plain) > LONGEST_ADDRESS:
        raise BuildError(
            f"{where}: Die Adresse „{guide.address:.80}“ muss relativ sein und auf .html enden, mit "
            "Buchstaben, Ziffern und Bindestrichen."
        )
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*\.html", guide.group_page):
        raise BuildError(
            f"{where}: „group_page“ ist eine Seite ohne Ordner, zum Beispiel themen.html, "
            f"nicht „{guide.group_page}“."
        )
    return guide


def _require_keys(
    table: Mapping[str, Any], required: Collection[str], optional: Collection[str], where: str
) -> None:
    allowed = [*required, *optional]
    for key in table:
        if key not in allowed:
            raise BuildError(f"{where}: Den Schlüssel „{key}“ gibt es nicht.{meant(key, allowed)}")
    for key in required:
        if key not in table:
            raise BuildError(f"{where}: Der Schlüssel „{key}“ fehlt.")


def _require_text(table: Mapping[str, Any], where: str) -> None:
    for key, value in table.items():
        if not isinstance(value, str) or not value:
            raise BuildError(f"{where}: „{key}“ muss ein Text in Anführungszeichen sein, nicht {value!r}.")


def _require_holders(text: str, required: set[str], allowed: set[str], where: str) -> None:
    try:
        parts = list(string.Formatter().parse(text))
        found = {name for _, name, _, _ in parts if name is not None}
        if any(form or conversion for _, _, form, conversion in parts):
            raise ValueError("a placeholder is a name and nothing more")
    except ValueError as error:
        raise BuildError(f"{where}: Die Klammern in „{text}“ passen nicht zusammen.") from error
    for name in found - allowed:
        raise BuildError(f"{where}: Den Platzhalter {{{name}}} gibt es hier nicht.{meant(name, allowed)}")
    for name in required - found:
        raise BuildError(f"{where}: Der Platzhalter {{{name}}} fehlt in „{text}“.")


def _require_unique(values: list[str], what: str) -> None:
    for value in values:
        if values.count(value) > 1:
            raise BuildError(f"toc.toml: {what} „{value}“ kommt mehr als einmal vor.")
