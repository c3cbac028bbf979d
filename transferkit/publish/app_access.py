"""The door of a server of apps: which names it answers to, and the access code of a shared one."""

from __future__ import annotations

import re
import secrets
from typing import Any

from tornado.httputil import HTTPServerRequest
from tornado.web import Application, HTTPError

from transferkit.publish import app_guard
from transferkit.publish.app_room import Friendly, Room

ACCESS = "transferkit-zugang"


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
        below = request.path.removeprefix(room.base)
        if below in ("w", "gesund") or below.startswith("w/"):
            return True
        shown = request.cookies.get(ACCESS)
        return shown is not None and secrets.compare_digest(shown.value.encode(), room.access.proof.encode())


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

    def visited(self) -> str:
        return "access"

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
        # Only to places of this server. Browsers overlook tabs and line ends, so there may be none.
        if not target.startswith(self.room.base) or not re.fullmatch(r"/(?!/)[!-\[\]-~]*", target):
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
