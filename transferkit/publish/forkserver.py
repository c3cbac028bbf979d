"""Ask a process that has everything imported and loaded for a ready child per notebook or kernel.

Owner and server speak over one socket pair, so that nothing lies in the file system. Each order carries a
socket for the child; when the child has ended, the server writes its last line: `{"exit": ...}`. The server
ends when its owner does, and its children with it, however the owner ended.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from transferkit.publish.fork_process import LONGEST_ORDER, Order

PROCESS = "transferkit.publish.fork_process"
STARTS = 3
SETTINGS = ("TRANSFERKIT_", "PYTHON")  # environment variables that decide what is loaded
# One thread per process, so that the server has none beside its own. The seed: sets come in the same order in
# every child, so a page is the same bytes in every build. The debugger keeps its advice to itself.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "PYTHONHASHSEED": "0",
}


def is_possible() -> bool:
    """Whether this system can fork safely: Linux. macOS forks, but its libraries do not survive it."""
    return sys.platform == "linux"


class _OldError(Exception):
    """What the server has loaded has changed on disk since."""


class ForkRefusedError(RuntimeError):
    """The server does not fork; the message says why. Callers fall back to a fresh process."""


@dataclass
class Child:
    """A forked process: its number and the socket that leads to it."""

    pid: int
    socket: socket.socket


@dataclass
class ForkServer:
    """The owner's side. Starts with the first order, and anew after a crash or when what it holds is old.

    `preload` names modules to import and functions to call (`"module:function"`) before the first fork. A
    function may return the paths it has read: the server starts anew when one of them has changed.
    """

    preload: Sequence[str] = ()
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _control: socket.socket | None = field(default=None, init=False)
    _settings: Mapping[str, str] = field(default_factory=dict, init=False)
    # One order and its answer at a time: threads of the owner may share the server.
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def start(self) -> None:
        """Start the server now: it gets ready while its owner does something else."""
        with self._lock:
            self._be_running()

    def fork(self, order: Order) -> Child:
        """Return a new child that follows `order`. Raises ForkRefusedError if the server must not fork."""
        order = {"environment": {**os.environ, **ENVIRONMENT}, **order}
        with self._lock:
            for _ in range(STARTS):
                self._be_running()
                try:
                    return self._ask(order)
                except (_OldError, OSError):  # its data have changed, or it has died since it was last asked
                    self.close()
        raise ForkRefusedError("der Prozess, aus dem Rechenprozesse entstehen, startet nicht")

    def signal(self, child: Child, number: int) -> None:
        """Send a signal to a child, unless it has ended: its number may then belong to somebody else."""
        if self._control is not None:
            with contextlib.suppress(OSError):  # a server that has died has taken its children along
                self._control.send(
                    json.dumps({"kind": "signal", "pid": child.pid, "number": number}).encode()
                )

    def close(self) -> None:
        """End the server; its children die with it."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._control = self._process = None

    def _be_running(self) -> None:
        settings = {name: value for name, value in os.environ.items() if name.startswith(SETTINGS)}
        if self._process is not None and self._process.poll() is None and settings == self._settings:
            return
        self.close()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", PROCESS, str(theirs.fileno()), *self.preload],
                env={**os.environ, **ENVIRONMENT},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is the owner's business
            )
        self._control, self._settings = ours, settings

    def _ask(self, order: Order) -> Child:
        assert self._control is not None
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self._control, [json.dumps(order).encode()], [theirs.fileno()])
        answer = self._control.recv(LONGEST_ORDER)
        if not answer:
            ours.close()
            raise ConnectionResetError
        said = json.loads(answer)
        if "pid" in said:
            return Child(said["pid"], ours)
        ours.close()
        if "old" in said:
            raise _OldError
        raise ForkRefusedError(said["refused"])
