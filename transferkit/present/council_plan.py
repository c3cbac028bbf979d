"""The second half of the council paper: costs, risks, measuring, what is to be resolved and asked."""

from __future__ import annotations

from typing import Any

from transferkit.origin import of
from transferkit.present import decisions, german, impact
from transferkit.present.council_facts import Case, effort, lessons, own_cost, proposal
from transferkit.present.paper import Claim, Listing, Section, Table, said

SUMMED = "Beträge wie veröffentlicht; Personentage über alle Schritte summiert."
PILOT = (
    "Nach dem Pilot wird erneut berichtet. Grundlage sind die Kennzahlen dieser Vorlage. Wird ein "
    "Abbruchkriterium erreicht, endet das Vorhaben ohne weiteren Beschluss."
)
# What those who check must ask everywhere: own questions, and the paper says so.
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
BUDGET = ("Welche Kosten entstehen einmalig und über fünf Jahre, und woraus werden sie gedeckt?",)
CLIMATE = (
    "Wie viel Strom brauchen Geräte, Netz und Rechenbetrieb im Jahr?",
    "Welche Wege, welches Material oder welche Energie spart die Lösung, und gegenüber welchem Stand heute?",
    "Wie lange halten die Geräte, und wer nimmt sie zurück?",
)


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
        parts.append(
            Table("Veröffentlichte Beträge zum gleichen Bereich", ("Was", "Betrag und Jahr", "Hinweis"), rows)
        )
        parts.append(
            Claim("Die Beträge gelten für andere Orte. Sie werden nicht summiert und nicht hochgerechnet.")
        )
    parts.append(
        Claim(
            f"{effort(case.steps)} Personentage über alle Schritte, "
            "von der Klärung des Bedarfs bis zur Auswertung.",
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
    return Section("Kosten und Personal", tuple(parts), of(case.solution, case.costs, case.steps, how=SUMMED))


def climate(case: Case) -> Section:
    """No data holds a measured effect on the climate: the questions that would show it."""
    return Section(
        "Klimawirkung",
        (
            Claim(
                "Eine gemessene Klimawirkung dieser Lösung liegt nicht vor. Zu klären ist (eigene Fragen):"
            ),
            Listing(tuple(Claim(question) for question in CLIMATE)),
        ),
    )


def risks(case: Case) -> Section:
    """What went wrong elsewhere, and what would stop the plan here."""
    parts: list[Any] = []
    if len(case.pitfalls):
        parts += [Claim("Woran es andernorts hakte:"), lessons(case.pitfalls)]
    stops = case.criteria[case.criteria["knockout_default"].astype(bool)]
    named = german.enumerate_words([f"„{name}“" for name in stops["name_de"]])
    parts.append(
        Claim(f"Ein Hindernis bei einem dieser Punkte spricht gegen die Übernahme: {named}.", basis="own")
    )
    return Section("Risiken", tuple(parts), of(case.pitfalls, stops))


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
            Claim(
                "Gemessen wird einmal vor dem Start und danach wie angegeben. "
                "Zielwerte legt die Projektleitung vor."
            ),
            Table("Kennzahlen", ("Kennzahl", "Was gemessen wird", "Wie und wie oft"), rows),
        ),
        of(case.indicators),
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
        of(case.steps.head(4), how="Wochen der ersten vier Schritte summiert."),
    )


def questions(case: Case) -> Section:
    """Whatever is unknown, as a question to somebody."""
    parts: list[Any] = [Claim("Fragen ohne Quelle sind eigene Fragen.")]
    for title, own, words in (
        ("An die Beauftragten für Datenschutz", PRIVACY, "Datenschutz"),
        ("An die Vergabestelle", PROCUREMENT, "Vergabe"),
        ("An die Kämmerei", BUDGET, "Kämmerei"),
    ):
        theirs = case.questions[case.questions["who_answers_de"].str.contains(words)]
        asked = [Claim(text) for text in own]
        asked += [said(row, f"{row['question_de']} {row['why_de']}") for _, row in theirs.iterrows()]
        parts += [Claim("", lead=f"{title}:"), Listing(tuple(asked))]
    unanswered = case.criteria[~case.criteria["criterion_id"].isin(list(case.answers["criterion_id"]))]
    rows = tuple(
        (Claim(str(row["name_de"])), Claim(str(row["question_de"])), Claim(str(row["where_to_find_de"])))
        for _, row in unanswered.iterrows()
    )
    parts.append(
        Table("Noch offen im Vergleich mit dem Original", ("Punkt", "Frage", "Wo Sie es erfahren"), rows)
    )
    return Section("Offene Fragen", tuple(parts), of(case.questions, unanswered))
