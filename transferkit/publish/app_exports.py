"""What is on screen in an app, as a file to keep: the same notebook through the pipeline of the pages.

Runs in a process of its own; what several people ask for at once is made once, and kept for a while.
"""

from __future__ import annotations

import asyncio
import mimetypes
import os
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path

from transferkit.project import App
from transferkit.publish import fingerprint, private_folder
from transferkit.publish.app_offer import Offer
from transferkit.publish.attachments import SUFFIXES
from transferkit.publish.page import Page
from transferkit.publish.worker import Limits, Task, make, start_workers

KEPT = 40  # exports; the links of one state are usually followed one after the other
PATIENCE = 5  # how far exports stand back, as `nice` counts
WAITING = 12  # at most, before others are asked to come back
KINDS = {suffix: kind for kind, suffix in SUFFIXES.items()} | {".html": "text/html; charset=utf-8"}

Files = Mapping[str, tuple[str, bytes]]  # name -> content type and content


class TooManyExportsError(RuntimeError):
    """As many exports are asked for as can be made in reasonable time."""


@dataclass
class Exports:
    """Makes and keeps exports; `close` ends its process."""

    offer: Offer
    limits: Limits = field(default_factory=lambda: Limits(timeout=60, memory_mb=1024))
    _executor: Executor | None = field(default=None, init=False)
    _ahead: asyncio.Future[Files | str] | None = field(default=None, init=False)
    _under_way: dict[str, asyncio.Future[Files | str]] = field(default_factory=dict, init=False)
    _kept: OrderedDict[str, Files] = field(default_factory=OrderedDict, init=False)

    async def made(self, app: App, values: Mapping[str, object]) -> Files | str:
        """Return the files of this state by name, or what went wrong, for the log.

        Raises TooManyExportsError.
        """
        stamp = (self.offer.notebooks / app.notebook).stat().st_mtime_ns
        key = fingerprint.of_bytes(repr((app.name, stamp, sorted(values.items()))).encode())
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        if key not in self._under_way:
            if len(self._under_way) >= WAITING:
                raise TooManyExportsError
            self._under_way[key] = asyncio.ensure_future(self._make(app, values))
            self._under_way[key].add_done_callback(partial(self._keep, key))
        return await asyncio.shield(self._under_way[key])

    def expect(self, app: App, values: Mapping[str, object]) -> None:
        """Make the first export before somebody asks for it: starting its process takes some seconds."""
        if self._executor is None:
            self._ahead = asyncio.ensure_future(self.made(app, values))

    def close(self) -> None:
        """End the process, whatever it is doing."""
        if self._executor is not None:
            workers = list(getattr(self._executor, "_processes", {}).values())
            self._executor.shutdown(wait=False, cancel_futures=True)
            for worker in workers:  # else Python waits at its end until they are done
                worker.kill()

    def _keep(self, key: str, done: asyncio.Future[Files | str]) -> None:
        del self._under_way[key]
        if not done.cancelled() and done.exception() is None and not isinstance(made := done.result(), str):
            self._kept[key] = made
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)

    async def _make(self, app: App, values: Mapping[str, object]) -> Files | str:
        if self._executor is None:
            self._executor = start_workers(1)
        page = Page(
            address=f"{app.name}.html",
            title=app.title,
            guide=app.name,
            group="Apps",
            group_page="",
            label=app.title,
            edition=self.offer.toc.edition,
            site_title=self.offer.toc.title,
            version=version("transferkit"),
            parameters=dict(values),
            alone=True,
        )
        notebook = self.offer.notebooks / app.notebook
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._executor, made_alone, page, notebook, self.limits)
        except BrokenProcessPool as error:
            self._executor = None
            return f"Der Prozess für Exporte ist abgebrochen: {error}"


def made_alone(page: Page, notebook: Path, limits: Limits) -> Files | str:
    """Execute and render one page in a folder that is gone afterwards; in a worker process."""
    if hasattr(os, "setpriority"):  # who waits for an app goes first
        os.setpriority(os.PRIO_PROCESS, 0, PATIENCE)
    with private_folder.for_a_while("export") as folder:
        known = folder / "known.txt"
        known.write_text("", encoding="utf-8")
        (folder / "site").mkdir()
        (folder / "work").mkdir()
        task = Task(
            page=page,
            notebook=notebook,
            executed=folder / "executed.ipynb",
            html=folder / "site" / page.address,
            known=known,
            key="",
            cwd=folder / "work",
            limits=limits,
        )
        outcome = make(task)
        if outcome.failure is not None:
            return outcome.failure.reason
        return {
            file.name: (KINDS.get(file.suffix) or mimetypes.types_map[file.suffix], file.read_bytes())
            for file in (folder / "site").iterdir()
        }
