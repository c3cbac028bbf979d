"""Files of answers that participants saved on their own machines (see `answer_file`), merged into a session.

The secret in a file makes the keys: the same file twice changes nothing, and a newer file of the same person
replaces their older answers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from transferkit.errors import SessionError, WorkshopError
from transferkit.workshop import answer_file, answers, codes, sessions
from transferkit.workshop.answer_file import AnswerFile
from transferkit.workshop.rows import Answer
from transferkit.workshop.store import Store


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
        content = answer_file.read(file)
        return _merged(store, content, _code(content, session))
    except WorkshopError as error:
        return Collected(file, "", 0, 0, (str(error),))


def _code(content: AnswerFile, session: str | None) -> str:
    named = codes.plain(content.session)
    wanted = codes.plain(session or "")
    if named and wanted and named != wanted:
        raise SessionError(f"Die Datei gehört zur Werkstatt {codes.grouped(named)}, nicht zu dieser.")
    if not named and not wanted:
        raise SessionError("Die Datei nennt keine Werkstatt. Nennen Sie den Code mit --session.")
    return named or wanted


def _merged(store: Store, content: AnswerFile, code: str) -> Collected:
    session = store.session(code)
    good, problems = [], []
    for id, value in content.answers.items():
        if answers.is_empty(value):
            continue
        try:
            kept = answers.checked(sessions.exercise(session, id), value)
        except WorkshopError as error:
            problems.append(f"Frage „{id}“: {error}")
            continue
        good.append(Answer(id, codes.key(content.secret, code, id), kept))
    new = store.put(code, *good, even_closed=True)
    return Collected(content.path, code, new, len(good) - new, tuple(problems))
