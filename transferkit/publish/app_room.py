"""What all handlers of a server of apps share: how they answer, and what they know."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from tornado.web import HTTPError, RequestHandler

from transferkit.errors import TransferkitError
from transferkit.project import App
from transferkit.publish import app_guard, app_log
from transferkit.publish.app_assets import Asset
from transferkit.publish.app_exports import Exports
from transferkit.publish.app_kernels import AppKernels, NoKernelLeftError, TooManyPagesError
from transferkit.publish.app_offer import Offer
from transferkit.publish.app_pages import Pages

VISIT = "transferkit-sitzung"
VISIT_LENGTH = 43  # characters of 32 random bytes


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
        self.set_header("X-Robots-Tag", "noindex, nofollow")  # a search engine would start kernels
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

    def app_visited(self, part: str) -> str:
        """How the log names a page of an app: never by anything typed, so an unknown name is no name."""
        app = self.room.offer.app(self.path_args[0])
        return f"apps/{app.name}{part}" if app else "unknown"

    def visit(self) -> str:
        """The secret of this browser's visit: whose kernels are whose. Kept until the browser is closed."""
        shown = self.get_cookie(VISIT) or ""
        if len(shown) == VISIT_LENGTH:
            return shown
        fresh = secrets.token_urlsafe(32)
        self.set_cookie(VISIT, fresh, path=self.room.base, httponly=True, samesite="Strict", secure=self._tls)
        return fresh

    @property
    def _tls(self) -> bool:
        return self.request.protocol == "https"

    def values(self, name: str) -> tuple[App, dict[str, object]]:
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

    def busy(self, seconds: int) -> None:
        """Answer that too much is asked for at present, and when it is worth another try."""
        self._full(
            seconds, "Es wollen gerade viele etwas mitnehmen. Versuchen Sie es gleich noch einmal.", ""
        )

    async def place(self, owner: str) -> bool:
        """Take a place for a kernel; answer that there is none and return False otherwise."""
        try:
            await self.room.kernels.take_place(owner)
        except TooManyPagesError:
            self.message(
                429,
                "In diesem Browser sind schon viele Apps offen",
                f"Mehr als {self.room.kernels.limits.per_browser} zugleich gehen nicht, "
                "damit für alle Platz bleibt.",
                "Schließen Sie eine davon, und laden Sie diese Seite nach einigen Sekunden neu.",
                link=(self.request.uri or self.room.base, "App öffnen"),
            )
            return False
        except NoKernelLeftError:
            nonce = secrets.token_urlsafe(16)
            self.allow(script_src=f"'nonce-{nonce}'", connect_src="'self'")
            self._full(
                self.room.kernels.limits.retry_seconds,
                "Diese Seite schaut alle paar Sekunden nach und öffnet die App, sobald ein Platz frei ist. "
                "Sie können sie offen lassen.",
                nonce,
            )
            return False
        return True

    def _full(self, seconds: int, sentence: str, nonce: str) -> None:
        self.set_header("Retry-After", str(seconds))
        self.set_status(503)
        self.finish(self.room.pages.busy(sentence, self.request.uri or self.room.base, nonce))
