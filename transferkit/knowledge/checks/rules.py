"""The rules for the data package: what each demands in one German sentence, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping

OWN = "Zusage von transferkit"
STANDARD = "Frictionless Data Package"
ASVS = "OWASP ASVS 5.0, 1.2.10"
GDPR = "DSGVO, Artikel 5 Absatz 1 c"
ATTRIBUTION = "Datenlizenz Deutschland – Namensnennung – Version 2.0, Nummern 2 und 3"

# Name of the rule: what it demands, its source.
RULES: Mapping[str, tuple[str, str]] = {
    "data.file": ("Jede Tabelle ist da und hat die Spalten ihrer Beschreibung.", STANDARD),
    "data.cell": ("Jede Zelle hat den Typ und die Werte, die ihre Beschreibung erlaubt.", STANDARD),
    "data.key": ("Jeden Schlüssel gibt es in seiner Tabelle einmal.", STANDARD),
    "data.reference": ("Jeder Verweis führt zu einer Zeile.", STANDARD),
    "data.standard": ("Das Paket entspricht dem Standard.", STANDARD),
    "data.form": ("Die Beschreibung ist immer gleich formatiert, damit Änderungen sichtbar sind.", OWN),
    "data.description": ("Jede Tabelle nennt Titel, Lizenz und Herkunft, jede Zahl ihre Einheit.", STANDARD),
    "data.licence": ("Jede Lizenz hat einen bekannten Namen oder heißt „Lizenz unbekannt“.", "SPDX, GovData"),
    "data.licence-link": ("Zu jeder Lizenz steht ihr Text oder die Adresse des Textes.", ATTRIBUTION),
    "data.attribution": (
        "Wer Daten anderer zeigt, nennt Stelle und Adresse und sagt, dass sie verändert sind.",
        ATTRIBUTION,
    ),
    "data.unsourced": ("Was als belegt gilt, nennt eine Quelle.", OWN),
    "data.source-address": ("Jede Quelle hat eine sichere Adresse oder sagt, warum nicht.", OWN),
    "data.source-checked": ("Jede Quelle sagt, wann sie zuletzt gelesen wurde.", OWN),
    "data.source-twice": ("Jede Quelle steht einmal im Verzeichnis.", OWN),
    "data.twice": ("Keine zwei Zeilen sagen dasselbe.", OWN),
    "data.source-unused": ("Jede Quelle belegt etwas.", OWN),
    "data.stale": (
        "Quellen sind vor höchstens 12 Monaten gelesen, der Gebietsstand ist höchstens 24 Monate alt.",
        "eigene Einschätzung: Haushalte und Förderung ändern sich jährlich, Gemeinden zum Jahreswechsel",
    ),
    "data.future": ("Kein Datum liegt in der Zukunft.", OWN),
    "data.date-form": ("Ein Datum steht als JJJJ, JJJJ-MM oder JJJJ-MM-TT.", "ISO 8601"),
    "data.ags": (
        "Schlüssel und Name gehören zum selben Ort.",
        "Gemeindeverzeichnis GV-ISys, Statistisches Bundesamt",
    ),
    "data.count": ("Zahlen, die sich nachzählen lassen, stimmen.", OWN),
    "data.weights": ("Gewichte ergeben zusammen ihr Ganzes.", OWN),
    "data.score-missing": ("Jede Möglichkeit ist nach jedem Kriterium bewertet.", OWN),
    "data.range": ("Eine Spanne beginnt unten.", OWN),
    "data.formula": ("Kein Text beginnt wie eine Formel.", ASVS),
    "data.path": ("Kein Text nennt einen Ort auf einem einzelnen Rechner.", OWN),
    "data.markup": ("Texte enthalten kein HTML.", OWN),
    "data.spaces": ("Keine Leerzeichen am Rand, keine doppelten, keine unsichtbaren Zeichen.", OWN),
    "data.personal": ("Texte nennen keine Kontaktdaten und keine Privatpersonen.", GDPR),
    "data.address": ("Adressen sind vollständig und beginnen mit https://.", OWN),
}
