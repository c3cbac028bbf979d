"""The council paper, section by section: what is known, with sources; what is not known, as a question.

`case`: everything known about one solution for one place (`transferkit.case.Case`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd

from transferkit.present import decisions, german, impact, place_words
from transferkit.present.paper import Claim, Listing, Paper, Section, Table, said

if TYPE_CHECKING:
    from transferkit.present.fit import Outcome

REGISTER = "destatis-gemeindeverzeichnis"
NO_COST = "Für diese Lösung sind keine Kosten veröffentlicht."
PILOT = (
    "Nach dem Pilot wird erneut berichtet. Grundlage sind die Kennzahlen dieser Vorlage. Wird ein "
    "Abbruchkriterium erreicht, endet das Vorhaben ohne weiteren Beschluss."
)
# What those who check must ask everywhere: own proposals, marked as such on the page.
PRIVACY = (
    "Werden personenbezogene Daten verarbeitet? Welche, wofür, wie lange und auf welcher Rechtsgrundlage?",
    "Ist eine Datenschutz-Folgenabschätzung nötig (Artikel 35 DSGVO)?",
    "Wer verarbeitet Daten im Auftrag, und liegt ein Vertrag dafür vor (Artikel 28 DSGVO)?",
)
PROCUREMENT = (
    "Lässt sich die Lösung nachnutzen, oder muss ausgeschrieben werden? Welche Wertgrenzen gelten im Land?",
    "Welche offenen Schnittstellen und welche Rechte an Daten und Code müssen in den Vertrag?",
    "Wie endet der Vertrag, und in welcher Form bekommen wir unsere Daten zurück?",
)
CLIMATE = (
    "Wie viel Strom brauchen Geräte, Netz und Rechenbetrieb im Jahr?",
    "Welche Wege, welches Material oder welche Energie spart die Lösung, und gegenüber welchem Stand heute?",
    "Wie lange halten die Geräte, und wer nimmt sie zurück?",
)


class Case(Protocol):
    """What is read of a case."""

    @property
    def town(self) -> pd.Series: ...
    @property
    def solution(self) -> pd.Series: ...
    @property
    def is_own(self) -> bool: ...
    @property
    def origin(self) -> pd.Series | None: ...
    @property
    def answers(self) -> pd.DataFrame: ...
    @property
    def hints(self) -> pd.DataFrame: ...
    @property
    def outcome(self) -> Outcome: ...
    @property
    def criteria(self) -> pd.DataFrame: ...
    @property
    def similar(self) -> pd.DataFrame: ...
    @property
    def factors(self) -> pd.DataFrame: ...
    @property
    def pitfalls(self) -> pd.DataFrame: ...
    @property
    def decision(self) -> str: ...
    @property
    def options(self) -> pd.DataFrame: ...
    @property
    def costs(self) -> pd.DataFrame: ...
    @property
    def steps(self) -> pd.DataFrame: ...
    @property
    def indicators(self) -> pd.DataFrame: ...
    @property
    def questions(self) -> pd.DataFrame: ...


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
        title=f"Vorlage: {case.solution['title']}",
        subtitle=f"für {place_words.accusative(case.town)}",
        head=(
            ("Gegenstand", f"Übernahme der Lösung „{case.solution['title']}“"),
            ("Herkunft", f"Modellprojekt Smart Cities {_project(case)}"),
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
                    said(case.solution, f"{status(case.solution)}.", f"Stand in {_project(case)}:"),
                    Claim(case.outcome.said, basis="own", lead="Passt das zu uns?"),
                    own_cost(case, "Kosten:"),
                    Claim(proposal(case), basis="own", lead="Vorschlag:"),
                )
            ),
        ),
    )


def situation(case: Case) -> Section:
    """What it is about and for whom."""
    one, town = case.solution, case.town
    parts: list[Any] = [
        said(one, f"Gegenstand ist „{one['title']}“ aus dem Modellprojekt {_project(case)}. {one['summary_de']}"),
        said(one, f"Stand der Lösung dort: {status(one)}."),
    ]
    details = [
        (label, one[column])
        for label, column in (("Technik", "technology_de"), ("Umfang", "scale_de"), ("Dauer", "duration_de"))
        if not german.is_missing(one[column])
    ]
    if details:
        parts.append(Listing(tuple(said(one, f"{value}.".replace("..", "."), f"{label}:") for label, value in details)))
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
    return Section("Sachverhalt", tuple(parts))


def experiences(case: Case) -> Section:
    """The solution itself and others on the same subject, then what helped."""
    rows = [case.solution, *(row for _, row in case.similar.iterrows())]
    table = Table(
        "Diese und ähnliche Lösungen",
        ("Lösung", "Modellprojekt", "Stand", "Kosten laut Quelle"),
        tuple(
            (
                said(row, str(row["title"])),
                Claim(_name(row)),
                Claim(status(row)),
                Claim("nicht veröffentlicht" if german.is_missing(row["cost_de"]) else str(row["cost_de"])),
            )
            for row in rows
        ),
    )
    parts: list[Any] = [table]
    if len(case.factors):
        parts += [Claim("Was dort half oder in diesem Thema hilft:"), _lessons(case.factors)]
    return Section("Erfahrungen anderer", tuple(parts))


def fitness(case: Case) -> Section:
    """The outcome of the fit check as far as data can tell, and what data say."""
    parts: list[Any] = [Claim(case.outcome.said, basis="own")]
    names = case.criteria.set_index("criterion_id")["name_de"]
    if case.origin is None:
        where = "Keiner seiner Orte ist mit Ihrem vergleichbar" if not case.is_own else "Verglichen wird nur mit anderen"
        parts.append(Claim(f"{where}. Deshalb beantworten Daten keine der {len(names)} Fragen.", basis="own"))
    else:
        parts.append(
            Claim(
                f"Verglichen wurde mit {case.origin['short_name']}. Daten beantworten {len(case.answers)} von "
                f"{len(names)} Fragen. Die übrigen beantworten Menschen, die den Ort kennen.",
                REGISTER,
            )
        )
    told = [
        Claim(f"{row['answer_de']}. {row['reason_de']}", REGISTER, lead=f"{names[row['criterion_id']]}:")
        for _, row in case.answers.iterrows()
    ]
    told += [said(row, str(row["hint_de"]), f"{names[row['criterion_id']]}:") for _, row in case.hints.iterrows()]
    if told:
        parts.append(Listing(tuple(told)))
    parts.append(Claim("Das ist eine Erwartung, keine Messung. Sicherheit gibt erst ein Pilot.", basis="own"))
    return Section("Passt das zu uns?", tuple(parts))


def alternatives(case: Case) -> Section:
    """Doing nothing first, then the options the data knows for this area, else smaller and shared ways."""
    nothing = Claim(
        "Es entstehen kein Aufwand und keine Folgekosten. Das Anliegen bleibt bestehen. Ein späterer "
        "Einstieg bleibt möglich, die Erfahrungen der Modellprojekte bleiben öffentlich.",
        basis="own",
        lead="Nichts tun:",
    )
    if case.options.empty:
        rest = [
            Claim(
                "Ein Ort, ein Jahr, klare Abbruchkriterien. Das begrenzt das Risiko, zeigt aber keine Wirkung "
                "in der Fläche.",
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
    asked = Claim(f"Zu entscheiden ist auch: {case.decision}. Diese Wege gibt es:")
    return Section("Alternativen", (asked, Listing((nothing, *offered), numbered=True)))


def money(case: Case) -> Section:
    """Ranges with year and source; staff as an own estimate; nothing is scaled up."""
    parts: list[Any] = [own_cost(case)]
    if len(case.costs):
        rows = tuple(
            (
                said(row, str(row["name_de"])),
                Claim(decisions.amount(row.to_dict())),
                Claim("" if german.is_missing(row["note_de"]) else str(row["note_de"])),
            )
            for _, row in case.costs.iterrows()
        )
        parts.append(Table("Veröffentlichte Beträge zum gleichen Bereich", ("Was", "Betrag und Jahr", "Hinweis"), rows))
        parts.append(Claim("Die Beträge gelten für andere Orte. Sie werden nicht summiert und nicht hochgerechnet."))
    parts.append(
        Claim(
            f"{effort(case.steps)} Personentage über alle Schritte von der Klärung des Bedarfs bis zur Auswertung.",
            basis="own",
            lead="Personal:",
        )
    )
    parts.append(
        Claim(
            "Nicht bekannt. Sie sind vor einem Beschluss über die Einführung für fünf Jahre zu ermitteln "
            "(siehe offene Fragen).",
            lead="Folgekosten vor Ort:",
        )
    )
    return Section("Kosten und Personal", tuple(parts))


def climate(case: Case) -> Section:
    """No data holds a measured effect on the climate: the questions that would show it."""
    return Section(
        "Klimawirkung",
        (
            Claim("Eine gemessene Klimawirkung dieser Lösung liegt nicht vor. Zu klären ist:"),
            Listing(tuple(Claim(question, basis="own") for question in CLIMATE)),
        ),
    )


def risks(case: Case) -> Section:
    """What went wrong elsewhere, and what would stop the plan here."""
    parts: list[Any] = []
    if len(case.pitfalls):
        parts += [Claim("Woran es andernorts hakte:"), _lessons(case.pitfalls)]
    stops = case.criteria[case.criteria["knockout_default"].astype(bool)]
    named = german.enumerate_words([f"„{name}“" for name in stops["name_de"]])
    parts.append(
        Claim(f"Ein Hindernis bei einem dieser Punkte spricht gegen die Übernahme: {named}.", basis="own")
    )
    return Section("Risiken", tuple(parts))


def measuring(case: Case) -> Section:
    """Few indicators; without a value before the start there is no effect to show."""
    rows = tuple(
        (
            said(row, f"{row['name_de']} ({row['unit_de']})"),
            Claim(f"{row['definition_de']}; {impact.WAYS[str(row['direction'])]}."),
            Claim(f"{row['measured_by_de']}, {row['frequency_de']}"),
        )
        for _, row in case.indicators.iterrows()
    )
    return Section(
        "Wirkungsmessung",
        (
            Claim("Gemessen wird einmal vor dem Start und danach wie angegeben. Zielwerte legt die Projektleitung vor."),
            Table("Kennzahlen", ("Kennzahl", "Was gemessen wird", "Wie und wie oft"), rows),
        ),
    )


def resolution(case: Case) -> Section:
    """What is to be resolved: first clear, then pilot, never all at once."""
    start, end = case.steps[["weeks_min", "weeks_max"]].head(4).sum().astype(int)
    points = [
        Claim(f"Der Bericht über „{case.solution['title']}“ wird zur Kenntnis genommen."),
        Claim(proposal(case)),
        Claim(
            "Die offenen Fragen dieser Vorlage werden geklärt, mit den Beauftragten für Datenschutz und "
            f"der Vergabestelle. Dafür sind {start} bis {end} Wochen vorgesehen."
        ),
        Claim(
            "Über einen begrenzten Pilot wird danach gesondert beschlossen, mit Kosten für fünf Jahre, "
            "Zuständigkeit und Abbruchkriterien."
        ),
        Claim(PILOT),
    ]
    return Section(
        "Beschlussvorschlag",
        (Claim("Es wird vorgeschlagen zu beschließen:"), Listing(tuple(points), numbered=True)),
    )


def questions(case: Case) -> Section:
    """Whatever is unknown, as a question to somebody."""
    parts: list[Any] = []
    for title, own, words in (
        ("An die Beauftragten für Datenschutz", PRIVACY, "Datenschutz"),
        ("An die Vergabestelle", PROCUREMENT, "Vergabe"),
        ("An die Kämmerei", (), "Kämmerei"),
    ):
        theirs = case.questions[case.questions["who_answers_de"].str.contains(words)]
        asked = [Claim(text, basis="own") for text in own]
        asked += [said(row, f"{row['question_de']} {row['why_de']}") for _, row in theirs.iterrows()]
        if words == "Kämmerei":
            asked.append(Claim("Welche Kosten entstehen einmalig und über fünf Jahre, und woraus werden sie gedeckt?", basis="own"))
        parts += [Claim("", lead=title), Listing(tuple(asked))]
    unanswered = case.criteria[~case.criteria["criterion_id"].isin(list(case.answers["criterion_id"]))]
    rows = tuple(
        (Claim(str(row["name_de"])), Claim(str(row["question_de"])), Claim(str(row["where_to_find_de"])))
        for _, row in unanswered.iterrows()
    )
    parts.append(Table("Noch offen im Vergleich mit dem Original (eigene Fragen)", ("Punkt", "Frage", "Wo Sie es erfahren"), rows))
    return Section("Offene Fragen", tuple(parts))


def proposal(case: Case) -> str:
    """What is to be done next, by the outcome of the fit check."""
    who = f"Die Verwaltung wird beauftragt, die Erfahrungen aus {_project(case)}"
    if case.outcome.statement == "knockout":
        return "Die Lösung wird in dieser Form nicht übernommen. Die genannten Hindernisse werden zuerst geklärt."
    if case.outcome.statement == "unknown":
        return f"{who} einzuholen und die Übertragbarkeit zu prüfen."
    return f"{who} zu nutzen und einen Pilot mit den nötigen Anpassungen vorzubereiten."


def _option(row: pd.Series) -> Claim:
    risk = "" if german.is_missing(row["risk_de"]) else f" Risiko: {row['risk_de']}."
    fits = "" if german.is_missing(row["fits_when_de"]) else f" Passt bei: {row['fits_when_de']}."
    claim = said(row, f"{row['text_de']}{fits}{risk}", f"{row['name_de']}:")
    return replace(claim, basis=claim.basis or "mixed") if fits or risk else claim


def _lessons(lessons: pd.DataFrame) -> Listing:
    return Listing(tuple(said(row, str(row["statement_de"]), _origin(row)) for _, row in lessons.iterrows()))


def _origin(lesson: pd.Series) -> str:
    return "" if german.is_missing(lesson.get("project")) else f"{lesson['project']}:"


def own_cost(case: Case, lead: str = "") -> Claim:
    """What the solution cost where it comes from, dated; said if nobody published it."""
    cost = case.solution["cost_de"]
    if german.is_missing(cost):
        return Claim(NO_COST, lead=lead)
    when = case.solution["status_as_of"]
    dated = "Jahr unbekannt" if german.is_missing(when) else f"Angabe von {german.date(when)}"
    return said(case.solution, f"{cost} ({dated}).", lead or "Kosten im Modellprojekt:")


def effort(steps: pd.DataFrame) -> str:
    """Person-days over all steps as a range; own estimates."""
    low, high = steps[["person_days_min", "person_days_max"]].sum().astype(int)
    return f"{low} bis {high}"


def status(row: pd.Series) -> str:
    """Where a solution stands, with the date."""
    return german.status(row["status"], row["status_as_of"])


def _project(case: Case) -> str:
    return _name(case.solution)


def _name(row: pd.Series) -> str:
    return "einer nicht genannten Kommune" if german.is_missing(row["project"]) else str(row["project"])
