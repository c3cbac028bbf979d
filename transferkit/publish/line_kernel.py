"""What a forked child runs: a real IPython kernel that speaks the Jupyter protocol as lines of JSON.

It is the kernel of ipykernel, handlers and shell and display hooks included; only the session differs: where
ipykernel sends through ZeroMQ, this one writes a line to a socket. No ports to race for, no heartbeat.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import logging
import os
import re
import signal
import socket
import sys
import threading
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ipykernel.iostream import IOPubThread, OutStream
from ipykernel.ipkernel import IPythonKernel
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.jsonutil import json_clean, json_default
from jupyter_client.session import Session, json_packer, new_id
from traitlets.config import Config

SECONDS_TO_END = 5
LONGEST_LINE = 1 << 30  # bytes; one line may hold a large picture
Message = dict[str, Any]


def to_line(message: Message) -> bytes:
    """One message as one line; binary buffers travel as base64."""
    if buffers := message.get("buffers"):
        message = {**message, "buffers": [b64encode(bytes(one)).decode() for one in buffers]}
    try:
        return json_packer(message) + b"\n"
    except UnicodeEncodeError:  # half a surrogate pair: an ordinary kernel loses all of the cell's text here
        text = json.dumps(json_clean(message), default=json_default, ensure_ascii=False)
        return text.encode(errors="replace") + b"\n"


def from_line(line: bytes) -> Message:
    """The message of a line, with its buffers and its date as they were sent."""
    message: Message = json.loads(line.decode(errors="replace"))  # bytes that were no text, in a file's name
    if "buffers" in message:
        message["buffers"] = [b64decode(one) for one in message["buffers"]]
    if isinstance(date := message.get("header", {}).get("date"), str):
        message["header"]["date"] = datetime.fromisoformat(date)
    return message


# What nobody waits for travels with the next line that somebody does: each journey wakes the owner.
CAN_WAIT = {"execute_input", "execute_reply"}


class LineSession(Session):
    """A session that writes every message as a line, whatever channel it was meant for."""

    line: socket.socket

    def __init__(self) -> None:
        super().__init__()
        self.lock = threading.Lock()  # threads of a notebook may print at the same time
        self.waiting = b""

    def send(
        self,
        stream: object,
        msg_or_type: Message | str,
        content: Message | None = None,
        parent: Message | None = None,
        ident: object = None,
        buffers: list[Any] | None = None,
        track: bool = False,
        header: Message | None = None,
        metadata: Message | None = None,
    ) -> Message:
        """Write a message; return it as sent."""
        if isinstance(msg_or_type, str):
            message = self.msg(msg_or_type, content, parent, header, metadata)
        else:
            message = msg_or_type
        line = to_line({**message, "buffers": buffers} if buffers else message)
        with self.lock:
            self.waiting += line
            if not _can_wait(message):
                self.line.sendall(self.waiting)
                self.waiting = b""
        return message


def _can_wait(message: Message) -> bool:
    kind, state = message["msg_type"], message["content"].get("execution_state")
    return kind in CAN_WAIT or state == "busy"


# Without one of these a cell is plain Python: magics, shell commands, help; at the beginning of a line also
# automatic calls and prompts.
MAY_BE_SPECIAL = re.compile(r"[%!?]|^\s*[,;/]|^\s*(>>>|\.\.\.|In\s*\[)|\A\s", re.MULTILINE)


class PlainFirst(TransformerManager):
    """Leaves plain Python as it is without looking at each of its tokens, twice, as IPython does."""

    def __init__(self) -> None:
        super().__init__()
        self.usual = self._transformers()

    def transform_cell(self, cell: str) -> str:
        """The cell in pure Python."""
        if self._transformers() != self.usual or MAY_BE_SPECIAL.search(cell):
            return super().transform_cell(cell)
        return cell if cell.endswith("\n") else f"{cell}\n"

    def _transformers(self) -> tuple[list[Any], ...]:
        return [*self.cleanup_transforms], [*self.line_transforms], [*self.token_transformers]


class LineKernel(IPythonKernel):
    """The kernel of ipykernel without ZeroMQ: one request after the other, in the order of their lines."""

    _execute_sleep = 0  # ipykernel gives its sending thread time after each cell; here there is none

    def __init__(self, session: LineSession) -> None:
        config = Config()
        config.HistoryManager.enabled = False
        super().__init__(
            session=session,
            config=config,
            user_ns=None,  # as ipykernel has it: names of its own, such as __doc__, and not those of builtins
            log=logging.getLogger("transferkit.kernel"),
            # ipykernel asks in which thread requests are answered: in this one.
            shell_channel_thread=SimpleNamespace(parent_thread=threading.current_thread()),
        )

    @property
    def _supports_kernel_subshells(self) -> bool:
        return False

    def _abort_queues(self, subshell_id: str | None = None) -> None:
        """Who asks stops after an error by itself; no request waits here."""

    async def answer(self, request: Message) -> None:
        """Handle one request as `Kernel.dispatch_shell` does: busy, the answer, idle.

        An interrupt reaches the cell and nothing else.
        """
        self.set_parent([], request, channel="shell")
        self._publish_status("busy", "shell", parent=request)
        self.pre_handler_hook()
        try:
            answered = self.shell_handlers[request["header"]["msg_type"]](None, [], request)
            if answered is not None:
                await answered
        except KeyboardInterrupt:
            pass  # it came when the cell was through
        finally:
            self.post_handler_hook()
        sys.stdout.flush()
        sys.stderr.flush()
        self._publish_status("idle", "shell", parent=request)


class _SameThread(IOPubThread):
    """Output streams hand their text to this instead of to a thread: it is sent at once."""

    def __init__(self) -> None:
        self.thread = None  # type: ignore[assignment]
        self.io_loop = SimpleNamespace(call_later=_later)  # type: ignore[assignment]

    def schedule(self, f: Callable[[], None]) -> None:
        f()


def _later(seconds: float, call: Callable[[], None]) -> None:
    timer = threading.Timer(seconds, call)
    timer.daemon = True
    timer.start()


def prepare() -> list[Path]:
    """Make the kernel in the process that forks: it takes longer than many a notebook. Reads nothing."""
    _kernel()
    return []


def _kernel() -> LineKernel:
    kernel: LineKernel = LineKernel.instance(LineSession())  # widgets look for the one instance
    if kernel.shell is not None:
        _quicken(kernel.shell)
    return kernel


def _quicken(shell: InteractiveShell) -> None:
    """Spare each cell and each child what makes no difference to them."""
    shell.input_transformer_manager = PlainFirst()
    assert shell.display_formatter is not None
    shell.display_formatter.format("")  # its formatters are made when the first is asked for
    atexit.unregister(shell.atexit_operations)  # tidies up what ends with the process
    asks = shell.should_run_async  # compiles the cell to find out, twice

    def should_run_async(raw_cell: str, *, transformed_cell: str | None = None, **told: Any) -> bool:
        code = raw_cell if transformed_cell is None else transformed_cell
        is_possible = "await" in code or "async" in code
        return is_possible and asks(raw_cell, transformed_cell=transformed_cell, **told)

    shell.should_run_async = should_run_async  # type: ignore[method-assign]  # for this one shell only


def run(order: Message, line: socket.socket) -> None:
    """Answer the requests that come over `line` until no more follow or the notebook calls `exit`."""
    kernel = LineKernel.instance() if LineKernel.initialized() else _kernel()
    session = kernel.session
    assert isinstance(session, LineSession)
    session.line, session.session = line, new_id()
    _settle(kernel)
    for name in ("stdout", "stderr"):
        setattr(sys, name, OutStream(session, _SameThread(), name))
    asyncio.run(_answer_all(kernel, line))
    atexit._run_exitfuncs()


def _settle(kernel: LineKernel) -> None:
    """What ipykernel's application does before the first cell."""
    if kernel.shell is not None:
        kernel.shell.init_environment()  # anew: the child has its order's environment
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    del sys.argv[1:]
    _find_neighbours()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # between cells; the asyncio runner then leaves it alone


