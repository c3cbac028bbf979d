"""The protocol of a workshop, from the example that comes with the notebooks."""

from __future__ import annotations

import io
from dataclasses import replace

import docx
import openpyxl
import pandas as pd
import pytest

from transferkit import workshop_report
from transferkit.present import documents, protocol
from transferkit.workshop_report import Report


@pytest.fixture(scope="module")
def report() -> Report:
    return workshop_report.workshop_report()


def test_an_example_says_that_its_answers_are_invented(report: Report) -> None:
    assert "erfundenen Antworten" in protocol.glance(report).text
    assert ("Hinweis", protocol.EXAMPLE) in protocol.paper(report).head
    assert protocol.EXAMPLE not in str(protocol.glance(replace(report, is_example=False)))


def test_tasks_have_roles_and_dates_and_what_is_missing_is_said(report: Report) -> None:
    assert "Projektleitung" in protocol.tasks(report)._repr_html_()
    assert "15.12.2026" in protocol.tasks(report)._repr_html_()
    assert "noch offen" in protocol.questions(report)._repr_html_()


def test_a_question_with_many_rows_is_told_in_one_sentence(report: Report) -> None:
    told = protocol.answers(report)._repr_html_()
    assert "24 Zeilen beantwortet, bei" in told
    assert told.count("<li>") == len(report.answered)


def test_what_lies_far_apart_is_told_with_the_answers(report: Report) -> None:
    told = protocol.to_discuss(report)._repr_html_()
    assert "Geantwortet wurde: „" in told
    assert told.count("<li>") <= protocol.TO_DISCUSS


def test_distributions_show_number_and_share_beside_the_bar(report: Report) -> None:
    block = protocol.distributions(report)
    assert block is not None
    assert block.html.count("<details") == len(report.answered) - 1  # numbers are told in a sentence
    assert 'style="width:50.0%"' in block.html
    assert "50\u202f%" in block.html


def test_below_five_answers_there_is_no_distribution(report: Report) -> None:
    few = tuple(replace(one, answers=4, table=None) for one in report.answered)
    assert protocol.distributions(replace(report, answered=few)) is None


def test_an_empty_workshop_says_so(report: Report) -> None:
    nothing = pd.DataFrame(columns=["text", "role", "due"])
    empty = replace(
        report,
        answered=(),
        decisions=nothing,
        tasks=nothing,
        questions=nothing,
        spread=report.spread.head(0),
        texts=report.texts.head(0),
    )
    words = "\n".join(repr(section) for section in protocol.paper(empty).sections)
    assert words.splitlines() == [
        "Es wurde nichts entschieden.",
        "Es wurde keine Aufgabe vergeben.",
        "Es blieb keine Frage offen.",
        "Es wurde nichts gefragt.",
        "Die Antworten liegen nirgends weit auseinander.",
        "Es wurde kein Satz freigegeben.",
    ]
    assert workshop_report.experience_form(empty) is None


def test_page_and_word_file_say_the_same(report: Report) -> None:
    paper = protocol.paper(report)
    document = docx.Document(io.BytesIO(documents.docx_bytes(paper, pd.DataFrame())))
    headings = [p.text for p in document.paragraphs if p.style and p.style.name == "Heading 1"]
    assert headings == [section.title for section in paper.sections]
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for decision in report.decisions["text"]:
        assert decision in words
        assert decision in protocol.decisions(report)._repr_html_()


def test_what_the_group_learned_becomes_a_form_to_be_reviewed(report: Report) -> None:
    file = workshop_report.experience_form(report)
    assert file is not None
    book = openpyxl.load_workbook(io.BytesIO(file.content))
    solution = {row[0].value: row[1].value for row in book["Lösung"].iter_rows(min_row=5)}
    assert solution["Thema *"] == "Smarte Regionen"
    assert "noch nicht geprüft" in str(solution["Was ist unsicher?"])
    assert solution["Name der Lösung *"] is None
    lessons = [
        [cell.value for cell in row][:2] for row in book["Erfahrungen"].iter_rows(min_row=5, max_row=8)
    ]
    assert [kind for kind, _ in lessons].count("Stolperfalle") == 2
    assert all(str(text).startswith("Beispiel:") for _, text in lessons)
    assert workshop_report.experience_form(report) == file  # the same bytes whenever it is made
