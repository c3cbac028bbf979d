"""Attacks on the servers that no other test makes: what a browser can be sent, and what it is sent back.

Doors, codes, cookies, kernels and forged requests are attacked in tests/publish and tests/workshop.
"""

from __future__ import annotations

import http.client
import json
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import requests

from tests.publish.app_server import Served, offer, serving
from tests.workshop.example import EXERCISES
from tests.workshop.serving import Person, Server
from tests.workshop.test_web import PAGE
from transferkit.publish.app_guard import CODE_ALPHABET, CODE_LENGTH, AccessCode, new_code
from transferkit.publish.fork_provisioner import ForkProvisioner
from transferkit.workshop import codes, sessions, web
from transferkit.workshop.rows import SessionRow
from transferkit.workshop.store import Store

DOCTORED = PAGE.replace("</main>", '<script>alert("aus der Sicherung")</script></main>')


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("web")
    running = Server(f"sqlite:///{folder / 'w.sqlite'}", log=folder / "log")
    running.start()
    yield running
    running.kill()


@pytest.fixture(scope="module")
def store(server: Server) -> Iterator[Store]:
    opened = Store(server.database)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def begun(store: Store) -> tuple[SessionRow, str]:
    material = sessions.Material(DOCTORED, DOCTORED, EXERCISES)
    day = date.today() + timedelta(days=1)
    return sessions.new(store, format="theme-workshop", title="Werkstatt", day=day, material=material)


@pytest.fixture
def person(server: Server, begun: tuple[SessionRow, str]) -> Person:
    return Person(server, begun[0].code)


@pytest.mark.parametrize(
    ("exercise", "value"),
    [
        ("cost", 10**400),
        ("cost", -(10**400)),
        ("vote", {"a": 10**400}),
        ("ready", 10**400),
        ("first", ["a"]),
        ("self", {"data": ["1"]}),
        ("order", [["a"], "b", "c"]),
        ("why", {"x": 1}),
    ],
)
def test_a_value_without_end_or_of_another_kind_is_a_wrong_answer_and_no_incident(
    exercise: str, value: object, person: Person, server: Server
) -> None:
    response = person.answer(exercise, value)
    assert response.status_code == 400
    assert server.log is not None
    assert "Vorfall" not in server.log.read_text()


@pytest.mark.parametrize("where", ["antwort", "antworten"])
@pytest.mark.parametrize("name", ["secret", "exercise", "value"])
def test_half_letters_are_refused_and_no_incident(
    name: str, where: str, person: Person, server: Server
) -> None:
    content = {"secret": person.secret, "exercise": "why", "value": "x", name: "\ud800"}
    assert person.post(f"{codes.grouped(person.code)}/{where}", content).status_code == 400
    leading = person.post(f"leitung/{codes.grouped(person.code)}/anmelden", {"secret": "\ud800"})
    assert leading.status_code == 400
    assert server.log is not None
    assert "Vorfall" not in server.log.read_text()


@pytest.mark.parametrize("code", ["' OR 1=1 --", "x' UNION SELECT 1", "%27%3B", "%00", "..%2f..", "%ff%fe"])
def test_a_code_never_becomes_a_part_of_a_query(
    code: str, person: Person, server: Server, store: Store
) -> None:
    assert person.get(code).status_code in (400, 404)
    assert person.get("", params={"code": code}).status_code == 404
    assert person.answer("why", "'); DROP TABLE answers; --").status_code == 200
    assert [one.value for one in store.answers(person.code) if one.exercise == "why"][-1:] != []
    assert server.log is not None
    assert "Vorfall" not in server.log.read_text()


def test_a_script_in_a_page_that_came_from_a_backup_may_not_run(
    person: Person, begun: tuple[SessionRow, str], server: Server
) -> None:
    shown = codes.grouped(person.code)
    page = person.get(shown)
    assert "aus der Sicherung" in page.text
    [allowed] = re.findall(r"script-src ([^;]*);", page.headers["Content-Security-Policy"])
    assert len(allowed.split()) == 1  # our own script
    assert "unsafe" not in allowed
    leader = Person(server, person.code)
    leader.post(f"leitung/{shown}/anmelden", {"secret": begun[1]})
    script = leader.get(f"leitung/{shown}/ablauf")
    assert "script-src 'none'" in script.headers["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["", "nichts", "KM7F-3QXR", "leitung/KM7F-3QXR/uebersicht"])
def test_every_answer_of_a_workshop_forbids_frames_guesses_and_caches(address: str, person: Person) -> None:
    headers = person.get(address).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "Server" not in headers


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory, store: Store) -> Iterator[Served]:
    """A shared server of apps with workshops beside them."""
    access = AccessCode("ABCD2345", tries=10_000)
    further = web.handlers(store, style="")
    with serving(offer(tmp_path_factory.mktemp("apps")), access=access, further=further) as running:
        yield running