def _find_neighbours() -> None:
    """Let a notebook import modules that lie beside it, after the standard library, where IPython looks too.

    IPython itself does not: the server was started so as not to look there.
    """
    if not os.environ.get("PYTHONSAFEPATH"):
        packages = (number for number, path in enumerate(sys.path) if path.endswith("-packages"))
        sys.path.insert(next(packages, 0), "")


async def _answer_all(kernel: LineKernel, line: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    # Asked for by ipykernel when a cell that awaits is interrupted, and to stop the loop after `exit`, which
    # is done below.
    kernel.io_loop = SimpleNamespace(  # type: ignore[assignment]
        add_callback=loop.call_soon_threadsafe, call_later=lambda *_: None
    )
    reader, _ = await asyncio.open_connection(sock=line.dup(), limit=LONGEST_LINE)
    line.setblocking(True)  # asyncio made it non-blocking for both; what is written must go out whole
    while request := await reader.readline():
        await kernel.answer(from_line(request))
        if kernel.shell is not None and kernel.shell.exit_now:
            break
    signal.alarm(SECONDS_TO_END)  # whatever the notebook left running must not keep this process


def run_zmq(order: Message, line: socket.socket) -> None:
    """Be an ordinary kernel for JupyterLab or Voila: `order["argv"]` as for ipykernel's launcher."""
    from ipykernel.kernelapp import IPKernelApp

    _find_neighbours()
    # ipykernel read who its parent is when it was imported; here it is the process this one was forked from.
    application = IPKernelApp.instance()
    application.initialize([*order["argv"], f"--IPKernelApp.parent_handle={os.getppid()}"])
    # Widgets tell the kernel where front ends find them when they are imported; then there was no kernel yet.
    if widgets := sys.modules.get("ipywidgets"):
        widgets.register_comm_target()
    application.start()
