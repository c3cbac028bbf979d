"""Addresses of sources, asked of a server of our own: what answers, what moved, what keeps its old date."""

from __future__ import annotations

import csv
import json
import shutil
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from transferkit.cli import main
from transferkit.errors import DatasetError
from transferkit.knowledge import datasets, source_check
from transferkit.knowledge.source_check import Check

IMPATIENT = (0.5, 0.5)
STATUS = {"/ok": 200, "/weg": 404, "/fort": 410, "/kaputt": 500, "/verboten": 403, "/zu-oft": 429}
REDIRECT = {"/umgezogen": (301, "/ok"), "/vorlaeufig": (302, "/ok"), "/kreis": (302, "/kreis")}


class Site(BaseHTTPRequestHandler):
    """Answers as servers out there do, well and badly."""

    asked: list[tuple[str, str, float]]
    released: threading.Event

    def do_HEAD(self) -> None:
        self.answer("HEAD")

    def do_GET(self) -> None:
        self.answer("GET")

    def answer(self, method: str) -> None:
        self.asked.append((method, self.path, time.monotonic()))
        if self.path == "/langsam":
            self.released.wait(30)
            return
        if self.path == "/abbruch":
            hard = struct.pack("ii", 1, 0)  # a reset instead of a goodbye
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, hard)
            self.connection.close()
            return
        if self.path in REDIRECT:
            status, target = REDIRECT[self.path]
            self.send_response(status)
            self.send_header("Location", target)
        elif self.path == "/nur-get":
            self.send_response(405 if method == "HEAD" else 200)
        else:
            self.send_response(STATUS[self.path])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    Site.asked, Site.released = [], threading.Event()
    running = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield running
    Site.released.set()
    running.shutdown()
    running.server_close()


