"""A server of apps as a browser meets it: pages, parameters, limits, what goes wrong."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.publish.app_server import APPS, Served, offer, serving, until
from transferkit.publish.app_kernels import KernelLimits

NUMBER = r"[A-HJ-NP-Z2-9]{6}"
FEW = KernelLimits(kernels=2, busy_seconds=2, memory_mb=200, retry_seconds=7)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(offer(tmp_path_factory.mktemp("apps"))) as server:
        yield server


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Served]:
    """A server whose limits are soon reached."""
    with serving(offer(tmp_path), limits=FEW) as server:
        yield server


def test_the_start_page_names_all_apps_and_no_workshops_where_there_are_none(served: Served) -> None:
    page = served.visitor().get("").text
    assert '<a href="/apps/wire">Ein Draht</a>' in page
    assert "Zeigt, wie man zieht." in page
    assert "/w/" not in page


def test_health_starts_no_kernel_and_says_how_full_it_is(served: Served) -> None:
    assert served.health == {
        "ok": True,
        "apps": 4,
        "sitzungen": len(served.kernels.tenancies),
        "hoechstens": 40,
        "abgewiesen": 0,
    }


def test_a_browser_that_only_guesses_and_a_search_engine_get_no_kernel(served: Served) -> None:
    before = served.health["sitzungen"]
    assert served.visitor().get("apps/wire", Sec_Purpose="prefetch;prerender").status == 503
    assert served.health["sitzungen"] == before
    assert "noindex" in served.visitor().get("").headers["X-Robots-Tag"]


def test_an_app_shows_its_cells_with_the_values_of_its_address(served: Served) -> None:
    page = served.visitor().get("apps/slider?town=bdorf&count=7").text
    assert page.count("<h1>") == 1
    assert "<p>Ort: bdorf, Gesicht: app</p>" in page
    assert "Nur in der App" in page
    assert "Nur auf der Seite" not in page
    assert "Moderation" not in page
    assert "import os" not in page


def test_a_value_may_be_one_that_only_a_resolver_knows(served: Served) -> None:
    assert "Ort: neuenthal" in served.visitor().get("apps/wire?town=neuenthal").text


def test_a_default_is_right_even_if_it_is_no_value_of_the_data(served: Served) -> None:
    nothing = served.server.offer
    app = replace(nothing.app("paper") or APPS[0], parameters={"town": "towns.other"})
    assert replace(nothing, domains={"towns.other": {"x": "X"}}).values(app, {"town": ["adorf"]}) == {
        "town": "adorf"
    }


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("twon=bdorf", "Meinten Sie „town“?"),
        ("town=cdorf", "Meinten Sie „adorf“?"),
        ("count=viele", "eine ganze Zahl"),
        ("count=1&amp;count=2", "Den Parameter „amp;count“ gibt es"),
        ("count=1&count=2", "mehr als einmal"),
        (f"town={'a' * 3000}", "zu lang"),
        ("town=%3Cscript%3Ealert(1)%3C/script%3E", "&lt;script&gt;"),
    ],
)
def test_a_wrong_address_is_a_friendly_page_that_says_what_would_be_right(
    query: str, said: str, served: Served
) -> None:
    before = served.health["sitzungen"]
    answer = served.visitor().get(f"apps/wire?{query}")
    assert answer.status == 400
    assert said in answer.text
    assert "App mit Beispielwerten öffnen" in answer.text
    assert "<script>" not in answer.text
    assert served.health["sitzungen"] == before


@pytest.mark.parametrize(
    "path", ["apps/keine", "nirgends", "apps/wire/datei/../../toc.toml", "voila/files/x"]
)
def test_what_does_not_exist_is_said_in_german(path: str, served: Served) -> None:
    answer = served.visitor().get(path)
    assert answer.status == 404
    assert "Diese Seite gibt es nicht" in answer.text


def test_an_address_with_a_slash_too_many_leads_to_the_app(served: Served) -> None:
    answer = served.visitor().get("apps/wire/?count=4")
    assert (answer.status, answer.headers["Location"]) == (301, "/apps/wire?count=4")


def test_every_page_forbids_what_it_does_not_need(served: Served) -> None:
    for path in ("", "apps/wire", "nirgends", "apps/wire?falsch=1"):
        headers = served.visitor().get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-eval" not in policy
        assert "http" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Server" not in headers


def test_what_pages_load_is_compressed_and_kept(served: Served) -> None:
    for asset in served.server.room.assets.values():
        answer = served.visitor().get(f"laden/{asset.name}", Accept_Encoding="gzip")
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "immutable" in answer.headers["Cache-Control"]
        assert served.visitor().get(f"laden/{asset.name}").content == asset.content


def test_a_cell_that_fails_becomes_a_sentence_and_the_details_stay_in_the_log(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="transferkit"):
        page = served.visitor().get("apps/trouble?what=fails").text
    number = re.search(f"Vorfallnummer <strong>({NUMBER})</strong>", page)
    assert number
    assert "Geheimes" not in page
    assert "Traceback" not in page
    assert "Alles gut" not in page
    assert f"Vorfall {number[1]}" in caplog.text
    assert "Geheimes aus dem Kernel" in caplog.text


def test_a_fault_of_the_server_itself_has_a_number_too(
    served: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(type(served.server.room.pages), "start", lambda *_: 1 / 0)
    answer = served.visitor().get("")
    assert answer.status == 500
    assert re.search(f"Vorfallnummer: <strong>{NUMBER}", answer.text)
    assert "ZeroDivisionError" not in answer.text
    assert "ZeroDivisionError" in caplog.text


def test_the_log_names_no_visitor(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        served.visitor().get("apps/wire?town=bdorf", User_Agent="Seltener Browser")
        served.visitor().get("apps/keine")
    assert "127.0.0.1" not in caplog.text
    assert "Seltener Browser" not in caplog.text


def test_where_all_kernels_are_taken_the_next_one_is_told_when_to_come_back(small: Served) -> None:
    first, second, third = small.visitor(), small.visitor(), small.visitor()
    one, _ = first.get("apps/wire"), second.get("apps/wire")
    answer = third.get("apps/wire")
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "7"
    assert "alle Plätze belegt" in answer.text
    assert '<noscript><meta http-equiv="refresh"' in answer.text  # who has no script need not look again
    assert small.health["abgewiesen"] == 1
    assert first.post(f"sitzung/{one.kernel}/ende").status == 204
    assert third.get("apps/wire").status == 200


def test_one_browser_takes_not_every_kernel(tmp_path: Path) -> None:
    with serving(offer(tmp_path), limits=KernelLimits(kernels=4, per_browser=2)) as served:
        keen, other = served.visitor(), served.visitor()
        first = keen.get("apps/wire")
        assert keen.get("apps/wire").status == 200
        answer = keen.get("apps/wire?count=7")
        assert answer.status == 429
        assert "schon viele Apps offen" in answer.text
        assert 'href="/apps/wire?count=7"' in answer.text
        assert other.get("apps/wire").status == 200
        assert keen.post(f"sitzung/{first.kernel}/ende").status == 204
        assert keen.get("apps/wire?count=7").status == 200


def test_a_kernel_nobody_has_seen_makes_room_for_who_comes(tmp_path: Path) -> None:
    """Without this who only asks for pages would keep everybody else out for a minute."""
    limits = KernelLimits(kernels=2, hurry_seconds=0.5)
    with serving(offer(tmp_path), limits=limits) as served:
        unseen = [served.visitor().get("apps/wire").kernel for _ in range(2)]
        until(lambda: served.visitor().get("apps/wire").status == 200)
        assert unseen[0] not in served.kernels
        assert served.health["sitzungen"] == 2


def test_a_page_that_never_connects_gives_its_kernel_back(tmp_path: Path) -> None:
    with serving(offer(tmp_path), limits=KernelLimits(opening_seconds=1)) as served:
        kernel = served.visitor().get("apps/wire").kernel
        until(lambda: kernel not in served.kernels)
        until(lambda: served.health["sitzungen"] == 0)


@pytest.mark.parametrize("what", ["never ends", "eats memory", "dies"])
def test_a_notebook_that_goes_wild_is_ended_and_said(what: str, small: Served) -> None:
    page = small.visitor().get(f"apps/trouble?what={what.replace(' ', '%20')}").text
    assert "Vorfallnummer" in page
    assert "Alles gut" not in page
    if what != "eats memory":  # that kernel has only said no
        until(lambda: small.health["sitzungen"] == 0)


def test_a_server_that_is_closed_leaves_no_process_and_no_file(tmp_path: Path) -> None:
    with serving(offer(tmp_path)) as server:
        kernel = server.visitor().get("apps/wire").kernel
        pid = server.kernels.get_kernel(kernel).provisioner.pid
        folder = server.server._folder
        assert Path(f"/proc/{pid}").exists()
        assert folder.is_dir()
    until(lambda: not Path(f"/proc/{pid}").exists())
    assert not folder.exists()
