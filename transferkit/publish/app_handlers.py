"""What a server of apps answers beside the apps: start page, health, scripts, sessions, exports."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

from tornado.web import HTTPError

from transferkit.errors import TransferkitError
from transferkit.publish import app_guard, app_log
from transferkit.publish.app_exports import TooManyExportsError
from transferkit.publish.app_room import VISIT, Friendly, Room

YEAR = 365 * 24 * 3600
SECONDS_OF_AN_EXPORT = 5
NO_MATHS = (
    "window.MathJax ??= {Hub: {Config() {}, Configured() {}, Queue() {}, getAllJax: () => [], "
    "Register: {StartupHook() {}}}};"
)


class Start(Friendly):
    """The page that leads to the apps."""

    def get(self) -> None:
        self.finish(self.room.pages.start(self.room.has_workshops))

    def visited(self) -> str:
        return "start"

    head = get


class Health(Friendly):
    """For proxies and watchers: whether the server works and how full it is. Starts no kernel."""

    def get(self) -> None:
        kernels = self.room.kernels
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(
            json.dumps(
                {
                    "ok": True,
                    "apps": len(self.room.offer.apps),
                    "sitzungen": kernels.places_taken,
                    "hoechstens": kernels.limits.kernels,
                    "abgewiesen": kernels.refused,
                }
            )
        )

    head = get


class Loaded(Friendly):
    """Scripts that pages load. Their addresses change with their content, so that a browser keeps them."""

    def get(self, name: str) -> None:
        found = self.room.assets.get(name)
        if found is None:
            raise HTTPError(404)
        self.set_header("Content-Type", f"{found.kind}; charset=utf-8")
        self.set_header("Cache-Control", f"public, max-age={YEAR}, immutable")
        self.set_header("Vary", "Accept-Encoding")
        if "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            self.finish(found.compressed)
        else:
            self.finish(found.content)


class Chunk(Friendly):
    """A part of Voila's front end that is loaded only when it is needed."""

    def initialize(self, room: Room, folder: Path | None = None) -> None:
        super().initialize(room)
        self.folder = folder or Path()

    def get(self, name: str) -> None:
        path = self.folder / name
        if not path.is_file():
            raise HTTPError(404)
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.set_header("Cache-Control", "no-cache")
        self.finish(path.read_bytes())


class Empty(Friendly):
    """Where the front end would load an extension that is already there, or MathJax, which nobody needs."""

    def get(self) -> None:
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.set_header("Cache-Control", f"public, max-age={YEAR}, immutable")
        self.finish(NO_MATHS)


class Session(Friendly):
    """What an app's page asks about its own kernel: is it still there; and that it can end."""

    def get(self, kernel_id: str) -> None:
        self._own(kernel_id)
        self.set_status(204)

    async def post(self, kernel_id: str) -> None:
        self._own(kernel_id)
        if not app_guard.is_own_origin(self.request):
            raise HTTPError(403)
        await self.room.kernels.end(kernel_id)
        self.set_status(204)

    def _own(self, kernel_id: str) -> None:
        if not self.room.kernels.belongs_to(kernel_id, self.get_cookie(VISIT) or ""):
            raise HTTPError(404)


class KernelModel(Session):
    """The little JupyterLab's front end wants to know of its kernel before it connects."""

    def get(self, kernel_id: str) -> None:
        self._own(kernel_id)
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(json.dumps(self.room.kernels.model(kernel_id)))

    async def post(self, kernel_id: str) -> None:
        raise HTTPError(405)


class Ignored(Friendly):
    """Voila's own beacon: it also comes when a file is downloaded, so it says nothing about the page."""

    def post(self, _: str) -> None:
        self.set_status(204)


class Export(Friendly):
    """An app's state as a page to keep, or a file its notebook has made."""

    def visited(self) -> str:
        return self.app_visited("/datei" if len(self.path_args) > 1 else "/seite")

    async def get(self, name: str, file: str | None = None) -> None:
        if app_guard.is_from_elsewhere(self.request):
            raise HTTPError(403)
        try:
            app, values = self.values(name)
        except TransferkitError as error:
            self.wrong_address(name, error)
            return
        try:
            made = await self.room.exports.made(app, values)
        except TooManyExportsError:
            self.busy(SECONDS_OF_AN_EXPORT)
            return
        if isinstance(made, str):
            self.fault(app_log.incident(f"Der Export von {name} ist fehlgeschlagen.", made))
            return
        wanted = file or f"{name}.html"
        if wanted not in made:
            raise HTTPError(404)
        kind, content = made[wanted]
        self.set_header("Content-Type", kind)
        self.set_header("Content-Disposition", f"attachment; filename*=UTF-8''{quote(wanted)}")
        self.finish(content)


class Elsewhere(Friendly):
    """Whatever has no address of its own."""

    def visited(self) -> str:
        return "unknown"

    def prepare(self) -> None:
        raise HTTPError(404)


class Slash(Friendly):
    """An address with a / too many."""

    def get(self, path: str) -> None:
        query = f"?{self.request.query}" if self.request.query else ""
        self.redirect(f"{self.room.base}apps/{path}{query}", permanent=True)
