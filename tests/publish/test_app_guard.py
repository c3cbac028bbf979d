"""Nobody runs code in a server of apps from outside: what a hostile client may try, over real sockets."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, TypeVar

import pytest
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from tests.publish.app_server import SECONDS, Served, Visitor, offer, serving, until
from transferkit.publish.app_guard import PROTOCOL, ForbiddenMessageError, checked_message
from transferkit.publish.app_kernels import KernelLimits

Result = TypeVar("Result")
CODE = {"code": "import os; os.environ['GEHACKT'] = '1'", "silent": False, "store_history": False}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(offer(tmp_path_factory.mktemp("apps"))) as server:
        yield server


def message(kind: str, content: Mapping[str, Any], channel: str = "shell", **header: str) -> bytes:
    """A message as JupyterLab's front end sends it."""
    named = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "username": "", "session": "s", "version": "5.4"}
    parts = [json.dumps(part).encode() for part in (named | header, {}, {}, content)]
    return bytes(serialize_msg_to_ws_v1(parts, channel))


async def connected(
    served: Served, kernel: str, visitor: Visitor, origin: str | None = None, protocol: str | None = PROTOCOL
) -> WebSocketClientConnection:
    """A connection to a kernel, as the page of this visitor makes it."""
    host = served.address.removeprefix("http").rstrip("/")
    cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    headers = {"Origin": origin if origin is not None else f"http{host}", "Cookie": cookie}
    request = HTTPRequest(f"ws{host}/api/kernels/{kernel}/channels?session_id=s", headers=headers)
    return await websocket_connect(request, subprotocols=[protocol] if protocol else None)


def run(talk: Coroutine[Any, Any, Result]) -> Result:
    """Run a conversation in a thread of its own: Playwright may keep this one's loop busy."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, talk).result(SECONDS)


async def answers(line: WebSocketClientConnection, request: str) -> list[tuple[str, dict[str, Any]]]:
    """Kind and content of what follows upon a request, until the kernel is idle again."""
    found = []
    while True:
        said = await asyncio.wait_for(line.read_message(), SECONDS)
        if said is None:
            return found
        _, parts = deserialize_msg_from_ws_v1(said)
        header, parent, _, content = (json.loads(part) for part in parts[:4])
        if parent.get("msg_id") == request:
            found.append((header["msg_type"], content))
            if content.get("execution_state") == "idle":
                return found


def refusal(served: Served, kernel: str, visitor: Visitor, **how: Any) -> int:
    """The status with which a connection is refused."""
    with pytest.raises(HTTPClientError) as error:
        run(connected(served, kernel, visitor, **how))
    return int(error.value.code)


def changed(served: Served, count: int) -> list[tuple[str, dict[str, Any]]]:
    """What a kernel says when its page's widget has a new value."""
    visitor = served.visitor()
    page = visitor.get("apps/wire")
    widgets = json.loads(page.text.partition('id="widgets" type="application/json">')[2].partition("<")[0])
    [wire] = [name for name, state in widgets.items() if "_esm" in state]
    data = {"method": "update", "state": {"count": count}, "buffer_paths": []}
    change = message("comm_msg", {"comm_id": wire, "data": data}, msg_id="mine")

    async def say() -> list[tuple[str, dict[str, Any]]]:
        line = await connected(served, page.kernel, visitor)
        await line.write_message(change, binary=True)
        return await answers(line, "mine")

    return run(say())


def test_widgets_speak_with_their_kernel(served: Served) -> None:
    said = [content for kind, content in changed(served, 9) if kind == "comm_msg"]
    assert any(one["data"].get("state", {}).get("said") == "9 Stück" for one in said)


@pytest.mark.parametrize("channel", ["shell", "control", "stdin", "iopub"])
@pytest.mark.parametrize(
    "kind", ["execute_request", "inspect_request", "complete_request", "shutdown_request", "debug_request",
             "input_reply", "interrupt_request", "create_subshell_request", "history_request"]
)  # fmt: skip
def test_nothing_but_widgets_reaches_a_kernel(kind: str, channel: str, served: Served) -> None:
    visitor = served.visitor()
    kernel = visitor.get("apps/trouble").kernel

    async def attack() -> tuple[list[tuple[str, dict[str, Any]]], int | None]:
        line = await connected(served, kernel, visitor)
        await line.write_message(message(kind, CODE, channel, msg_id="evil"), binary=True)
        return await answers(line, "evil"), line.close_code

    said, code = run(attack())
    assert said == []
    assert code == 1008
    served.run(served.kernels.end(kernel))


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"channel": "shell", "header": {"msg_type": "execute_request"}, "content": CODE}),
        "kein JSON",
        b"",
        b"\x00" * 64,
        (2**60).to_bytes(8, "little") * 4,
        message("comm_msg", {})[:-3],
        message("comm_msg", {}) + b"mehr",
        message("comm_open", {"target_name": "fremd", "comm_id": "x"}),
        message("comm_open", {"target_name": "jupyter.widget", "comm_id": "x"}),
        message("comm_msg", CODE, channel="control"),
    ],
    ids=lambda text: repr(text)[:30],
)
def test_what_is_not_put_together_as_the_protocol_says_is_refused(text: str | bytes) -> None:
    with pytest.raises(ForbiddenMessageError):
        checked_message(text)


