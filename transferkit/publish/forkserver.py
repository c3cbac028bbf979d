"""A process that has everything imported and loaded, and forks a ready child per notebook or kernel.

The server is single-threaded, because a fork copies only the thread that forks: a lock held by another one
would stay locked in the child for ever. It looks before each fork and refuses when it finds a second thread.

Owner and server speak over one socket pair, so that nothing lies in the file system. Each order carries a
socket for the child; when the child has ended, the server writes its last line: `{"exit": ...}`. The server
ends when its owner does, and its children with it, however the owner ended.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import random
import resource
import select
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1
LONGEST_ORDER = 200_000  # bytes; an order names a folder, limits and an environment
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
# What every child needs; what a guide needs is named by whoever starts the server.
ALWAYS = ("ipykernel.kernelapp", "ipykernel.debugger", "transferkit.publish.line_kernel")

Order = dict[str, Any]


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
            self._control.send(json.dumps({"kind": "signal", "pid": child.pid, "number": number}).encode())

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
                [sys.executable, "-P", "-m", __name__, str(theirs.fileno()), *self.preload],
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


class _Server:
    """The server's side: forks, passes signals on, reports who has ended."""

    def __init__(self, control: socket.socket, loaded: Sequence[Path]) -> None:
        self.control = control
        self.loaded = {path: _state(path) for path in loaded}
        self.children: dict[int, socket.socket] = {}
        self.woken, self.wake = socket.socketpair()
        for end in (self.woken, self.wake):
            end.setblocking(False)
        signal.set_wakeup_fd(self.wake.fileno())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.pid = os.getpid()

    def serve(self) -> None:
        """Follow orders until the owner closes its end."""
        while True:
            ready, _, _ = select.select([self.control, self.woken], [], [])
            if self.woken in ready:
                self.woken.recv(4096)
                self.report_the_dead()
            if self.control in ready:
                message, descriptors, _, _ = socket.recv_fds(self.control, LONGEST_ORDER, 1)
                if not message:
                    return
                self.follow(json.loads(message), descriptors)

    def follow(self, order: Order, descriptors: Sequence[int]) -> None:
        if order["kind"] == "signal":
            if order["pid"] in self.children:
                os.kill(order["pid"], order["number"])
            return
        line = socket.socket(fileno=descriptors[0])
        if (answer := self.objection()) is None:
            pid = os.fork()
            if pid == 0:
                self.become(order, line)
            self.children[pid] = line
            answer = {"pid": pid}
        else:
            line.close()
        self.control.send(json.dumps(answer).encode())

    def objection(self) -> Order | None:
        """Why this process must not fork now: it would copy what is old, or locks nobody opens again."""
        if any(_state(path) != state for path, state in self.loaded.items()):
            return {"old": True}
        if threads := other_threads():
            return {"refused": f"neben ihm laufen weitere Threads: {', '.join(threads)}"}
        return None

    def become(self, order: Order, line: socket.socket) -> None:
        """Be the child from here on; never return."""
        code = 1
        try:
            self.forget_the_server()
            _limit(order)
            _reseed()
            code = _run(order, line) or 0
        except SystemExit as wish:
            code = wish.code if isinstance(wish.code, int) else 1
        except BaseException:
            traceback.print_exc(file=sys.__stderr__)
        finally:
            os._exit(code)

    def forget_the_server(self) -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for one in (self.control, self.woken, self.wake, *self.children.values()):
            one.close()
        os.setsid()
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != self.pid:  # the server died before the line above
            os._exit(1)

    def report_the_dead(self) -> None:
        while self.children:
            pid, status, used = os.wait4(-1, os.WNOHANG)
            if pid == 0:
                return
            line = self.children.pop(pid)
            last = {"exit": os.waitstatus_to_exitcode(status), "peak_mb": used.ru_maxrss // 1024}
            with contextlib.suppress(OSError):  # nobody may be listening any more
                # A new line first: the child may have died in the middle of one.
                line.send(f"\n{json.dumps(last)}\n".encode(), socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
            line.close()
            _end_group(pid)


def other_threads() -> list[str]:
    """The names of this process's threads but one, as the system sees them."""
    tasks = os.listdir("/proc/self/task")
    if len(tasks) == 1:
        return []
    names = []
    for task in tasks:
        with open(f"/proc/self/task/{task}/comm") as name:
            names.append(name.read().strip())
    return sorted(names)[1:]


def _end_group(pid: int) -> None:
    """What the notebook started and left running ends with it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _state(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _limit(order: Order) -> None:
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["cwd"])
    if megabytes := order.get("memory_mb"):
        # What the child shares with the server is not its own. RLIMIT_DATA counts what is written to, unlike
        # RLIMIT_AS, which counts mere reservations.
        limit = _data_bytes() + megabytes * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def _data_bytes() -> int:
    """How much data this process has, as RLIMIT_DATA counts it."""
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmData:")) * 1024


def _reseed() -> None:
    """Two children of one parent must not draw the same random numbers."""
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


def _run(order: Order, line: socket.socket) -> int | None:
    from transferkit.publish import line_kernel

    runs: dict[str, Callable[[Order, socket.socket], int | None]] = {
        "notebook": line_kernel.run,
        "kernel": line_kernel.run_zmq,
    }
    return runs[order["kind"]](order, line)


def _preload(names: Sequence[str]) -> list[Path]:
    """Import and call what is named; return what was read from disk.

    A failure is left to the notebook, which meets it with its own words.
    """
    loaded: list[Path] = []
    for name in (*ALWAYS, *names):
        module, _, function = name.partition(":")
        try:
            found = importlib.import_module(module)
            if function:
                loaded += getattr(found, function)()
        except Exception:
            continue
    gc.collect()
    gc.freeze()  # the collector must not touch, and thereby copy, what all children share
    return loaded


def main() -> None:
    """Run the server: `python -m transferkit.publish.forkserver FD PRELOAD...`."""
    control = socket.socket(fileno=int(sys.argv[1]))
    _Server(control, _preload(sys.argv[2:])).serve()


if __name__ == "__main__":
    main()
