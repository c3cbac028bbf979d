"""The readers of texts: answers, backups, results, parameters, tables of contents, addresses, messages."""

from __future__ import annotations

import ast
import json
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.fuzz import mutations
from tests.fuzz.reading import Reader
from tests.fuzz.tables import digest
from tests.publish.test_parameters import EVERY_TYPE, notebook
from tests.workshop.example import EXERCISES, answer
from transferkit import catalogue, project
from transferkit.errors import WorkshopError
from transferkit.present import compact
from transferkit.publish import app_guard
from transferkit.publish.app_offer import Offer, with_values
from transferkit.publish.parameters import read as declared
from transferkit.publish.parameters import validate
from transferkit.workshop import backup, collecting, results, sessions
from transferkit.workshop.rows import Entry
from transferkit.workshop.store import Store

HOME = Path(__file__).parents[2] / "notebooks"
ANSWERS = {
    "first": "a", "also": ["a", "b"], "ready": 3, "vote": {"a": 2, "b": 1}, "self": {"data": "1"},
    "order": ["b", "a", "c"], "cost": 12.5, "why": "=Weil es passt",
}  # fmt: skip
CODE = "KM7F3QXR"


def readers(folder: Path) -> list[Reader]:
    """All of them, with a store of workshops of their own in `folder`."""
    store = _store(folder)
    return [
        answer_files(folder, store), backups(folder, store), result_files(folder, store), parameter_values(),
        parameter_cells(), contents(folder), addresses(), compact_values(), messages(),
    ]  # fmt: skip


def _store(folder: Path) -> Store:
    store = Store(f"sqlite:///{folder / 'werkstatt.sqlite'}")
    material = sessions.Material("<p>Seite</p>", "<p>Leitung</p>", EXERCISES)
    given = {"format": "theme-workshop", "title": "Werkstatt", "day": date.today() + timedelta(days=1)}
    session, _ = sessions.new(store, material=material, code=CODE, **given)  # type: ignore[arg-type]
    for number in range(6):
        store.put(CODE, *(answer(session, key, value) for key, value in ANSWERS.items()))
        store.note(CODE, Entry(0, "task", f"Aufgabe {number}", "Bauamt", "Mai"))
    return store


def _kept(store: Store) -> object:
    """What must never be lost: the session and the answers that were there at first."""
    return store.session(CODE).title, set(map(_hashable, store.answers(CODE))), len(store.protocol(CODE))


def _hashable(one: Any) -> str:
    return json.dumps(asdict(one), sort_keys=True)


def answer_files(folder: Path, store: Store) -> Reader:
    """Files of answers, collected into a session; then taken out again, so that the store stays small."""
    seed = {
        "format": "transferkit-antworten",
        "version": 1,
        "session": CODE,
        "secret": "x" * 32,
        "answers": ANSWERS,
    }
    file = folder / "antworten.json"

    def read(data: bytes) -> None:
        file.write_bytes(data)
        before = {(one.exercise, one.key) for one in store.answers(CODE)}
        [done] = collecting.collect(store, [file], None, None)
        for one in store.answers(CODE):
            if (one.exercise, one.key) not in before:
                store.take_back(CODE, one.exercise, one.key)
        if not done.session:
            raise WorkshopError("\n".join(done.problems))
        for problem in done.problems:
            problem.encode()  # the answers that are sound have been taken, the others are named

    inputs = mutations.changed_json(seed) | st.binary(max_size=300)
    return Reader("Antwortdateien", inputs, read, lambda: _kept(store), examples=25)


def backups(folder: Path, store: Store) -> Reader:
    """Backups, restored beside what is there; what came in addition can be shown, and goes again."""
    file, mutated = folder / "sicherung.json", folder / "veraendert.json"
    backup.backup(store, file)
    seed = json.loads(file.read_text(encoding="utf-8"))
    seed["sessions"].append(json.loads(json.dumps(seed["sessions"][0])) | {"code": "BCDFGHJK"})

    def read(data: bytes) -> None:
        mutated.write_bytes(data)
        old = {_hashable(one) for one in store.answers(CODE)}
        notes = {one.number for one in store.protocol(CODE)}
        try:
            backup.restore(store, mutated)
        finally:
            assert old <= {_hashable(one) for one in store.answers(CODE)}
            for session in store.sessions():
                results.as_json(results.of(sessions.record(store, session.code)))
                if session.code != CODE:
                    store.delete(session.code)
            for one in store.answers(CODE):
                if _hashable(one) not in old:
                    store.take_back(CODE, one.exercise, one.key)
            for entry in store.protocol(CODE):
                if entry.number not in notes:
                    store.strike(CODE, entry.number)

    return Reader("Sicherungen", mutations.changed_json(seed), read, lambda: _kept(store), examples=12)


