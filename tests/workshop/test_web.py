"""What a server of workshops answers to participants, asked by a real HTTP client."""

from __future__ import annotations

import base64
import hashlib
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date

import pytest
import requests

from tests.workshop.example import EXERCISES
from tests.workshop.serving import Person, Server
from transferkit.workshop import codes, sessions, web_base
from transferkit.workshop.rows import SessionRow
from transferkit.workshop.store import Store
from transferkit.workshop.web_base import Room
from transferkit.workshop.web_pages import Pages

PAGE = """<!doctype html><html lang="de"><head>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'">
<style></style></head><body><main id="inhalt"><h1>Werkstatt</h1><div class="lead"></div>
<form class="exercise" data-exercise="first" data-kind="choice"><p data-said></p></form>
</main></body></html>"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('web') / 'werkstatt.sqlite'}"


@pytest.fixture(scope="module")
def store(url: str) -> Iterator[Store]:
    opened = Store(url)
    yield opened
    opened.close()


@pytest.fixture(scope="module", params=["/", "/unter/pfad/"])
def server(
    request: pytest.FixtureRequest, url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server at the root, and one below a path as behind a proxy."""
    log = tmp_path_factory.mktemp("log") / "log"
    running = Server(url, request.param, log=log)
    running.start()
    yield running
    running.kill()


@pytest.fixture
def begin(store: Store) -> Callable[..., tuple[SessionRow, str]]:
    def begin_one(**settings: object) -> tuple[SessionRow, str]:
        material = sessions.Material(PAGE, PAGE.replace("Werkstatt", "Nur für die Leitung"), EXERCISES)
        given = {"format": "theme-workshop", "title": "Werkstatt", "day": date.today(), "material": material}
        return sessions.new(store, **{**given, **settings})  # type: ignore[arg-type]

    return begin_one


@pytest.fixture
def session(begin: Callable[..., tuple[SessionRow, str]]) -> SessionRow:
    return begin()[0]


@pytest.fixture
def person(server: Server, session: SessionRow) -> Person:
    return Person(server, session.code)


def test_a_code_typed_any_way_leads_to_the_session(person: Person) -> None:
    shown = codes.grouped(person.code)
    for address in (shown, shown.lower(), person.code, f"?code={shown.lower()}", f"?code=+{person.code}+"):
        page = person.get(address)
        assert page.status_code == 200
        assert page.url.endswith(f"/w/{shown}")


def test_a_wrong_code_is_told_beside_the_field_and_kept_in_it(person: Person) -> None:
    page = person.get("?code=<b>falsch")
    assert page.status_code == 404
    assert "Eine Werkstatt mit diesem Code gibt es nicht" in page.text
    assert 'value="&lt;b&gt;falsch"' in page.text
    assert 'aria-invalid="true"' in page.text


@pytest.mark.parametrize("address", ["ZZZZ-ZZZZ", "nichts", "a/b/c", "leitung/ZZZZ-ZZZZ/", "%2e%2e/x"])
def test_what_does_not_exist_has_a_friendly_page(person: Person, address: str) -> None:
    page = person.get(address)
    assert page.status_code == 404
    assert "gibt es nicht" in page.text
    assert "Traceback" not in page.text


def test_only_the_pages_own_script_may_run_and_only_this_server_be_asked(person: Person) -> None:
    page = person.get(codes.grouped(person.code))
    policy = page.headers["Content-Security-Policy"]
    [script] = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}';" in policy
    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy
    assert "http-equiv" not in page.text  # the policy of the file would forbid the script
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in page.headers
    assert "Nur für die Leitung" not in page.text


def test_an_answer_is_kept_when_it_is_confirmed(person: Person, store: Store) -> None:
    assert person.answer("first", "a").json() == {"kept": True}
    assert [one.value for one in store.answers(person.code)] == ["a"]
    assert person.answers() == {"first": "a"}


def test_sending_again_and_changing_and_taking_back_leave_one_answer_or_none(
    person: Person, store: Store
) -> None:
    for value in ("a", "a", "b"):
        person.answer("first", value)
    assert [one.value for one in store.answers(person.code)] == ["b"]
    person.answer("first", None)
    assert store.answers(person.code) == []


def test_nobody_sees_the_answers_of_others(person: Person) -> None:
    person.answer("first", "a")
    assert Person(person.server, person.code).answers() == {}


@pytest.mark.parametrize(
    ("exercise", "value", "status", "said"),
    [
        ("vote", {"a": 4}, 400, "Nehmen Sie 1 zurück"),
        ("first", {"$": 1}, 400, "gibt es hier nicht"),
        ("nichts", "a", 409, "gibt es in der Werkstatt nicht"),
        (["first"], "a", 409, "gibt es in der Werkstatt nicht"),
    ],
)
def test_an_impossible_answer_is_told_in_german(
    person: Person, exercise: str, value: object, status: int, said: str
) -> None:
    response = person.answer(exercise, value)
    assert response.status_code == status
    assert said in response.json()["message"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://anderswo.example"},
        {"Origin": ""},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
    ],
)
def test_pages_of_others_cannot_answer_for_anybody(
    person: Person, store: Store, headers: dict[str, str]
) -> None:
    content = {"secret": person.secret, "exercise": "first", "value": "a"}
    response = person.post(f"{codes.grouped(person.code)}/antwort", content, **headers)
    assert response.status_code == 403
    assert store.answers(person.code) == []


