"""Who may enter a server of apps, and what may pass to a kernel: messages of widgets, never code."""

from __future__ import annotations

import hmac
import json
import secrets
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from tornado.httputil import HTTPServerRequest

# What JupyterLab's widget manager needs. Whoever sends anything else is not our page.
ALLOWED = {"comm_open", "comm_msg", "comm_close", "comm_info_request", "kernel_info_request"}
# Widgets are made in Python; a front end only asks for their states.
TARGET = "jupyter.widget.control"
CHANNEL = "shell"
LONGEST_MESSAGE = 2 * 2**20  # bytes
PARTS = 4  # header, parent header, metadata, content
MOST_PIECES = 100  # with the buffers
PROTOCOL = "v1.kernel.websocket.jupyter.org"
CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 8
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")


class ForbiddenMessageError(ValueError):
    """A message that may not pass to a kernel; the text says why."""


def checked_message(message: str | bytes) -> dict[str, Any]:
    """Return a message of the browser, read and put together anew, so that nothing else can ride along.

    Only the newer form of Jupyter's websocket protocol is read, v1. Raises ForbiddenMessageError for all but
    messages of widgets on the shell channel.
    """
    try:
        channel, parts, buffers = _parts(message)
        header, parent, metadata, content = (dict(part or {}) for part in parts)
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        raise ForbiddenMessageError("Die Nachricht ist nicht zu lesen.") from error
    kind = header.get("msg_type")
    if channel != CHANNEL:
        raise ForbiddenMessageError(f"Der Kanal {channel!r:.40} ist verschlossen.")
    if kind not in ALLOWED:
        raise ForbiddenMessageError(f"Nachrichten der Art {kind!r:.40} sind nicht erlaubt.")
    if kind == "comm_open" and content.get("target_name") != TARGET:
        raise ForbiddenMessageError("Das Ziel gibt es nicht.")
    kept = ("msg_id", "msg_type", "username", "session", "date", "version")
    return {
        "channel": channel,
        "header": {name: str(header.get(name, "")) for name in kept},
        "parent_header": parent,
        "metadata": metadata,
        "content": content,
        "buffers": buffers,
    }


def _parts(message: str | bytes) -> tuple[str, list[Any], list[bytes]]:
    """Channel, the four parts and the buffers of a message as protocol v1 has them."""
    if isinstance(message, str) or len(message) > LONGEST_MESSAGE:
        raise ValueError("form")
    count = int.from_bytes(message[:8], "little")
    if not 2 + PARTS <= count <= MOST_PIECES:
        raise ValueError("count")
    offsets = [int.from_bytes(message[8 * n : 8 * n + 8], "little") for n in range(1, count + 1)]
    if sorted(offsets) != offsets or offsets[0] != 8 * (count + 1) or offsets[-1] != len(message):
        raise ValueError("offsets")
    pieces = [message[start:end] for start, end in pairwise(offsets)]
    return pieces[0].decode(), [json.loads(piece) for piece in pieces[1 : 1 + PARTS]], pieces[1 + PARTS :]


def new_code() -> str:
    """A fresh access code: easy to read out, too many to try."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


@dataclass
class AccessCode:
    """A code whoever comes from elsewhere has to enter once. At most `tries` guesses in `seconds`, by all."""

    code: str
    tries: int = 20
    seconds: float = 60
    _guesses: list[float] = field(default_factory=list, init=False)

    def is_right(self, guess: str) -> bool | None:
        """Whether this is the code; None if there were too many wrong guesses lately."""
        now = time.monotonic()
        self._guesses = [then for then in self._guesses if now - then < self.seconds]
        if len(self._guesses) >= self.tries:
            return None
        folded = "".join(guess.split()).replace("-", "").upper()
        if hmac.compare_digest(folded.encode(), self.code.encode()):
            return True
        self._guesses.append(now)
        return False

    @property
    def proof(self) -> str:
        """What the cookie of somebody who has entered the code holds; says nothing about the code."""
        return hmac.digest(self._key, self.code.encode(), "sha256").hex()

    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32), init=False)


@dataclass(frozen=True)
class Hosts:
    """The names under which the server may be asked for; None for any, because a proxy decides."""

    names: Collection[str] | None

    def knows(self, request: HTTPServerRequest) -> bool:
        """Whether the request names this server: a page elsewhere cannot pass its own name off as ours."""
        return self.names is None or (urlsplit(f"//{request.host}").hostname or "") in self.names


def is_own_origin(request: HTTPServerRequest) -> bool:
    """Whether the request comes from a page of this server, as the browser says."""
    origin = request.headers.get("Origin", "")
    return urlsplit(origin).netloc.lower() == request.host.lower() and bool(request.host)


def is_from_elsewhere(request: HTTPServerRequest) -> bool:
    """Whether another site has made the browser ask; older browsers do not tell."""
    return request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none")
