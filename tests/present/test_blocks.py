"""Blocks: what cells show as HTML."""

import pandas as pd
import pytest

from transferkit.present import cards, charts, tables
from transferkit.present.block import Block, basis_note, source_marks
from transferkit.present.tables import Fact


def test_text_from_the_data_cannot_become_markup():
    block = tables.facts([Fact("Name", "<script>alert(1)</script>")])
    assert "<script>" not in block.html
    assert "&lt;script&gt;" in block.html


def test_a_missing_fact_reads_nicht_veroeffentlicht():
    assert "nicht veröffentlicht" in tables.facts([Fact("Kosten", pd.NA)]).text


def test_own_work_is_tagged_and_sourced_work_is_not():
    assert "eigene Einschätzung" in basis_note("own")
    assert basis_note("sourced") == ""


def test_each_source_of_a_cell_gets_its_mark():
    marks = source_marks("a;b")
    assert 'href="#q-a"' in marks
    assert 'href="#q-b"' in marks
    assert source_marks(pd.NA) == ""


def test_a_table_has_a_caption_scopes_and_german_numbers():
    frame = pd.DataFrame({"name": ["Jena"], "people": [111191]})
    block = tables.table(frame, {"name": "Ort", "people": "Personen"}, "Orte")
    assert "<caption>Orte" in block.html
    assert '<th scope="col" class="num">Personen</th>' in block.html
    assert '<th scope="row">Jena</th>' in block.html
    assert "111.191" in block.html


def test_nothing_to_show_is_no_block_at_all():
    assert tables.table(pd.DataFrame({"name": []}), {"name": "Ort"}, "Orte") is None


@pytest.fixture
def lesson() -> dict[str, object]:
    return {
        "kind": "pitfall",
        "statement_de": "Ohne Betreiber endet ein guter Pilot.",
        "phase": "operation",
        "project": pd.NA,
        "scope": "context",
        "basis": "mixed",
        "secondary_source": False,
        "note_de": pd.NA,
        "source_ids": "a",
    }


def test_a_pitfall_is_told_by_word_and_mark_and_says_where_it_comes_from(lesson):
    block = cards.lessons(pd.DataFrame([lesson]))
    assert 'data-mark="!"' in block.html
    assert "Stolperfalle" in block.text
    assert "nicht aus dem Bundesprogramm" in block.text
    assert "Bewertung transferkit" in block.text
    assert "Betrieb" in block.text


def test_an_own_judgement_carries_no_source_mark(lesson):
    block = cards.lessons(pd.DataFrame([lesson | {"basis": "own"}]))
    assert "#q-a" not in block.html


def test_a_contested_solution_stays_out_of_short_lists():
    row = {
        "solution_id": "x",
        "title": "X",
        "project": "Ort",
        "status": "running",
        "status_as_of": "2022",
        "summary_de": "Tut etwas.",
        "evidence": "contested",
        "note_de": "Umstritten.",
        "source_ids": "a",
    }
    assert cards.solutions(pd.DataFrame([row])) is None
    shown = cards.solutions(pd.DataFrame([row | {"evidence": "inferred", "note_de": "Nur angekündigt."}]))
    assert "Nur angekündigt." in shown.text


def test_a_chart_is_drawn_for_wide_and_for_narrow_pages():
    frame = pd.DataFrame({"name": ["Jena", "Ulm"], "value": [3, 5]})
    drawings = charts.bars(frame, "name", "value")
    assert set(drawings) == {"wide", "narrow"}
    assert drawings["narrow"]["layer"][0]["mark"]["type"] == "bar"


def test_a_block_shows_its_words_where_there_is_no_html():
    assert repr(Block("<p>Guten <b>Tag</b></p>")) == "Guten Tag"
