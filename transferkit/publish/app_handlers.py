"""What a server of apps answers beside the apps themselves: start page, health, assets, exports, refusals."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tornado.httputil import HTTPServerRequest
from tornado.web import Application, HTTPError, RequestHandler

from transferkit.errors import TransferkitError
from transferkit.publish import app_guard, app_log
from transferkit.publish.app_assets import Asset
from transferkit.publish.app_exports import Exports, TooManyExportsError
from transferkit.publish.app_kernels import AppKernels, NoKernelLeftError
from transferkit.publish.app_offer import Offer
from transferkit.publish.app_pages import Pages

VISIT = "transferkit-sitzung"
ACCESS = "transferkit-zugang"
YEAR = 365 * 24 * 3600
SLOWEST_RETRY = 5


@dataclass
class Room:
    """What all handlers of one server share."""

    base: str
    offer: Offer
    pages: Pages
    hosts: app_guard.Hosts
    exports: Exports
    access: app_guard.AccessCode | None = None
    has_workshops: bool = False
    assets: dict[str, Asset] = field(default_factory=dict)
    kernels: AppKernels = field(init=False)


class Guarded(Application):
    """Looks at every request before any handler does, those of other rooms included."""

    room: Room

    def find_handler(self, request: HTTPServerRequest, **further: Any) -> Any:
        room = self.room
        if not room.hosts.knows(request):
            return self.get_handler_delegate(request, Refusal, {"room": room})
        if room.access is not None and not self._may_enter(request):
            return self.get_handler_delegate(request, Access, {"room": room})
        return super().find_handler(request, **further)

    def _may_enter(self, request: HTTPServerRequest) -> bool:
        room = self.room
        assert room.access is not None
        # Workshops have codes of their own; health tells nothing.
        if request.path.startswith((f"{room.base}w/", f"{room.base}gesund")):
            return True
        shown = request.cookies.get(ACCESS)
        return shown is not None and secrets.compare_digest(shown.value.encode(), room.access.proof.encode())


class Friendly(RequestHandler):
    """Answers in German, also when something goes wrong, and lets a page load only from this server."""

    room: Room

    def initialize(self, room: Room) -> None:
        self.room = room

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "same-origin")
        self.set_header("Cross-Origin-Opener-Policy", "same-origin")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        self.set_header("Cache-Control", "no-store")
        self.allow()

    def allow(self, **further: str) -> None:
        """Set what the page may load: its own style and pictures in its text, and what is named here."""
        policy = {"default-src": "'none'", "style-src": "'unsafe-inline'", "img-src": "data:"}
        policy |= {"base-uri": "'none'", "form-action": "'self'", "frame-ancestors": "'self'"}
        policy |= {name.replace("_", "-"): value for name, value in further.items()}
        self.set_header("Content-Security-Policy", "; ".join(" ".join(one) for one in policy.items()))

    def message(self, status: int, title: str, *sentences: str, **further: Any) -> None:
        """Answer with a page that says what is the matter."""
        self.set_status(status)
        self.finish(self.room.pages.message(title, list(sentences), **further))

    def write_error(self, status_code: int, **settings: Any) -> None:
        error = settings.get("exc_info", (None, None, None))[1]
        if status_code == 404:
            self.message(404, "Diese Seite gibt es nicht", "Unter dieser Adresse steht hier nichts.")
        elif status_code in (400, 403, 405):
            self.message(status_code, "Das geht hier nicht", "Diese Anfrage nimmt der Server nicht an.")
        else:
            number = app_log.incident("Eine Seite ist fehlgeschlagen.", error or f"Status {status_code}")
            self.fault(number)

    def fault(self, number: str) -> None:
        """Say that something went wrong that is nobody's mistake."""
        self.message(
            500,
            "Hier ist etwas schiefgegangen",
            "Es liegt nicht an Ihnen. Versuchen Sie es noch einmal.",
            "Hilft das nicht, nennen Sie bitte der Stelle, die diese Apps betreibt, die Vorfallnummer.",
            incident=number,
        )

    def log_exception(self, *_: Any) -> None:
        """Said by `write_error`, with a number."""

    def visit(self) -> str:
        """The secret of this browser's visit: whose kernels are whose. Kept until the browser is closed."""
        shown = self.get_cookie(VISIT) or ""
        if len(shown) == 43:
            return shown
        fresh = secrets.token_urlsafe(32)
        self.set_cookie(VISIT, fresh, path=self.room.base, httponly=True, samesite="Strict", secure=self._tls)
        return fresh

    @property
    def _tls(self) -> bool:
        return self.request.protocol == "https"

    def values(self, name: str) -> tuple[Any, dict[str, object]]:
        """The app of this name and its parameters from the address.

        Raises HTTPError (404), or TransferkitError for what the address says wrongly.
        """
        app = self.room.offer.app(name)
        if app is None:
            raise HTTPError(404)
        query = {
            key: [value.decode("utf-8", "replace") for value in values]
            for key, values in self.request.query_arguments.items()
        }
        return app, self.room.offer.values(app, query)

    def wrong_address(self, name: str, error: TransferkitError) -> None:
        """Say what the address of an app says wrongly, and what would be right."""
        self.message(
            400,
            "Diese Adresse stimmt nicht ganz",
            str(error),
            "Vielleicht ist beim Kopieren des Links etwas verloren gegangen.",
            link=(f"{self.room.base}apps/{quote(name)}", "App mit Beispielwerten öffnen"),
        )


