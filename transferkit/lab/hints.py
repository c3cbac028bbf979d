"""Hints in German where Jupyter would show a traceback: a sentence, and the details for who unfolds them.

Installed only where a person runs cells (`face.is_session`); builds and apps need the error as it is. The
reply to the cell still says that it failed, so that "run all" stops there.
"""

from __future__ import annotations

import re
from html import escape
from types import MethodType
from typing import Any

from transferkit import face
from transferkit.errors import TransferkitError

RUN_ALL = "Wählen Sie im Menü „Ausführen“ den Punkt „Alle Zellen ausführen“."
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
STYLE = "border-left:3px solid #0b5c68;padding:.2rem 0 .2rem 1rem;max-width:46rem;white-space:pre-line"


def install() -> bool:
    """Show hints from now on; return whether this is a place for them."""
    kernel = face.kernel() if face.is_session() else None
    if kernel is None:
        return False
    # The one place through which every error of a cell goes, syntax errors and those while showing included.
    kernel.shell._showtraceback = MethodType(_show, kernel.shell)
    return True


def hint(kind: type[BaseException], error: BaseException) -> str:
    """Return what went wrong and what to do, in one or two sentences."""
    if isinstance(error, TransferkitError):
        return str(error)
    if isinstance(error, AttributeError) and str(error).startswith("transferkit hat keinen Namen"):
        return str(error)
    for known, sentence in SENTENCES:
        if issubclass(kind, known):
            return sentence.format(name=_name(error))
    return (
        "In dieser Zelle ist ein Fehler aufgetreten. Haben Sie etwas geändert? Machen Sie es rückgängig. "
        f"Sonst hilft ein Neubeginn: {RUN_ALL}"
    )


SENTENCES: list[tuple[type[BaseException], str]] = [
    (
        NameError,
        "„{name}“ ist noch nicht bekannt. Meist wurde eine Zelle weiter oben ausgelassen. " + RUN_ALL,
    ),
    (
        IndentationError,
        "Am Anfang einer Zeile stehen zu viele oder zu wenige Leerzeichen. Rücken Sie sie wie vorher ein.",
    ),
    (
        SyntaxError,
        "Die Zelle ist nicht lesbar: Oft fehlt eine Klammer oder ein Anführungszeichen. "
        'Setzen Sie Texte in gerade Anführungszeichen: "so".',
    ),
    (
        ModuleNotFoundError,
        "Das Paket „{name}“ fehlt hier. Beenden Sie JupyterLab und starten Sie es mit „transferkit lab“.",
    ),
    (FileNotFoundError, "Die Datei „{name}“ gibt es nicht. Prüfen Sie Namen und Ordner."),
    (PermissionError, "Auf „{name}“ lässt sich nicht zugreifen. Ist die Datei in Excel oder Word geöffnet?"),
    (KeyError, "„{name}“ gibt es hier nicht. Prüfen Sie die Schreibweise."),
    (
        TypeError,
        "Eine Angabe hat die falsche Art, zum Beispiel ein Text statt einer Zahl. "
        "Texte stehen in Anführungszeichen, Zahlen nicht.",
    ),
    (
        MemoryError,
        "Der Arbeitsspeicher reicht nicht. Schließen Sie andere Programme und beginnen Sie von vorn.",
    ),
    (KeyboardInterrupt, "Die Zelle wurde angehalten. Sie können sie neu ausführen."),
]


def _name(error: BaseException) -> str:
    """What the error is about: a name, a package, a file, a key."""
    for attribute in ("name", "filename"):
        if found := getattr(error, attribute, None):
            return str(found)
    return str(error.args[0]) if error.args else ""


def _show(shell: Any, kind: type[BaseException], error: BaseException, traceback: list[str]) -> None:
    from IPython.display import publish_display_data

    sentence = hint(kind, error)
    details = escape(COLOURS.sub("", "\n".join(traceback)))
    html = f"""<div role="alert" data-hint style="{STYLE}"><p><strong>{escape(sentence)}</strong></p>
<details><summary>Einzelheiten für die Fehlersuche</summary><pre>{details}</pre></details></div>"""
    publish_display_data({"text/html": html, "text/plain": sentence})  # type: ignore[no-untyped-call]
    shell._last_traceback = traceback
    # An error while a result is shown makes the cell fail, too.
    shell._last_traceback_during_displayhook = getattr(shell.displayhook, "msg", None) is not None
