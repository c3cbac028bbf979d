"""The log of a build or a server: a German line for people, or a line of JSON for programs, per event.

Nobody who visits can be told from it: no address of a machine, no browser, no cookie, nothing anybody typed,
no code of a workshop. What an event consists of is said here and nowhere else; docs/operating.md explains it.
The one door to python-json-logger.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

from pythonjsonlogger.json import JsonFormatter

LOG = logging.getLogger("transferkit.events")
RENAMED = {"levelname": "level", "exc_info": "details"}


class _Lines(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes to what is standard error at that moment."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:
        return sys.stderr


class _JsonLine(JsonFormatter):
    """`time` (ISO, with zone), `level`, `event`, `message`, and what the event has of its own."""

    def __init__(self) -> None:
        super().__init__(
            ["levelname", "message"], rename_fields=RENAMED, timestamp="time", json_ensure_ascii=False
        )

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        log_data.setdefault("event", "note")
        log_data["level"] = str(log_data["level"]).lower()
        log_data["time"] = log_data["time"].replace(microsecond=0)
        return log_data


def begin(as_json: bool) -> None:
    """From now on write events to standard error; of other libraries only what is worth a warning."""
    root, lines = logging.getLogger(), _Lines()
    lines.setFormatter(_JsonLine() if as_json else logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    root.handlers = [one for one in root.handlers if not isinstance(one, _Lines)] + [lines]
    root.setLevel(logging.WARNING)
    logging.getLogger("transferkit").setLevel(logging.INFO)


def visit(place: str, status: int, seconds: float) -> None:
    """Somebody has opened a page: which kind, with what answer, after how long. Not who, not with what."""
    _event("visit", f"{place}: {status}, {_decimal(seconds)} s", place=place, status=status, seconds=seconds)


def page(address: str, failure: str, seconds: float, memory_mb: float) -> None:
    """A build has made a page, or failed to."""
    state = "failed" if failure else "built"
    said = f"fehlgeschlagen: {failure.splitlines()[0]}" if failure else f"gebaut in {_decimal(seconds)} s"
    own: dict[str, object] = {"reason": failure} if failure else {}
    level = logging.ERROR if failure else logging.INFO
    own |= {"address": address, "state": state, "seconds": seconds, "memory_mb": memory_mb}
    _event("page", f"{address} {said}", level, **own)


def build(built: int, unchanged: int, failed: int, published: bool) -> None:
    """A build is over."""
    said = f"{built} gebaut, {unchanged} unverändert, {failed} fehlgeschlagen"
    _event("build", said, built=built, unchanged=unchanged, failed=failed, published=published)


def _event(name: str, message: str, level: int = logging.INFO, **own: object) -> None:
    numbers = {key: round(value, 3) if isinstance(value, float) else value for key, value in own.items()}
    LOG.log(level, message, extra={"event": name, **numbers})


def _decimal(seconds: float) -> str:
    return f"{seconds:.2f}".replace(".", ",")
