"""A real server of apps for tests: in a thread of its own, with real kernels, at a port of its own."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from transferkit.errors import PlaceError
from transferkit.project import App, Toc
from transferkit.publish.app_kernels import AppKernels
from transferkit.publish.app_offer import Offer
from transferkit.publish.apps import AppServer

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
TOWNS = {"adorf": "Adorf", "bdorf": "Bdorf"}
APPS = (
    App("slider", "app_slider.ipynb", "Ein Schieber", "Zeigt, wie man zieht.", {"town": "towns.id"}),
    App("wire", "app_wire.ipynb", "Ein Draht", "Zeigt, wie es schnell geht.", {"town": "towns.id"}),
    App("trouble", "app_trouble.ipynb", "Ein Ärger", "Zeigt, was schiefgeht."),
    App("paper", "app_paper.ipynb", "Ein Papier", "Zeigt, was man mitnimmt.", {"town": "towns.id"}),
)
SECONDS = 60


def resolved(text: str) -> tuple[str, str, str]:
    """Towns beyond the list end with „thal“."""
    if not text.endswith("thal"):
        raise PlaceError(f"Die Kommune „{text}“ gibt es nicht. Meinten Sie „adorf“?")
    return text, text.title(), text.title()


def offer(folder: Path) -> Offer:
    """The notebooks of the tests as apps, in a folder of their own."""
    for app in APPS:
        shutil.copy(NOTEBOOKS / app.notebook, folder)
    toc = Toc("transferkit", "2026-11-22", (), apps=APPS)
    return Offer(toc, folder, {"towns.id": TOWNS}, {"towns.id": resolved})


@dataclass
class Answer:
    """What a server answered."""

    status: int
    text: str
    headers: dict[str, str]
    content: bytes = b""

    @property
    def kernel(self) -> str:
        """The id of the kernel an app's page speaks with."""
        found = re.search(r'"kernelId": "([^"]+)"', self.text)
        assert found, self.text[:2000]
        return found[1]


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Follow no redirect: tests look at it."""


@dataclass
class Visitor:
    """A browser without a screen: keeps cookies, sends its own origin with what it posts."""

    address: str

    def __post_init__(self) -> None:
        self.cookies: dict[str, str] = {}

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask(urllib.request.Request(self.address + path, headers=self._headers(headers)))

    def post(self, path: str, body: str = "", **headers: str) -> Answer:
        origin = "/".join(self.address.split("/")[:3])
        given = self._headers({"Origin": origin} | headers)
        return self._ask(urllib.request.Request(self.address + path, body.encode(), given))

    def _headers(self, given: dict[str, str]) -> dict[str, str]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        named = {name.replace("_", "-"): value for name, value in given.items()}
        return named | ({"Cookie": cookie} if cookie else {})

    def _ask(self, request: urllib.request.Request) -> Answer:
        try:
            with urllib.request.build_opener(Stay).open(request, timeout=SECONDS) as reply:
                return self._read(reply)
        except urllib.error.HTTPError as error:
            return self._read(error)

    def _read(self, reply: Any) -> Answer:
        for line in reply.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        content = reply.read()
        return Answer(reply.status, content.decode("utf-8", "replace"), dict(reply.headers), content)


class Served:
    """A running server, its address, and what its kernels do."""

    def __init__(self, server: AppServer, port: int, loop: asyncio.AbstractEventLoop) -> None:
        self.server, self.port, self.loop = server, port, loop
        self.address = f"http://127.0.0.1:{port}{server.base}"

    @property
    def kernels(self) -> AppKernels:
        return self.server.room.kernels

    @property
    def health(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(Visitor(self.address).get("gesund").text)
        return found

    def visitor(self) -> Visitor:
        return Visitor(self.address)

    def run(self, awaitable: Any) -> Any:
        """Let the server's thread run something, and wait for it."""
        return asyncio.run_coroutine_threadsafe(awaitable, self.loop).result(SECONDS)


def until(condition: Callable[[], object], seconds: float = SECONDS) -> None:
    """Wait for a condition; fail if it never comes true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "es kam nicht dazu"
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(found: Offer, **settings: Any) -> Iterator[Served]:
    """Serve these apps in a thread until the block is left; then no kernel is left either."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = AppServer(found, **settings)
    try:
        port = asyncio.run_coroutine_threadsafe(server.start(0), loop).result(SECONDS)
        served = Served(server, port, loop)
        until(lambda: served.health["sitzungen"] == 0)  # it has warmed up
        yield served
    finally:
        asyncio.run_coroutine_threadsafe(server.close(), loop).result(SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(SECONDS)
