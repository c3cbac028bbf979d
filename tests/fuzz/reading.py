"""A reader of files or addresses under test, and what must be true of it whatever comes in."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from hypothesis.strategies import SearchStrategy

from transferkit.errors import TransferkitError

SECONDS = 20  # of processor time: what takes longer hangs
ENGLISH = ("Traceback", "object at 0x", "NoneType", "has no attribute", "unexpected keyword")


class HangError(BaseException):
    """A reader did not come to an end; no reader can catch this by chance."""


@dataclass(frozen=True)
class Reader:
    """`read` takes one of `inputs` and refuses by errors of transferkit; `kept` describes the old data.

    `read` returns True if it was meant to change the old data and has. `own` are errors that are as good.
    """

    name: str
    inputs: SearchStrategy[Any]
    read: Callable[[Any], object]
    kept: Callable[[], object] = lambda: None
    examples: int = 40
    own: tuple[type[Exception], ...] = ()


@dataclass
class Count:
    """What became of the inputs of one reader."""

    tried: int = 0
    accepted: int = 0
    refused: int = 0


def hold(reader: Reader, given: Any, count: Count) -> None:
    """Read; fail on a foreign error, a foreign message, a hang, or old data that is not as it was."""
    before = reader.kept()
    count.tried += 1
    changed: object = False
    try:
        with no_longer_than(SECONDS):
            changed = reader.read(given)
        count.accepted += 1
    except (TransferkitError, *reader.own) as error:
        count.refused += 1
        said = str(error)
        said.encode()  # a terminal can show it
        assert len(said) > 10, said
        assert not any(word in said for word in ENGLISH), said
    if changed is not True:
        assert reader.kept() == before, "the old data is not as it was"


@contextmanager
def no_longer_than(seconds: float) -> Iterator[None]:
    """HangError after that much processor time, where the system can interrupt."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGPROF"):
        yield
        return

    def stop(*_: object) -> None:
        raise HangError(f"nicht fertig nach {seconds} Sekunden")

    before = signal.signal(signal.SIGPROF, stop)  # time of this process: others on the machine do not count
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
