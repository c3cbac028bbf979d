"""Progress of long work on standard error: a bar on a terminal, plain German lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, TypeVar

from tqdm import tqdm

Made = TypeVar("Made")

SECONDS_BETWEEN_LINES = 10
PAGES_BAR = "{percentage:3.0f} % |{bar}| {n} von {total} Seiten, {per_second} je Sekunde, noch {remaining}"
STEPS_BAR = "{percentage:3.0f} % |{bar}| {n} von {total} {unit}, noch {remaining}"
DOWNLOAD_BAR = "{percentage:3.0f} % |{bar}| {megabytes} MB, noch {remaining}"


class _GermanBar(tqdm):  # type: ignore[type-arg]
    """A bar with a decimal comma in its numbers."""

    @property
    def format_dict(self) -> MutableMapping[str, Any]:
        values = super().format_dict
        done, seconds = values["n"], values["elapsed"]
        return {
            **values,
            "per_second": _decimal(values["rate"] or (done / seconds if seconds else 0)),
            "megabytes": _decimal(done / 1e6),
        }


def pages(outcomes: Iterable[Made], total: int) -> Iterator[Made]:
    """Pass the outcomes of pages on and show how many of `total` are through, how fast, how long yet."""
    if sys.stderr.isatty():
        yield from _GermanBar(outcomes, total=total, bar_format=PAGES_BAR, leave=False)
        return
    started = said = time.monotonic()
    for done, outcome in enumerate(outcomes, start=1):
        yield outcome
        now = time.monotonic()
        if now - said >= SECONDS_BETWEEN_LINES and done < total:
            said = now
            print(_line(done, total, now - started), file=sys.stderr, flush=True)


@contextmanager
def download() -> Iterator[Callable[[int, int | None], None]]:
    """Give a function that is told the bytes so far and, if known, the bytes in all."""
    with _GermanBar(bar_format=DOWNLOAD_BAR, leave=False, disable=not sys.stderr.isatty()) as bar:

        def told(done: int, total: int | None) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield told


@contextmanager
def steps(total: int, unit: str) -> Iterator[Callable[[int], None]]:
    """Give a function that is told how many of `total` are done; `unit` is what they are, in German."""
    quiet = not sys.stderr.isatty()
    with _GermanBar(total=total, unit=unit, bar_format=STEPS_BAR, leave=False, disable=quiet) as bar:

        def told(done: int) -> None:
            bar.update(done - bar.n)

        yield told


def _line(done: int, total: int, seconds: float) -> str:
    left = round(seconds / done * (total - done))
    remaining = f"{left // 60} Min." if left >= 120 else f"{left} Sek."
    return f"{done} von {total} Seiten, {_decimal(done / seconds)} je Sekunde, noch etwa {remaining}"


def _decimal(number: float) -> str:
    return f"{number:.1f}".replace(".", ",")
