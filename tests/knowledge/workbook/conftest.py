"""Forms as people send them: written by the real command's code, filled by openpyxl or by LibreOffice."""

from __future__ import annotations

import copy
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import pytest

from transferkit.knowledge import datasets
from transferkit.knowledge.workbook import forms, writing
from transferkit.knowledge.workbook.form import HEAD_ROW
from transferkit.knowledge.workbook.reading import address

Entries = Mapping[str, Mapping[str, Any] | Sequence[Mapping[str, Any]]]

GERMAN = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>de-DE</value></prop></item>
</oor:items>
"""
MACRO = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1"
 script:language="StarBasic">{}</script:module>
"""

EXPERIENCE: Entries = {
    "Lösung": {
        "Modellprojekt": "Ulm",
        "Name der Lösung": "=Ampel für Fußwege („Grüne Meile“)",
        "Thema": "Smarte Regionen",
        "Passt das Thema?": "passt genau",
        "Weiteres Thema": "Klimaanpassung und Resilienz",
        "Bereich": "Mobilität",
        "Kurzbeschreibung": "Sensoren zählen, wer zu Fuß geht; die Ampel wartet, bis alle drüben sind.",
        "Stand": "in Betrieb",
        "Stand vom": "11/2025",
        "Zum Stand": "in Betrieb seit Mai 2025",
        "Technik": "+LoRaWAN, -20 °C bis 60 °C",
        "Quelloffen?": "unbekannt",
        "Kosten": "12.500 Euro einmalig (2025)\n1.200 Euro im Jahr",
        "Wie gut ist das belegt?": "direkt: Die Quelle beschreibt diese Lösung selbst",
        "Quellen": "Q1; Q2",
    },
    "Erfahrungen": [
        {
            "Art": "Stolperfalle",
            "Aussage": "-20 °C im Winter ließen die Akkus ausfallen; planen Sie Netzstrom ein.",
            "Phase": "Betrieb",
            "Grundlage": "belegt: steht so in der Quelle",
            "Woher stammt die Aussage?": "Vermerk der Stadt Ulm",
            "Quelle ist Meinung oder Anriss?": "nein",
            "Quellen": "Q1",
        },
        {
            "Art": "Erfolgsfaktor",
            "Aussage": "@Beteiligung: Schulkinder haben die Wartezeiten selbst gemessen.",
            "Phase": "Planung",
            "Grundlage": "eigene Einschätzung, ohne Quelle",
            "Woher stammt die Aussage?": "Eigene Einschätzung der Projektleitung",
            "Quelle ist Meinung oder Anriss?": "nein",
            "Was ist unsicher?": "Nur an einer Kreuzung erprobt.",
        },
    ],
    "Quellen": [
        {
            "Titel": "Vermerk zur Ampel",
            "Herausgeber": "Stadt Ulm",
            "Datum": "22.11.2025",
            "Wie ausgewertet?": "ganz gelesen",
            "Gelesen am": "24.11.2026",
            "Lizenz": "Lizenz unbekannt",
        },
        {
            "Titel": "Bericht über die Ampel",
            "Herausgeber": "Südwestpresse",
            "Datum": "2025",
            "Adresse": "https://example.org/ampel",
            "Wie ausgewertet?": "nur die Zusammenfassung",
            "Gelesen am": "2026-11-20",
            "Lizenz": "alle Rechte vorbehalten",
        },
    ],
}


def places(sheet: Any, entries: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> list[tuple[str, Any]]:
    """The address of every entry, found by the heading a person would look for."""
    plain = lambda value: str(value).removesuffix(" *")  # noqa: E731
    if isinstance(entries, Mapping):
        rows = {plain(cells[0].value): cells[0].row for cells in sheet.iter_rows(min_row=HEAD_ROW + 1)}
        return [(f"B{rows[head]}", value) for head, value in entries.items()]
    columns = {plain(cell.value): cell.column for cell in sheet[HEAD_ROW]}
    return [
        (address(HEAD_ROW + 1 + number, columns[head]), value)
        for number, row in enumerate(entries)
        for head, value in row.items()
    ]


@pytest.fixture
def experience() -> dict[str, Any]:
    """What an editor enters about one solution, with all that Excel likes to take for formulas."""
    return copy.deepcopy(dict(EXPERIENCE))


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every form, written once."""
    folder = tmp_path_factory.mktemp("forms")
    for kind, form in forms.FORMS.items():
        writing.write(form(), folder / f"{kind}.xlsx")
    return {kind: folder / f"{kind}.xlsx" for kind in forms.FORMS}


@pytest.fixture
def empty(templates: dict[str, Path], tmp_path: Path) -> Callable[[str], Path]:
    """Give a copy of the empty form of a kind."""

    def copy_of(kind: str) -> Path:
        return Path(shutil.copy(templates[kind], tmp_path))

    return copy_of


@pytest.fixture
def fill(empty: Callable[[str], Path]) -> Callable[..., Path]:
    """Fill a form by headings, then single cells by address, without LibreOffice."""

    def write(kind: str, entries: Entries, **cells: Mapping[str, Any]) -> Path:
        path = empty(kind)
        book = openpyxl.load_workbook(path)
        for title, given in entries.items():
            for place, value in places(book[title], given):
                cell = book[title][place]
                cell.value = value
                if isinstance(value, str):
                    cell.data_type = "s"
        for title, single in cells.items():
            for place, value in single.items():
                book[title][place].value = value
        book.save(path)
        return path

    return write


@pytest.fixture
def package_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the data package, in use."""
    folder = tmp_path / "datasets"
    shutil.copytree(datasets.folder(), folder, ignore=shutil.ignore_patterns("register"))
    monkeypatch.setenv("TRANSFERKIT_DATASETS", str(folder))
    monkeypatch.setenv("TRANSFERKIT_REGISTER", str(tmp_path / "no-register"))
    return folder


@pytest.fixture(scope="session")
def libreoffice(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, Entries, Path], None]:
    """A German LibreOffice that opens a workbook, types into it as a person would, and saves it."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice fehlt und ließ sich nicht einrichten (libreoffice-calc-nogui).")
    profile = tmp_path_factory.mktemp("libreoffice")
    (profile / "user").mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(GERMAN, encoding="utf-8")
    command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    subprocess.run([*command, "--terminate_after_init"], check=True, capture_output=True, timeout=120)
    typist = Path(__file__).with_name("typist.bas").read_text(encoding="utf-8")
    module = profile / "user" / "basic" / "Standard" / "Module1.xba"
    module.write_text(MACRO.format(escape(typist)), encoding="utf-8")

    def type_into(workbook: Path, entries: Entries, saved: Path) -> None:
        book = openpyxl.load_workbook(workbook)
        lines = [
            f"{title}\t{place}\t{value}"
            for title, given in entries.items()
            for place, value in places(book[title], given)
        ]
        typed = saved.with_suffix(".txt")
        typed.write_text("\n".join(lines), encoding="utf-8")
        call = f'macro:///Standard.Module1.TypeInto("{workbook}","{typed}","{saved}")'
        subprocess.run([*command, call], check=True, capture_output=True, timeout=120)

    return type_into
