"""The log of a server of apps: what happened and when, never who it was.

Whatever goes wrong gets a number. Visitors see the number, the log has the details.
"""

from __future__ import annotations

import logging
import secrets

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that is mixed up when read out on the phone
LOG = logging.getLogger("transferkit.apps")


def note(message: str) -> None:
    """Write a line that is nobody's fault."""
    LOG.info(message)


def incident(what: str, details: str | BaseException) -> str:
    """Log what went wrong with all details; return the incident's number, all that a visitor is shown."""
    number = "".join(secrets.choice(ALPHABET) for _ in range(6))
    error = details if isinstance(details, BaseException) else None
    LOG.error("Vorfall %s: %s", number, what if error else f"{what}\n{details}", exc_info=error)
    return number
