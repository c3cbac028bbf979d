"""The log of a server of apps: what happened and when, never who it was.

Whatever goes wrong gets a number. Visitors see the number, the log has the details.
"""

from __future__ import annotations

import logging
import secrets
from typing import Protocol, runtime_checkable

from tornado.web import RequestHandler

from transferkit import log_lines

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that is mixed up when read out on the phone
LOG = logging.getLogger("transferkit.apps")


@runtime_checkable
class Visited(Protocol):
    """A handler that knows which kind of page it is."""

    def visited(self) -> str:
        """The page as the log may name it, "" for what nobody opens on purpose."""


def note(message: str) -> None:
    """Write a line that is nobody's fault."""
    LOG.info(message)


def incident(what: str, details: str | BaseException) -> str:
    """Log what went wrong with all details; return the incident's number, all that a visitor is shown."""
    number = "".join(secrets.choice(ALPHABET) for _ in range(6))
    error = details if isinstance(details, BaseException) else None
    said = what if error else f"{what}\n{details}"
    LOG.error("Vorfall %s: %s", number, said, exc_info=error, extra={"event": "incident", "incident": number})
    return number


def visit(handler: RequestHandler) -> None:
    """Note that somebody has opened a page, if it is one people open; asked by tornado for every answer."""
    place = handler.visited() if isinstance(handler, Visited) else ""
    if place:
        log_lines.visit(place, handler.get_status(), handler.request.request_time())
