"""The same case in six short sections: one page for whoever leads the place, six slides for a meeting."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from transferkit.origin import of
from transferkit.present import decisions, german, place_words
from transferkit.present.block import Block, ManyTold, environment
from transferkit.present.council_facts import Case, effort, own_cost, proposal, status
from transferkit.present.council_plan import SUMMED
from transferkit.present.paper import Claim, Listing, Paper, Section, said

SHORT = 3  # amounts and open points on a slide


def paper(case: Case, edition: str) -> Paper:
    """Six sections of at most five points each."""
    return Paper(
        title=str(case.solution["title"]),
        subtitle=f"Kurzfassung für {place_words.accusative(case.town)}",
        head=(("Stand der Daten", german.date(edition)),),
        sections=(
            _subject(case),
            _fitness(case),
            _lessons(case),
            _money(case),
            _open(case),
            _next(case),
        ),
        edition=edition,
    )


def slides(short: Paper) -> Block:
    """The sections as slides to scroll or print, one a page."""
    template = environment().get_template("slides.html.j2")
    parts = [(section.title, Markup(section._repr_html_())) for section in short.sections]
    every = (one.origin for one in short.sections)
    return ManyTold(template.render(slides=parts), of(*every))


def _subject(case: Case) -> Section:
    one = case.solution
    points = [
        said(one, str(one["summary_de"])),
        said(one, f"{status(one)}.", f"Stand in {one['project']}:"),
    ]
    if not german.is_missing(one["scale_de"]):
        points.append(said(one, f"{one['scale_de']}.", "Umfang:"))
    return Section("Worum es geht", (Listing(tuple(points)),), of(case.solution))


def _fitness(case: Case) -> Section:
    points = [Claim(case.outcome.said, basis="own")]
    if case.origin is not None:
        points.append(Claim(f"Verglichen wurde mit {case.origin['short_name']}."))
    names = case.criteria.set_index("criterion_id")["name_de"]
    points += [
        Claim(str(row["reason_de"]), "destatis-gemeindeverzeichnis", lead=f"{names[row['criterion_id']]}:")
        for _, row in case.answers.head(2).iterrows()
    ]
    points.append(
        Claim(f"{len(names) - len(case.answers)} von {len(names)} Fragen beantworten nur Menschen vor Ort.")
    )
    rests_on = of(case.outcome.dimensions, case.answers.head(2))
    return Section("Passt das zu uns?", (Listing(tuple(points)),), rests_on)


def _lessons(case: Case) -> Section:
    helped = [said(row, str(row["statement_de"]), "Gelungen:") for _, row in case.factors.head(2).iterrows()]
    failed = [
        said(row, str(row["statement_de"]), "Schwierig:") for _, row in case.pitfalls.head(2).iterrows()
    ]
    shown = of(case.factors.head(2), case.pitfalls.head(2))
    return Section("Was andere lernten", (Listing((*helped, *failed)),), shown)


def _money(case: Case) -> Section:
    points = [own_cost(case)]
    points += [
        said(row, f"{decisions.amount(row.to_dict())}.", f"{row['name_de']}:")
        for _, row in case.costs.head(SHORT).iterrows()
    ]
    points.append(
        Claim(f"{effort(case.steps)} Personentage über alle Schritte.", basis="own", lead="Personal:")
    )
    shown = of(case.solution, case.costs.head(SHORT), case.steps, how=SUMMED)
    return Section("Was es kostet", (Listing(tuple(points)),), shown)


def _open(case: Case) -> Section:
    stops = case.criteria[case.criteria["knockout_default"].astype(bool)].head(SHORT + 1)
    points = [Claim(str(row["question_de"]), lead=f"{row['name_de']}:") for _, row in stops.iterrows()]
    return Section("Was offen ist", (Listing(tuple(points)),), of(stops))


def _next(case: Case) -> Section:
    steps = [_step(row) for _, row in case.steps.head(SHORT).iterrows()]
    return Section(
        "Was jetzt zu tun ist",
        (Listing((Claim(proposal(case), basis="own"), *steps), numbered=True),),
        of(case.steps.head(SHORT)),
    )


def _step(row: pd.Series) -> Claim:
    weeks = german.span(row["weeks_min"], row["weeks_max"], "Wochen")
    return said(row, f"{row['text_de']} Dauer: {weeks}.", f"{row['name_de']}:")
