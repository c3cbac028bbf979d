"""Apps: notebooks served live by Voila, each visitor with a kernel of their own. The one door to voila.

Voila executes the cells, speaks with the kernels and brings the widgets' front end. Page, limits and rules of
who may do what are ours: a page appears before its kernel has started, and shows each cell when it is ready.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_client.session import Session as KernelSession
from jupyter_core.paths import jupyter_path
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode
from nbformat import from_dict as notebook_of
from tornado.httpserver import HTTPServer
from tornado.iostream import StreamClosedError
from tornado.web import HTTPError
from traitlets.config import Config
from voila.app import Voila
from voila.configuration import VoilaConfiguration
from voila.execute import VoilaExecutor
from voila.paths import collect_static_paths
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler
from voila.utils import get_page_config, get_voila_labextensions_path

from transferkit.errors import TransferkitError
from transferkit.project import App
from transferkit.publish import app_assets, app_guard, app_handlers, app_log, app_pages, drawing
from transferkit.publish.app_exports import Exports
from transferkit.publish.app_handlers import AppBase, Guarded, Room
from transferkit.publish.app_kernels import AppKernels, KernelLimits
from transferkit.publish.app_offer import Offer, with_values

KERNEL = r"(?P<kernel_id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
NAME = r"([a-z0-9-]+)"
NOTHING = "leer.js"  # where the front end would load an extension that is already there
FIRST_ANSWER = 0.05  # seconds
STARTING = 30  # seconds

Handlers = Sequence[tuple[Any, ...]]


class _Voila(Voila):  # type: ignore[misc]
    """Voila's application, configured by us alone: no command line, no files of the user."""

    def load_config_file(self, *_: Any, **__: Any) -> None:
        """What lies in somebody's home must not open what we close."""


class AppPage(AppBase):
    """An app: its frame at once, then cell by cell what its notebook shows."""

    async def get(self, name: str) -> None:
        try:
            app, values = self.values(name)
        except TransferkitError as error:
            self.wrong_address(name, error)
            return
        owner = self.visit()
        if not self.place():
            return
        nonce = secrets.token_urlsafe(16)
        self.allow(
            script_src=f"'self' 'nonce-{nonce}' blob:",  # a widget's module comes as a blob
            img_src="'self' data: blob:",
            font_src="data:",
            connect_src="'self'",
        )
        base = f"{self.room.base}laden/"
        scripts = {kind: base + found.name for kind, found in self.settings["scripts"].items()}
        before, after = self.room.pages.app(app.name, nonce, scripts)
        await self._send(before)
        kernel = None
        try:
            kernel = await self.room.kernels.let(
                owner, self.settings["work"], {"TRANSFERKIT_APP": f"{self.room.base}apps/{app.name}"}
            )
            await self._send(app_pages.settings(self.settings["page_config"], kernel))
            await self._run(kernel, app, values)
            await self._send(after)
        except StreamClosedError:  # the visitor has gone
            if kernel is not None:
                await self.room.kernels.end(kernel)
        except Exception as error:
            number = app_log.incident(f"Die App {name} ist nicht gestartet.", error)
            with suppress(StreamClosedError):
                await self._send(app_pages.failure(number) + after)

    async def _send(self, html: str) -> None:
        self.write(html)
        await self.flush()

    async def _run(self, kernel: str, app: App, values: Mapping[str, object]) -> None:
        notebook = self.room.offer.notebook(app)
        cells = with_values(notebook, values)
        running = notebook_of({**notebook, "cells": cells})
        manager = self.room.kernels.get_kernel(kernel)
        executor = VoilaExecutor(running, km=manager, timeout=self.room.kernels.limits.busy_seconds)
        executor.kc = await _client(manager)
        try:
            for number, cell in enumerate(running.cells):
                if number == 0:
                    continue  # title and lead stand in the frame
                html, is_fine = await _executed(executor, cell, number)
                if html:
                    await self._send(html)
                if not is_fine:
                    return
        finally:
            executor.kc.stop_channels()


async def _executed(executor: VoilaExecutor, cell: NotebookNode, number: int) -> tuple[str, bool]:
    """A cell as HTML, executed if it is code; whether the next one may follow."""
    if cell.cell_type == "code":
        if app_pages.SKIPPED_TAGS & set(cell.metadata.get("tags", [])):
            return "", True
        cell.outputs = []
        try:
            await executor.async_execute_cell(cell, number, store_history=False)
        except (CellExecutionError, DeadKernelError, TimeoutError) as error:
            return app_pages.failure(app_log.incident(f"Zelle {number} ist fehlgeschlagen.", error)), False
    return app_pages.cell(cell, number), True


