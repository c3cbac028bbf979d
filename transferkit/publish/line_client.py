"""The owner's side of a forked kernel: requests go out as lines, what comes back is read line by line."""

from __future__ import annotations

import json
import select
import signal
import socket
import time

from jupyter_client.session import Session

from transferkit.publish.forkserver import Child, ForkServer
from transferkit.publish.line_kernel import SECONDS_TO_END, Message, from_line, to_line

LOST: Message = {"exit": None}  # how it ended nobody has said: the server would have
LONGEST_READ = 1 << 20


class ForkedKernel:
    """One kernel for one notebook: forked by `start_kernel`, gone when the block is left.

    What nbclient calls a manager, a client and a channel is one thing here. `memory_mb` limits the kernel's
    own data; `ended` says how the kernel ended, None while it runs.
    """

    allow_stdin = False

    def __init__(self, server: ForkServer, memory_mb: int | None = None) -> None:
        self.server = server
        self.memory_mb = memory_mb
        self.session = Session()
        self.child: Child | None = None
        self.ended: Message | None = None
        self._unread, self._unsent = bytearray(), bytearray()

    def __enter__(self) -> ForkedKernel:
        return self

    def __exit__(self, *failure: object) -> None:
        if self.child is not None:
            self._end(in_peace=failure[0] is None)
            self.child.socket.close()

    @property
    def shell_channel(self) -> ForkedKernel:
        """Where nbclient sends the state of output widgets."""
        return self

    @property
    def peak_mb(self) -> int:
        """The most memory the kernel had, in MB; 0 while nobody knows."""
        return int((self.ended or {}).get("peak_mb", 0))

    @property
    def is_lost(self) -> bool:
        """Whether the process it was forked from has died and taken it along."""
        return self.ended == LOST

    def start_kernel(self, cwd: str) -> None:
        """Fork. Raises ForkRefusedError; then nothing has happened yet."""
        self.child = self.server.fork({"kind": "notebook", "cwd": cwd, "memory_mb": self.memory_mb})
        self.child.socket.setblocking(False)

    def interrupt_kernel(self) -> None:
        """Interrupt the cell at work."""
        self._signal(signal.SIGINT)

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
        """Write a message, now or while the next ones are read: a kernel at work does not read."""
        self._unsent += to_line(message)
        self._write()

    def receive(self, deadline: float | None = None) -> Message | None:
        """The next message; None once the kernel has ended.

        Raises TimeoutError when the clock (`time.monotonic`) has passed `deadline`.
        """
        while self.ended is None and (line := self._line(deadline)) is not None:
            try:
                message = from_line(line)
            except json.JSONDecodeError:
                continue  # the empty line before the last, or what a dying child could not finish
            if "exit" not in message:
                return message
            self.ended = message
        self.ended = self.ended or LOST
        return None

    def _request(self, kind: str, content: Message) -> str:
        message = self.session.msg(kind, content)
        self.send(message)
        return str(message["header"]["msg_id"])

    def _line(self, deadline: float | None) -> bytes | None:
        searched = 0
        while (end := self._unread.find(b"\n", searched)) < 0:
            searched = len(self._unread)
            if not (more := self._more(deadline)):
                return None
            self._unread += more
        line = bytes(self._unread[:end])
        del self._unread[: end + 1]
        return line

    def _more(self, deadline: float | None) -> bytes:
        assert self.child is not None
        line = self.child.socket
        while True:
            seconds = None if deadline is None else max(deadline - time.monotonic(), 0)
            readable, writable, _ = select.select([line], [line] if self._unsent else [], [], seconds)
            if writable:
                self._write()
            if readable:
                try:
                    return line.recv(LONGEST_READ)
                except ConnectionResetError:  # killed before it has read its last request
                    return b""
            if not writable:
                raise TimeoutError

    def _write(self) -> None:
        """As much as there is room for; who has died is noticed by who reads."""
        assert self.child is not None
        try:
            sent = self.child.socket.send(self._unsent, socket.MSG_NOSIGNAL)
        except BlockingIOError:
            return
        except (BrokenPipeError, ConnectionResetError):
            sent = len(self._unsent)
        del self._unsent[:sent]

    def _end(self, in_peace: bool) -> None:
        """Let the child end by itself if it can; one that is busy or stuck is killed."""
        assert self.child is not None
        if in_peace:
            self.child.socket.shutdown(socket.SHUT_WR)
        else:
            self._signal(signal.SIGKILL)
        try:
            self._read_to_the_end(time.monotonic() + SECONDS_TO_END)
        except TimeoutError:
            self._signal(signal.SIGKILL)
            self._read_to_the_end()

    def _read_to_the_end(self, deadline: float | None = None) -> None:
        while self.receive(deadline) is not None:
            pass

    def _signal(self, number: int) -> None:
        assert self.child is not None
        self.server.signal(self.child, number)
