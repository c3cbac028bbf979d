"""The log as an operator keeps it: every event a line, and nobody who visits to be found in it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from tests.publish.app_server import NOTEBOOKS, Visitor, free_port
from tests.publish.small_checkout import PAGES, Checkout
from tests.small_toc import APP

SECRET = "Verborgenes"  # stands in everything a visitor can send
VISITS = [
    ("", 200, "start"),
    (f"?wer={SECRET}", 200, "start"),
    ("apps/wire?count=7341", 200, "apps/wire"),
    (f"apps/wire?count={SECRET}", 400, "apps/wire"),
    ("apps/wire/seite?count=7341", 200, "apps/wire/seite"),
    (f"apps/{SECRET.lower()}", 404, "unknown"),
    (f"{SECRET}/x", 404, "unknown"),
    ("w/", 200, "w"),
    ("w/KM7F-3QXR", 404, "w/code"),
    ("w/KM7F-3QXR/datenschutz", 404, "w/code/datenschutz"),
]
NOT_NOTED = ["gesund", "laden/nichts.js"]


@contextmanager
def serving(command: Path, folder: Path, port: int, *options: str) -> Iterator[list[str]]:
    """A server while it is used; afterwards the list holds the lines of its log."""
    (folder / "app_wire.ipynb").write_bytes((NOTEBOOKS / "app_wire.ipynb").read_bytes())
    (folder / "toc.toml").write_text(APP, encoding="utf-8")
    lines: list[str] = []
    with subprocess.Popen(
        [command, "serve", "--port", str(port), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TRANSFERKIT_NOTEBOOKS": str(folder), "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdout
        while "Beenden: Strg+C" not in process.stdout.readline():
            assert process.poll() is None
        yield lines
        process.send_signal(signal.SIGINT)
        _, wrong = process.communicate(timeout=30)
        lines += wrong.splitlines()


def visit_everything(port: int) -> list[str]:
    """As somebody who leaves traces wherever they can; return the cookies they were given."""
    visitor = Visitor(f"http://127.0.0.1:{port}/")
    headers = {
        "User_Agent": f"{SECRET}/1.0",
        "Referer": f"http://x.test/{SECRET}",
        "X_Forwarded_For": "10.9.8.7",
    }
    for path, status, _ in VISITS:
        assert visitor.get(path, **headers).status == status, path
    for path in NOT_NOTED:
        visitor.get(path, **headers)
    visitor.post(
        "w/KM7F-3QXR/antwort", json.dumps({"value": SECRET}), Content_Type="application/json", **headers
    )
    return [*visitor.cookies.values()]


def assert_nobody_is_in(text: str, cookies: list[str]) -> None:
    assert cookies
    for trace in ("127.0.0.1", "10.9.8.7", SECRET, SECRET.lower(), "7341", "KM7F", "3QXR", *cookies):
        assert trace not in text, trace


def test_a_visit_is_one_line_of_json_with_stable_names(transferkit: Path, tmp_path: Path) -> None:
    port = free_port()
    with serving(transferkit, tmp_path, port, "--log-json") as lines:
        cookies = visit_everything(port)
    events = [json.loads(line) for line in lines]
    visits = [event for event in events if event["event"] == "visit"]
    assert [(one["place"], one["status"]) for one in visits] == [
        (place, status) for _, status, place in VISITS
    ]
    for one in visits:
        assert set(one) == {"time", "level", "event", "message", "place", "status", "seconds"}
        assert datetime.fromisoformat(one["time"]).tzinfo is not None
        assert one["level"] == "info"
    assert_nobody_is_in("\n".join(lines), cookies)


def test_without_json_a_visit_is_a_german_line(transferkit: Path, tmp_path: Path) -> None:
    port = free_port()
    with serving(transferkit, tmp_path, port) as lines:
        cookies = visit_everything(port)
    assert re.fullmatch(r"\d\d:\d\d:\d\d start: 200, \d+,\d\d s", lines[0])
    assert_nobody_is_in("\n".join(lines), cookies)


@pytest.fixture
def checkout(transferkit: Path, tmp_path: Path) -> Checkout:
    return Checkout(tmp_path, transferkit)


def built(checkout: Checkout, *options: str) -> tuple[int, list[str]]:
    """Build; return the exit code and the lines of the log."""
    environment = {
        "TRANSFERKIT_NOTEBOOKS": str(checkout.notebooks),
        "TRANSFERKIT_REGISTER": str(checkout.folder),
    }
    call = [checkout.command, "build", "--out", checkout.site, *options]
    done = subprocess.run(call, capture_output=True, text=True, env={**os.environ, **environment})
    return done.returncode, done.stderr.splitlines()


def test_a_build_has_a_line_for_each_page_it_makes_and_one_for_the_whole(checkout: Checkout) -> None:
    code, lines = built(checkout, "--log-json")
    *pages, whole = map(json.loads, lines)
    assert code == 0
    assert len({page["address"] for page in pages}) == PAGES
    for page in pages:
        assert set(page) == {"time", "level", "event", "message", "address", "state", "seconds", "memory_mb"}
        assert (page["event"], page["state"], page["level"]) == ("page", "built", "info")
    assert whole["event"] == "build"
    assert (whole["built"], whole["unchanged"], whole["failed"], whole["published"]) == (PAGES, 0, 0, True)
    code, [again] = built(checkout, "--log-json")
    assert json.loads(again)["unchanged"] == PAGES


def test_without_json_a_page_is_a_german_line_and_one_that_fails_says_why(checkout: Checkout) -> None:
    checkout.edit("Text.", "1 / 0 if place == 'smart-regions' else None")
    code, lines = built(checkout)
    assert code == 1
    made = r"\d\d:\d\d:\d\d orte/[\w-]+\.html gebaut in \d+,\d\d s"
    assert len([line for line in lines if re.fullmatch(made, line)]) == PAGES - 1
    [failed] = [line for line in lines if "orte/smart-regions.html fehlgeschlagen: " in line]
    assert "ZeroDivisionError" in failed
