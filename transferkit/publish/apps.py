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
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from jupyter_core.paths import jupyter_path
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode
from nbformat import from_dict as notebook_of
from tornado.httpserver import HTTPServer
from tornado.iostream import StreamClosedError
from traitlets.config import Config
from voila.app import Voila
from voila.configuration import VoilaConfiguration
from voila.execute import VoilaExecutor
from voila.paths import collect_static_paths
from voila.utils import get_page_config, get_voila_labextensions_path

from transferkit.errors import TransferkitError
from transferkit.project import App
from transferkit.publish import app_assets, app_guard, app_handlers, app_log, app_pages, drawing
from transferkit.publish.app_access import Guarded
from transferkit.publish.app_exports import Exports
from transferkit.publish.app_kernels import AppKernels, KernelLimits
from transferkit.publish.app_offer import Offer, with_values
from transferkit.publish.app_room import Friendly, Room
from transferkit.publish.app_socket import AppSocket
from transferkit.publish.fork_provisioner import ForkProvisioner

KERNEL = r"(?P<kernel_id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
NAME = r"([a-z0-9-]+)"
ANYWIDGET = "anywidget"
NOTHING = "leer.js"  # where the front end would load an extension that is already there
FIRST_ANSWER = 0.05  # seconds
STARTING = 30  # seconds

Handlers = Sequence[tuple[Any, ...]]


class _Voila(Voila):  # type: ignore[misc]
    """Voila's application, configured by us alone: no command line, no files of the user."""

    def load_config_file(self, *_: Any, **__: Any) -> None:
        """What lies in somebody's home must not open what we close."""


class AppPage(Friendly):
    """An app: its frame at once, then cell by cell what its notebook shows."""

    heavy: ClassVar[set[str]] = set()  # apps whose widgets need Voila's front end

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
        kernel = str(uuid.uuid4())
        settings = app_pages.settings(self.settings["page_config"], kernel)
        is_heavy = app.name in self.heavy
        frame = self.room.pages.app(app.name, nonce, settings, scripts, is_heavy)
        try:
            # What the browser has to load comes while the kernel starts.
            await asyncio.gather(
                self._send(frame.before),
                self.room.kernels.let(kernel, owner, self.settings["work"], {}),
            )
            widgets = await self._run(kernel, app, values)
            runtime = "" if is_heavy else app_pages.script(scripts["voila"])
            if not is_heavy and widgets is not None:
                runtime = app_pages.states(widgets) + app_pages.script(scripts["widgets"])
            elif widgets is None:
                self.heavy.add(app.name)
            await self._send(frame.after + runtime + frame.end)
        except StreamClosedError:  # the visitor has gone
            await self.room.kernels.end(kernel)
        except Exception as error:
            number = app_log.incident(f"Die App {name} ist nicht gestartet.", error)
            with suppress(StreamClosedError):
                await self._send(app_pages.failure(number) + frame.after + frame.end)

    async def _send(self, html: str) -> None:
        self.write(html)
        await self.flush()

    async def _run(self, kernel: str, app: App, values: Mapping[str, object]) -> dict[str, Any] | None:
        """Send the cells one by one; return what `light_widgets` says of what they have made."""
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
                    break
            return light_widgets(executor)
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


def light_widgets(executor: VoilaExecutor) -> dict[str, Any] | None:
    """The state of all widgets, by id; None if there are any but anywidgets, or such with binary state."""
    found = {
        model: state
        for model, state in executor.widget_state.items()
        if state.get("_model_module") not in ("@jupyter-widgets/base", None)
    }
    if executor.widget_buffers or any(state["_model_module"] != ANYWIDGET for state in found.values()):
        return None
    return found


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


@dataclass
class AppServer:
    """A server of apps. `start` begins to listen and returns, `close` ends it with all its kernels.

    `base` is where it stands below the host ("/" or "/x/"); `hosts` the names it may be asked for by, None
    for any; `access` a code whoever comes has to know. `further` are handlers of another room, (pattern below
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
        ForkProvisioner.server.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    async def _be_ready(self) -> None:
        """Load what kernels are forked from before the first visitor comes."""
        self.room.kernels.take_place()
        kernel = str(uuid.uuid4())
        await self.room.kernels.let(kernel, "", str(self._folder / "work"), {})
        await self.room.kernels.end(kernel)

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
            "voila": app_assets.runtime(_voila_static(), extensions),
            "widgets": app_assets.own("widgets.js"),
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
        AppKernels={"cull_idle_timeout": 0},
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
