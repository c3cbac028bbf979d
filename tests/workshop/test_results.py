"""What is told about answers, and what never is."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workshop.example import EXERCISES, answer
from transferkit.errors import WorkshopError
from transferkit.workshop import export, results, sessions
from transferkit.workshop.rows import Answer, Entry, SessionRow
from transferkit.workshop.sessions import Record
from transferkit.workshop.tally import LEAST, tally

BY_ID: dict[str, dict[str, Any]] = {exercise["id"]: exercise for exercise in EXERCISES}


@pytest.fixture
def session() -> SessionRow:
    from datetime import date

    day = date(2026, 12, 3)
    return SessionRow("KM7F3QXR", "", "theme-workshop", "Werkstatt", day, day, True, "", {}, EXERCISES)


def found(session: SessionRow, *given: Answer, protocol: tuple[Entry, ...] = ()) -> results.Results:
    return results.of(Record(session, given, protocol))


@pytest.mark.parametrize("people", range(5))
def test_below_five_answers_nothing_is_told_but_their_number(session: SessionRow, people: int) -> None:
    values = {
        "first": "a",
        "also": ["a"],
        "ready": 4,
        "vote": {"a": 3},
        "order": ["a", "b", "c"],
        "cost": 7.0,
    }
    values |= {"self": {"data": "2"}, "fits": {"data": "2"}}  # type: ignore[dict-item]
    given = [answer(session, id, value) for id, value in values.items() for _ in range(people)]
    here = found(session, *given)
    for id in values:
        assert results.distribution(here, id) is None, id
        assert "Ab fünf" in results.sentence(here, id), id
        assert here.tally(id).answers == people
    assert results.spread(here).empty
    assert results.ranking(here, "vote") is None


def test_five_answers_are_counted(session: SessionRow) -> None:
    here = found(session, *(answer(session, "first", option) for option in "aaabb"))
    table = results.distribution(here, "first")
    assert table is not None
    assert list(table["number"]) == [3, 2, 0]
    assert list(table["label"]) == ["Bus", "Rufbus", "Rad"]
    assert table["share"].sum() == pytest.approx(1)


def test_a_row_with_few_answers_stays_hidden_beside_a_row_with_many(session: SessionRow) -> None:
    given = [{"data": "0", "people": "1"}] * 4 + [{"data": "2"}]
    here = found(session, *(answer(session, "self", value) for value in given))
    table = results.distribution(here, "self")
    assert table is not None
    assert set(table["item"]) == {"data"}
    assert "Leute: Erst 4 Antworten" in results.sentence(here, "self")


def test_what_is_disputed_comes_first(session: SessionRow) -> None:
    given = [
        *(answer(session, "ready", step) for step in (0, 0, 0, 4, 4, 4)),
        *(answer(session, "self", {"data": "1", "people": level}) for level in "111112"),
    ]
    table = results.spread(found(session, *given))
    assert table["exercise"].iloc[0] == "ready"
    assert table["spread"].iloc[0] == pytest.approx(1)
    assert "Gespräch" in table["sentence"].iloc[0]
    assert table["spread"].iloc[-1] == 0
    assert table["item_label"].iloc[-1] == "Daten"


def test_dots_are_ranked_and_ties_share_a_place(session: SessionRow) -> None:
    given = [{"b": 2, "c": 1}, {"b": 1, "c": 2}, {"a": 1}, {"b": 1}, {"c": 1}]
    table = results.ranking(found(session, *(answer(session, "vote", one) for one in given)), "vote")
    assert table is not None
    assert list(zip(table["option"], table["number"], table["place"], strict=True)) == [
        ("b", 4, 1),
        ("c", 4, 1),
        ("a", 1, 3),
    ]
    assert "„Rufbus“ und „Rad“" in results.sentence(
        found(session, *(answer(session, "vote", one) for one in given)), "vote"
    )


def test_a_ranking_counts_places(session: SessionRow) -> None:
    given = [["a", "b", "c"]] * 3 + [["b", "a", "c"]] * 2
    table = results.ranking(found(session, *(answer(session, "order", one) for one in given)), "order")
    assert table is not None
    assert list(table["number"]) == [13, 12, 5]


def test_numbers_are_told_by_their_middle(session: SessionRow) -> None:
    given = [answer(session, "cost", value) for value in (1000, 2000, 3000, 4000, 1_000_000.5)]
    said = results.sentence(found(session, *given), "cost")
    assert said == "Die Hälfte der Angaben liegt zwischen 2.000 und 4.000 Euro, die mittlere ist 3.000 Euro."


def test_only_released_texts_are_told(session: SessionRow) -> None:
    given = [
        Answer("why", "1", "geheim"),
        Answer("why", "2", "Zeit fehlt", released=True),
    ]
    here = found(session, *given)
    assert list(results.texts(here)["text"]) == ["Zeit fehlt"]
    assert here.tally("why").answers == 2
    assert "geheim" not in results.as_json(here)


def test_the_protocol_comes_in_three_tables(session: SessionRow) -> None:
    entries = (
        Entry(1, "decision", "Wir fragen Hof."),
        Entry(2, "task", "Anrufen", "Bauamt", "März"),
        Entry(3, "question", "Wer zahlt?"),
    )
    here = found(session, protocol=entries)
    assert list(results.decisions(here)["text"]) == ["Wir fragen Hof."]
    assert results.tasks(here).to_dict("records") == [{"text": "Anrufen", "role": "Bauamt", "due": "März"}]
    assert list(results.questions(here)["text"]) == ["Wer zahlt?"]
    assert list(results.answers(here)["answers"]) == [0] * len(EXERCISES)


def test_results_survive_their_file(session: SessionRow, tmp_path: Path) -> None:
    given = [answer(session, "first", "a") for _ in range(6)]
    here = found(session, *given, protocol=(Entry(1, "decision", "Ja."),))
    files = export.export(here, tmp_path / "Ergebnisse")
    assert results.load(files[0]) == here


def test_an_export_holds_no_answer_of_one_person_and_no_key(session: SessionRow, tmp_path: Path) -> None:
    given = [answer(session, "first", "a") for _ in range(6)]
    for file in export.export(found(session, *given), tmp_path):
        text = file.read_text(encoding="utf-8")
        assert not any(one.key in text for one in given), file


def test_csv_opens_in_a_german_excel_and_holds_no_formula(session: SessionRow, tmp_path: Path) -> None:
    evil = Answer("why", "1", '=HYPERLINK("x";"y")', released=True)
    many = [answer(session, "first", option) for option in "aab" * 2]
    export.export(found(session, evil, *many), tmp_path)
    raw = (tmp_path / "freitexte.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))
    assert rows[1] == ["Warum?", '\'=HYPERLINK("x";"y")']
    shares = (tmp_path / "verteilungen.csv").read_text(encoding="utf-8-sig")
    assert "Was zuerst?;;Bus;4;0,6667" in shares


@pytest.mark.parametrize("text", ["", "{}", '{"format": "transferkit-ergebnisse", "version": 2}', "null"])
def test_a_damaged_file_of_results_is_told_with_its_name(tmp_path: Path, text: str) -> None:
    file = tmp_path / "kaputt.json"
    file.write_text(text)
    with pytest.raises(WorkshopError, match=r"kaputt\.json"):
        results.load(file)


@given(steps=st.lists(st.integers(0, 4), min_size=LEAST, max_size=40))
def test_spread_lies_between_agreement_and_opposite_ends(steps: list[int]) -> None:
    [part] = tally(BY_ID["ready"], steps).parts
    assert part.spread is not None
    assert -1e-9 <= part.spread <= 1 + 1e-9
    assert (part.spread < 1e-9) == (len(set(steps)) == 1)


def test_an_unknown_question_is_told(session: SessionRow) -> None:
    with pytest.raises(WorkshopError, match="gibt es in dieser Werkstatt nicht"):
        found(session).tally("nichts")
    with pytest.raises(WorkshopError, match="gibt es in der Werkstatt nicht"):
        sessions.exercise(session, "nichts")
