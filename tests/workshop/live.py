"""A workshop made by the real pipeline and served by a real process, for browsers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.workshop.serving import ROOT, Server
from transferkit import project
from transferkit.project import Workshop as Row
from transferkit.publish import session_pages
from transferkit.workshop import codes, export, results, sessions
from transferkit.workshop.rows import Answer
from transferkit.workshop.store import Store

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE_OPTIONS = {"runOnly": {"type": "tag", "values": STANDARDS}, "resultTypes": ["violations"]}
FORMAT = Row("theme-workshop", "every_question.ipynb", "Themenwerkstatt", "Ein Thema.")
ANSWERS = {
    "first": ("bus", "bus", "data"),
    "also": (["portal"], ["team"], ["portal", "team"]),
    "ready": (0, 5, 4, 0),
    "self": ({"data": "0", "people": "1"}, {"data": "2", "people": "1"}),
    "vote": ({"a": 3}, {"b": 2, "c": 1}),
    "order": (["people", "money", "tech"], ["tech", "people", "money"]),
    "cost": (5000, 12_000.5, 800),
}


@dataclass(frozen=True)
class Workshop:
    """A session and the links to it."""

    code: str
    link: str
    leading: str

    @property
    def shown(self) -> str:
        return codes.grouped(self.code)


@dataclass
class Live:
    """A server with a store, in which workshops can begin."""

    server: Server
    store: Store
    pages: session_pages.SessionPages
    folder: Path

    def begin(self) -> Workshop:
        material = sessions.Material(self.pages.page, self.pages.facilitator_page, self.pages.exercises)
        session, secret = sessions.new(
            self.store, format=FORMAT.name, title=self.pages.title, day=date.today(), material=material
        )
        shown = codes.grouped(session.code)
        address = self.server.address
        return Workshop(session.code, f"{address}{shown}", f"{address}leitung/{shown}/#{secret}")

    def fill(self, workshop: Workshop, people: int) -> None:
        """Let people answer everything but the free text."""
        for number in range(people):
            secret = codes.new_secret()
            self.store.put(
                workshop.code,
                *(
                    Answer(id, codes.key(secret, workshop.code, id), values[number % len(values)])
                    for id, values in ANSWERS.items()
                ),
            )

    def export(self, workshop: Workshop) -> Path:
        """The folder with the results."""
        export.export(results.of(sessions.record(self.store, workshop.code)), self.folder / workshop.code)
        return self.folder / workshop.code


@cache
def pages_made() -> session_pages.SessionPages:
    """The pages of the tiny notebook that asks every kind of question; run once."""
    notebook = ROOT / "tests" / "notebooks" / FORMAT.notebook
    return session_pages.make(project.toc(), FORMAT, notebook, {"theme": "smart-regions"}, {}, {})


def live_server(folder: Path, pages: session_pages.SessionPages, base: str = "/") -> Iterator[Live]:
    """A running server with an empty store."""
    server = Server(f"sqlite:///{folder / 'werkstatt.sqlite'}", base)
    server.start()
    store = Store(server.database)
    yield Live(server, store, pages, folder)
    store.close()
    server.kill()


def axe_is_content(page: Page) -> None:
    """Axe finds nothing on the page as it stands."""
    found = Axe().run(page, options=AXE_OPTIONS)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
