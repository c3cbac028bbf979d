"""What who leads a workshop can do on the web, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from tests.workshop.example import EXERCISES, answer
from tests.workshop.serving import Person, Server
from tests.workshop.test_web import PAGE
from transferkit.workshop import codes, sessions
from transferkit.workshop.rows import SessionRow
from transferkit.workshop.store import Store

VIEWS = ("uebersicht", "ablauf", "leinwand", "papier", "stand")
DEEDS = ("offen", "freigabe", "protokoll", "streichen", "bogen")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(f"sqlite:///{tmp_path_factory.mktemp('web') / 'w.sqlite'}", "/unter/pfad/")
    running.start()
    yield running
    running.kill()


@pytest.fixture(scope="module")
def store(server: Server) -> Iterator[Store]:
    opened = Store(server.database)
    yield opened
    opened.close()


@pytest.fixture
def begun(store: Store) -> tuple[SessionRow, str]:
    material = sessions.Material(PAGE, PAGE.replace("Werkstatt", "Nur für die Leitung"), EXERCISES)
    return sessions.new(
        store, format="theme-workshop", title="Werkstatt", day=date.today(), material=material
    )


@pytest.fixture
def at(begun: tuple[SessionRow, str]) -> str:
    """Where the pages of the facilitator stand."""
    return f"leitung/{codes.grouped(begun[0].code)}/"


@pytest.fixture
def anybody(server: Server, begun: tuple[SessionRow, str]) -> Person:
    return Person(server, begun[0].code)


@pytest.fixture
def leader(anybody: Person, begun: tuple[SessionRow, str], at: str) -> Person:
    signed = Person(anybody.server, anybody.code)
    assert signed.post(f"{at}anmelden", {"secret": begun[1]}).status_code == 200
    return signed


def test_without_the_secret_nothing_is_shown_and_nothing_done(anybody: Person, at: str, store: Store) -> None:
    assert anybody.post(f"{at}anmelden", {"secret": "geraten"}).status_code == 403
    anybody.browser.cookies.set("transferkit-leitung", "geraten")
    for view in VIEWS:
        shown = anybody.get(at + view)
        assert shown.status_code == 403, view
        assert "Nur für die Leitung" not in shown.text
    for deed in DEEDS:
        assert anybody.post(at + deed, {"open": False}).status_code == 403, deed
    assert store.state(anybody.code)["open"]


def test_the_cookie_is_for_these_pages_only_and_out_of_reach_for_scripts(
    anybody: Person, begun: tuple[SessionRow, str], at: str
) -> None:
    cookie = anybody.post(f"{at}anmelden", {"secret": begun[1]}).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert f"Path=/unter/pfad/w/{at}" in cookie
    assert "expires" not in cookie.lower()


def test_a_new_link_ends_what_the_old_one_opened(leader: Person, at: str, store: Store) -> None:
    assert leader.get(f"{at}uebersicht").status_code == 200
    sessions.renew_facilitator(store, leader.code)
    assert leader.get(f"{at}uebersicht").status_code == 403


def test_the_four_views_and_the_script_only_leaders_see(leader: Person, at: str) -> None:
    for view in ("uebersicht", "ablauf", "leinwand", "papier"):
        page = leader.get(at + view)
        assert page.status_code == 200
        assert page.text.count("<h1") == 1
        assert 'aria-current="page"' in page.text
    assert "Nur für die Leitung" in leader.get(f"{at}ablauf").text


def test_the_screen_shows_where_to_join(leader: Person, at: str) -> None:
    page = leader.get(f"{at}leinwand").text
    assert codes.grouped(leader.code) in page
    assert "<svg" in page
    assert f"127.0.0.1:{leader.server.port}/unter/pfad/w/" in page


def test_results_follow_and_stay_hidden_below_five(leader: Person, anybody: Person, at: str) -> None:
    for number in range(1, 6):
        Person(anybody.server, anybody.code).answer("first", "b")
        first = leader.get(f"{at}stand").json()["tallies"][0]
        assert first["answers"] == number
        assert (first["parts"][0]["bars"] is None) == (number < 5)
    assert leader.get(f"{at}stand").json()["most"] == 5
    assert [bar["number"] for bar in first["parts"][0]["bars"]] == [0, 5, 0]


def test_a_text_is_seen_by_all_only_after_its_release(leader: Person, anybody: Person, at: str) -> None:
    anybody.answer("why", "Zeit fehlt")
    assert "Zeit fehlt" not in leader.get(f"{at}stand").text
    [waiting] = leader.get(f"{at}stand?texte=1").json()["texts"]
    assert (waiting["text"], waiting["released"]) == ("Zeit fehlt", False)
    named = {"exercise": "why", "key": waiting["key"]}
    leader.post(f"{at}freigabe", {**named, "released": True})
    assert leader.get(f"{at}stand").json()["tallies"][-1]["texts"] == ["Zeit fehlt"]
    for wrong in ({"key": "\ud800"}, {"key": None}):
        assert leader.post(f"{at}freigabe", {**named, **wrong, "released": True}).status_code == 400
    leader.post(f"{at}freigabe", {**named, "released": False})
    assert "Zeit fehlt" not in leader.get(f"{at}stand").text


def test_the_leader_closes_and_opens(leader: Person, anybody: Person, at: str) -> None:
    leader.post(f"{at}offen", {"open": False})
    assert anybody.answer("first", "a").status_code == 409
    assert leader.get(f"{at}stand").json()["open"] is False
    leader.post(f"{at}offen", {"open": True})
    assert anybody.answer("first", "a").status_code == 200


def test_the_protocol_is_written_and_mended(leader: Person, at: str, store: Store) -> None:
    entry = {"kind": "task", "text": "Fuchstal fragen", "role": "Bauamt", "due": "März"}
    assert leader.post(f"{at}protokoll", entry).status_code == 200
    [kept] = store.protocol(leader.code)
    assert (kept.kind, kept.text, kept.role, kept.due) == ("task", "Fuchstal fragen", "Bauamt", "März")
    for wrong in (
        {"kind": "gossip"},
        {"text": " "},
        {"text": "x" * 501},
        {"text": "\x00\ud800"},
        {"role": "x" * 101},
    ):
        assert leader.post(f"{at}protokoll", {**entry, **wrong}).status_code == 400
    for wrong in ("1", None, 2**40, True):
        assert leader.post(f"{at}streichen", {"number": wrong}).status_code == 400
    leader.post(f"{at}streichen", {"number": kept.number})
    assert store.protocol(leader.code) == []


def test_a_sheet_of_paper_is_kept_as_a_whole_or_not_at_all(leader: Person, at: str, store: Store) -> None:
    secret = codes.new_secret()
    sheet = {"first": "a", "vote": {"a": 3}, "why": "Zeit", "cost": None}
    assert leader.post(f"{at}bogen", {"secret": secret, "answers": {**sheet, "ready": 99}}).status_code == 400
    assert store.answers(leader.code) == []
    for _ in range(2):
        assert leader.post(f"{at}bogen", {"secret": secret, "answers": sheet}).status_code == 200
    assert {one.exercise for one in store.answers(leader.code)} == {"first", "vote", "why"}
    assert len(store.answers(leader.code)) == 3


def test_paper_can_be_typed_in_after_closing(leader: Person, at: str, store: Store) -> None:
    leader.post(f"{at}offen", {"open": False})
    sheet = {"secret": codes.new_secret(), "answers": {"first": "a"}}
    assert leader.post(f"{at}bogen", sheet).status_code == 200


def test_pages_of_others_cannot_act_with_the_leaders_cookie(leader: Person, at: str, store: Store) -> None:
    foreign = {"Origin": "http://anderswo.example"}
    assert leader.post(f"{at}offen", {"open": False}, **foreign).status_code == 403
    assert store.state(leader.code)["open"]


def test_one_session_does_not_open_another(
    leader: Person, store: Store, begun: tuple[SessionRow, str]
) -> None:
    material = sessions.Material(PAGE, PAGE, EXERCISES)
    other, _ = sessions.new(store, format="x", title="Andere", day=date.today(), material=material)
    elsewhere = f"leitung/{codes.grouped(other.code)}/"
    cookie = leader.browser.cookies["transferkit-leitung"]
    shown = leader.get(f"{elsewhere}uebersicht", headers={"Cookie": f"transferkit-leitung={cookie}"})
    assert shown.status_code == 403
    store.put(other.code, answer(other, "why", "Zeit fehlt"))
