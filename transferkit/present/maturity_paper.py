"""The self-assessment as questions of a form, as a paper to take along and as sheets for Excel."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from transferkit.present import german, maturity, tables
from transferkit.present.block import Block
from transferkit.present.paper import Claim, Listing, Paper, Part, Section, Table
from transferkit.present.records import records


def asked(questions: pd.DataFrame) -> pd.DataFrame:
    """The questions for a form: key, question, group (dimension), hint (both ends of the scale)."""
    hints = [f"Stufe 0: {row['anchor_0_de']}. Stufe 4: {row['anchor_4_de']}." for row in records(questions)]
    table = questions[["question_id", "question_de", "dimension_de"]].assign(hint=hints)
    return table.set_axis(["key", "question", "group", "hint"], axis=1)


def scale() -> pd.DataFrame:
    """The levels for a form: key, words."""
    steps = [step.partition(" ")[::2] for step in maturity.SCALE.split(", ")]
    return pd.DataFrame([(level, f"{level} {words}") for level, words in steps], columns=["key", "words"])


def paper(town: pd.Series, profile: pd.DataFrame, steps: pd.DataFrame, edition: str) -> Paper:
    """What was answered and what follows, for a meeting; own judgement throughout."""
    return Paper(
        title="Selbsteinschätzung: Stand und nächste Schritte",
        subtitle="Grundlage für ein Gespräch, keine Note",
        head=(("Kommune", str(town["short_name"])), ("Stand der Fragen", german.date(edition))),
        sections=(
            Section("Auf einen Blick", (Claim(f"{maturity.finding(profile)}.", basis="own"),)),
            Section("Stand je Bereich", (_levels(profile),)),
            Section("Nächste Schritte", _steps(steps)),
            Section("Wie das zu lesen ist", (Claim(f"Stufen: {maturity.SCALE}.", basis="own"), Claim(READ))),
        ),
        edition=edition,
    )


READ = (
    "Was nicht beantwortet ist, zählt nicht, auch nicht als 0. Wiederholen Sie die Einschätzung nach "
    "sechs bis zwölf Monaten mit denselben Personen."
)


def _levels(profile: pd.DataFrame) -> Table:
    rows = tuple(
        (
            Claim(str(row["dimension_de"])),
            Claim("nicht beantwortet" if pd.isna(row["level"]) else german.number(row["level"], 1)),
            Claim(f"{row['answered']} von {row['questions']}"),
        )
        for row in records(profile)
    )
    return Table("Mittlere Stufe je Bereich, 0 bis 4", ("Bereich", "Mittlere Stufe", "Beantwortet"), rows)


def _steps(steps: pd.DataFrame) -> tuple[Part, ...]:
    if steps.empty:
        return (Claim("Aus den Antworten folgt noch kein Schritt."),)
    told = tuple(
        Claim(
            f"{row['next_step_de']}. Heute Stufe {german.number(row['level'])}.",
            basis="own",
            lead=f"{row['dimension_de']}:",
        )
        for row in records(steps)
    )
    return (Listing(told, numbered=True),)


def sheets(
    questions: pd.DataFrame, answers: Mapping[str, str], profile: pd.DataFrame, steps: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Profile, answers and next steps for Excel."""
    given = [answers.get(str(key)) for key in questions["question_id"]]
    return {
        "Stand": pd.DataFrame(
            {
                "Bereich": profile["dimension_de"],
                "Mittlere Stufe": profile["level"],
                "Niedrigste": profile["lowest"],
                "Höchste": profile["highest"],
                "Beantwortet": profile["answered"],
                "Fragen": profile["questions"],
            }
        ),
        "Antworten": pd.DataFrame(
            {
                "Bereich": questions["dimension_de"],
                "Frage": questions["question_de"],
                "Stufe": pd.array([None if level is None else int(level) for level in given], "Int64"),
                "Stufe 0": questions["anchor_0_de"],
                "Stufe 4": questions["anchor_4_de"],
            }
        ),
        "Nächste Schritte": pd.DataFrame(
            {
                "Bereich": steps["dimension_de"],
                "Schritt": steps["next_step_de"],
                "Stufe heute": steps["level"],
                "Frage": steps["question_de"],
            }
        ),
    }


def rules(table: pd.DataFrame) -> Block | None:
    """The thresholds behind the profile and the steps, with the reason for each."""
    said = table.assign(
        threshold=[
            f"{german.number(value)} {unit}"
            for value, unit in zip(table["value"], table["unit_de"], strict=True)
        ]
    )
    columns = {"label_de": "Regel", "threshold": "Schwelle", "reason_de": "Warum", "basis": "Herkunft"}
    return tables.table(said, columns, "Die Regeln")
