"""`transferkit serve` as somebody calls it: links, a busy port, Ctrl-C, a code to share."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.publish.app_server import NOTEBOOKS, Visitor, free_port, until
from tests.small_toc import APP

SLIDER = """
[[app]]
name = "slider"
notebook = "app_slider.ipynb"
title = "Ein Schieber"
text = "Zeigt, wie man zieht."
"""


@pytest.fixture
def notebooks(tmp_path: Path) -> Path:
    for name in ("app_wire.ipynb", "app_slider.ipynb"):
        (tmp_path / name).write_bytes((NOTEBOOKS / name).read_bytes())
    (tmp_path / "toc.toml").write_text(APP + SLIDER, encoding="utf-8")
    return tmp_path


@contextmanager
def called(transferkit: Path, notebooks: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The running command and what it said until it was ready."""
    process = subprocess.Popen(
        [transferkit, "serve", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "TRANSFERKIT_NOTEBOOKS": str(notebooks), "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout
    said = []
    try:
        for line in process.stdout:
            said.append(line)
            if "Beenden: Strg+C" in line:
                break
        yield process, "".join(said)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        finally:
            process.kill()


def refused(transferkit: Path, notebooks: Path, *options: str) -> str:
    """What the command says when it cannot begin: one message, no traceback."""
    done = subprocess.run(
        [transferkit, "serve", *options],
        capture_output=True,
        text=True,
        env={**os.environ, "TRANSFERKIT_NOTEBOOKS": str(notebooks)},
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return done.stderr


def test_it_serves_until_ctrl_c_and_leaves_no_process(transferkit: Path, notebooks: Path) -> None:
    port = free_port()
    with called(transferkit, notebooks, "--port", str(port)) as (process, said):
        assert f"http://localhost:{port}/" in said
        assert "token" not in said
        visitor = Visitor(f"http://127.0.0.1:{port}/")
        assert "Ein Schieber" in visitor.get("").text
        assert visitor.get("apps/wire?count=7").status == 200
        below = psutil.Process(process.pid).children(recursive=True)
        assert len(below) >= 2  # what kernels are forked from, and one of them
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=20)
        assert process.returncode == 0
        assert "Traceback" not in rest
        assert "Alle Rechenprozesse sind geschlossen" in rest
        until(lambda: not any(one.is_running() and one.status() != "zombie" for one in below))


def test_what_a_killed_server_left_is_gone_with_the_next_start(
    transferkit: Path, notebooks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tempfile.TemporaryDirectory() as temporary:  # as short a path as sockets need
        monkeypatch.setenv("TMPDIR", temporary)
        with called(transferkit, notebooks, "--port", str(free_port())) as (process, _):
            process.kill()
            process.wait()
        [left] = Path(temporary).glob("tk-apps-*")
        with called(transferkit, notebooks, "--port", str(free_port())):
            [now] = Path(temporary).glob("tk-apps-*")
            assert now != left
        assert list(Path(temporary).glob("tk-*")) == []


def test_only_this_machine_can_reach_it(transferkit: Path, notebooks: Path) -> None:
    port = free_port()
    with called(transferkit, notebooks, "--port", str(port)) as (process, _):
        listening = [one for one in psutil.Process(process.pid).net_connections() if one.status == "LISTEN"]
        assert {one.laddr.ip for one in listening} == {"127.0.0.1"}


def test_one_app_may_be_published_alone(transferkit: Path, notebooks: Path) -> None:
    port = free_port()
    with called(transferkit, notebooks, "--port", str(port), "--app", "slider") as (_, said):
        assert "Nur diese App: Ein Schieber" in said
        visitor = Visitor(f"http://127.0.0.1:{port}/")
        assert "Ein Draht" not in visitor.get("").text
        assert visitor.get("apps/wire").status == 404


def test_a_busy_port_is_one_clear_message(transferkit: Path, notebooks: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refused(transferkit, notebooks, "--port", str(port))
    assert f"Der Anschluss {port} ist belegt" in said
    assert f"--port {port + 1}" in said
    assert len(said.strip().splitlines()) <= 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--app", "slidr"), "Meinten Sie „slider“?"),
        (("--base-url", "apps"), "Richtig ist zum Beispiel /apps/"),
        (("--base-url", "ftp://x/"), "Richtig ist zum Beispiel /apps/"),
        (("--base-url", "/a b/"), "nur Buchstaben, Ziffern"),
        (("--share", "--base-url", "/x/"), "gehen nicht zusammen"),
    ],
)
def test_what_cannot_be_is_said_and_what_would_be_right(
    options: tuple[str, ...], said: str, transferkit: Path, notebooks: Path
) -> None:
    assert said in refused(transferkit, notebooks, *options)


def test_sharing_shows_link_code_and_qr_code(transferkit: Path, notebooks: Path) -> None:
    port = free_port()
    with called(transferkit, notebooks, "--port", str(port), "--share") as (process, said):
        code = re.search(r"Zugangscode: +([A-Z2-9]{4}-[A-Z2-9]{4})", said)
        assert code
        assert "█" in said
        assert "Für alle in diesem Netz" in said
        listening = [one for one in psutil.Process(process.pid).net_connections() if one.status == "LISTEN"]
        assert {one.laddr.ip for one in listening} == {"0.0.0.0"}
        visitor = Visitor(f"http://127.0.0.1:{port}/")
        assert visitor.get("").status == 401
        assert visitor.post("zugang", f"code={code[1].lower()}").status == 302
        assert "Ein Draht" in visitor.get("").text