def result_files(folder: Path, store: Store) -> Reader:
    """Files of results."""
    seed = json.loads(results.as_json(results.of(sessions.record(store, CODE))))
    file = folder / "ergebnisse.json"

    def read(data: bytes) -> None:
        file.write_bytes(data)
        found = results.load(file)
        for exercise in results.answers(found)["exercise"]:
            results.sentence(found, exercise)
            results.distribution(found, exercise)
        results.spread(found), results.texts(found), results.tasks(found), results.as_json(found)

    return Reader("Ergebnisdateien", mutations.changed_json(seed), read, examples=25)


def parameter_values() -> Reader:
    """Values somebody gives to parameters: they come out as literals of their type, or not at all."""
    parameters = declared(notebook(EVERY_TYPE))
    names = st.sampled_from([one.name for one in parameters]) | mutations.words()
    values = mutations.words() | mutations.json_values()

    def read(given: dict[str, object]) -> None:
        accepted = validate(parameters, given)
        [_, injected] = with_values(notebook(EVERY_TYPE), accepted)
        lines = ast.parse(injected.source).body
        assert [ast.literal_eval(one.value) for one in lines] == list(accepted.values())  # type: ignore[attr-defined]
        assert [one.targets[0].id for one in lines] == [one.name for one in parameters]  # type: ignore[attr-defined]

    return Reader("Parameter, Werte", st.dictionaries(names, values, max_size=3), read, examples=80)


def parameter_cells() -> Reader:
    """Cells of parameters, as somebody edits them."""

    def read(data: bytes) -> None:
        for parameter in declared(notebook(data.decode("utf-8", "replace"))):
            repr(parameter)

    inputs = mutations.changed_lines(EVERY_TYPE) | st.sampled_from(
        [b"(" * 5000, b"x: int = " + b"-" * 9000 + b"1  # x"]
    )
    return Reader("Parameter, Zelle", inputs, read, examples=80)


def contents(folder: Path) -> Reader:
    """toc.toml, as somebody edits it."""
    seed = (HOME / "toc.toml").read_text(encoding="utf-8")
    own = folder / "notebooks"
    own.mkdir()

    def read(data: bytes) -> None:
        (own / "toc.toml").write_bytes(data)
        for guide in project.toc(own).guides:
            address = guide.address.format(value="x")
            assert not address.startswith("/")
            assert ".." not in Path(address).parts
            assert address.isprintable()
            assert len(address) < 500

    return Reader("Inhaltsverzeichnis", mutations.changed_lines(seed), read, digest(HOME), examples=60)


def addresses() -> Reader:
    """Addresses of apps, with everything apps and their resolvers make of them."""
    toc = project.toc(HOME)
    offer = Offer(toc, HOME, catalogue.domains(), catalogue.resolvers())
    known = [one.name for app in toc.apps for one in declared(offer.notebook(app))]
    typed = mutations.words() | st.sampled_from(
        ["09181121", "Fuchstal", "Fuchs", "09181121+01001000", "0918", "bad"]
    )
    texts = st.lists(typed | st.lists(typed, min_size=2, max_size=3).map("+".join), min_size=1, max_size=2)
    query = st.dictionaries(st.sampled_from(sorted(set(known))) | mutations.words(), texts, max_size=2)

    def read(given: tuple[int, dict[str, list[str]]]) -> None:
        number, asked = given
        app = toc.apps[number % len(toc.apps)]
        values = offer.values(app, asked)
        for cell in with_values(offer.notebook(app), values):
            if "injected-parameters" in cell.metadata.get("tags", []):
                for line in ast.parse(cell.source).body:
                    ast.literal_eval(line.value)  # type: ignore[attr-defined]

    return Reader("Adressen der Apps", st.tuples(st.integers(0, 9), query), read, examples=60)


def compact_values() -> Reader:
    """Many values in one, as forms write them into an address."""
    part = st.tuples(st.sampled_from("abc") | mutations.words(), mutations.words()).map("=".join)

    def read(text: str) -> None:
        for value in compact.read(text, "abc", "Die Gewichte", "de").values():
            assert 0 <= compact.number(value, 0, 10, "Das Gewicht") <= 10

    return Reader("Adressen, viele Werte", st.lists(part, max_size=4).map(";".join), read, examples=60)


def messages() -> Reader:
    """What a browser sends to a kernel."""
    pieces = [b"shell", b'{"msg_type": "comm_msg"}', b"{}", b"{}", b'{"comm_id": "x", "data": {}}', b"buffer"]
    ends = [8 * (len(pieces) + 2)]
    for piece in pieces:
        ends.append(ends[-1] + len(piece))
    seed = b"".join(one.to_bytes(8, "little") for one in [len(ends), *ends]) + b"".join(pieces)

    def read(data: bytes | str) -> None:
        kept = app_guard.checked_message(data)
        assert kept["channel"] == "shell"
        assert kept["header"]["msg_type"] in app_guard.ALLOWED

    inputs = mutations.changed_bytes(seed) | st.binary(max_size=400) | mutations.words()
    return Reader("Nachrichten an Kernel", inputs, read, own=(app_guard.ForbiddenMessageError,), examples=80)
