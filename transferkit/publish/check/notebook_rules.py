"""The rules for notebooks: what each demands in one German sentence, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping

DESIGN = "Entwurf von transferkit, Abschnitt Notizbücher"
TDDDG = "§ 25 TDDDG; LG München I, 3 O 17493/20"

# Name of the rule: what it demands, its source.
RULES: Mapping[str, tuple[str, str]] = {
    "notebook.unreadable": ("Jedes Notizbuch lässt sich öffnen.", "nbformat 4"),
    "notebook.toc": ("Was toc.toml nennt, gibt es, mit seinen Parametern.", DESIGN),
    "notebook.opening": ("Ein Notizbuch beginnt mit Titel und einem Absatz: die Frage, und für wen.", DESIGN),
    "notebook.parameters": ("Eine Zelle nennt jeden Parameter mit Typ, festem Wert und Kommentar.", DESIGN),
    "notebook.parameters-first": ("Die Parameter stehen vor allem anderen Code.", DESIGN),
    "notebook.imports": ("Importe stehen am Anfang der Zelle nach den Parametern.", DESIGN),
    "notebook.cell-length": ("Eine Zelle ist ein Gedanke, höchstens zehn Zeilen.", DESIGN),
    "notebook.cell-empty": ("Keine Zelle ist leer.", DESIGN),
    "notebook.definition": ("Kein def, class, try oder lambda in einer Zelle.", DESIGN),
    "notebook.magic": ("Keine Befehle mit % oder !.", DESIGN),
    "notebook.path": ("Keine Zelle nennt einen Pfad oder eine Adresse.", DESIGN),
    "notebook.syntax": ("Jede Zelle ist gültiges Python.", DESIGN),
    "notebook.outputs": ("Notizbücher liegen ohne Ausgaben im Projekt.", DESIGN),
    "notebook.metadata": ("Ein Notizbuch trägt keine Spuren der Programme, die es schrieben.", DESIGN),
    "notebook.cell-id": ("Jede Zelle hat eine eigene Kennung.", "nbformat 4.5"),
    "notebook.attachment": ("An Zellen hängen keine Dateien.", DESIGN),
    "notebook.tag": ("Es gibt nur die vereinbarten Markierungen.", DESIGN),
    "notebook.facilitator": ("Was der Moderation gilt, trägt die Markierung facilitator.", DESIGN),
    "notebook.headings": ("Ein Titel, und keine Ebene ist übersprungen.", "EN 301 549, 9.1.3.1"),
    "notebook.html": ("Text ist Markdown ohne HTML.", DESIGN),
    "notebook.alt-text": ("Jedes Bild hat eine Beschreibung in Worten.", "EN 301 549, 9.1.1.1"),
    "notebook.foreign-image": ("Bilder kommen nicht von anderen Servern.", TDDDG),
    "notebook.link-text": ("Jeder Verweis sagt, wohin er führt.", "EN 301 549, 9.2.4.4"),
    "notebook.link": ("Verweise führen von jedem Rechner zum Ziel, verschlüsselt.", DESIGN),
}
