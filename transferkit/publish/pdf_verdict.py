"""What may be said of a PDF's accessibility: what a checker of PDF/UA has found, or that there was none."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

CHECKER = "verapdf"
SECONDS = 120
PEOPLE = "Was nur Menschen prüfen können, ist nicht geprüft."
UNCHECKED = (
    "Barrierefreiheit dieser PDF-Datei: nicht geprüft. Sie hat Auszeichnungen, Sprache, Lesezeichen und "
    "Bildbeschreibungen. Vorrang hat die Webseite, aus der sie entstand."
)
PASSED = f"Barrierefreiheit dieser PDF-Datei: Das Programm veraPDF fand keine Fehler nach PDF/UA-1. {PEOPLE}"
FAILED = (
    f"Barrierefreiheit dieser PDF-Datei: Das Programm veraPDF fand Fehler nach PDF/UA-1. {PEOPLE} "
    "Vorrang hat die Webseite, aus der sie entstand."
)


def checker() -> str | None:
    """The program that checks PDF/UA, None where it is not installed."""
    return shutil.which(CHECKER)


def passes(program: str, content: bytes) -> bool | None:
    """Whether the checker finds nothing against PDF/UA-1; None if it gave no clear answer."""
    with tempfile.TemporaryDirectory(prefix="tk-pdf-") as folder:
        path = Path(folder) / "pruefling.pdf"
        path.write_bytes(content)
        call = [program, "--flavour", "ua1", "--format", "text", str(path)]
        try:
            done = subprocess.run(call, capture_output=True, text=True, timeout=SECONDS)
        except (OSError, subprocess.TimeoutExpired):
            return None
    verdict = done.stdout.strip().partition(" ")[0]
    return {"PASS": True, "FAIL": False}.get(verdict)
