"""Apps: notebooks served live by Voila, each visitor with a kernel of their own. The one door to voila.

Voila executes the cells, speaks with the kernels and brings the widgets' front end. Page, limits and rules of
who may do what are ours: a page appears before its kernel has started, and shows each cell when it is ready.
"""

from __future__ import annotations

import asyncio
import logging
import re
import shutil
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from jupyter_core.paths import jupyter_path
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from traitlets.config import Config
from voila.app import Voila
from voila.configuration import VoilaConfiguration
from voila.execute import VoilaExecutor
from voila.paths import collect_static_paths
from voila.utils import get_page_config, get_voila_labextensions_path

from transferkit.publish import (
    app_assets,
    app_guard,
    app_handlers,
    app_log,
    app_pages,
    drawing,
    private_folder,
)
from transferkit.publish.app_access import Guarded
from transferkit.publish.app_exports import Exports
from transferkit.publish.app_kernels import AppKernels, KernelLimits, OwnInterpreter
from transferkit.publish.app_offer import Offer
from transferkit.publish.app_page import AppPage
from transferkit.publish.app_room import Room
from transferkit.publish.app_socket import AppSocket
from transferkit.publish.fork_provisioner import ForkProvisioner

KERNEL = r"(?P<kernel_id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
NAME = r"([a-z0-9-]+)"
LARGEST_REQUEST = 20 * 2**20  # bytes
NOTHING = "leer.js"  # where the front end would load an extension that is already there

Handlers = Sequence[tuple[Any, ...]]


class _Voila(Voila):  # type: ignore[misc]
    """Voila's application, configured by us alone: no command line, no files of the user."""

    def load_config_file(self, *_: Any, **__: Any) -> None:
        """What lies in somebody's home must not open what we close."""


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
    running: ClassVar[int] = 0
    room: Room = field(init=False)
    _server: HTTPServer | None = field(default=None, init=False)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list, init=False)

    async def start(self, port: int, address: str = "127.0.0.1") -> int:
        """Listen at the port (0: any that is free), which is returned; from then on nobody has to wait.

        Raises OSError, before anything else has happened, if the port is taken.
        """
        sockets = bind_sockets(port, address)
        private_folder.remove_abandoned()
        self._folder = private_folder.made("apps")
        (self._folder / "work").mkdir()
        application = self._application()
        AppServer.running += 1
        self._tasks = [asyncio.create_task(self.room.kernels.watch())]
        scripts, _ = await asyncio.gather(asyncio.to_thread(_scripts), self._be_ready())
        application.settings["scripts"] = scripts
        self.room.assets = {one.name: one for one in scripts.values()}
        self._server = HTTPServer(application, xheaders=self.behind_proxy, max_buffer_size=LARGEST_REQUEST)
        self._server.add_sockets(sockets)
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
        AppServer.running -= 1
        if not AppServer.running:  # tests have several in one process
            ForkProvisioner.server.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    async def _be_ready(self) -> None:
        """Load what kernels are forked from before the first visitor comes."""
        await self.room.kernels.take_place("")
        kernel = str(uuid.uuid4())
        await self.room.kernels.let(kernel, "", str(self._folder / "work"))
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
        settings |= {
            "executor": VoilaExecutor,
            "work": str(self._folder / "work"),
            "page_config": _page_config(voila, settings, self.base),
            "log_function": app_log.visit,  # instead of tornado's, which names visitors and what they typed
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
        base, room = re.escape(self.base), {"room": self.room}
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
            "kernel_spec_manager_class": OwnInterpreter,
            "extension_allowlist": list(app_assets.EXTENSIONS),
        },
        AppKernels={"cull_idle_timeout": 0},
        KernelManager={"autorestart": False},
        ServerKernelManager={"autorestart": False},
        ZMQChannelsWebsocketConnection={"limit_rate": False},
        Voila={"log_level": logging.ERROR},
    )


def _scripts() -> dict[str, app_assets.Asset]:
    """What apps load: Voila's front end, our small runtime, Vega. Takes two seconds."""
    return {
        "voila": app_assets.runtime(_voila_static(), map(Path, get_voila_labextensions_path())),
        "widgets": app_assets.own("widgets.js"),
        "vega": app_assets.vega(drawing.vega_bundle()),
    }


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
