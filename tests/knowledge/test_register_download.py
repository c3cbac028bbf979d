"""Updating from a real server on this machine: whole, interrupted, damaged, changed, gone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from transferkit.errors import RegisterError
from transferkit.knowledge import register, register_download, register_store
from transferkit.knowledge.register_import import Document, import_documents


class Server(ThreadingHTTPServer):
    """Serves `data` at every address, the way `ranges`, `etag`, `status` and `cuts` say."""

    data = b""
    etag = '"v1"'
    ranges = True
    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.cuts: list[int] = []  # the next answers end after so many bytes
        self.asked: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/AuszugGV4QAktuell.xlsx?__blob=publicationFile"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        server = self.server
        server.asked.append(dict(self.headers))
        if server.status != 200:
            self.send_error(server.status)
            return
        start = 0
        wanted = self.headers.get("Range")
        if server.ranges and wanted and self.headers.get("If-Range") == server.etag:
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
        if start >= len(server.data):
            self.send_error(416)
            return
        body = server.data[start:]
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(server.data) - 1}/{len(server.data)}")
        if server.etag:
            self.send_header("ETag", server.etag)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: server.cuts.pop(0)] if server.cuts else body)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the test output quiet."""


@pytest.fixture
def server(country) -> Iterator[Server]:
    with Server() as running:
        running.data = country.xlsx()
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def leftovers(folder) -> list[str]:
    return sorted(path.name for path in folder.glob("download*"))


def test_an_update_downloads_checks_and_imports(country, server, register_folder):
    told: list[tuple[int, int | None]] = []
    status = register_download.update(
        server.url, progress=lambda done, total: told.append((done, total)), bounds=country.bounds
    )
    assert status.sources == ("AuszugGV4QAktuell.xlsx",)
    assert register.municipality("01051001")["population"] == 120_000
    assert told[-1] == (len(server.data), len(server.data))
    assert leftovers(register_folder) == []


def test_an_interrupted_download_goes_on_where_it_stopped(country, server, register_folder):
    server.cuts = [5 * 1024]
    register_download.update(server.url, bounds=country.bounds)
    assert [asked.get("Range") for asked in server.asked] == [None, "bytes=5120-"]
    assert register.is_complete()


def test_a_download_that_keeps_breaking_off_is_kept_for_the_next_call(country, server, register_folder):
    server.cuts = [3 * 1024, 1024, 1024]
    with pytest.raises(RegisterError, match="ein neuer Aufruf setzt dort fort"):
        register_download.update(server.url, bounds=country.bounds)
    assert not register.is_complete()
    assert leftovers(register_folder) == ["download.part", "download.part.json"]
    register_download.update(server.url, bounds=country.bounds)
    assert server.asked[-1]["Range"] == "bytes=5120-"
    assert register.is_complete()


def test_a_file_that_changed_meanwhile_is_fetched_anew(country, server, register_folder):
    server.cuts = [3 * 1024, 1024, 1024]
    with pytest.raises(RegisterError):
        register_download.update(server.url, bounds=country.bounds)
    server.data, server.etag = country.changed("02051001", population=31_000).xlsx(), '"v2"'
    register_download.update(server.url, bounds=country.bounds)
    assert register.municipality("02051001")["population"] == 31_000


@pytest.mark.parametrize(("ranges", "etag"), [(False, '"v1"'), (True, ""), (True, 'W/"weak"')])
def test_a_server_without_safe_ranges_sends_the_whole_file_again(
    country, server, register_folder, ranges, etag
):
    server.ranges, server.etag, server.cuts = ranges, etag, [4_000]
    register_download.update(server.url, bounds=country.bounds)
    assert len(server.asked) == 2
    assert register.is_complete()


def test_a_part_longer_than_the_file_is_thrown_away(country, server, register_folder):
    server.cuts = [3 * 1024] * 3
    with pytest.raises(RegisterError):
        register_download.update(server.url, bounds=country.bounds)
    part = register_folder / "download.part"
    part.write_bytes(bytes(len(server.data) + 10))
    register_download.update(server.url, bounds=country.bounds)
    assert register.is_complete()


def test_damaged_bytes_replace_nothing_and_the_next_update_starts_anew(country, server, register_folder):
    import_documents([Document("gut.txt", country.text())], bounds=country.bounds)
    before = (register_folder / register_store.TABLE).read_bytes()
    sound = server.data
    server.data = sound[:4_000] + bytes(2_000) + sound[6_000:]
    with pytest.raises(RegisterError, match="beschädigt"):
        register_download.update(server.url, bounds=country.bounds)
    assert (register_folder / register_store.TABLE).read_bytes() == before
    assert leftovers(register_folder) == []
    server.data = sound
    assert register_download.update(server.url, bounds=country.bounds).sources == ("AuszugGV4QAktuell.xlsx",)


def test_a_moved_address_says_what_to_do_by_hand(country, server, register_folder):
    server.status = 404
    with pytest.raises(RegisterError, match=r"Fehler 404.*von Hand.*register import DATEI") as caught:
        register_download.update(server.url)
    assert "127.0.0.1" in str(caught.value)
    assert leftovers(register_folder) == []


def test_a_web_page_instead_of_the_file_is_called_that(server, register_folder):
    server.data = b"<!DOCTYPE html><title>Wartung</title>"
    with pytest.raises(RegisterError, match="Webseite"):
        register_download.update(server.url)


def test_no_connection_is_a_german_error(server, register_folder):
    url = server.url
    server.server_close()
    server.socket.close()
    with pytest.raises(RegisterError, match=r"nicht erreichbar.*bleibt unverändert"):
        register_download.update(url.replace(str(server.server_port), "1"))


def test_an_older_extract_never_replaces_a_newer_register(country, server, register_folder):
    newer = replace(country, date="30.11.2025")
    import_documents([Document("GV100AD.txt", newer.text())], bounds=country.bounds)
    with pytest.raises(RegisterError, match=r"Gebietsstand 31\.12\.2024 an; Ihr Verzeichnis ist neuer"):
        register_download.update(server.url, bounds=country.bounds)
    assert register.status().register_date == "2025-11-30"


def test_the_address_is_that_of_destatis_and_stands_in_one_place():
    assert register_download.DESTATIS.startswith("https://www.destatis.de/")
    assert "AuszugGV4QAktuell.xlsx" in register_download.DESTATIS
