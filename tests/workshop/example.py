"""A session with an exercise of every kind, and what the tests know of their databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from transferkit.workshop import codes
from transferkit.workshop.rows import Answer, SessionRow

OPTIONS = [{"id": "a", "label": "Bus"}, {"id": "b", "label": "Rufbus"}, {"id": "c", "label": "Rad"}]
LEVELS = [{"id": "0", "label": "gar nicht"}, {"id": "1", "label": "teils"}, {"id": "2", "label": "ganz"}]
ITEMS = [{"id": "data", "label": "Daten"}, {"id": "people", "label": "Leute"}]
# One of every kind.
EXERCISES = [
    {"id": "first", "kind": "choice", "question": "Was zuerst?", "options": OPTIONS},
    {"id": "also", "kind": "choices", "question": "Was noch?", "options": OPTIONS},
    {"id": "ready", "kind": "scale", "question": "Wie weit?", "minimum": 0, "maximum": 4},
    {"id": "vote", "kind": "dots", "question": "Wofür?", "options": OPTIONS, "dots": 3},
    {"id": "self", "kind": "assessment", "question": "Wo?", "options": LEVELS, "items": ITEMS},
    {"id": "fits", "kind": "fit", "question": "Passt es?", "options": LEVELS, "items": ITEMS},
    {"id": "order", "kind": "ranking", "question": "Reihenfolge?", "options": OPTIONS},
    {"id": "cost", "kind": "number", "question": "Kosten?", "unit": "Euro", "minimum": 0},
    {"id": "why", "kind": "text", "question": "Warum?", "released": False},
]


@dataclass
class Database:
    """A database of its own for one test: its address, and all the bytes it keeps its tables in."""

    url: str
    files: Callable[[], list[Path]]

    def holds(self, word: str) -> bool:
        """Whether the word stands in a file of the tables, in any form a search would find."""
        return any(word.encode() in path.read_bytes() for path in self.files() if path.is_file())


@dataclass(frozen=True)
class Cluster:
    """A running PostgreSQL server."""

    folder: Path
    port: int
    programs: Path

    def url(self, name: str) -> str:
        return f"postgresql://tester@/{name}?host={self.folder}&port={self.port}"


def answer(session: SessionRow, exercise: str, value: object, secret: str | None = None) -> Answer:
    """An answer as a participant gives it; without a secret, of somebody new."""
    return Answer(exercise, codes.key(secret or codes.new_secret(), session.code, exercise), value)
