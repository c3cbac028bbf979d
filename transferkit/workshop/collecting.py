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
from transferkit.workshop.rows import Answer, SessionRow
from transferkit.workshop.store import Store


@dataclass(frozen=True)
class Collected:
    """What became of one file: answers that were new or changed, answers as before, and German complaints."""

    file: Path
    session: str
    new: int
    as_before: int
    problems: tuple[str, ...]


def collect(
    store: Store, files: Iterable[Path], session: str | None = None, question: str | None = None
) -> list[Collected]:
    """Merge the files, one after the other; a damaged one is told and the rest goes on.

    `session` is the code for files that name none; a file that names another is refused. `question` is the id
    for answers to one the session does not have: a guide's fit check is about one solution, a workshop's
    about the one the group has chosen. A closed session takes files too: they come by mail, days later.
    """
    return [_collected(store, file, session, question) for file in files]


def _collected(store: Store, file: Path, session: str | None, question: str | None) -> Collected:
    try:
        content = answer_file.read(file)
        return _merged(store, content, _code(content, session), question)
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


def _merged(store: Store, content: AnswerFile, code: str, question: str | None) -> Collected:
    session = store.session(code)
    known = {exercise["id"] for exercise in session.exercises}
    good, problems = [], []
    for named, value in content.answers.items():
        id = named if named in known or question is None else question
        if answers.is_empty(value):
            continue
        try:
            kept = answers.checked(sessions.exercise(session, id), value)
        except WorkshopError as error:
            meant = "" if named in known else _meant(session)
            problems.append(str(WorkshopError(f"Frage „{named:.60}“: {error}{meant}")))
            continue
        good.append(Answer(id, codes.key(content.secret, code, id), kept))
    new = store.put(code, *good, even_closed=True)
    return Collected(content.path, code, new, len(good) - new, tuple(problems))


def _meant(session: SessionRow) -> str:
    """What can be done for answers to a question of another name."""
    ids = ", ".join(exercise["id"] for exercise in session.exercises)
    return f" Mit --question nennen Sie eine, zu der sie zählen: {ids}."