@pytest.mark.parametrize(
    "path", ["", "apps/wire", "apps/nichts", "gesund", "laden/x.js", "nichts", "zugang?code=FALSCH"]
)
def test_every_answer_of_a_server_of_apps_forbids_frames_guesses_and_caches(path: str, apps: Served) -> None:
    for let_in in (False, True):
        visitor = apps.visitor()
        if let_in:
            visitor.get("zugang?code=ABCD2345")
        headers = visitor.get(path).headers
        assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe-eval" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"
        assert "Server" not in headers


@pytest.mark.parametrize(
    "target",
    ["/\t/evil.example", "/\n/evil.example", "/%09/evil.example/..//x", "/apps/\r\nSet-Cookie: x=1", "/ä"],
)
def test_no_blank_or_line_end_in_a_target_leads_elsewhere(target: str, apps: Served) -> None:
    answer = apps.visitor().post("zugang", f"code=ABCD2345&ziel={requests.utils.quote(target, safe='')}")
    assert answer.status == 302
    location = answer.headers["Location"]
    assert not re.match(r"/[\s/\\]", location)
    assert "evil" not in location or location.startswith("/%09/")
    assert "x=1" not in answer.headers["Set-Cookie"]


def test_a_workshop_too_answers_only_to_its_servers_own_name(apps: Served, person: Person) -> None:
    """What a page elsewhere has made its own name mean this machine (DNS rebinding) gets no answer."""
    for path in ("w/", f"w/{codes.grouped(person.code)}", "gesund"):
        assert apps.visitor().get(path, Host="evil.example").status == 421


@pytest.mark.parametrize("name", ["Content-Length", "Host", "X-Lang"])
def test_a_request_that_is_out_of_all_proportion_ends_the_connection(name: str, apps: Served) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", apps.port, timeout=20)
    value = {"Content-Length": str(10**12), "Host": "x" * 70_000, "X-Lang": "x" * 70_000}[name]
    connection.putrequest("POST", "/zugang", skip_host=name == "Host")
    connection.putheader(name, value)
    try:
        connection.endheaders()
        assert connection.getresponse().status in (400, 413, 431)
    except (http.client.HTTPException, ConnectionError):
        pass  # hung up on
    assert apps.visitor().get("gesund").status in (200, 401)


def test_codes_are_too_many_to_guess_and_do_not_follow_from_each_other() -> None:
    assert len(CODE_ALPHABET) ** CODE_LENGTH > 5e11
    assert len(codes.ALPHABET) ** codes.CODE_LETTERS > 2e11
    assert len(codes.ALPHABET) ** codes.SECRET_LETTERS > 1e17
    made = set()
    for _ in range(200):
        random.seed(1)  # whoever knows the state of this generator knows nothing
        made |= {new_code(), codes.new_code(), codes.new_secret(), codes.new_facilitator_secret()}
    assert len(made) == 800


def test_a_wrong_fingerprint_in_the_store_lets_nobody_in(store: Store, begun: tuple[SessionRow, str]) -> None:
    for kept in ("", "x" * 64, "0" * 64, begun[1]):
        assert not codes.matches("geraten", kept)
        assert not codes.matches("", kept)
    assert codes.matches(begun[1], replace(begun[0]).facilitator)


def test_the_sockets_of_kernels_and_the_servers_folder_are_for_their_owner(apps: Served) -> None:
    visitor = apps.visitor()
    visitor.get("zugang?code=ABCD2345")
    page = visitor.get("apps/wire")
    manager = apps.kernels.get_kernel(page.kernel)
    assert isinstance(manager.provisioner, ForkProvisioner)
    assert manager.provisioner.private is not None
    folders = [Path(manager.provisioner.private), apps.server._folder]
    assert [folder.stat().st_mode & 0o777 for folder in folders] == [0o700, 0o700]
    connection = Path(manager.connection_file)
    assert connection.stat().st_mode & 0o777 == 0o600
    assert json.loads(connection.read_text())["key"] not in page.text


def test_no_secret_stands_in_the_list_of_processes_or_in_the_log(
    apps: Served, server: Server, person: Person
) -> None:
    apps.visitor().get("zugang?code=ABCD2345")
    commands = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if _mine(path)]
    assert commands
    for secret in (b"ABCD2345", person.secret.encode()):
        assert not any(secret in command for command in commands)
    assert server.log is not None
    assert person.secret not in server.log.read_text()


def _mine(path: Path) -> bool:
    try:
        return b"transferkit" in path.read_bytes() or b"tests.workshop" in path.read_bytes()
    except OSError:
        return False