async def _client(manager: Any) -> Any:
    """A client of a fresh kernel, as soon as it hears what the kernel publishes.

    jupyter_client's own waiting adds a fifth of a second to be sure that nothing more comes.
    """
    client = manager.client()
    client.start_channels()
    client.allow_stdin = False
    deadline = asyncio.get_running_loop().time() + STARTING
    while asyncio.get_running_loop().time() < deadline:
        asked = client.kernel_info()
        with suppress(Exception):  # queue.Empty: the subscription has not reached the kernel yet
            while True:
                heard = await client.get_iopub_msg(timeout=FIRST_ANSWER)
                if (
                    heard["parent_header"].get("msg_id") == asked
                    and heard["content"].get("execution_state") == "idle"
                ):
                    return client
    raise TimeoutError("Der Kernel antwortet nicht.")


class AppSocket(VoilaKernelWebsocketHandler):  # type: ignore[misc]
    """The line between a page and its kernel: only widgets speak, and only their own page."""

    def initialize(self, room: Room) -> None:
        self.room = room

    async def prepare(self) -> None:
        """Instead of Jupyter's accounts: whoever has opened the page may speak with its kernel."""
        self.current_user = "Gast"
        cookie = self.get_cookie(app_handlers.VISIT) or ""
        kernel = self.path_kwargs["kernel_id"]
        if not app_guard.is_own_origin(self.request) or not self.room.kernels.belongs_to(kernel, cookie):
            raise HTTPError(403)

    def check_origin(self, origin: str | None = None) -> bool:
        return app_guard.is_own_origin(self.request)

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
    """A kernel's message without traces of errors: they go to the log, the page gets an incident number."""
    channel, parts = deserialize_msg_from_ws_v1(message)
    if b'"stream"' not in parts[0] and b'"error"' not in parts[0]:
        return message
    header, content = session.unpack(parts[0]), session.unpack(parts[3])
    kind = header["msg_type"]
    if kind == "stream" and content["name"] != "stderr":
        return message
    if kind == "stream" and "Traceback" not in content["text"]:
        app_log.note(content["text"].strip())
        return None
    if kind not in ("stream", "error"):
        return message
    details = content.get("text") or "\n".join(content.get("traceback", []))
    number = app_log.incident("Eine App hat einen Fehler gemeldet.", details)
    parts[0] = session.pack({**header, "msg_type": "error"})
    parts[3] = session.pack({"ename": "Fehler", "evalue": f"Vorfall {number}", "traceback": []})
    return bytes(serialize_msg_to_ws_v1(parts, channel))


