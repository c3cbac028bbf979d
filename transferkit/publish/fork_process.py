"""The process kernels are forked from: single-threaded, with everything imported and loaded.

A fork copies only the thread that forks: a lock held by another one would stay locked in the child for ever.
So the server looks before each fork and refuses when it finds a second thread. Started by `ForkServer`.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import random
import resource
import select
import shutil
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from transferkit.publish import lifeline

LONGEST_ORDER = 200_000  # bytes; an order names a folder, limits and an environment
# What every child needs; what a guide needs is named by whoever starts the server.
ALWAYS = (
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "transferkit.publish.line_kernel",
    # what a shell imports when it starts
    "IPython.core.completerlib",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "bdb",
    "runpy",
)
# A notebook is short: collecting after every 700 objects takes a tenth of its time.
OBJECTS_BEFORE_COLLECTING = 50_000

Order = dict[str, Any]


class _Server:
    """The server's side: forks, passes signals on, reports who has ended."""

    def __init__(self, control: socket.socket, loaded: Sequence[Path]) -> None:
        self.control = control
        self.loaded = {path: _state(path) for path in loaded}
        self.children: dict[int, socket.socket] = {}
        self.private: set[str] = set()  # folders of the children's sockets
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
                    self.leave_nothing()
                    return
                self.follow(json.loads(message), descriptors)

    def follow(self, order: Order, descriptors: Sequence[int]) -> None:
        if order["kind"] == "signal":
            if order["pid"] in self.children:
                os.kill(order["pid"], order["number"])
            return
        if private := order.get("private"):
            self.private.add(private)
        line = socket.socket(fileno=descriptors[0])
        if (answer := self.objection()) is None:
            pid = os.fork()
            if pid == 0:
                self.become(order, line)
            self.children[pid] = line
            answer = {"pid": pid}
        else:
            line.close()
        with contextlib.suppress(BrokenPipeError):  # who asked has been killed; that ends the server next
            self.control.send(json.dumps(answer).encode())

    def leave_nothing(self) -> None:
        """Remove what an owner that was killed could not remove itself."""
        for folder in self.private:
            shutil.rmtree(folder, ignore_errors=True)

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
            gc.set_threshold(OBJECTS_BEFORE_COLLECTING)
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
        lifeline.end_with(self.pid)

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
    if seconds := order.get("cpu_seconds"):
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


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
    """Run the server: `python -m transferkit.publish.fork_process FD PRELOAD...`."""
    control = socket.socket(fileno=int(sys.argv[1]))
    _Server(control, _preload(sys.argv[2:])).serve()


if __name__ == "__main__":
    main()
