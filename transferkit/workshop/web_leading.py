"""For who leads a workshop: live results, open and close, release of texts, protocol, sheets of paper.

The link holds the secret behind a #, so that no log and no projector shows it; it is changed for a cookie of
this session's pages, which scripts cannot read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from tornado.web import HTTPError

from transferkit.errors import AnswerError
from transferkit.workshop import answers, codes, results, sessions
from transferkit.workshop.rows import Answer, Entry, SessionRow
from transferkit.workshop.tally import APART, Tally
from transferkit.workshop.web_base import Quiet, Receiving

COOKIE: Final = "transferkit-leitung"
WRONG_LINK: Final = "Dieser Link gilt nicht. Einen neuen zeigt „transferkit workshop link CODE“."
A_KEY: Final = re.compile("[0-9a-f]{32}")
LONGEST: Final = {"text": 500, "role": 100, "due": 60}


class _Led(Quiet):
    """A handler only for who leads the session."""

    async def led(self, typed: str) -> SessionRow:
        """The session; HTTPError 403 for anybody else."""
        session, _ = await self.found(typed)
        if not self.is_leading(session):
            raise HTTPError(403)
        return session

    def is_leading(self, session: SessionRow) -> bool:
        """Whether the cookie holds the secret of today: a new link makes the old one worthless."""
        return codes.matches(self.get_cookie(COOKIE) or "", session.facilitator)


class SignIn(_Led):
    """Where the facilitator's link leads."""

    async def get(self, typed: str) -> None:
        session, _ = await self.found(typed)
        shown = codes.grouped(session.code)
        if not self.request.path.endswith(f"{shown}/"):
            self.redirect(f"{self.up()}w/leitung/{shown}/")
            return
        self.show(self.room.pages.sign_in(self.is_leading(session)))


class Exchange(Receiving):
    """Changes the secret of the link for a cookie."""

    async def post(self, typed: str) -> None:
        session, _ = await self.found(typed)
        secret = str(self.body("secret")[0])
        if not codes.matches(secret, session.facilitator):
            self.set_status(403)
            self.answer({"message": WRONG_LINK})
            return
        self.set_cookie(
            COOKIE,
            secret,
            path=self.request.path.rpartition("/")[0] + "/",
            httponly=True,
            samesite="Strict",
            secure=self.request.protocol == "https",
            expires_days=None,
        )
        self.answer({"signed": True})


class View(_Led):
    """One of the four pages of the facilitator."""

    visited = "w/leitung"

    async def get(self, typed: str, view: str) -> None:
        session = await self.led(typed)
        pages, link = self.room.pages, f"{self.address()}w/{codes.grouped(session.code)}"
        made = {
            "uebersicht": lambda: pages.leading(session, link),
            "ablauf": lambda: pages.script(session),
            "leinwand": lambda: pages.screen(session, link),
            "papier": lambda: pages.paper(session),
        }
        self.show(made[view]())


class Standing(_Led):
    """How things stand: asked for every second."""

    async def get(self, typed: str) -> None:
        session = await self.led(typed)
        record = await self.room.do(sessions.record, self.room.store, session.code)
        found = results.of(record)
        standing: dict[str, Any] = {
            "open": session.open,
            "most": max((tally.answers for tally in found.tallies), default=0),
            "tallies": [_tally(tally) for tally in found.tallies],
        }
        if self.get_query_argument("texte", ""):  # never for the projector
            texts = {one["id"] for one in session.exercises if one["kind"] == "text"}
            standing["protocol"] = [asdict(entry) for entry in record.protocol]
            standing["texts"] = [
                {"exercise": one.exercise, "key": one.key, "text": one.value, "released": one.released}
                for one in record.answers
                if one.exercise in texts
            ]
        self.write(standing)


class Act(Receiving, _Led):
    """What the facilitator does."""

    async def post(self, typed: str, what: str) -> None:
        session = await self.led(typed)
        act = getattr(self, f"_{what}")
        await self.room.do(act, session)
        self.answer({"done": True})

    def _offen(self, session: SessionRow) -> None:
        if self.body("open")[0]:
            sessions.open_again(self.room.store, session.code)
        else:
            sessions.close(self.room.store, session.code)

    def _freigabe(self, session: SessionRow) -> None:
        exercise, key, released = self.body("exercise", "key", "released")
        if not A_KEY.fullmatch(str(key)):
            raise HTTPError(400)
        id = sessions.exercise(session, exercise)["id"]
        self.room.store.release(session.code, id, key, bool(released))

    def _protokoll(self, session: SessionRow) -> None:
        kind, *rest = map(str, self.body("kind", "text", "role", "due"))
        said = dict(zip(LONGEST, (answers.clean(text) for text in rest), strict=True))
        if kind not in sessions.KINDS or not said["text"]:
            raise AnswerError("Bitte schreiben Sie, was ins Protokoll soll.")
        for name, length in LONGEST.items():
            if len(said[name]) > length:
                raise AnswerError(f"Das ist zu lang: möglich sind {length} Zeichen.")
        self.room.store.note(session.code, Entry(0, kind, **said))

    def _streichen(self, session: SessionRow) -> None:
        self.room.store.strike(session.code, _whole(self.body("number")[0]))

    def _bogen(self, session: SessionRow) -> None:
        """A sheet of paper: its answers are kept together or not at all, also when the session is closed."""
        secret, given = self.body("secret", "answers")
        if not isinstance(secret, str) or not codes.is_secret(secret) or not isinstance(given, dict):
            raise HTTPError(400)
        kept = []
        for id, value in given.items():
            definition = sessions.exercise(session, id)
            if answers.is_empty(value):
                continue
            checked = answers.checked(definition, value)
            kept.append(Answer(id, codes.key(secret, session.code, id), checked))
        self.room.store.put(session.code, *kept, even_closed=True)


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**31:
        raise HTTPError(400)
    return value


def _tally(tally: Tally) -> Mapping[str, Any]:
    parts = [{**asdict(part), "apart": (part.spread or 0) >= APART} for part in tally.parts]
    exercise = tally.exercise
    return {
        "id": exercise["id"],
        "kind": exercise["kind"],
        "question": exercise["question"],
        "answers": tally.answers,
        "parts": parts,
        "texts": list(tally.texts),
    }
