"""What a store keeps, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class SessionRow:
    """A session as it is kept; `facilitator` is a fingerprint, the pages are HTML, `exercises` their JSON."""

    code: str
    facilitator: str
    format: str
    title: str
    day: date
    expires: date  # the first day on which nothing of it is there any more
    open: bool
    responsible: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    exercises: Sequence[Mapping[str, Any]] = ()
    page: str = ""
    facilitator_page: str = ""


@dataclass(frozen=True)
class Answer:
    """One answer to one exercise; `released` counts for free texts only."""

    exercise: str
    key: str
    value: Any
    released: bool = False


@dataclass(frozen=True)
class Entry:
    """A row of the protocol; `kind` is decision, question or task, `role` who does it (no name)."""

    number: int
    kind: str
    text: str
    role: str = ""
    due: str = ""