class Start(Friendly):
    def get(self) -> None:
        self.finish(self.room.pages.start(self.room.has_workshops))


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

    def initialize(self, room: Room, folder: Path) -> None:
        super().initialize(room)
        self.folder = folder

    def get(self, name: str) -> None:
        path = self.folder / name
        if not path.is_file():
            raise HTTPError(404)
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.set_header("Cache-Control", "no-cache")
        self.finish(path.read_bytes())


class Empty(Friendly):
    """Where the front end would load an extension that is already there."""

    def get(self) -> None:
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.set_header("Cache-Control", f"public, max-age={YEAR}, immutable")


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
        model = self.room.kernels.kernel_model(kernel_id)
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(json.dumps({**model, "connections": 0}))

    async def post(self, kernel_id: str) -> None:
        raise HTTPError(405)


class Ignored(Friendly):
    """Voila's own beacon: it also comes when a file is downloaded, so it says nothing about the page."""

    def post(self, _: str) -> None:
        self.set_status(204)


class Export(Friendly):
    """An app's state as a page to keep, or a file its notebook has made."""

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
            busy(self, SLOWEST_RETRY)
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


def busy(handler: Friendly, seconds: int) -> None:
    """Answer that there is no room at present, and when it is worth another try."""
    handler.set_header("Retry-After", str(seconds))
    handler.message(
        503,
        "Gerade sind alle Plätze belegt",
        f"Diese Seite versucht es in {seconds} Sekunden von selbst noch einmal. Sie können sie offen lassen.",
        refresh=seconds,
    )


class Elsewhere(Friendly):
    """Whatever has no address of its own."""

    def prepare(self) -> None:
        raise HTTPError(404)


class Slash(Friendly):
    """An address with a / too many."""

    def get(self, path: str) -> None:
        query = f"?{self.request.query}" if self.request.query else ""
        self.redirect(f"{self.room.base}apps/{path}{query}", permanent=True)


class Refusal(Friendly):
    """To whoever asks for a server of another name."""

    def prepare(self) -> None:
        self.message(
            421,
            "Dieser Server heißt anders",
            f"Unter dem Namen „{self.request.host_name}“ ist er nicht eingerichtet.",
            "Steht er hinter einem Proxy, sagt ihm --base-url, wie er heißt, "
            "zum Beispiel --base-url https://apps.example.org/transferkit/.",
        )


class Access(Friendly):
    """The access code: asked for once, kept as a cookie until the browser is closed."""

    def get(self) -> None:
        base, path = self.room.base, self.request.path
        if path != f"{base}zugang" and path != base and not path.startswith(f"{base}apps/"):
            raise HTTPError(403)
        given = self.get_query_argument("code", None)
        if given is not None and path == f"{base}zugang":
            self._judge(given, base)
            return
        self.set_status(401)
        self.finish(self.room.pages.access(base if path == f"{base}zugang" else self.request.uri or base))

    def post(self) -> None:
        if not app_guard.is_own_origin(self.request):
            raise HTTPError(403)
        self._judge(self.get_body_argument("code", ""), self.get_body_argument("ziel", self.room.base))

    def _judge(self, guess: str, target: str) -> None:
        access = self.room.access
        assert access is not None
        # Only to places of this server: nobody may be led elsewhere.
        if not target.startswith(self.room.base) or target.startswith("//") or "\\" in target:
            target = self.room.base
        verdict = access.is_right(guess)
        if verdict:
            self.set_cookie(
                ACCESS, access.proof, path=self.room.base, httponly=True, samesite="Lax", secure=self._tls
            )
            self.redirect(target)
            return
        complaint = "Dieser Code stimmt nicht. Groß- und Kleinschreibung ist gleich."
        if verdict is None:
            self.set_header("Retry-After", str(int(access.seconds)))
            complaint = "Es gab zu viele falsche Eingaben. Bitte warten Sie eine Minute."
        self.set_status(429 if verdict is None else 401)
        self.finish(self.room.pages.access(target, complaint))


class AppBase(Friendly):
    """What the page of an app needs before Voila runs it."""

    def place(self) -> bool:
        """Take a place for a kernel; answer that there is none and return False otherwise."""
        try:
            self.room.kernels.take_place()
        except NoKernelLeftError:
            busy(self, self.room.kernels.limits.retry_seconds)
            return False
        return True
