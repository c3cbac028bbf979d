"""What the keys of an experience are called in the form: key -> label, in the order of the drop-down."""

from __future__ import annotations

STATUS = {
    "idea": "Idee",
    "planned": "geplant oder beschlossen",
    "implementing": "im Aufbau oder in Umsetzung",
    "pilot": "Pilot",
    "running": "in Betrieb",
    "ended": "abgeschlossen oder eingestellt",
    "unknown": "unbekannt",
}
EVIDENCE = {
    "direct": "direkt: Die Quelle beschreibt diese Lösung selbst",
    "inferred": "erschlossen: aus mehreren Angaben abgeleitet",
    "thin": "dünn: nur kurz erwähnt",
    "contested": "umstritten: Quellen widersprechen sich",
}
THEME_FIT = {"exact": "passt genau", "nearest": "am ehesten dieses"}
OPEN_SOURCE = {"yes": "ja", "unknown": "unbekannt"}
KIND = {"success-factor": "Erfolgsfaktor", "pitfall": "Stolperfalle"}
PHASE = {
    "strategy": "Strategie",
    "planning": "Planung",
    "procurement": "Beschaffung",
    "implementation": "Umsetzung",
    "operation": "Betrieb",
    "continuation": "Verstetigung",
}
BASIS = {
    "sourced": "belegt: steht so in der Quelle",
    "mixed": "gemischt: Tatsache belegt, Rat ist eigene Einschätzung",
    "own": "eigene Einschätzung, ohne Quelle",
}
LICENCES = (
    "Lizenz unbekannt",
    "CC BY 4.0",
    "CC BY-SA 4.0",
    "dl-de/by-2-0",
    "CC0 1.0",
    "alle Rechte vorbehalten",
)
