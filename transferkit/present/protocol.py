"""The protocol of a workshop, alike on the page and in the Word file: what was decided, who does what, how
the group answered, what is still to be talked about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import pandas as pd

from transferkit.origin import of
from transferkit.present import german
from transferkit.present.block import Block, fragment
from transferkit.present.paper import Claim, Listing, Paper, Section, Table
from transferkit.present.records import Row, records

APART = 0.6  # spread from here on: answers lie far enough apart to talk about
TO_DISCUSS = 6
EXAMPLE = "Ein Beispiel mit erfundenen Antworten."
TOLD = "Angaben der Gruppe in dieser Werkstatt, gezählt; nicht aus den Daten."


class Answered(Protocol):
    """What is shown of a question."""

    @property
    def question(self) -> str: ...
    @property
    def rows(self) -> int: ...
    @property
    def answers(self) -> int: ...
    @property
    def sentence(self) -> str: ...
    @property
    def table(self) -> pd.DataFrame | None: ...


class Report(Protocol):
    """What is shown of a session."""

    @property
    def title(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def date(self) -> str: ...
    @property
    def parameters(self) -> Mapping[str, Any]: ...
    @property
    def answered(self) -> Sequence[Answered]: ...
    @property
    def decisions(self) -> pd.DataFrame: ...
    @property
    def questions(self) -> pd.DataFrame: ...
    @property
    def tasks(self) -> pd.DataFrame: ...
    @property
    def spread(self) -> pd.DataFrame: ...
    @property
    def texts(self) -> pd.DataFrame: ...
    @property
    def is_example(self) -> bool: ...


def glance(report: Report) -> Block:
    """Which workshop, and how much came of it."""
    most = max((one.answers for one in report.answered), default=0)
    counted = [
        german.count(len(report.decisions), "Entscheidung", "Entscheidungen"),
        german.count(len(report.tasks), "Aufgabe", "Aufgaben"),
        german.count(len(report.questions), "offene Frage", "offene Fragen"),
    ]
    lines = [
        EXAMPLE if report.is_example else "",
        f"{report.title}, {german.date(report.date)}",
        f"Festgehalten: {german.enumerate_words(counted)}",
        f"Antworten: höchstens {most} auf eine Frage, ohne Namen",
    ]
    return fragment("finding", lines=[line for line in lines if line]).resting_on(how=TOLD)


def decisions(report: Report) -> Section:
    """What was decided."""
    told = tuple(Claim(str(text)) for text in report.decisions["text"])
    return Section("Entscheidungen", (_listed(told, "Es wurde nichts entschieden."),))


def tasks(report: Report) -> Section:
    """Who does what by when; roles, no names."""
    return Section(
        "Aufgaben", (_owned(report.tasks, "Aufgaben", "Es wurde keine Aufgabe vergeben."),), of(how=TOLD)
    )


def questions(report: Report) -> Section:
    """What stayed open, and who finds it out."""
    return Section(
        "Offene Fragen",
        (_owned(report.questions, "Offene Fragen", "Es blieb keine Frage offen."),),
        of(how=TOLD),
    )


def answers(report: Report) -> Section:
    """How the group answered each question, in a sentence."""
    told = tuple(Claim(_sentence(report, one), lead=one.question) for one in report.answered if one.sentence)
    return Section("Antworten der Gruppe", (_listed(told, "Es wurde nichts gefragt."),))


def distributions(report: Report) -> Block | None:
    """The distributions as bars with their numbers, folded; None if no question has five answers."""
    shown = [
        {"question": one.question, "answers": one.answers, "rows": _bars(one.table)}
        for one in report.answered
        if one.table is not None
    ]
    return fragment("protocol-answers", questions=shown).resting_on(how=TOLD) if shown else None


def to_discuss(report: Report) -> Section:
    """Where the answers lie far apart: there is the next conversation."""
    apart = report.spread[report.spread["spread"] >= APART].head(TO_DISCUSS)
    told = tuple(
        Claim(_given(report, row), lead=row["item_label"] or row["question"]) for row in records(apart)
    )
    return Section(
        "Worüber noch zu reden ist", (_listed(told, "Die Antworten liegen nirgends weit auseinander."),)
    )


def texts(report: Report) -> Section:
    """Sentences of the group that were released."""
    told = tuple(Claim(f"„{row['text']}“", lead=row["question"]) for row in records(report.texts))
    return Section("Sätze aus der Gruppe", (_listed(told, "Es wurde kein Satz freigegeben."),))


def paper(report: Report) -> Paper:
    """The protocol as a document."""
    head = [("Werkstatt", report.title), ("Tag", german.date(report.date)), ("Code", report.code)]
    if report.is_example:
        head.append(("Hinweis", EXAMPLE))
    return Paper(
        title="Protokoll der Werkstatt",
        subtitle=report.title,
        head=tuple(head),
        sections=tuple(part(report) for part in (decisions, tasks, questions, answers, to_discuss, texts)),
        edition=report.date,
    )


def _sentence(report: Report, one: Answered) -> str:
    """What is seen in a question; of one with many rows only how many of them divide the group."""
    if one.rows < 2:
        return one.sentence
    rows = report.spread[report.spread["question"] == one.question]
    if rows.empty:
        return "Zu keiner Zeile gibt es fünf Antworten."
    apart = int((rows["spread"] >= APART).sum())
    return f"{len(rows)} Zeilen beantwortet, bei {apart} liegen die Antworten weit auseinander."


def _given(report: Report, row: Row) -> str:
    """The answers that lie apart, with their numbers: what there is to talk about."""
    table = next(one.table for one in report.answered if one.question == row["question"])
    if table is None:
        return str(row["sentence"])
    bars = table[(table["item_label"] == row["item_label"]) & (table["number"] > 0)]
    told = [f"„{label}“ ({german.number(number)})" for label, number in bars[["label", "number"]].to_numpy()]
    return f"Geantwortet wurde: {german.enumerate_words(told)}."


def _listed(claims: tuple[Claim, ...], otherwise: str) -> Claim | Listing:
    return Listing(claims) if claims else Claim(otherwise)


def _owned(rows: pd.DataFrame, caption: str, otherwise: str) -> Claim | Table:
    if rows.empty:
        return Claim(otherwise)
    told = tuple(
        (Claim(row["text"]), Claim(row["role"] or "noch offen"), Claim(_due(row["due"])))
        for row in records(rows)
    )
    return Table(caption, ("Was", "Rolle", "Bis"), told)


def _due(written: str) -> str:
    return german.date(written) or "noch offen"


def _bars(table: pd.DataFrame) -> list[dict[str, object]]:
    """One row per answer; rows of an assessment begin with its item."""
    return [
        {
            "label": ": ".join(part for part in (row["item_label"], row["label"]) if part),
            "number": german.number(row["number"]),
            "share": german.percent(row["share"]),
            "width": f"{100 * row['share']:.1f}%",
        }
        for row in records(table)
    ]