def test_a_header_that_says_two_things_means_the_same_to_the_guard_and_to_the_kernel() -> None:
    twice = b'{"msg_type": "comm_msg", "msg_type": "execute_request", "msg_id": "1"}'
    with pytest.raises(ForbiddenMessageError):
        checked_message(bytes(serialize_msg_to_ws_v1([twice, b"{}", b"{}", b"{}"], "shell")))
    # The other way round it passes as what it is, and only what was understood goes on.
    twice = b'{"msg_type": "execute_request", "msg_type": "comm_msg", "msg_id": "1", "extra": 1}'
    passed = checked_message(bytes(serialize_msg_to_ws_v1([twice, b"{}", b"{}", b"{}"], "shell")))
    assert passed["header"]["msg_type"] == "comm_msg"
    assert "extra" not in passed["header"]


def test_the_older_protocol_is_not_spoken(served: Served) -> None:
    visitor = served.visitor()
    kernel = visitor.get("apps/trouble").kernel
    assert refusal(served, kernel, visitor, protocol=None) == 400


def test_a_page_elsewhere_cannot_connect_even_with_the_cookie(served: Served) -> None:
    visitor = served.visitor()
    kernel = visitor.get("apps/trouble").kernel
    for origin in ("http://evil.example", "", "null", f"https://127.0.0.1:{served.port}.evil.example"):
        assert refusal(served, kernel, visitor, origin=origin) == 403


def test_a_kernel_speaks_only_with_the_browser_that_opened_its_page(served: Served) -> None:
    owner, other = served.visitor(), served.visitor()
    kernel = owner.get("apps/trouble").kernel
    theirs = other.get("apps/trouble").kernel
    assert kernel != theirs
    assert refusal(served, kernel, other) == 403
    assert refusal(served, kernel, served.visitor()) == 403
    assert refusal(served, str(uuid.uuid4()), owner) == 403
    assert other.get(f"sitzung/{kernel}").status == 404
    assert other.post(f"sitzung/{kernel}/ende").status == 404
    assert other.get(f"api/kernels/{kernel}").status == 404
    assert owner.get(f"sitzung/{kernel}").status == 204
    assert owner.post(f"sitzung/{kernel}/ende", Origin="http://evil.example").status == 403
    assert kernel in served.kernels


def test_a_connection_that_is_gone_for_long_ends_its_kernel_and_a_short_gap_does_not(tmp_path: Any) -> None:
    with serving(offer(tmp_path), limits=KernelLimits(gone_seconds=1.5)) as served:
        visitor = served.visitor()
        kernel = visitor.get("apps/trouble").kernel

        async def come_and_go() -> None:
            line = await connected(served, kernel, visitor)
            line.close()

        run(come_and_go())
        run(come_and_go())
        assert visitor.get(f"sitzung/{kernel}").status == 204
        until(lambda: kernel not in served.kernels)
        assert visitor.get(f"sitzung/{kernel}").status == 404


def test_who_does_nothing_for_long_gives_the_kernel_back(tmp_path: Any) -> None:
    with serving(offer(tmp_path), limits=KernelLimits(idle_seconds=1.5)) as served:
        visitor = served.visitor()
        kernel = visitor.get("apps/trouble").kernel

        async def stay() -> object:
            line = await connected(served, kernel, visitor)
            while (said := await asyncio.wait_for(line.read_message(), SECONDS)) is not None:
                assert said
            return line.close_code

        run(stay())
        until(lambda: kernel not in served.kernels)


def test_an_error_in_a_kernel_reaches_the_page_as_a_number(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    said = changed(served, 13)
    assert "Geheimes" not in repr(said)
    assert [content["evalue"][:8] for kind, content in said if kind == "error"] == ["Vorfall "]
    assert "Geheimes aus dem Kernel" in caplog.text


def test_what_passes_the_guard_is_the_same_to_the_byte() -> None:
    content = {"comm_id": "ä", "data": {"method": "update"}}
    passed = checked_message(message("comm_msg", content, msg_id="eins"))
    assert passed["content"] == content
    assert passed["header"]["msg_id"] == "eins"
    pieces = [b"shell", *(b"{}" for _ in range(3)), b"{}", b"\x00\x01"]
    pieces[1] = b'{"msg_type": "comm_msg"}'
    start = 8 * (len(pieces) + 2)
    ends = [start]
    for piece in pieces:
        ends.append(ends[-1] + len(piece))
    whole = b"".join(number.to_bytes(8, "little") for number in [len(ends), *ends]) + b"".join(pieces)
    assert [whole[a:b] for a, b in pairwise(ends)] == pieces
    assert checked_message(whole)["buffers"] == [b"\x00\x01"]