@pytest.fixture
def at(server: ThreadingHTTPServer) -> Callable[[str], str]:
    return lambda path: f"http://127.0.0.1:{server.server_port}{path}"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Make a data package whose sources have these addresses."""

    def made(checked: str = "", **urls: str) -> Path:
        shutil.copy(datasets._shipped() / "datapackage.json", tmp_path)
        heading = ("source_id", "title", "publisher", "date", "url", "accessed_note", "checked", "licence")
        rows = [[key, key, "Amt", "", url, "ganz", "", "Lizenz unbekannt"] for key, url in urls.items()]
        with (tmp_path / "sources.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([heading, *rows])
        (tmp_path / "source_checks.csv").write_text(f"source_id,checked_on\n{checked}", encoding="utf-8")
        monkeypatch.setenv("TRANSFERKIT_DATASETS", str(tmp_path))
        datasets.forget()
        return tmp_path

    yield made
    monkeypatch.undo()
    datasets.forget()


def checked(**urls: str) -> dict[str, Check]:
    return {one.source_id: one for one in source_check.check(urls, pause=0, timeout=IMPATIENT)}


@pytest.mark.parametrize(
    ("path", "state", "status", "reached"),
    [
        ("/ok", "erreichbar", 200, True),
        ("/nur-get", "erreichbar", 200, True),
        ("/umgezogen", "umgezogen", 200, True),
        ("/vorlaeufig", "erreichbar", 200, True),
        ("/weg", "nicht gefunden", 404, False),
        ("/fort", "nicht gefunden", 410, False),
        ("/kaputt", "Serverfehler", 500, False),
        ("/verboten", "abgewiesen", 403, False),
        ("/zu-oft", "abgewiesen", 429, False),
    ],
)
def test_every_answer_is_told_for_what_it_is(
    path: str, state: str, status: int, reached: bool, at: Callable[[str], str]
) -> None:
    [one] = checked(quelle=at(path)).values()
    assert (one.state, one.status, one.is_reached) == (state, status, reached)
    assert one.address == (at("/ok") if path in REDIRECT else "")


@pytest.mark.parametrize(
    ("path", "note"),
    [("/langsam", "nicht rechtzeitig"), ("/abbruch", "brach ab"), ("/kreis", "nehmen kein Ende")],
)
def test_no_answer_is_told_with_its_reason(path: str, note: str, at: Callable[[str], str]) -> None:
    [one] = checked(quelle=at(path)).values()
    assert (one.state, one.status, one.is_reached) == ("keine Antwort", None, False)
    assert note in one.note
    assert "object at" not in one.note


@pytest.mark.parametrize("url", ["file:///etc/hostname", "javascript:alert(1)", "ftp://example.org/x"])
def test_only_web_addresses_are_asked_for(url: str) -> None:
    [one] = checked(quelle=url).values()
    assert not one.is_reached
    assert "http" in one.note


def test_a_page_is_asked_for_only_where_its_head_is_not_given(at: Callable[[str], str]) -> None:
    checked(a=at("/ok"), b=at("/nur-get"), c=at("/zu-oft"))
    assert [(method, path) for method, path, _ in Site.asked] == [
        ("HEAD", "/ok"),
        ("HEAD", "/nur-get"),
        ("GET", "/nur-get"),
        ("HEAD", "/zu-oft"),
    ]


def test_a_host_is_left_in_peace_between_two_addresses(at: Callable[[str], str]) -> None:
    urls = {key: at("/ok") + f"?{key}" for key in "abc"}
    STATUS.update({f"/ok?{key}": 200 for key in "abc"})
    list(source_check.check(urls, pause=0.2, timeout=IMPATIENT))
    times = [when for _, _, when in Site.asked]
    assert len(times) == 3
    assert all(later - earlier >= 0.2 for earlier, later in pairwise(times))


def test_an_address_several_sources_share_is_asked_for_once(at: Callable[[str], str]) -> None:
    found = checked(a=at("/ok"), b=at("/ok"))
    assert {one.is_reached for one in found.values()} == {True}
    assert len(Site.asked) == 1


def test_what_was_reached_gets_the_day_and_everything_else_keeps_its_own(
    at: Callable[[str], str], package: Callable[..., Path]
) -> None:
    folder = package("weg,2026-01-02\nentfernt,2025-01-01\n", weg=at("/weg"), da=at("/ok"), nie=at("/kaputt"))
    found = checked(**source_check.addresses())
    assert source_check.write(found.values(), date(2026, 11, 25), folder) == 1
    text = (folder / "source_checks.csv").read_text("utf-8")
    assert text == "source_id,checked_on\nweg,2026-01-02\nda,2026-11-25\n"
    assert {path.name for path in folder.iterdir()} == {
        "datapackage.json",
        "sources.csv",
        "source_checks.csv",
    }
    assert len(datasets.load("source_checks")) == 2


def test_a_file_that_cannot_be_written_stays_as_it_was(
    at: Callable[[str], str], package: Callable[..., Path]
) -> None:
    folder = package("da,2026-01-02\n", da=at("/ok"))
    found = checked(da=at("/ok"))
    with pytest.raises(DatasetError, match="lässt sich nicht schreiben"):
        source_check.write(found.values(), date(2026, 11, 25), folder / "gibt-es-nicht")
    assert "2026-01-02" in (folder / "source_checks.csv").read_text("utf-8")


def test_without_permission_nothing_is_asked_for(
    at: Callable[[str], str], package: Callable[..., Path]
) -> None:
    package(da=at("/ok"))
    result = CliRunner().invoke(main, ["sources", "check"])
    assert result.exit_code == 2
    assert "Geprüft würden 1 Adressen auf 1 Servern" in result.stderr
    assert "--online" in result.stderr
    assert Site.asked == []


def test_the_command_says_what_to_look_at_and_ends_with_1(
    at: Callable[[str], str], package: Callable[..., Path]
) -> None:
    folder = package(da=at("/ok"), weg=at("/weg").replace("127.0.0.1", "localhost"))
    result = CliRunner().invoke(main, ["sources", "check", "--online", "--write"])
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"nicht gefunden  404  weg  {at('/weg').replace('127.0.0.1', 'localhost')}",
        "1 von 2 Quellen erreichbar (1 erreichbar, 1 nicht gefunden).",
    ]
    today = f"{date.today():%Y-%m-%d}"
    assert (folder / "source_checks.csv").read_text("utf-8").splitlines()[1:] == [f"da,{today}"]


def test_machines_get_everything(at: Callable[[str], str], package: Callable[..., Path]) -> None:
    folder = package(da=at("/umgezogen"), weg=at("/weg").replace("127.0.0.1", "localhost"))
    result = CliRunner().invoke(main, ["sources", "check", "da", "--online", "--json"])
    assert result.exit_code == 0
    [one] = json.loads(result.stdout)
    assert (one["source_id"], one["state"], one["address"]) == ("da", "umgezogen", at("/ok"))
    assert (folder / "source_checks.csv").read_text("utf-8") == "source_id,checked_on\n"


def test_without_a_connection_nothing_counts_as_lost(package: Callable[..., Path]) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    folder = package("da,2026-01-02\n", da=f"http://127.0.0.1:{port}/")
    result = CliRunner().invoke(main, ["sources", "check", "--online", "--write"])
    assert result.exit_code == 2
    assert "Besteht eine Verbindung zum Internet?" in result.stderr
    assert "2026-01-02" in (folder / "source_checks.csv").read_text("utf-8")


def test_a_source_that_does_not_exist_is_named_with_its_near_miss(package: Callable[..., Path]) -> None:
    package(rathaus="http://127.0.0.1/", ohne="")
    with pytest.raises(DatasetError, match="Meinten Sie „rathaus“"):
        source_check.addresses(["rathus"])
    with pytest.raises(DatasetError, match="keine Adresse bekannt"):
        source_check.addresses(["ohne"])
