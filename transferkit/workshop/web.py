"""Workshops on the web: joining, answering, and live results for who leads them. No kernel runs for anybody.

w/                        enter a code
w/CODE                    the session's page; its script asks w/CODE/antworten and sends to w/CODE/antwort
w/CODE/datenschutz        the privacy notice
w/leitung/CODE/           for the facilitator, see `web_leading`
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from tornado.web import HTTPError

from transferkit.errors import UnknownSessionError
from transferkit.workshop import answers, codes, sessions, web_leading
from transferkit.workshop.rows import Answer
from transferkit.workshop.store import Store
from transferkit.workshop.web_base import Quiet, Receiving, Room
from transferkit.workshop.web_pages import CLOSED, Pages

CODE = r"([A-Za-z0-9%-]{1,40})"


def handlers(store: Store, *, style: str, address: str = "") -> list[tuple[str, type, dict[str, Any]]]:
    """Tornado's triples, patterns below the server's base without a slash in front ("w/…").

    `style` is the CSS of the guides. `address` is how participants reach the server's start page, with a
    slash at the end, for links and QR codes; without it, it is what the browser of the moment asked for.
    """
    shared = Room(store, Pages(style), address)
    shared.keep_tidy()
    room = {"room": shared}
    return [
        (r"w/?", Join, room),
        (rf"w/leitung/{CODE}/?", web_leading.SignIn, room),
        (rf"w/leitung/{CODE}/anmelden", web_leading.Exchange, room),
        (rf"w/leitung/{CODE}/(uebersicht|ablauf|leinwand|papier)", web_leading.View, room),
        (rf"w/leitung/{CODE}/stand", web_leading.Standing, room),
        (rf"w/leitung/{CODE}/(offen|freigabe|protokoll|streichen|bogen)", web_leading.Act, room),
        (rf"w/{CODE}", Participate, room),
        (rf"w/{CODE}/antworten", OwnAnswers, room),
        (rf"w/{CODE}/antwort", GiveAnswer, room),
        (rf"w/{CODE}/datenschutz", Privacy, room),
        (r"w/.*", Nowhere, room),
    ]


class Join(Quiet):
    """The field for a code."""

    visited = "w"

    async def get(self) -> None:
        up = "" if self.request.path.endswith("/") else "w/"
        typed = self.get_query_argument("code", "")[:40]
        if not typed:
            self.show(self.room.pages.join(up or "./"))
            return
        try:
            session, _ = await self.found(typed)
        except UnknownSessionError as error:
            self.set_status(404)
            self.show(self.room.pages.join(up or "./", typed, str(error)))
            return
        self.redirect(up + codes.grouped(session.code))


class Participate(Quiet):
    """The page of a session, or a friendly word that it is over."""

    visited = "w/code"

    async def get(self, typed: str) -> None:
        session, page = await self.found(typed)
        shown = codes.grouped(session.code)
        if typed != shown:
            self.redirect(quote(shown))
        elif session.open:
            self.show(page)
        else:
            self.show(
                self.room.pages.message(session.title, CLOSED, f"{shown}/datenschutz", "Datenschutzhinweis")
            )


class OwnAnswers(Receiving):
    """What the owner of a secret has answered so far."""

    async def post(self, typed: str) -> None:
        session, _ = await self.found(typed)
        secret = _secret(self, session.code)
        keys = {codes.key(secret, session.code, one["id"]): one["id"] for one in session.exercises}
        given = await self.room.do(self.room.store.answers, session.code, *keys) if keys else []
        self.answer({"open": session.open, "answers": {keys[one.key]: one.value for one in given}})


class GiveAnswer(Receiving):
    """One answer, confirmed when it is kept."""

    async def post(self, typed: str) -> None:
        session, _ = await self.found(typed)
        secret = _secret(self, session.code)
        exercise, value = self.body("exercise", "value")
        definition = sessions.exercise(session, str(exercise))
        key = codes.key(secret, session.code, definition["id"])
        if answers.is_empty(value):
            await self.room.do(self.room.store.take_back, session.code, definition["id"], key)
        else:
            answer = Answer(definition["id"], key, answers.checked(definition, value))
            await self.room.do(self.room.store.put, session.code, answer)
        self.answer({"kept": True})


class Privacy(Quiet):
    """The privacy notice of a session."""

    visited = "w/code/datenschutz"

    async def get(self, typed: str) -> None:
        session, _ = await self.found(typed)
        self.show(self.room.pages.privacy(session))


class Nowhere(Quiet):
    """Any other address below w/."""

    async def get(self) -> None:
        raise HTTPError(404)


def _secret(handler: Receiving, code: str) -> str:
    """The participant's secret; HTTPError 400 if it cannot be one, 429 if they ask too often."""
    secret = handler.body("secret")[0]
    if not isinstance(secret, str) or not codes.is_secret(secret):
        raise HTTPError(400)
    handler.turn_of(secret, code)
    return secret