@dataclass
class AppServer:
    """A server of apps. `start` begins to listen and returns, `close` ends it with all its kernels.

    `base` is where it stands below the host ("/" or "/x/"); `hosts` the names it may be asked for by, None for
    any; `access` a code whoever comes has to know. `further` are handlers of another room, (pattern below
    `base`, handler, settings), which have their own rules; a workshop's begin with `w/`.
    """

    offer: Offer
    base: str = "/"
    limits: KernelLimits = field(default_factory=KernelLimits)
    hosts: app_guard.Hosts = field(default_factory=lambda: app_guard.Hosts(app_guard.LOCAL_NAMES))
    access: app_guard.AccessCode | None = None
    further: Handlers = ()
    behind_proxy: bool = False
    room: Room = field(init=False)
    _server: HTTPServer | None = field(default=None, init=False)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list, init=False)

    async def start(self, port: int, address: str = "127.0.0.1") -> int:
        """Listen at the port (0: any that is free), which is returned. Raises OSError if it is taken."""
        self._folder = Path(tempfile.mkdtemp(prefix="tk-apps-"))
        (self._folder / "work").mkdir()
        application = self._application()
        self._server = application.listen(
            port, address, xheaders=self.behind_proxy, max_buffer_size=20 * 2**20
        )
        sockets = list(self._server._sockets.values())
        self._tasks = [
            asyncio.create_task(self.room.kernels.watch()),
            asyncio.create_task(self._be_ready()),
        ]
        return int(sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Stop listening, end all kernels and what they were forked from, leave no file behind."""
        for task in self._tasks:
            task.cancel()
        if self._server is not None:
            self._server.stop()
        for kernel in list(self.room.kernels.tenancies):
            await self.room.kernels.end(kernel)
        self.room.exports.close()
        app_kernels_gone()
        shutil.rmtree(self._folder, ignore_errors=True)

    async def _be_ready(self) -> None:
        """Load what kernels are forked from before the first visitor comes."""
        self.room.kernels.take_place()
        await self.room.kernels.end(await self.room.kernels.let("", str(self._folder / "work"), {}))

    def _application(self) -> Guarded:
        voila = _Voila(config=_configuration())
        voila.connection_dir = str(self._folder)
        voila.base_url = voila.server_url = self.base
        voila.voila_configuration = VoilaConfiguration(parent=voila)
        voila.template_paths, voila.root_dir = [], str(self._folder)
        settings = voila.init_settings()
        self.room = Room(
            base=self.base,
            offer=self.offer,
            pages=app_pages.Pages(self.base, self.offer),
            hosts=self.hosts,
            exports=Exports(self.offer),
            access=self.access,
            has_workshops=bool(self.further),
        )
        kernels: AppKernels = settings["kernel_manager"]
        kernels.limits, self.room.kernels = self.limits, kernels
        extensions = [Path(one) for one in get_voila_labextensions_path()]
        scripts = {
            "runtime": app_assets.runtime(_voila_static(), extensions),
            "vega": app_assets.vega(drawing.vega_bundle()),
        }
        self.room.assets = {one.name: one for one in scripts.values()}
        settings |= {
            "scripts": scripts,
            "work": str(self._folder / "work"),
            "page_config": _page_config(voila, settings, self.base),
            "log_function": lambda _: None,  # no addresses of visitors
            "default_handler_class": app_handlers.Elsewhere,
            "default_handler_args": {"room": self.room},
            "websocket_max_message_size": app_guard.LONGEST_MESSAGE,
            "ws_ping_interval": 20_000,
            "ws_ping_timeout": 20_000,
        }
        application = Guarded(**settings)
        application.room = self.room
        application.add_handlers(".*$", self._handlers())
        return application

    def _handlers(self) -> list[tuple[Any, ...]]:
        base, room = self.base, {"room": self.room}
        own: list[tuple[Any, ...]] = [
            (base, app_handlers.Start, room),
            (f"{base}gesund", app_handlers.Health, room),
            (f"{base}zugang", app_handlers.Start, room),
            (f"{base}apps/{NAME}", AppPage, room),
            (f"{base}apps/{NAME}/", app_handlers.Slash, room),
            (f"{base}apps/{NAME}/seite", app_handlers.Export, room),
            (rf"{base}apps/{NAME}/datei/([\w.-]+)", app_handlers.Export, room),
            (f"{base}laden/([a-z0-9.-]+)", app_handlers.Loaded, room),
            (f"{base}sitzung/{KERNEL}", app_handlers.Session, room),
            (f"{base}sitzung/{KERNEL}/ende", app_handlers.Session, room),
            (f"{base}api/kernels/{KERNEL}", app_handlers.KernelModel, room),
            (f"{base}api/kernels/{KERNEL}/channels", AppSocket, room),
            (f"{base}voila/api/shutdown/(.*)", app_handlers.Ignored, room),
            (f"{base}voila/labextensions/.*/{NOTHING}", app_handlers.Empty, room),
            (rf"{base}voila/static/([\w.-]+\.js)", app_handlers.Chunk, room | {"folder": _voila_static()}),
        ]
        return [*own, *((f"{base}{pattern}", *rest) for pattern, *rest in self.further)]


def _configuration() -> Config:
    """What we ask of Voila and Jupyter: nothing of a visitor decides about templates, themes or code."""
    return Config(
        VoilaConfiguration={
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "strip_sources": True,
            "show_tracebacks": False,
            "multi_kernel_manager_class": AppKernels,
            "extension_allowlist": list(app_assets.EXTENSIONS),
        },
        AppKernels={"allow_tracebacks": False, "cull_idle_timeout": 0},
        KernelManager={"autorestart": False},
        ServerKernelManager={"autorestart": False},
        ZMQChannelsWebsocketConnection={"limit_rate": False},
        Voila={"log_level": logging.ERROR},
    )


def _page_config(voila: Voila, settings: Mapping[str, Any], base: str) -> dict[str, Any]:
    """What Voila's front end is told, but for the kernel: nothing of it leads elsewhere."""
    found = get_page_config(
        base_url=base, settings=settings, log=voila.log, voila_configuration=voila.voila_configuration
    )
    extensions = [
        {**one, "load": NOTHING}
        for one in found["federated_extensions"]
        if one["name"] in app_assets.EXTENSIONS
    ]
    return {
        **found,
        "federated_extensions": extensions,
        "fullMathjaxUrl": f"{base}voila/labextensions/-/{NOTHING}",
        "mathjaxConfig": "-",
    }


def _voila_static() -> Path:
    """The folder with Voila's scripts."""
    for folder in collect_static_paths(["voila"], "base"):
        if (Path(folder) / "voila.js").is_file():
            return Path(folder)
    raise FileNotFoundError("voila.js", jupyter_path("voila"))


def app_kernels_gone() -> None:
    """End the process kernels are forked from."""
    from transferkit.publish.fork_provisioner import ForkProvisioner

    ForkProvisioner.server.close()
