"""The rules for pages and site: what each demands, in one German sentence, and where that comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

OWN = "Zusage von transferkit"
TDDDG = "§ 25 TDDDG"
FONTS = "LG München I, 3 O 17493/20"


@dataclass(frozen=True)
class Rule:
    """What is demanded, and by what law, standard or promise."""

    says: str
    source: str


def _en(*clauses: str) -> str:
    """Clauses of WCAG 2.1 as the European standard counts them."""
    return "EN 301 549, " + ", ".join(f"9.{clause}" for clause in clauses)


RULES: Mapping[str, Rule] = {
    "page.language": Rule("Jede Seite sagt, in welcher Sprache sie geschrieben ist.", _en("3.1.1")),
    "page.title": Rule("Jede Seite hat einen Titel, der sie benennt.", _en("2.4.2")),
    "page.headings": Rule(
        "Eine Seite beginnt mit einer einzigen Hauptüberschrift und überspringt keine Ebene.",
        _en("1.3.1", "2.4.6"),
    ),
    "page.landmarks": Rule(
        "Kopf, Navigation, Inhalt und Fuß sind als solche ausgezeichnet.", _en("1.3.1", "2.4.1")
    ),
    "page.skip-link": Rule("Der erste Link führt zum Inhalt.", _en("2.4.1")),
    "page.alt-text": Rule("Jedes Bild hat eine Beschreibung in Worten.", _en("1.1.1")),
    "page.chart-table": Rule("Neben jeder Abbildung stehen ihre Zahlen als Tabelle.", _en("1.1.1")),
    "page.table": Rule(
        "Jede Tabelle hat eine Beschriftung und Kopfzellen, die sagen, wofür sie gelten.", _en("1.3.1")
    ),
    "page.link-text": Rule("Jeder Link sagt, wohin er führt.", _en("2.4.4")),
    "page.tabindex": Rule("Die Tabulatortaste folgt der Reihenfolge der Seite.", _en("2.4.3")),
    "page.label": Rule("Jedes Feld und jede Schaltfläche hat einen Namen.", _en("1.3.1", "4.1.2")),
    "page.ids": Rule("Jede Kennung gibt es einmal, und jeder Verweis darauf trifft.", _en("1.3.1", "4.1.2")),
    "page.anchor": Rule("Jeder Verweis innerhalb der Seite hat ein Ziel.", OWN),
    "page.contrast": Rule(
        "Schrift hat einen Kontrast von mindestens 4,5 zu 1, Zeichen von 3 zu 1: hell, dunkel und gedruckt.",
        _en("1.4.3", "1.4.11"),
    ),
    "page.focus": Rule("Man sieht, wo der Tastaturfokus steht.", _en("2.4.7")),
    "page.motion": Rule(
        "Nichts bewegt sich bei Menschen, die weniger Bewegung eingestellt haben.", "WCAG 2.1, 2.3.3"
    ),
    "page.width": Rule("Die Seite passt auf 320 Pixel Breite.", _en("1.4.10")),
    "page.zoom": Rule("Die Seite lässt sich vergrößern.", _en("1.4.4")),
    "page.print": Rule("Die Seite lässt sich lesbar drucken.", OWN),
    "page.third-party": Rule("Die Seite ruft nichts von anderen Servern ab.", FONTS),
    "page.whole": Rule("Die Seite ist eine einzige Datei, die sich ohne Netz öffnet.", OWN),
    "page.empty-address": Rule("Keine Adresse ist leer: Der Browser lädt sonst die Seite noch einmal.", OWN),
    "page.policy": Rule(
        "Die Seite verbietet dem Browser alles, was sie nicht braucht (Content-Security-Policy).", OWN
    ),
    "page.storage": Rule("Die Seite speichert nichts auf dem Gerät.", TDDDG),
    "page.machine-path": Rule("Keine Seite nennt Ordner des Rechners, der sie gebaut hat.", OWN),
    "page.traceback": Rule("Keine Seite zeigt eine Fehlermeldung des Programms.", OWN),
    "page.leftover": Rule("Keine Seite zeigt Reste der Technik, zum Beispiel „nan“ statt „k. A.“.", OWN),
    "page.facilitator": Rule("Notizen für die Moderation stehen auf keiner veröffentlichten Seite.", OWN),
    "page.source": Rule("Wo Zahlen oder Erfahrungen stehen, stehen ihre Quellen.", OWN),
    "page.attribution": Rule(
        "Fremde Daten nennen Anbieter, Lizenz mit Link und Änderung.",
        "Datenlizenz Deutschland – Namensnennung – Version 2.0",
    ),
    "page.licence": Rule("Der Fuß jeder Seite nennt Stand und Lizenz.", "CC BY 4.0, Abschnitt 3 a"),
    "page.weight": Rule("Eine Seite bleibt klein genug für eine langsame Leitung.", OWN),
    "page.markup": Rule("Das HTML ist so geschrieben, wie der Standard es verlangt.", "HTML Living Standard"),
    "site.link": Rule("Jeder Verweis auf eine Seite oder Datei der Site hat ein Ziel.", OWN),
    "site.anchor": Rule("Jeder Verweis auf eine Stelle einer anderen Seite trifft.", OWN),
    "site.title": Rule("Keine zwei Seiten haben denselben Titel.", _en("2.4.2")),
    "site.orphan": Rule("Jede Seite ist von der Startseite aus zu erreichen.", _en("2.4.5")),
    "site.manifest": Rule("Die Site enthält genau das, was der Bau geschrieben hat.", OWN),
    "site.weight": Rule("Im Mittel bleibt Platz für 11.000 Seiten in einem Gigabyte.", OWN),
    "site.rebuild": Rule("Wer eine Seite noch einmal baut, erhält dieselben Bytes.", OWN),
    "site.third-party": Rule("Keine Datei der Site ruft etwas von anderen Servern ab.", FONTS),
    "allowed.entry": Rule("Jede Ausnahme nennt Regel, Ort, Grund, Datum und Frist.", OWN),
    "allowed.expired": Rule("Eine Ausnahme gilt bis zu ihrer Frist.", OWN),
    "allowed.unused": Rule("Eine Ausnahme, die niemand braucht, wird gestrichen.", OWN),
}
