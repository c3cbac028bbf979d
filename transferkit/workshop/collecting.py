"""Files of answers that participants saved on their own machines, merged into a session.

    {"format": "transferkit-antworten", "version": 1, "session": CODE, "secret": random text,
     "answers": {exercise id: value}}

The secret makes the keys: the same file twice changes nothing, and a newer file of the same person replaces
their older answers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from transferkit.errors import AnswerError, SessionError, WorkshopError
from transferkit.workshop import answers, codes, sessions
from transferkit.workshop.store import Answer, Store

FORMAT: Final = "transferkit-antworten"
VERSION: Final = 1
LARGEST_FILE: Final = 1_000_000  # bytes
SECRET_LENGTH: Final = range(codes.SECRET_LETTERS, 129)


@dataclass(frozen=True)
class Collected:
    """What became of one file: answers that were new or changed, answers as before, and German complaints."""

    file: Path
    session: str
    new: int
    as_before: int
    problems: tuple[str, ...]


def collect(store: Store, files: Iterable[Path], session: str | None = None) -> list[Collected]:
    """Merge the files, one after the other; a damaged one is told and the rest goes on.

    `session` is the code for files that name none; a file that names another is refused. A closed session
    takes files too: they come by mail, days later.
    """
    return [_collected(store, file, session) for file in files]


def _collected(store: Store, file: Path, session: str | None) -> Collected:
    try:
        content = _read(file)
        return _merged(store, file, content, _code(content, session))
    except WorkshopError as error:
        return Collected(file, "", 0, 0, (str(error),))


def _read(file: Path) -> Mapping[str, Any]:
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise AnswerError("Die Datei ist zu groß für Antworten.")
        content = json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise AnswerError(f"Die Datei lässt sich nicht lesen ({error.strerror}).") from error
    except (ValueError, RecursionError) as error:
        raise AnswerError("Die Datei ist beschädigt: Sie enthält kein vollständiges JSON.") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise AnswerError("Das ist keine Datei mit Antworten aus transferkit.")
    if content.get("version") != VERSION:
        raise AnswerError("Die Datei stammt aus einer anderen Version. Aktualisieren Sie transferkit.")
    secret, given = content.get("secret"), content.get("answers")
    if not isinstance(secret, str) or len(secret) not in SECRET_LENGTH or not isinstance(given, dict):
        raise AnswerError("Die Datei ist beschädigt: Antworten oder Kennung fehlen.")
    return content


def _code(content: Mapping[str, Any], session: str | None) -> str:
    named = codes.plain(str(content.get("session") or ""))
    wanted = codes.plain(session or "")
    if named and wanted and named != wanted:
        raise SessionError(f"Die Datei gehört zur Werkstatt {codes.grouped(named)}, nicht zu dieser.")
    if not named and not wanted:
        raise SessionError("Die Datei nennt keine Werkstatt. Nennen Sie den Code mit --session.")
    return named or wanted


def _merged(store: Store, file: Path, content: Mapping[str, Any], code: str) -> Collected:
    session = store.session(code)
    good, problems = [], []
    for id, value in content["answers"].items():
        if answers.is_empty(value):
            continue
        try:
            kept = answers.checked(sessions.exercise(session, id), value)
        except WorkshopError as error:
            problems.append(f"Frage „{id}“: {error}")
            continue
        good.append(Answer(id, codes.key(content["secret"], code, id), kept))
    new = store.put(code, *good, even_closed=True)
    return Collected(file, code, new, len(good) - new, tuple(problems))
