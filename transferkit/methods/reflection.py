"""What was expected of a solution and what happened, criterion by criterion: the loop closes here.

Only an evaluation afterwards shows whether something could be transferred (PIET-T, Schloemer and
Schröder-Bäck 2018). Both questionnaires are the fit check, filled in at the start and 6 to 12 months later.
"""

from __future__ import annotations

import pandas as pd

from transferkit.methods import fit

KINDS = {"better": "success-factor", "worse": "pitfall"}


def compare(
    criteria: pd.DataFrame, scale: pd.DataFrame, expected: pd.DataFrame, happened: pd.DataFrame
) -> pd.DataFrame:
    """One row per criterion: criterion_id, name_de, expected_de, happened_de, step, change.

    `expected`, `happened`: criterion_id, answer_id. step: difference of the answers' values (-1 to 1),
    missing if one is unknown; change: `better`, `same`, `worse` or `unknown`. Raises MethodError as
    `fit.answered`.
    """
    before, after = (fit.answered(criteria, scale, answers) for answers in (expected, happened))
    step = after["value"] - before["value"]
    change = pd.Series("same", index=step.index, dtype="str")
    change = change.mask(step > 0, "better").mask(step < 0, "worse").mask(step.isna(), "unknown")
    return pd.DataFrame(
        {
            "criterion_id": before["criterion_id"],
            "name_de": before["name_de"],
            "expected_de": before["answer_de"],
            "happened_de": after["answer_de"],
            "step": step,
            "change": change,
        }
    )


def draft(
    solution: pd.Series, place_key: str, place: str, compared: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A new experience sheet to be completed: one row of the solution, one row per criterion that differed.

    The solution: place_key, title, theme_id, area_de; what nobody knows yet (status, cost, sources) has no
    column. The lessons: kind, theme_id, statement_de (ends in the question to be answered), basis `own`.
    """
    sheet = {
        "place_key": place_key,
        "title": f"{solution['title']} in {place}",
        "theme_id": solution["theme_id"],
        "area_de": solution["area_de"],
    }
    differed = compared[compared["change"].isin(list(KINDS))]
    lessons = pd.DataFrame(
        {
            "kind": differed["change"].map(KINDS),
            "theme_id": solution["theme_id"],
            "statement_de": [_statement(row) for row in differed.to_dict("records")],
            "basis": "own",
        },
        columns=["kind", "theme_id", "statement_de", "basis"],
    )
    return pd.DataFrame([sheet]), lessons.reset_index(drop=True)


def _statement(row: dict[object, object]) -> str:
    better = "besser" if row["change"] == "better" else "schwieriger"
    return (
        f"{row['name_de']}: kam {better} als erwartet (erwartet: {row['expected_de']}, "
        f"eingetreten: {row['happened_de']}). Woran lag das?"
    )
