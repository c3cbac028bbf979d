"""The kernels of a server of apps: how many, how long, how large, and whose.

A kernel belongs to the browser that opened its page, and lives no longer than the page: it ends when the page
is gone, when nobody has done anything for long, or when it computes without end.
"""

from __future__ import annotations

import asyncio
import hmac
import os
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.web import HTTPError
from tornado.websocket import WebSocketHandler

from transferkit.publish import app_log, fork_provisioner

FACE = "TRANSFERKIT_FACE"
SECONDS_BETWEEN_LOOKS = 0.5
GONE = 1001  # why a line is closed, in the words of websockets


@dataclass(frozen=True)
class KernelLimits:
    """How many kernels there may be, and what each may take.

    `per_browser` at once for one browser, told by its cookie. `idle_seconds` without any action,
    `gone_seconds` without its page, `opening_seconds` until its page has connected for the first time, or
    `hurry_seconds` if somebody else needs the place; `busy_seconds` for one computation, `cpu_seconds` of
    processor time in all; `memory_mb` of its own data. `retry_seconds` is what those are told for whom there
    is none left.
    """

    kernels: int = 40
    per_browser: int = 8
    idle_seconds: float = 30 * 60
    gone_seconds: float = 20
    opening_seconds: float = 60
    hurry_seconds: float = 20
    busy_seconds: float = 30
    cpu_seconds: int = 15 * 60
    memory_mb: int = 512
    retry_seconds: int = 60


class NoKernelLeftError(RuntimeError):
    """As many kernels run as may."""


class TooManyPagesError(RuntimeError):
    """As many kernels run for this browser as may."""


@dataclass
class Tenancy:
    """Whose a kernel is, and since when (`time.monotonic`) its page is gone; None while it is there."""

    owner: str
    gone_since: float | None
    was_there: bool = False


class OwnInterpreter(KernelSpecManager):
    """The one kernel apps have: forked, of the interpreter that serves them, whatever else is installed."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.kernel_dirs = []

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        spec = super().get_kernel_spec(kernel_name)
        spec.metadata = {"kernel_provisioner": {"provisioner_name": fork_provisioner.NAME}}
        return spec


class AppKernels(AsyncMappingKernelManager):
    """Jupyter's kernels, each let to one browser."""

    limits = KernelLimits()

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.tenancies: dict[str, Tenancy] = {}
        self.lines: dict[str, set[WebSocketHandler]] = {}  # kernel -> open connections of its page
        self.places: Counter[str] = Counter()  # owner -> kernels, and those about to start
        self.refused = 0
        self.buffer_offline_messages = True

    @property
    def places_taken(self) -> int:
        return self.places.total()

    async def take_place(self, owner: str) -> None:
        """Reserve a kernel for a browser; kernels that no page has ever connected to make room.

        Raises NoKernelLeftError if there is none left, TooManyPagesError if this browser has its share.
        """
        if self.places[owner] >= self.limits.per_browser:
            await self._end_longest_unseen(owner)
        if self.places[owner] >= self.limits.per_browser:
            raise TooManyPagesError
        if self.places_taken >= self.limits.kernels:
            await self._end_longest_unseen()
        if self.places_taken >= self.limits.kernels:
            self.refused += 1
            raise NoKernelLeftError
        self.places[owner] += 1

    def give_back(self, owner: str) -> None:
        """Give back a place for which no kernel was started."""
        self.places[owner] -= 1
        self.places += Counter()  # whoever has none is forgotten

    async def _end_longest_unseen(self, owner: str | None = None) -> None:
        """End the kernel that has waited longest for its page to connect, if it has waited for long."""
        waiting = [
            (tenancy.gone_since, kernel)
            for kernel, tenancy in self.tenancies.items()
            if not tenancy.was_there and tenancy.gone_since is not None and owner in (None, tenancy.owner)
        ]
        since, kernel = min(waiting, default=(time.monotonic(), ""))
        if time.monotonic() - since > self.limits.hurry_seconds:
            app_log.note("Kernel beendet: niemand sah seine Seite, und andere brauchten den Platz.")
            await self.end(kernel)

    async def let(self, kernel: str, owner: str, cwd: str) -> None:
        """Start a kernel of this id, which nobody must be able to guess, in a place taken before."""
        try:
            await self.start_kernel(
                kernel_id=kernel,
                kernel_name="python3",
                cwd=cwd,
                env={
                    **os.environ,
                    FACE: "app",
                    fork_provisioner.MEMORY: str(self.limits.memory_mb),
                    fork_provisioner.CPU: str(self.limits.cpu_seconds),
                },
            )
        except BaseException:
            self.give_back(owner)
            raise
        self.tenancies[kernel] = Tenancy(owner, time.monotonic())

    async def end(self, kernel: str) -> None:
        """End a kernel, if it still runs, whatever it is doing; its place is free again."""
        tenancy = self.tenancies.pop(kernel, None)
        if tenancy is None:
            return
        for line in self.lines.pop(kernel, ()):
            line.close(GONE)
        with suppress(HTTPError, KeyError, RuntimeError):  # it may have ended by itself meanwhile
            await self.shutdown_kernel(kernel, now=True)
        self.give_back(tenancy.owner)

    def belongs_to(self, kernel: str, owner: str) -> bool:
        """Whether this browser has opened the page of this kernel."""
        tenancy = self.tenancies.get(kernel)
        return tenancy is not None and hmac.compare_digest(tenancy.owner.encode(), owner.encode())

    def model(self, kernel: str) -> dict[str, Any]:
        """What a front end may know of a kernel."""
        return {**self.kernel_model(kernel), "connections": 0}

    def notify_connect(self, kernel_id: str) -> None:
        super().notify_connect(kernel_id)
        if tenancy := self.tenancies.get(kernel_id):
            tenancy.gone_since, tenancy.was_there = None, True

    def notify_disconnect(self, kernel_id: str) -> None:
        super().notify_disconnect(kernel_id)
        if (tenancy := self.tenancies.get(kernel_id)) and self._kernel_connections.get(kernel_id, 0) <= 0:
            tenancy.gone_since = time.monotonic()

    async def watch(self) -> None:
        """End kernels whose time is over, for ever; to be run as a task."""
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
            for kernel in list(self.tenancies):
                if reason := await self._reason_to_end(kernel):
                    app_log.note(f"Kernel beendet: {reason}.")
                    await self.end(kernel)

    async def _reason_to_end(self, kernel: str) -> str | None:
        tenancy, now = self.tenancies[kernel], time.monotonic()
        try:
            manager: Any = self.get_kernel(kernel)
            if not await manager.is_alive():
                return "er ist abgebrochen, vielleicht an einer Grenze für Speicher oder Rechenzeit"
        except (HTTPError, KeyError):
            return "er ist abgebrochen"
        grace = self.limits.gone_seconds if tenancy.was_there else self.limits.opening_seconds
        if tenancy.gone_since is not None and now - tenancy.gone_since > grace:
            return "seine Seite ist fort"
        quiet = (datetime.now(UTC) - manager.last_activity).total_seconds()
        if manager.execution_state == "busy":
            return "er rechnet zu lange" if quiet > self.limits.busy_seconds else None
        return "niemand hat etwas getan" if quiet > self.limits.idle_seconds else None
