"""The page of an app: its frame at once, then what its cells show one by one, then the runtime of widgets."""

from __future__ import annotations

import asyncio
import secrets
import uuid
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, ClassVar

from nbclient.client import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode
from nbformat import from_dict as notebook_of
from tornado.iostream import StreamClosedError

from transferkit.errors import TransferkitError
from transferkit.project import App
from transferkit.publish import app_log, app_pages
from transferkit.publish.app_offer import with_values
from transferkit.publish.app_room import Friendly

ANYWIDGET = "anywidget"
FIRST_ANSWER = 0.05  # seconds
STARTING = 30  # seconds


class AppPage(Friendly):
    """An app: its frame at once, then cell by cell what its notebook shows."""

    heavy: ClassVar[set[str]] = set()  # apps whose widgets need Voila's front end

    def visited(self) -> str:
        return self.app_visited("")

    async def get(self, name: str) -> None:
        try:
            app, values = self.values(name)
        except TransferkitError as error:
            self.wrong_address(name, error)
            return
        if "prefetch" in self.request.headers.get("Sec-Purpose", ""):
            self.busy(self.room.kernels.limits.retry_seconds)  # a browser that only guesses gets no kernel
            return
        owner = self.visit()
        if not await self.place(owner):
            return
        nonce = secrets.token_urlsafe(16)
        self.allow(
            script_src=f"'self' 'nonce-{nonce}' blob:",  # a widget's module comes as a blob
            img_src="'self' data: blob:",
            font_src="data:",
            connect_src="'self'",
        )
        base = f"{self.room.base}laden/"
        scripts = {kind: base + found.name for kind, found in self.settings["scripts"].items()}
        kernel = str(uuid.uuid4())
        settings = app_pages.settings(self.settings["page_config"], kernel)
        is_heavy = app.name in self.heavy
        frame = self.room.pages.app(app.name, self.request.query, nonce, settings, scripts, is_heavy)
        try:
            # What the browser has to load comes while the kernel starts.
            both = self._send(frame.before), self.room.kernels.let(kernel, owner, self.settings["work"])
            for outcome in await asyncio.gather(*both, return_exceptions=True):
                if isinstance(outcome, BaseException):
                    raise outcome
            widgets = await self._run(kernel, app, values)
            await self._send(frame.after + self._runtime(app, widgets, scripts, is_heavy) + frame.end)
            self.room.exports.expect(app, values)
        except StreamClosedError:  # the visitor has gone
            await self.room.kernels.end(kernel)
        except Exception as error:
            number = app_log.incident(f"Die App {name} ist nicht gestartet.", error)
            await self.room.kernels.end(kernel)
            with suppress(StreamClosedError):
                await self._send(app_pages.failure(number) + frame.after + frame.end)

    def _runtime(
        self, app: App, widgets: Mapping[str, Any] | None, scripts: Mapping[str, str], is_loaded: bool
    ) -> str:
        """The scripts that bring the widgets to life; nothing if Voila's front end `is_loaded` already."""
        if widgets is None:
            self.heavy.add(app.name)
        if is_loaded:
            return ""
        if widgets is None:
            return app_pages.script(scripts["voila"])
        return app_pages.states(widgets) + app_pages.script(scripts["widgets"])

    async def _send(self, html: str) -> None:
        self.write(html)
        await self.flush()

    async def _run(self, kernel: str, app: App, values: Mapping[str, object]) -> dict[str, Any] | None:
        """Send the cells one by one; return what `light_widgets` says of what they have made."""
        notebook = self.room.offer.notebook(app)
        cells = with_values(notebook, values)
        running = notebook_of({**notebook, "cells": cells})
        manager = self.room.kernels.get_kernel(kernel)
        executor: NotebookClient = self.settings["executor"](
            running, km=manager, timeout=self.room.kernels.limits.busy_seconds
        )
        executor.kc = await _client(manager)
        try:
            for number, cell in enumerate(running.cells):
                if number == 0:
                    continue  # title and lead stand in the frame
                html, is_fine = await _executed(executor, cell, number)
                if html:
                    await self._send(html)
                if not is_fine:
                    break
            return light_widgets(executor)
        finally:
            executor.kc.stop_channels()


async def _executed(executor: NotebookClient, cell: NotebookNode, number: int) -> tuple[str, bool]:
    """A cell as HTML, executed if it is code; whether the next one may follow."""
    if cell.cell_type == "code":
        if app_pages.SKIPPED_TAGS & set(cell.metadata.get("tags", [])):
            return "", True
        cell.outputs = []
        try:
            await executor.async_execute_cell(cell, number, store_history=False)
        except (CellExecutionError, DeadKernelError, TimeoutError) as error:
            return app_pages.failure(app_log.incident(f"Zelle {number} ist fehlgeschlagen.", error)), False
    return app_pages.cell(cell, number), True


def light_widgets(executor: NotebookClient) -> dict[str, Any] | None:
    """The state of all widgets, by id; None if there are any but anywidgets, or such with binary state."""
    found = {
        model: state
        for model, state in executor.widget_state.items()
        if state.get("_model_module") not in ("@jupyter-widgets/base", None)
    }
    if executor.widget_buffers or any(state["_model_module"] != ANYWIDGET for state in found.values()):
        return None
    return found


async def _client(manager: Any) -> Any:
    """A client of a fresh kernel, as soon as it hears what the kernel publishes.

    jupyter_client's own waiting adds a fifth of a second to be sure that nothing more comes.
    """
    client = manager.client()
    client.start_channels()
    client.allow_stdin = False
    deadline = asyncio.get_running_loop().time() + STARTING
    while asyncio.get_running_loop().time() < deadline:
        asked = client.kernel_info()
        with suppress(Exception):  # queue.Empty: the subscription has not reached the kernel yet
            while True:
                heard = await client.get_iopub_msg(timeout=FIRST_ANSWER)
                if (
                    heard["parent_header"].get("msg_id") == asked
                    and heard["content"].get("execution_state") == "idle"
                ):
                    return client
    raise TimeoutError("Der Kernel antwortet nicht.")
