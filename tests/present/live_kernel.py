"""A real kernel in which a notebook with a form runs, spoken to as a browser speaks to it."""

from __future__ import annotations

import os
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

SECONDS = 60
WIDGET = "application/vnd.jupyter.widget-view+json"
Message = dict[str, Any]


@dataclass
class LiveKernel:
    """A kernel with a face; `outputs` are the display data of each cell, `wires` the ids of its widgets."""

    face: str
    outputs: list[list[Message]] = field(default_factory=list)
    wires: list[str] = field(default_factory=list)
    asked: int = 0

    def __enter__(self) -> LiveKernel:
        self.manager = KernelManager(kernel_name="python3")
        self.manager.start_kernel(env={**os.environ, "TRANSFERKIT_FACE": self.face})
        self.client: BlockingKernelClient = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=SECONDS)
        return self

    def __exit__(self, *_: object) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def run(self, *cells: str) -> None:
        """Execute cells one after the other, as Voila does."""
        for cell in cells:
            request = self.client.session.msg("execute_request", content(cell))
            request["metadata"]["cellId"] = (
                f"cell-{zlib.crc32(cell.encode())}"  # the same when it is run again
            )
            self.client.shell_channel.send(request)
            heard = self._until_idle(request["header"]["msg_id"])
            errors = [one["content"]["evalue"] for one in heard if one["msg_type"] == "error"]
            assert not errors, errors
            self.outputs.append(
                [one["content"] for one in heard if one["msg_type"] in ("display_data", "execute_result")]
            )
            views = [one["data"][WIDGET]["model_id"] for one in self.outputs[-1] if WIDGET in one["data"]]
            self.wires += views

    def html(self, cell: int) -> str:
        """What a cell shows as HTML."""
        return "".join(one["data"].get("text/html", "") for one in self.outputs[cell])

    def tell(self, **message: object) -> Message:
        """Send what the page's script sends, and return the answer."""
        answer, _ = self.tell_and_hear(**message)
        return answer

    def tell_and_hear(self, **message: object) -> tuple[Message, Sequence[Message]]:
        """As `tell`, with everything else the kernel publishes on it."""
        self.asked += 1
        data = {"method": "custom", "content": {"n": self.asked, **message}}
        request = self.client.session.msg("comm_msg", {"comm_id": self.wires[0], "data": data})
        self.client.shell_channel.send(request)
        heard = self._until_idle(request["header"]["msg_id"])
        answers = [
            one["content"]["data"]["content"]
            for one in heard
            if one["msg_type"] == "comm_msg" and one["content"]["comm_id"] == self.wires[0]
        ]
        assert len(answers) == 1, heard
        assert answers[0]["n"] == self.asked
        return answers[0], heard

    def change(self, **state: object) -> Message:
        return self.tell(kind="change", state=state)

    def _until_idle(self, request: str) -> list[Message]:
        heard = []
        while True:
            message = self.client.get_iopub_msg(timeout=SECONDS)
            if message["parent_header"].get("msg_id") != request:
                continue
            heard.append(message)
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return heard


def content(code: str) -> Message:
    return {
        "code": code,
        "silent": False,
        "store_history": False,
        "user_expressions": {},
        "allow_stdin": False,
    }
