"""The file of answers on a learner's own machine: one small JSON file that can be handed in.

    {"format": "transferkit-antworten", "version": 1, "session": "…", "secret": "…", "answers": {"ID": …}}

It holds no name and no time. `secret` is random and made once, so that handing in twice counts once.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from transferkit.errors import WorkshopError
from transferkit.workshop import json_file

FORMAT, VERSION = "transferkit-antworten", 1
KEYS = {"format", "version", "session", "secret", "answers"}
LARGEST = 1_000_000  # bytes; 100 exercises need less than 20,000


@dataclass
class AnswerFile:
    """The answers of one person to one session; the file comes into being with the first answer."""

    path: Path
    session: str
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    answers: dict[str, Any] = field(default_factory=dict)

    def keep(self, exercise: str, answer: Any) -> None:
        """Write the answer to an exercise, or remove it if it is None; WorkshopError if that fails.

        After an error the answers are as they were before.
        """
        if self.path.is_file():  # another window may have written in the meantime
            there = read(self.path)
            self.secret, self.answers = there.secret, there.answers
        changed = {key: value for key, value in self.answers.items() if key != exercise}
        if answer is not None:
            changed[exercise] = answer
        content = {
            "format": FORMAT,
            "version": VERSION,
            "session": self.session,
            "secret": self.secret,
            "answers": changed,
        }
        try:
            _replace(self.path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
        except OSError as error:
            raise WorkshopError(
                f"Die Antwort ließ sich nicht in {self.path} speichern ({error.strerror}). "
                "Ist der Ordner beschreibbar und noch Platz frei?"
            ) from error
        self.answers = changed

    def remove(self) -> bool:
        """Delete the file and all answers; True if there was one. The next answer begins a new file."""
        self.answers, self.secret = {}, secrets.token_urlsafe(24)
        try:
            self.path.unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise WorkshopError(f"{self.path} ließ sich nicht löschen ({error.strerror}).") from error
        return True


def name(notebook: str, session: str) -> str:
    """`antworten-ABC123.json` for a session, otherwise named for the notebook."""
    return f"antworten-{re.sub(r'[^A-Za-z0-9-]+', '-', session or notebook).strip('-')}.json"


def opened(folders: Sequence[Path], notebook: str, session: str = "") -> AnswerFile:
    """The answers begun earlier in one of the folders, or new ones in the first that can be written to.

    Raises WorkshopError for a damaged file, which is left as it is, and where no folder can be written to.
    """
    paths = [folder / name(notebook, session) for folder in folders]
    for path in paths:
        if path.is_file():
            return read(path)
    for path in paths:
        if _is_writable(path.parent):
            return AnswerFile(path, session)
    places = " und ".join(str(path.parent) for path in paths)
    raise WorkshopError(f"Ihre Antworten lassen sich nirgends speichern. Versucht wurde: {places}.")


def remove_all(folder: Path) -> int:
    """Delete all files of answers in the folder and below; return how many there were."""
    found = [path for path in sorted(folder.rglob("antworten-*.json")) if _is_ours(path)]
    for path in found:
        AnswerFile(path, "").remove()
    return len(found)


def read(path: Path) -> AnswerFile:
    """A file somebody kept; WorkshopError says what is wrong with it."""
    content = json_file.read(path, LARGEST)
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise WorkshopError(f"{path} ist keine Datei mit Antworten aus transferkit.")
    if content.get("version") != VERSION:
        raise WorkshopError(
            f"{path} stammt aus einer anderen Fassung von transferkit ({content.get('version')!r:.20}, "
            f"hier {VERSION}). Bitte erneuern Sie transferkit."
        )
    texts = [content.get("session"), content.get("secret")]
    if content.keys() != KEYS or not all(isinstance(text, str) for text in texts) or not texts[1]:
        raise WorkshopError(f"{path} ist unvollständig: Es fehlt die Sitzung, das Geheimnis oder mehr.")
    if not isinstance(content["answers"], dict):
        raise WorkshopError(f"{path} ist beschädigt: „answers“ enthält keine Antworten.")
    return AnswerFile(path, content["session"], content["secret"], content["answers"])


def _is_ours(path: Path) -> bool:
    try:
        read(path)
    except WorkshopError:
        return False
    return True


def _is_writable(folder: Path) -> bool:
    """Try it: on Windows nothing else tells."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _replace(path: Path, text: str) -> None:
    """Write beside and rename: whoever reads sees the old file or the new one."""
    handle, beside = tempfile.mkstemp(prefix=".antworten-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError:
        Path(beside).unlink(missing_ok=True)
        raise
