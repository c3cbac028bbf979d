"""papermill's engine and client for a forked kernel: with one line to wait for, nothing is asynchronous.

nbclient starts three tasks per cell and runs a loop for them; in a guide of twenty cells that took longer
than the fork. What a message means stays nbclient's business (`process_message`).
"""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from jupyter_core.utils import run_sync
from nbclient.client import timestamp
from nbclient.exceptions import CellExecutionComplete, DeadKernelError
from nbformat import NotebookNode
from nbformat.notebooknode import from_dict
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager
from papermill.log import logger

from transferkit.errors import NotebookError
from transferkit.publish.line_client import ForkedKernel
from transferkit.publish.line_kernel import Message

# What a message of the kernel gives to an output of the notebook format.
OUTPUTS = {
    "stream": ("name", "text"),
    "display_data": ("metadata", "data"),
    "execute_result": ("metadata", "data", "execution_count"),
    "error": ("ename", "evalue", "traceback"),
}


class KernelLostError(RuntimeError):
    """The process the kernel was forked from has died and taken it along; the notebook is not to blame."""


class Progress(NotebookExecutionManager):
    """papermill's record of a run, without its parser for dates of all forms: this one form is known."""

    def cell_complete(self, cell: NotebookNode, cell_index: int | None = None, **settings: Any) -> None:
        """Note that a cell has ended, when, and how long it took."""
        noted = cell.metadata.papermill
        started, noted["start_time"] = noted["start_time"], None
        super().cell_complete(cell, cell_index, **settings)
        taken = datetime.fromisoformat(noted["end_time"]) - datetime.fromisoformat(started)
        noted["start_time"], noted["duration"] = started, taken.total_seconds()


class ForkClientEngine(NBClientEngine):
    """papermill's engine with this client."""

    @classmethod
    def execute_notebook(
        cls,
        nb: NotebookNode,
        kernel_name: str,
        output_path: str | None = None,
        progress_bar: Any = True,
        log_output: bool = False,
        autosave_cell_every: int = 30,
        **settings: Any,
    ) -> NotebookNode:
        """Execute the notebook and keep record, as papermill's `Engine` does."""
        progress = Progress(nb, output_path, log_output, progress_bar, autosave_cell_every)
        progress.notebook_start()
        try:
            cls.execute_managed_notebook(progress, kernel_name, log_output=log_output, **settings)
        finally:
            progress.cleanup_pbar()
            progress.notebook_complete()
        return progress.nb

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        km: ForkedKernel,
        start_timeout: float = 60,
        execution_timeout: float | None = None,
        input_path: str | None = None,
        **settings: Any,
    ) -> NotebookNode:
        """Execute the notebook on `km`; parameters as papermill's engine has them.

        Raises NotebookError for the one setting of nbclient that is not known here.
        """
        if settings.get("coalesce_streams"):
            raise NotebookError("Die Engine „fork“ kennt die Einstellung „coalesce_streams“ nicht.")
        settings["timeout"] = execution_timeout or settings.get("timeout")
        client = ForkClient(nb_man, km, kernel_name=kernel_name, log=logger, **settings)
        try:
            return client.execute()
        except DeadKernelError as death:
            if km.is_lost:
                raise KernelLostError(str(death)) from death
            raise


class ForkClient(PapermillNotebookClient):
    """Executes a notebook as papermill's client does, on `km`, a kernel that is a `ForkedKernel`."""

    km: ForkedKernel

    @contextmanager
    def setup_kernel(self, **_: Any) -> Iterator[None]:
        """Fork; who made the kernel ends it."""
        self.km.start_kernel(self.resources.get("metadata", {}).get("path") or ".")
        self.kc = self.km
        _call(self.on_notebook_start, notebook=self.nb)
        yield

    def execute_cell(
        self,
        cell: NotebookNode,
        cell_index: int,
        execution_count: int | None = None,
        store_history: bool = True,
    ) -> NotebookNode:
        """Execute one cell as `NotebookClient.async_execute_cell` does, hooks in the same order.

        Raises CellExecutionError, CellTimeoutError or DeadKernelError.
        """
        told = {"cell": cell, "cell_index": cell_index}
        _call(self.on_cell_start, **told)
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or self.skip_cells_with_tag in tags:
            return cell
        if self.record_timing:
            cell.metadata["execution"] = {}
        may_fail = not self.force_raise_errors and (self.allow_errors or "raises-exception" in tags)
        _call(self.on_cell_execute, **told)
        number = self.km.execute(cell.source, store_history=store_history, stop_on_error=not may_fail)
        _call(self.on_cell_complete, **told)
        self.code_cells_executed += 1
        cell.outputs, self.clear_before_next_output = [], False
        reply = self._follow(number, cell, cell_index)
        if execution_count:
            cell["execution_count"] = execution_count
        _call(self.on_cell_executed, **told, execute_reply=reply)
        if reply["content"]["status"] == "error":
            run_sync(self._check_raise_for_error)(cell, cell_index, reply)
        return cell

    def wait_for_reply(self, msg_id: str, cell: NotebookNode | None = None) -> Message:
        """Wait for a reply, whatever else comes before it."""
        while True:
            message = self._next(None)
            if _is_reply(message) and message["parent_header"].get("msg_id") == msg_id:
                return message

    def output(
        self, outs: list[NotebookNode], msg: Message, display_id: str | None, cell_index: int
    ) -> NotebookNode | None:
        """Add an output; the usual ones without holding them against the format's schema, which is slow."""
        kind, hooks = msg["msg_type"], self.output_hook_stack[msg["parent_header"].get("msg_id")]
        if hooks or display_id or self.clear_before_next_output or kind not in OUTPUTS:
            return super().output(outs, msg, display_id, cell_index)
        content = {name: msg["content"][name] for name in OUTPUTS[kind]}
        outs.append(from_dict({"output_type": kind, **content}))
        return outs[-1]

    def _follow(self, number: str, cell: NotebookNode, cell_index: int) -> Message:
        """Take in what a cell puts out, until it is answered and the kernel is idle; return the answer."""
        seconds = self._get_timeout(cell)
        deadline = time.monotonic() + seconds if seconds else None
        reply, is_idle = None, False
        while reply is None or not is_idle:
            try:
                message = self._next(deadline)
            except TimeoutError:
                reply = run_sync(self._async_handle_timeout)(seconds, cell)
                deadline = time.monotonic() + seconds
                continue
            if message["parent_header"].get("msg_id") != number:
                continue  # of a cell before, from a thread it has left running
            if _is_reply(message):
                reply = reply or message
                if self.record_timing:
                    cell.metadata["execution"]["shell.execute_reply"] = timestamp(message)
                continue
            try:
                self.process_message(message, cell, cell_index)
            except CellExecutionComplete:
                is_idle = True
        return reply

    def _next(self, deadline: float | None) -> Message:
        message = self.km.receive(deadline)
        if message is None:
            raise DeadKernelError("Kernel died")
        return message


def _is_reply(message: Message) -> bool:
    return bool(message["header"]["msg_type"].endswith("_reply"))


def _call(hook: Callable[..., Any] | None, **told: Any) -> None:
    """Call a hook of nbclient's, which may be one to await."""
    if hook is not None and inspect.isawaitable(awaited := hook(**told)):
        run_sync(lambda: awaited)()
