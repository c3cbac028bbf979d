"""Progress of long work: a bar on a terminal, plain German lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, MutableMapping
from typing import Any, TypeVar

from tqdm import tqdm

Item = TypeVar("Item")
SECONDS_BETWEEN_LINES = 10


class _GermanBar(tqdm):  # type: ignore[type-arg]
    """The bar with a decimal comma in its rate."""

    @property
    def format_dict(self) -> MutableMapping[str, Any]:
        values = super().format_dict
        rate = values["rate"] or (values["n"] / values["elapsed"] if values["elapsed"] else 0)
        return {**values, "per_second": f"{rate:.1f}".replace(".", ",")}


def shown(items: Iterable[Item], total: int, what: str) -> Iterator[Item]:
    """Pass `items` on; show on standard error how many of `total` are through, how fast, how long yet."""
    if sys.stderr.isatty():
        form = "{percentage:3.0f} % |{bar}| {n} von {total} {desc}, {per_second} je Sekunde, noch {remaining}"
        yield from _GermanBar(items, total=total, desc=what, bar_format=form, leave=False)
        return
    started = said = time.monotonic()
    for done, item in enumerate(items, start=1):
        yield item
        now = time.monotonic()
        if now - said >= SECONDS_BETWEEN_LINES and done < total:
            said = now
            print(_line(done, total, what, now - started), file=sys.stderr, flush=True)


def _line(done: int, total: int, what: str, seconds: float) -> str:
    rate = f"{done / seconds:.1f}".replace(".", ",")
    left = round(seconds / done * (total - done))
    remaining = f"{left // 60} Min." if left >= 120 else f"{left} Sek."
    return f"{done} von {total} {what}, {rate} je Sekunde, noch etwa {remaining}"
