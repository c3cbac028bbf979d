"""What the sheet „Hinweise“ of every form says, and choices that several forms offer."""

from __future__ import annotations

from transferkit.knowledge import datasets

FILLING = (
    "# So füllen Sie das Formular aus",
    "Tragen Sie nur in die weißen Felder ein. Felder mit * müssen ausgefüllt sein. Wo es eine Liste gibt, "
    "öffnet sie "
    "sich mit dem kleinen Pfeil neben der Zelle. Hilfe erscheint, sobald Sie eine Zelle anwählen.",
    "Wissen Sie etwas nicht, lassen Sie das Feld leer oder wählen Sie „unbekannt“. Raten Sie nicht.",
    "Fügen Sie keine Spalten, Formeln oder Makros hinzu. Überschriften sind gegen Versehen geschützt, ohne "
    "Kennwort. "
    "Text darf mit =, +, - oder @ beginnen; die weißen Textfelder sind als Text formatiert und bleiben Text.",
    "# Schreibweisen",
    "Datum: 22.11.2026 oder 2026-11-22; wo es genügt, auch 11/2026 oder 2026.",
    "Schlüssel einer Kommune: der Amtliche Gemeindeschlüssel mit 8 Ziffern samt führender Null, zum "
    "Beispiel 01001000; "
    "ein Kreis mit 5 Ziffern, ein Gemeindeverband mit 9 Ziffern, mehrere mit + verbunden.",
)
NUMBERS = (
    "Zahlen: ohne Einheit, zum Beispiel 1234,5. Steht eine Zahl als Text in der Zelle und ist sie "
    "mehrdeutig (1.234), "
    "wird sie gemeldet, nicht geraten. Dann hilft das Feld „Dezimalzeichen“.",
)
PEOPLE = (
    "# Keine Daten über Personen",
    "Nennen Sie keine E-Mail-Adressen, Telefonnummern und Namen von Personen ohne öffentliches Amt. Das "
    "Programm meldet "
    "E-Mail-Adressen, Telefonnummern und Namen nach Wörtern wie Herr, Frau, Dr. oder Ansprechperson. Einen "
    "Namen allein "
    "erkennt es nicht; bitte achten Sie selbst darauf.",
)
YES_NO = {"yes": "ja", "no": "nein"}


def importing(result: str) -> tuple[str, ...]:
    """How a form is read back, and what comes of it."""
    return (
        "# So geht es weiter",
        f"Einlesen: transferkit workbook import DATEI.xlsx. {result}",
        "Ist etwas nicht in Ordnung, wird nichts übernommen. Sie erfahren alle Fehler auf einmal, mit "
        "Blatt und Zelle. "
        "Mit --error-copy KOPIE.xlsx bekommen Sie dazu eine Kopie, in der die Zellen markiert sind.",
        f"Die Listen stammen aus dem Datenpaket transferkit, Stand {german_day(datasets.edition())}.",
    )


def german_day(iso: str) -> str:
    """2026-11-22 -> 22.11.2026."""
    return ".".join(reversed(iso.split("-")))


def labels(table: str, key: str, label: str) -> dict[str, str]:
    """The keys of a table and what people read; where a label occurs twice, the key stands behind it."""
    rows = datasets.load(table)
    names = rows[label].astype("str")
    names = names.mask(names.duplicated(keep=False), names + " (" + rows[key].astype("str") + ")")
    return dict(zip(rows[key].astype("str"), names, strict=True))


def solutions() -> dict[str, str]:
    """All solutions, each with its model project, in alphabetical order."""
    projects = labels("model_projects", "project_id", "name")
    rows = datasets.load("solutions")
    found = {
        str(key): f"{title} ({projects.get(str(project), 'Kommune nicht genannt')})"
        for key, title, project in zip(rows["solution_id"], rows["title"], rows["project_id"], strict=True)
    }
    double = {label for label in found.values() if list(found.values()).count(label) > 1}
    found = {key: f"{label} [{key}]" if label in double else label for key, label in found.items()}
    return dict(sorted(found.items(), key=lambda entry: entry[1].casefold()))
