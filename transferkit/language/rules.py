"""The rules for German text: what each demands in one sentence, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping

PLAIN = "Einfache Sprache, DIN 8581-1"

# Name of the rule: what it demands, its source.
RULES: Mapping[str, tuple[str, str]] = {
    "language.sentence-length": (
        "Ein Satz hat höchstens 20 Wörter.",
        f"{PLAIN} (kurze Sätze); die Zahl ist üblicher Rat",
    ),
    "language.passive": (
        "Nicht zwei Sätze hintereinander stehen im Passiv.",
        f"{PLAIN} (Aktiv); die Grenze ist eigene Einschätzung",
    ),
    "language.passive-share": (
        "Höchstens ein Fünftel der Sätze eines Textes steht im Passiv.",
        f"{PLAIN} (Aktiv); die Grenze ist eigene Einschätzung",
    ),
    "language.noun-style": (
        "Ein Satz hat höchstens vier Hauptwörter, die aus Verben gemacht sind.",
        f"{PLAIN} (Verben); die Grenze ist eigene Einschätzung",
    ),
    "language.office-words": (
        "Texte sagen einfach, wofür Ämter eigene Wörter haben.",
        "Bundesverwaltungsamt, Arbeitshandbuch Bürgernahe Verwaltungssprache",
    ),
    "language.number-form": ("Zahlen und Daten stehen in deutscher Form: 12,5 %, 22.11.2026.", "DIN 5008"),
    "language.abbreviation": (
        "Jede Abkürzung ist allgemein bekannt, im Text erklärt oder steht im Glossar.",
        f"{PLAIN}; WCAG 2.1, 3.1.4",
    ),
}
