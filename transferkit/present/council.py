"""The council paper, section by section: what is known, with sources; what is not known, as a question.

`case`: everything known about one solution for one place (`transferkit.council_case.Case`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from transferkit.origin import of
from transferkit.present import german, options, place_words
from transferkit.present.block import Block, fragment
from transferkit.present.council_facts import (
    REGISTER,
    Case,
    lessons,
    name,
    own_cost,
    project,
    proposal,
    status,
)
from transferkit.present.council_plan import climate, measuring, money, questions, resolution, risks
from transferkit.present.paper import Claim, Listing, Paper, Section, Table, said

__all__ = [
    "alternatives",
    "climate",
    "experiences",
    "fitness",
    "measuring",
    "money",
    "on_request",
    "paper",
    "questions",
    "resolution",
    "risks",
    "situation",
    "summary",
]


def paper(case: Case, edition: str) -> Paper:
    """The whole paper; the head of a letter is left to whoever sends it."""
    sections = (
        summary(case),
        situation(case),
        experiences(case),
        fitness(case),
        alternatives(case),
        money(case),
        climate(case),
        risks(case),
        measuring(case),
        resolution(case),
        questions(case),
    )
    return Paper(
        title=f"Übernahme der Lösung „{case.solution['title']}“",
        subtitle=f"für {place_words.accusative(case.town)}",
        head=(
            ("Herkunft", f"Modellprojekt Smart Cities {project(case)}"),
            ("Stand der Daten", german.date(edition)),
        ),
        sections=sections,
        edition=edition,
    )


def summary(case: Case) -> Section:
    """At most five lines."""
    return Section(
        "Auf einen Blick",
        (
            Listing(
                (
                    said(case.solution, str(case.solution["summary_de"]), "Worum es geht:"),
                    said(case.solution, f"{status(case.solution)}.", f"Stand in {project(case)}:"),
                    Claim(case.outcome.said, basis="own", lead="Passt das zu uns?"),
                    own_cost(case, "Kosten:"),
                    Claim(proposal(case), basis="own", lead="Vorschlag:"),
                )
            ),
        ),
        of(case.solution, case.outcome.dimensions),
    )


def situation(case: Case) -> Section:
    """What it is about and for whom."""
    one, town = case.solution, case.town
    parts: list[Any] = [
        said(
            one,
            f"Gegenstand ist „{one['title']}“ aus dem Modellprojekt {project(case)}. {one['summary_de']}",
        ),
        said(one, f"Stand der Lösung dort: {status(one)}."),
    ]
    details = [
        (label, one[column])
        for label, column in (("Technik", "technology_de"), ("Umfang", "scale_de"), ("Dauer", "duration_de"))
        if not german.is_missing(one[column])
    ]
    if details:
        parts.append(
            Listing(tuple(said(one, f"{value}.".replace("..", "."), f"{label}:") for label, value in details))
        )
    parts.append(
        Claim(
            f"{place_words.subject(town)} {place_words.has(town)} {german.number(town['population'])} "
            f"Einwohnerinnen und Einwohner (Stand {german.date(town['population_date'])}) auf "
            f"{german.number(town['area_km2'], 1)} km².",
            REGISTER,
        )
    )
    if case.is_own:
        parts.append(Claim(f"{place_words.subject(town)} nimmt selbst an diesem Modellprojekt teil."))
    return Section("Sachverhalt", tuple(parts), of(case.solution, case.town))


def experiences(case: Case) -> Section:
    """The solution itself and others on the same subject, then what helped."""
    rows = [case.solution, *(row for _, row in case.similar.iterrows())]
    table = Table(
        "Diese und ähnliche Lösungen",
        ("Lösung", "Modellprojekt", "Stand", "Kosten laut Quelle"),
        tuple(
            (
                said(row, str(row["title"])),
                Claim(name(row)),
                Claim(status(row)),
                _published_cost(row),
            )
            for row in rows
        ),
    )
    parts: list[Any] = [table]
    if len(case.factors):
        parts += [Claim("Was dort half oder in diesem Thema hilft:"), lessons(case.factors)]
    return Section("Erfahrungen anderer", tuple(parts), of(case.solution, case.similar, case.factors))


def fitness(case: Case) -> Section:
    """The outcome of the fit check as far as data can tell, and what data say."""
    parts: list[Any] = [Claim(case.outcome.said, basis="own")]
    names = case.criteria.set_index("criterion_id")["name_de"]
    if case.origin is None:
        where = (
            "Kein Ort dieses Modellprojekts ist mit Ihrem vergleichbar"
            if not case.is_own
            else "Verglichen wird nur mit anderen"
        )
        parts.append(Claim(f"{where}. Deshalb beantworten Daten keine der {len(names)} Fragen.", basis="own"))
    else:
        parts.append(
            Claim(
                f"Verglichen wurde mit {case.origin['short_name']}. Daten beantworten "
                f"{len(case.answers)} von {len(names)} Fragen. "
                f"{_others(len(case.own_answers))}",
                REGISTER,
            )
        )
    told = [
        Claim(f"{row['answer_de']}. {row['reason_de']}", REGISTER, lead=f"{names[row['criterion_id']]}:")
        for _, row in case.answers.iterrows()
    ]
    told += [
        Claim(f"{row['answer_de']}.", basis="own", lead=f"{names[row['criterion_id']]}:")
        for _, row in case.own_answers.iterrows()
    ]
    told += [
        said(row, str(row["hint_de"]), f"{names[row['criterion_id']]}:") for _, row in case.hints.iterrows()
    ]
    if told:
        parts.append(Listing(tuple(told)))
    parts.append(Claim("Das ist eine Erwartung, keine Messung. Sicherheit gibt erst ein Pilot.", basis="own"))
    return Section(
        "Passt das zu uns?", tuple(parts), of(case.outcome.dimensions, case.answers, case.solution)
    )


def _others(own: int) -> str:
    if not own:
        return "Die übrigen beantworten Menschen, die den Ort kennen."
    return f"Die Kommune selbst hat {german.count(own, 'Frage', 'Fragen')} beantwortet."


def alternatives(case: Case) -> Section:
    """Doing nothing first, then the options the data knows for this area, else smaller and shared ways."""
    nothing = Claim(
        "Es entstehen kein Aufwand und keine Folgekosten. Das Anliegen bleibt bestehen. Ein späterer "
        "Einstieg bleibt möglich, die Erfahrungen der Modellprojekte bleiben öffentlich.",
        basis="own",
        lead="Nichts tun:",
    )
    if case.decision is None or case.standing is None or case.flips is None:
        rest = [
            Claim(
                "Ein Ort, ein Jahr, klare Abbruchkriterien. Das begrenzt das Risiko, zeigt aber keine "
                "Wirkung in der Fläche.",
                basis="own",
                lead="Kleiner beginnen:",
            ),
            Claim(
                "Betrieb und Fachwissen werden geteilt. Das kostet Zeit für die Abstimmung.",
                basis="own",
                lead="Mit Nachbarn oder dem Kreis:",
            ),
        ]
        return Section("Alternativen", (Listing((nothing, *rest), numbered=True),))
    offered = [_option(row) for _, row in case.options.iterrows()]
    asked = Claim(f"Zu entscheiden ist auch: {case.decision['name_de']}. Diese Wege gibt es:")
    judged = Claim(options.sentence(case.standing, case.flips), basis="own", lead="Vergleich der Wege:")
    return Section(
        "Alternativen",
        (asked, Listing((nothing, *offered), numbered=True), judged),
        of(case.decision, case.options, case.standing),
    )


def on_request(town: pd.Series, solution: pd.Series) -> Block:
    """Where the papers about this solution for this place are, or how somebody makes them."""
    return fragment(
        "council-on-request",
        key=str(town.name),
        slug=f"{str(town.name).replace('+', '-')}-{solution['solution_id']}",
        solution=solution,
    )


def _option(row: pd.Series) -> Claim:
    risk = "" if german.is_missing(row["risk_de"]) else f" Risiko: {row['risk_de']}."
    fits = "" if german.is_missing(row["fits_when_de"]) else f" Passt bei: {row['fits_when_de']}."
    claim = said(row, f"{row['text_de']}{fits}{risk}", f"{row['name_de']}:")
    return replace(claim, basis=claim.basis or "mixed") if fits or risk else claim


def _published_cost(row: pd.Series) -> Claim:
    if german.is_missing(row["cost_de"]):
        return Claim("nicht veröffentlicht")
    return said(row, str(row["cost_de"]))