@pytest.mark.parametrize("tells_its_length", [True, False])
def test_a_huge_request_is_refused_before_it_is_read(person: Person, tells_its_length: bool) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(1000):
            yield b"x" * 10_000

    headers = {"Origin": person.server.origin, "Content-Type": "application/json"}
    address = f"{person.server.address}{codes.grouped(person.code)}/antwort"
    data = b"".join(pieces()) if tells_its_length else pieces()
    with suppress(requests.ConnectionError):  # the server hangs up while there is more to come
        assert person.browser.post(address, data=data, headers=headers, timeout=20).status_code == 413
    assert person.answers() == {}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"null", b"[" * 9000, b'{"secret": 1}', b"\xff"])
def test_nonsense_is_refused_without_an_incident(person: Person, body: bytes) -> None:
    headers = {"Origin": person.server.origin, "Content-Type": "application/json"}
    address = f"{person.server.address}{codes.grouped(person.code)}/antwort"
    assert person.browser.post(address, data=body, headers=headers, timeout=20).status_code == 400


@pytest.mark.parametrize("secret", ["", "kurz", "x" * 12, "A" * 500, 12, None])
def test_a_secret_that_is_none_of_ours_is_refused(person: Person, secret: object) -> None:
    content = {"secret": secret, "exercise": "first", "value": "a"}
    assert person.post(f"{codes.grouped(person.code)}/antwort", content).status_code == 400


def test_who_asks_too_often_is_asked_to_wait_and_others_are_not(person: Person) -> None:
    statuses = {person.answer("ready", number % 5).status_code for number in range(80)}
    assert statuses == {200, 429}
    assert person.answer("ready", 1).headers["Retry-After"] == "2"
    assert Person(person.server, person.code).answer("ready", 1).status_code == 200


def test_a_closed_session_says_so_and_keeps_what_it_has(person: Person, store: Store) -> None:
    person.answer("first", "a")
    sessions.close(store, person.code)
    page = person.get(codes.grouped(person.code))
    assert page.status_code == 200
    assert "Diese Werkstatt ist geschlossen" in page.text
    refused = person.answer("first", "b")
    assert refused.status_code == 409
    assert "geschlossen" in refused.json()["message"]
    assert person.answers() == {"first": "a"}
    sessions.open_again(store, person.code)
    assert person.answer("first", "b").status_code == 200


def test_a_deleted_or_expired_session_is_gone_for_everybody(
    server: Server, store: Store, begin: Callable[..., tuple[SessionRow, str]]
) -> None:
    gone, _ = begin()
    person = Person(server, gone.code)
    assert person.answer("first", "a").status_code == 200
    store.change(gone.code, expires=date.today())
    assert person.answer("first", "b").status_code == 404
    assert person.get(codes.grouped(gone.code)).status_code == 404
    store.delete(gone.code)
    assert person.answer("first", "b").status_code == 404


def test_what_expires_is_deleted_even_if_nobody_asks_for_it(
    store: Store, begin: Callable[..., tuple[SessionRow, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_base, "TIDY_SECONDS", 0.05)
    gone, _ = begin()
    Room(store, Pages("")).keep_tidy()
    store.change(gone.code, expires=date.today())
    end = time.monotonic() + 30
    while gone.code in {one.code for one in store.sessions()}:
        assert time.monotonic() < end
        time.sleep(0.02)


def test_the_privacy_notice_says_who_what_and_how_long(
    server: Server, begin: Callable[..., tuple[SessionRow, str]]
) -> None:
    unnamed, _ = begin()
    text = Person(server, unnamed.code).get(f"{codes.grouped(unnamed.code)}/datenschutz").text
    assert "Noch nicht eingetragen" in text
    named, _ = begin(responsible="Gemeinde <Musterdorf>, Rathaus")
    text = Person(server, named.code).get(f"{codes.grouped(named.code)}/datenschutz").text
    assert "Gemeinde &lt;Musterdorf&gt;, Rathaus" in text
    until = named.expires
    assert f"am {until.day}.{until.month}.{until.year} gelöscht" in text


def test_the_log_knows_nobody(person: Person, server: Server) -> None:
    person.get(codes.grouped(person.code))
    person.answer("first", "a")
    person.answer("first", "falsch")
    person.get("nichts")
    person.post("nichts/antwort", {})
    assert server.log is not None
    logged = server.log.read_text()
    for word in (person.code, codes.grouped(person.code), person.secret, "127.0.0.1", "/w/"):
        assert word not in logged, logged
