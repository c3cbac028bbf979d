"""What all handlers of a workshop have in common: German answers, limits, and no trace of anybody in logs."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, ClassVar, Final, TypeVar
from urllib.parse import urlsplit

from tornado.web import HTTPError, RequestHandler, stream_request_body

from transferkit import log_lines
from transferkit.errors import AnswerError, SessionError, StoreError, UnknownSessionError
from transferkit.workshop import codes, sessions
from transferkit.workshop.limits import Buckets
from transferkit.workshop.rows import SessionRow
from transferkit.workshop.store import UNKNOWN, Store
from transferkit.workshop.web_pages import Html, Pages

LARGEST_BODY: Final = 32_768  # bytes
MOST_KEPT: Final = 50  # sessions whose pages stay in memory
THREADS: Final = 8
RETRY_SECONDS: Final = 2
TIDY_SECONDS: Final = 3600
LOG: Final = logging.getLogger("transferkit.workshop")

T = TypeVar("T")


@dataclass
class Room:
    """What the handlers of one server share. `address` is how others reach its start page, "" if as asked."""

    store: Store
    pages: Pages
    address: str = ""
    # A whole room may have one address: a hundred people with twenty answers in a minute are 40 a second.
    addresses: Buckets = field(default_factory=lambda: Buckets(rate=150, burst=1000))
    people: Buckets = field(default_factory=lambda: Buckets(rate=3, burst=40))
    threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(THREADS, "werkstatt"))
    kept: dict[str, tuple[SessionRow, Html]] = field(default_factory=dict)

    async def do(self, work: Callable[..., T], *arguments: Any) -> T:
        """Let a thread work with the database, so that others are served meanwhile."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, work, *arguments)

    def keep_tidy(self) -> None:
        """From now on delete what expires, whether anybody asks for it or not."""
        threading.Thread(target=self._tidy, name="werkstatt-ablauf", daemon=True).start()

    def _tidy(self) -> None:
        while True:
            try:
                for code in sessions.forget_expired(self.store):
                    self.kept.pop(code, None)
            except StoreError as error:
                LOG.error("Abgelaufene Werkstätten ließen sich nicht löschen: %s", error)
            time.sleep(TIDY_SECONDS)

    def session(self, code: str) -> tuple[SessionRow, Html]:
        """A session that is there today, as it stands now, and its page for participants (in a thread).

        Raises UnknownSessionError also for one that expires today.
        """
        try:
            state = self.store.state(code)
        except UnknownSessionError:
            self.kept.pop(code, None)  # deleted means deleted, here too
            raise
        if state["expires"] <= date.today():
            raise UnknownSessionError(UNKNOWN)
        if code not in self.kept:
            if len(self.kept) >= MOST_KEPT:
                self.kept.pop(next(iter(self.kept)))
            session = self.store.session(code)
            self.kept[code] = session, self.pages.participant(session)
        session, page = self.kept[code]
        return replace(session, **state), page


