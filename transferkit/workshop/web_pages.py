"""The pages of a workshop on the web: made once, with a policy that lets nothing in but their own script."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from transferkit import qr
from transferkit.workshop import codes
from transferkit.workshop.rows import SessionRow
from transferkit.workshop.sessions import KINDS

TEMPLATES: Final = Path(__file__).parent / "templates"
FORM: Final = re.compile(r'<form class="exercise".*?</form>', re.DOTALL)
META_POLICY: Final = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>\n?')
SCRIPT: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)
HEAD: Final = '<meta name="robots" content="noindex">\n<link rel="icon" href="data:,">'
CLOSED: Final = "Diese Werkstatt ist geschlossen. Vielen Dank für Ihre Antworten."


@dataclass(frozen=True)
class Html:
    """A page and the policy it is served with."""

    text: str
    policy: str


@dataclass(frozen=True)
class Pages:
    """Makes all pages; `style` is the CSS they share with the guides."""

    style: str

    def join(self, action: str, typed: str = "", problem: str = "") -> Html:
        """Where somebody enters a session's code."""
        return self._page("join", action=action, typed=typed, problem=problem)

    def message(self, heading: str, text: str, link: str = "", link_text: str = "") -> Html:
        """A page that only says something."""
        return self._page("message", heading=heading, text=text, link=link, link_text=link_text)

    def participant(self, session: SessionRow) -> Html:
        """The session's page with its exercises brought to life."""
        code = codes.grouped(session.code)
        config = {
            "code": session.code,
            "shown": code,
            "until": f"{session.expires:%Y-%m-%d}",
            "exercises": list(session.exercises),
            "closed": CLOSED,
        }
        box = _environment().get_template("box.html.j2").render(code=code)
        scripts = (
            f'<script type="application/json" id="werkstatt">{_json(config)}</script>\n'
            f"<script>{_script('forms', 'participant')}</script>\n"
        )
        return self._made(session.page, scripts, box)

    def privacy(self, session: SessionRow) -> Html:
        """What is stored, for how long, and who is responsible."""
        return self._page("privacy", session=session)

    def sign_in(self, signed: bool) -> Html:
        """Takes the secret out of the facilitator's link."""
        return self._page("sign_in", ("forms", "sign_in"), {"signed": signed})

    def leading(self, session: SessionRow, link: str) -> Html:
        """The facilitator's overview."""
        exercises = list(session.exercises)
        return self._page(
            "leading",
            ("forms", "tallies", "leading"),
            {"exercises": exercises, "kinds": KINDS, "open": session.open},
            session=session,
            link=link,
            kinds=KINDS,
            view="uebersicht",
            has_texts=any(exercise["kind"] == "text" for exercise in exercises),
        )

    def script(self, session: SessionRow) -> Html:
        """The facilitator's own page: the format's notebook with what only they see."""
        views = _environment().get_template("views.html.j2").render(session=session, view="ablauf")
        return self._made(session.facilitator_page, "", "", views)

    def screen(self, session: SessionRow, link: str) -> Html:
        """What the projector shows."""
        return self._page(
            "screen",
            ("forms", "tallies", "screen"),
            {},
            session=session,
            link_shown=link.partition("//")[2].rpartition("/")[0] + "/",
            square=Markup(qr.svg(link)),
            view="leinwand",
        )

    def paper(self, session: SessionRow) -> Html:
        """Where sheets of paper are typed in."""
        return self._page(
            "paper",
            ("forms", "paper"),
            {"exercises": list(session.exercises)},
            session=session,
            forms=Markup("\n".join(FORM.findall(session.page))),
            view="papier",
        )

    def _page(
        self, name: str, scripts: tuple[str, ...] = (), config: Mapping[str, Any] | None = None, **values: Any
    ) -> Html:
        given = {"script": _script(*scripts), "config": _json(config or {}), **values}
        template = _environment().get_template(f"{name}.html.j2")
        text = template.render(style=Markup(self.style + _own_style()), **given)
        return Html(text, policy(text))

    def _made(self, page: str, scripts: str, box: str, views: str = "") -> Html:
        """A page made from a notebook, with our own parts in it and without the policy of a file."""
        text = META_POLICY.sub("", page, count=1)
        text = text.replace("</style>", f"{_own_style()}</style>\n{HEAD}", 1)
        text = re.sub(r'<main id="inhalt"[^>]*>', lambda found: f"{views}{found[0]}\n{box}", text, count=1)
        head, body, tail = text.rpartition("</body>")
        # Only what is added here may run: the page may have come from a backup, and that from anywhere.
        return Html(f"{head}{scripts}{body}{tail}", policy(scripts))


def policy(html: str) -> str:
    """Scripts of this page by their hashes, requests to this server, nothing else."""
    hashes = [
        base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in SCRIPT.findall(html)
    ]
    scripts = " ".join(f"'sha256-{one}'" for one in hashes) or "'none'"
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {"grouped": codes.grouped, "german_date": german_date}
    return environment


def german_date(day: date) -> str:
    """`3.12.2026`."""
    return f"{day.day}.{day.month}.{day.year}"


@cache
def _own_style() -> str:
    return (TEMPLATES / "workshop.css").read_text(encoding="utf-8")


@cache
def _script(*names: str) -> Markup:
    return Markup("".join((TEMPLATES / f"{name}.js").read_text(encoding="utf-8") for name in names))


def _json(value: object) -> Markup:
    """JSON that can stand in a script element: nothing in it ends the element."""
    return Markup(json.dumps(value, ensure_ascii=False).replace("<", "\\u003c"))
