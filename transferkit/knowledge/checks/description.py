"""Whether `datapackage.json` says what the data is, whose it is, and under which licence."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from transferkit.finding import Finding
from transferkit.knowledge.checks.rows import DESCRIPTION, Package, Table, line_of
from transferkit.knowledge.datasets import CONVERSIONS, meant

# Licences of data and texts, with the address of their text; None where the terms stand in the title.
LICENCES: dict[str, str | None] = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "dl-de/by-2-0": "https://www.govdata.de/dl-de/by-2-0",
    "dl-de/zero-2-0": "https://www.govdata.de/dl-de/zero-2-0",
    "ODbL-1.0": "https://opendatacommons.org/licenses/odbl/",
    "destatis": None,
}
SOFTWARE = (
    "AGPL-3.0",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "EPL-2.0",
    "EUPL-1.2",
    "GPL-2.0",
    "GPL-2.0-or-later",
    "GPL-3.0",
    "GPL-3.0-or-later",
    "LGPL-2.1",
    "LGPL-3.0",
    "MIT",
    "MPL-2.0",
)
SPDX = (*SOFTWARE, *LICENCES)
# What may stand instead of the name of a licence, and a remark behind it.
TERMS = ("Lizenz unbekannt", "alle Rechte vorbehalten", "offene Lizenz", "©")
REMARK = re.compile(r"\s*\([^)]*\)$")
CHANGED = re.compile(r"verändert|geändert|Aufbereitung|bearbeitet", re.IGNORECASE)


def findings(package: Package) -> Iterator[Finding]:
    """Tables and fields without description, unknown licences, data of others without attribution."""
    yield from _form(package)
    for table in package.tables.values():
        yield from _described(package, table)
        yield from _licensed(package, table)
    for row in package.rows("sources"):
        if text := _unknown_licence(row["licence"]):
            yield row.finding("data.licence", "licence", text, _licence_remedy(row["licence"]))


def _form(package: Package) -> Iterator[Finding]:
    """One form, so that a change shows as what it is."""
    wanted = json.dumps(package.description, ensure_ascii=False, indent=1) + "\n"
    if wanted != package.text:
        pairs = zip(wanted.splitlines(), package.text.splitlines(), strict=False)
        line = next((number for number, (a, b) in enumerate(pairs, 1) if a != b), 1)
        yield Finding(
            DESCRIPTION,
            line,
            "data.form",
            f"Zeile {line}",
            "Die Datei ist anders eingerückt, als wir sie schreiben.",
            "Schreiben Sie sie mit json.dumps(…, ensure_ascii=False, indent=1) und einem Zeilenende.",
        )


def _described(package: Package, table: Table) -> Iterator[Finding]:
    resource = table.resource
    for name, german in (("title", "Titel"), ("licenses", "Lizenz"), ("sources", "Herkunft")):
        if not resource.get(name):
            yield _of(package, table, "data.description", name, f"Die Tabelle hat keine Angabe „{german}“.")
    for field in table.fields:
        where = f"Feld {field['name']}"
        if not field.get("title"):
            yield _of(package, table, "data.description", where, "Das Feld hat keinen Titel.")
        if field["type"] not in CONVERSIONS:
            hint = meant(field["type"], list(CONVERSIONS))
            text = f"Den Typ „{field['type']}“ lesen wir nicht.{hint}"
            yield _of(package, table, "data.description", where, text)
        if field["type"] in ("integer", "number") and not field.get("unit"):
            yield _of(package, table, "data.description", where, "Die Zahl hat keine Einheit (unit).")


def _licensed(package: Package, table: Table) -> Iterator[Finding]:
    own = _names(package.description.get("licenses", []))
    for licence in table.resource.get("licenses", []):
        name = str(licence.get("name", ""))
        if name not in LICENCES:
            text = f"Die Lizenz „{name}“ ist nicht bekannt."
            yield _of(package, table, "data.licence", f"Lizenz {name}", text, _licence_remedy(name))
        elif (address := LICENCES[name]) and not str(licence.get("path", "")).startswith(address):
            text = f"Zur Lizenz {name} fehlt der Verweis auf ihren Text."
            yield _of(
                package, table, "data.licence-link", f"Lizenz {name}", text, f"Ergänzen Sie path: {address}"
            )
        elif not address and not licence.get("title"):
            text = "Die Bedingungen der Lizenz stehen nicht da."
            yield _of(package, table, "data.licence-link", f"Lizenz {name}", text)
        if name in LICENCES and name not in own:
            yield from _attributed(package, table, name)


def _attributed(package: Package, table: Table, licence: str) -> Iterator[Finding]:
    """Data of others: provider, address, and that we changed it (dl-de/by-2-0, paragraphs 2 and 3)."""
    sources: Sequence[Mapping[str, Any]] = table.resource.get("sources", [])
    remedy = (
        "Nennen Sie Stelle, Adresse des Datensatzes und „eigene Aufbereitung“ (dl-de/by-2-0, Nummern 2, 3)."
    )
    for source in sources:
        if not str(source.get("path", "")).startswith("https://"):
            text = "Die Daten sind von anderen übernommen, aber ihre Adresse fehlt."
            yield _of(package, table, "data.attribution", f"Lizenz {licence}", text, remedy)
        if not CHANGED.search(str(source.get("title", ""))):
            text = "Die Daten sind von anderen übernommen; dass wir sie verändert haben, steht nicht da."
            yield _of(package, table, "data.attribution", f"Lizenz {licence}", text, remedy)


def _unknown_licence(said: str) -> str:
    """What is wrong with the licence of a source, "" if it is known, or said to be unknown."""
    name = REMARK.sub("", said).replace(" ", "-")  # the Excel form offers „CC BY 4.0“
    if not said or said.startswith(TERMS) or name in SPDX:
        return ""
    return f"Die Lizenz „{said}“ ist nicht bekannt."


def _licence_remedy(said: str) -> str:
    near = difflib.get_close_matches(said, SPDX, n=1)
    if near:
        return f"Meinten Sie „{near[0]}“?"
    return "Schreiben Sie den Namen nach SPDX oder GovData, zum Beispiel CC-BY-4.0, oder „Lizenz unbekannt“."


def _names(licences: Sequence[Mapping[str, Any]]) -> set[str]:
    return {str(licence.get("name", "")) for licence in licences}


def _of(package: Package, table: Table, rule: str, place: str, text: str, remedy: str = "") -> Finding:
    line = line_of(package.text, f'"name": "{table.name}"')
    remedy = remedy or "Ergänzen Sie die Angabe in datapackage.json."
    return Finding(DESCRIPTION, line, rule, f"Tabelle {table.name}, {place}", text, remedy)