class Quiet(RequestHandler):
    """A handler that tells people what is the matter, in German, and tells the log nothing about them."""

    room: Room
    visited: ClassVar[str] = ""  # how the log names a page of this kind; "" where it is not to be named

    def initialize(self, room: Room) -> None:
        self.room = room

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("X-Content-Type-Options", "nosniff")

    def check_xsrf_cookie(self) -> None:
        """`Receiving` asks where a request comes from; no cookie of a participant could be misused."""

    async def prepare(self) -> None:
        if not self.room.addresses.take(self.request.remote_ip or ""):
            raise HTTPError(429)

    def _log(self) -> None:
        """That a page was opened, neither by whom nor of which workshop. Answers are never noted."""
        if self.visited:
            log_lines.visit(self.visited, self.get_status(), self.request.request_time())

    def log_exception(self, kind: Any, error: Any, trace: Any) -> None:
        """Only what is a fault of the program, and without the request."""
        if not isinstance(error, HTTPError | SessionError | AnswerError):
            self.incident = "".join(secrets.choice(codes.ALPHABET) for _ in range(6))
            LOG.error(
                "Vorfall %s",
                self.incident,
                exc_info=(kind, error, trace),
                extra={"event": "incident", "incident": self.incident},
            )

    def write_error(self, status_code: int, **settings: Any) -> None:
        error = (settings.get("exc_info") or (None, None, None))[1]
        status, heading, text = self._said(status_code, error)
        self.set_status(status)
        if status in (429, 503):
            self.set_header("Retry-After", RETRY_SECONDS)
        self.tell(status, heading, text)

    def tell(self, status: int, heading: str, text: str) -> None:
        """Say what is the matter, as a page."""
        self.show(self.room.pages.message(heading, text, self.up() + "w/", "Zur Eingabe des Codes"))

    def show(self, html: Html) -> None:
        """Send a page; a browser that has it already is told so."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Content-Security-Policy", html.policy)
        self.finish(html.text)

    def up(self) -> str:
        """The relative way from this page to where `w/` stands."""
        below = self.request.path.rpartition("/w/")[2]
        return "../" * (below.count("/") + 1)

    def address(self) -> str:
        """How others reach the start page, with a slash at the end."""
        base = self.request.path.rpartition("/w/")[0] + "/"
        return self.room.address or f"{self.request.protocol}://{self.request.host}{base}"

    async def found(self, typed: str) -> tuple[SessionRow, Html]:
        """The session of a code in an address; UnknownSessionError if there is none."""
        code = codes.plain(typed)
        if not codes.is_code(code):
            raise UnknownSessionError(UNKNOWN)
        return await self.room.do(self.room.session, code)

    def _said(self, status: int, error: object) -> tuple[int, str, str]:
        match error:
            case UnknownSessionError():
                return 404, "Diese Werkstatt gibt es nicht", str(error)
            case SessionError():
                return 409, "Das geht nicht mehr", str(error)
            case AnswerError():
                return 400, "Diese Antwort geht nicht", str(error)
            case StoreError():
                return (
                    503,
                    "Einen Moment bitte",
                    "Der Speicher antwortet nicht. Versuchen Sie es gleich wieder.",
                )
        known = {
            400: ("Das ging nicht", "Die Anfrage ist unvollständig. Laden Sie die Seite noch einmal."),
            403: ("Kein Zugang", "Bitte öffnen Sie den Link, den Sie bekommen haben."),
            404: ("Diese Seite gibt es nicht", "Prüfen Sie die Adresse, oder geben Sie den Code ein."),
            405: ("Das geht hier nicht", "Prüfen Sie die Adresse."),
            413: ("Zu viel auf einmal", "Die Anfrage ist zu groß."),
            429: ("Einen Moment bitte", "Es kommen zu viele Anfragen. Versuchen Sie es gleich wieder."),
        }
        number = getattr(self, "incident", "")
        fault = ("Das hat nicht geklappt", f"Bitte versuchen Sie es noch einmal. Vorfall {number}")
        return status, *known.get(status, fault)


@stream_request_body
class Receiving(Quiet):
    """A handler for JSON from our own pages: small, and from nowhere else."""

    async def prepare(self) -> None:
        self.received = bytearray()
        await super().prepare()
        if int(self.request.headers.get("Content-Length") or 0) > LARGEST_BODY:
            raise HTTPError(413)
        if not _is_own(self.request) or not _is_json(self.request):
            raise HTTPError(403)

    def data_received(self, chunk: bytes) -> None:
        if self._finished:
            return
        self.received += chunk
        if len(self.received) > LARGEST_BODY:
            raise HTTPError(413)

    def body(self, *names: str) -> list[Any]:
        """The values of these names in the JSON that was sent; HTTPError 400 if one is missing."""
        try:
            sent = json.loads(bytes(self.received))
            json.dumps(
                sent, ensure_ascii=False
            ).encode()  # half letters can be said, but neither kept nor shown
            return [sent[name] for name in names]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise HTTPError(400) from error

    def tell(self, status: int, heading: str, text: str) -> None:
        self.answer({"message": text})

    def answer(self, content: object) -> None:
        """Send JSON."""
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(json.dumps(content, ensure_ascii=False))

    def turn_of(self, secret: str, code: str) -> None:
        """HTTPError 429 if this participant asks too often."""
        if not self.room.people.take(hashlib.sha256(f"{code}{secret}".encode()).hexdigest()):
            raise HTTPError(429)


def _is_own(request: Any) -> bool:
    """Whether one of our pages has made the browser ask."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    origin = urlsplit(request.headers.get("Origin", "")).netloc.lower()
    return bool(origin) and origin == request.host.lower()


def _is_json(request: Any) -> bool:
    return bool(request.headers.get("Content-Type", "").partition(";")[0].strip() == "application/json")
