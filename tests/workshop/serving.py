"""A server of workshops as a process of its own, and a participant who speaks HTTP with it.

python -m tests.workshop.serving DATABASE PORT BASE
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import requests
from tornado.web import Application

from transferkit.cli_workshop_store import style
from transferkit.workshop import codes, web
from transferkit.workshop.store import Store

ROOT = Path(__file__).parents[2]


@dataclass
class Server:
    """A running server; `kill` ends it as a power cut would, `start` begins it again at the same address."""

    database: str
    base: str = "/"
    port: int = 0
    log: Path | None = None
    process: subprocess.Popen[str] = field(init=False)

    def start(self) -> None:
        log = self.log.open("a") if self.log else subprocess.DEVNULL
        command = [sys.executable, "-m", "tests.workshop.serving", self.database, str(self.port), self.base]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True)
        assert self.process.stdout
        self.port = int(self.process.stdout.readline())

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def address(self) -> str:
        return f"{self.origin}{self.base}w/"


class Reached(Protocol):
    """A server of workshops, wherever it runs."""

    @property
    def origin(self) -> str: ...

    @property
    def address(self) -> str: ...


@dataclass
class Person:
    """Somebody with a browser: asks for pages, sends JSON as our pages do."""

    server: Reached
    code: str
    secret: str = field(default_factory=codes.new_secret)
    browser: requests.Session = field(default_factory=requests.Session)

    def get(self, address: str, **settings: Any) -> requests.Response:
        return self.browser.get(self.server.address + address, timeout=20, **settings)

    def post(self, address: str, content: object, **headers: str) -> requests.Response:
        given = {"Origin": self.server.origin, **headers}
        return self.browser.post(self.server.address + address, json=content, headers=given, timeout=20)

    def answer(self, exercise: str, value: object) -> requests.Response:
        """Send one answer."""
        content = {"secret": self.secret, "exercise": exercise, "value": value}
        return self.post(f"{codes.grouped(self.code)}/antwort", content)

    def answers(self) -> Any:
        """What the server has of this person."""
        return self.post(f"{codes.grouped(self.code)}/antworten", {"secret": self.secret}).json()["answers"]


async def main(database: str, port: str, base: str) -> None:
    handlers = [(base + pattern, *rest) for pattern, *rest in web.handlers(Store(database), style=style())]
    server = Application(handlers).listen(int(port), "127.0.0.1")
    [listening] = server._sockets.values()
    print(listening.getsockname()[1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
