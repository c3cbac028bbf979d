"""A power cut in mid-session: what was confirmed is there, and everybody goes on with the same link."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from pathlib import Path

import requests

from tests.workshop.example import Database
from tests.workshop.serving import Person, Server
from transferkit.workshop import codes
from transferkit.workshop.rows import SessionRow
from transferkit.workshop.store import Store

PEOPLE = 12
CUTS = 3


def test_no_confirmed_answer_is_lost_when_the_server_is_killed(
    store: Store, begin: Callable[..., SessionRow], database: Database
) -> None:
    session = begin()
    server = Server(database.url)
    server.start()
    people = [Person(server, session.code) for _ in range(PEOPLE)]
    sent: list[dict[str, object]] = [{} for _ in people]
    confirmed: list[dict[str, object]] = [{} for _ in people]
    is_over, enough = threading.Event(), threading.Semaphore(0)

    def take_part(number: int) -> None:
        """Answer one question after the other, each again until it is confirmed, as the page does."""
        person = people[number]
        for round_ in itertools.count():
            for exercise, value in (("first", "abc"[round_ % 3]), ("ready", round_ % 5), ("cost", round_)):
                sent[number][exercise] = value
                while confirmed[number].get(exercise) != value:
                    if is_over.is_set():
                        return
                    try:
                        if person.answer(exercise, value).status_code == 200:
                            confirmed[number][exercise] = value
                            enough.release()
                    except requests.RequestException:
                        is_over.wait(0.02)

    threads = [threading.Thread(target=take_part, args=[number]) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(CUTS):
            for _ in range(50):
                assert enough.acquire(timeout=30)
            server.kill()
            server.start()
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
        server.kill()
    server.start()
    try:
        for person, known, last in zip(people, confirmed, sent, strict=True):
            kept = person.answers()
            assert known.keys() <= kept.keys()
            for exercise, value in known.items():
                # What was sent last may have arrived although nobody could confirm it any more.
                assert kept[exercise] in (value, last[exercise])
        assert people[0].get(codes.grouped(session.code)).status_code == 200
        keys = [(one.exercise, one.key) for one in store.answers(session.code)]
        assert len(keys) == len(set(keys)) == 3 * PEOPLE
    finally:
        server.kill()


def test_every_confirmed_answer_of_people_who_answer_once_is_there_after_a_kill(
    store: Store, begin: Callable[..., SessionRow], database: Database, tmp_path: Path
) -> None:
    session = begin()
    server = Server(database.url)
    server.start()
    confirmed: list[Person] = []

    def arrive() -> None:
        while True:
            person = Person(server, session.code)
            try:
                if person.answer("cost", 12.5).status_code == 200:
                    confirmed.append(person)
            except requests.RequestException:
                return

    threads = [threading.Thread(target=arrive) for _ in range(8)]
    for thread in threads:
        thread.start()
    while len(confirmed) < 100:
        assert any(thread.is_alive() for thread in threads)
    server.kill()
    for thread in threads:
        thread.join()
    kept = {one.key for one in store.answers(session.code)}
    assert {codes.key(person.secret, session.code, "cost") for person in confirmed} <= kept
    server.start()
    assert confirmed[0].answers() == {"cost": 12.5}
    server.kill()
