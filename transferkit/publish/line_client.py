"""The owner's side of a forked kernel: what nbclient expects of a kernel manager and its client."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
from queue import Empty
from typing import Any

from jupyter_client.session import Session
from jupyter_core.utils import run_sync
from nbclient.exceptions import DeadKernelError

from transferkit.publish.forkserver import Child, ForkServer
from transferkit.publish.line_kernel import LONGEST_LINE, SECONDS_TO_END, Message, from_line, to_line

LOST: Message = {"exit": None}  # how it ended nobody has said: the server would have


class KernelLostError(RuntimeError):
    """The process the kernel was forked from has died and taken it along; the notebook is not to blame."""


class ForkedKernel:
    """One kernel for one notebook, forked when nbclient starts it, ended when the block is left.

    `memory_mb` limits the kernel's own data. After the block `peak_mb` says how much memory it had used.
    """

    def __init__(self, server: ForkServer, memory_mb: int | None = None) -> None:
        self.server = server
        self.memory_mb = memory_mb
        self.line: LineClient | None = None

    def __enter__(self) -> ForkedKernel:
        return self

    def __exit__(self, *failure: object) -> None:
        if self.line is None:
            return
        run_sync(self._end)(failure[0] is None)
        if isinstance(failure[1], DeadKernelError) and self.line.ended == LOST:
            raise KernelLostError(str(failure[1])) from failure[1]

    @property
    def has_kernel(self) -> bool:
        return self.line is not None

    @property
    def peak_mb(self) -> int | None:
        return self.line.ended.get("peak_mb") if self.line and self.line.ended else None

    def client(self) -> LineClient | None:
        return self.line

    async def start_kernel(self, *, cwd: str = ".", extra_arguments: object = None) -> None:
        """Fork. Raises ForkRefused; then nothing has happened yet."""
        order = {"kind": "notebook", "cwd": cwd, "memory_mb": self.memory_mb}
        self.line = LineClient(self.server.fork(order))

    async def is_alive(self) -> bool:
        return self.line is not None and await self.line.is_alive()

    async def interrupt_kernel(self) -> None:
        self._signal(signal.SIGINT)

    async def _end(self, in_peace: bool) -> None:
        """Let the child end by itself if it can; one that is busy or stuck is killed."""
        assert self.line is not None
        if not in_peace:
            self._signal(signal.SIGKILL)
        await self.line.hang_up()
        try:
            await asyncio.wait_for(asyncio.shield(self.line.listening), SECONDS_TO_END)
        except TimeoutError:
            self._signal(signal.SIGKILL)
            await self.line.listening
        self.line.writer.close()

    def _signal(self, number: int) -> None:
        assert self.line is not None
        self.server.signal(self.line.child, number)


class LineClient:
    """Speaks with one forked kernel: requests as lines; replies and output sorted into two channels."""

    allow_stdin = False

    def __init__(self, child: Child) -> None:
        self.child = child
        self.session = Session()
        self.ended: Message | None = None
        self.shell_channel, self.iopub_channel = LineChannel(self), LineChannel(self)

    async def start_channels(self) -> None:
        reader, self.writer = await asyncio.open_connection(sock=self.child.socket, limit=LONGEST_LINE)
        self.listening = asyncio.create_task(self._listen(reader))

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Nothing to wait for: the first request is read as soon as the child is there."""

    async def is_alive(self) -> bool:
        return self.ended is None

    async def hang_up(self) -> None:
        """Say that no request will follow."""
        if self.writer.can_write_eof():
            self.writer.write_eof()

    def execute(self, code: str, store_history: bool = True, stop_on_error: bool = True) -> str:
        """Ask for a cell to be executed; return the number of the request."""
        content = {
            "code": code,
            "silent": False,
            "store_history": store_history,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": stop_on_error,
        }
        return self._request("execute_request", content)

    def kernel_info(self) -> str:
        """Ask what the kernel is; return the number of the request."""
        return self._request("kernel_info_request", {})

    def send(self, message: Message) -> None:
        """Write a message."""
        self.writer.write(to_line(message))

    def _request(self, kind: str, content: Message) -> str:
        message = self.session.msg(kind, content)
        self.send(message)
        return str(message["header"]["msg_id"])

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        # A child that is killed before it has read its last request resets the line instead of closing it.
        with contextlib.suppress(ConnectionResetError):
            while line := await reader.readline():
                self._sort(line)
        self.ended = self.ended or LOST

    def _sort(self, line: bytes) -> None:
        try:
            message = from_line(line)
        except json.JSONDecodeError:
            return  # the empty line before the last, or what a dying child could not finish
        if "exit" in message:
            self.ended = message
            return
        is_reply = message["header"]["msg_type"].endswith("_reply")
        (self.shell_channel if is_reply else self.iopub_channel).messages.put_nowait(message)


class LineChannel:
    """Messages of one kind, in the order they came."""

    def __init__(self, client: LineClient) -> None:
        self.client = client
        self.messages: asyncio.Queue[Message] = asyncio.Queue()

    async def get_msg(self, timeout: float | None = None) -> Message:
        """The next message; raises queue.Empty after `timeout` seconds."""
        try:
            return await asyncio.wait_for(self.messages.get(), timeout)
        except TimeoutError:
            raise Empty from None

    def send(self, message: Any) -> None:
        """Pass on what nbclient sends by itself: the state of output widgets."""
        self.client.send(message)
