"""The line between an app's page and its kernel: what may go up, and what comes down without details."""

from __future__ import annotations

import re
from typing import Any

from jupyter_client.session import Session as KernelSession
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from tornado.web import HTTPError

from transferkit.publish import app_guard, app_log
from transferkit.publish.app_room import VISIT, Room

# What a notebook's own library has logged and already told its reader.
TOLD = re.compile(r"Vorfall [0-9a-zA-Z]{6,}")
# Kinds of messages that are looked at before they go down; all others pass.
LOOKED_AT = (b'"stream"', b'"error"', b'"execute_input"')


class AppSocket(KernelWebsocketHandler):
    """The line between a page and its kernel: only widgets speak, and only their own page."""

    def initialize(self, room: Room) -> None:
        self.room = room

    async def prepare(self) -> None:  # type: ignore[override]
        """Instead of Jupyter's accounts: whoever has opened the page may speak with its kernel."""
        self.current_user = "Gast"
        cookie = self.get_cookie(VISIT) or ""
        kernel = self.path_kwargs["kernel_id"]
        if not app_guard.is_own_origin(self.request) or not self.room.kernels.belongs_to(kernel, cookie):
            raise HTTPError(403)
        if app_guard.PROTOCOL not in self.request.headers.get("Sec-WebSocket-Protocol", ""):
            raise HTTPError(400)

    def check_origin(self, origin: str | None = None) -> bool:
        return app_guard.is_own_origin(self.request)

    async def open(self, kernel_id: str) -> None:
        self.room.kernels.lines.setdefault(kernel_id, set()).add(self)
        await super().open(kernel_id)

    def on_close(self) -> None:
        self.room.kernels.lines.get(self.kernel_id, set()).discard(self)
        super().on_close()

    def on_message(self, message: str | bytes) -> None:
        try:
            checked = app_guard.checked_message(message)
        except app_guard.ForbiddenMessageError as error:
            app_log.incident("Eine Nachricht an einen Kernel wurde abgewiesen.", str(error))
            self.close(1008, "Nicht erlaubt")
            return
        connection = self.connection
        if connection is None or not connection.channels:
            return
        stream = connection.channels[checked.pop("channel")]
        connection.session.send(stream, checked, buffers=checked.pop("buffers"))

    def write_message(self, message: Any, binary: bool = False) -> Any:
        """Pass on what the kernel says, but for errors, of which the page only gets the number."""
        if isinstance(message, bytes):
            message = _without_details(message, self.connection.session)
        return None if message is None else super().write_message(message, binary)

    def write_error(self, status_code: int, **settings: Any) -> None:
        self.finish("Nicht erlaubt." if status_code == 403 else "Das ging nicht.")

    def log_exception(self, *_: Any) -> None:
        """A refused connection is no fault of ours."""


def _without_details(message: bytes, session: KernelSession) -> bytes | None:
    """A kernel's message without code and traces: they go to the log, the page gets an incident number."""
    channel, parts = deserialize_msg_from_ws_v1(message)
    if not any(kind in parts[0] for kind in LOOKED_AT):
        return message
    header, content = session.unpack(parts[0]), session.unpack(parts[3])
    kind = header["msg_type"]
    if kind == "execute_input":
        return None
    if kind == "stream" and content["name"] == "stderr" and "Traceback" in content["text"]:
        details = content["text"]
    elif kind == "stream" and content["name"] == "stderr":
        app_log.note(content["text"].strip())
        return None
    elif kind == "error":
        details = "\n".join(content["traceback"])
    else:
        return message
    if TOLD.search(details):
        app_log.note(details)
        return None
    number = app_log.incident("Eine App hat einen Fehler gemeldet.", details)
    parts[0] = session.pack({**header, "msg_type": "error"})
    parts[3] = session.pack({"ename": "Fehler", "evalue": f"Vorfall {number}", "traceback": []})
    return bytes(serialize_msg_to_ws_v1(parts, channel))
