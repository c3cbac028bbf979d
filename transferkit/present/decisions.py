"""What a municipality has to decide in a theme: options, criteria, standards, costs, and when rather not."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd
from markupsafe import Markup

from transferkit.origin import of
from transferkit.present import german, tables
from transferkit.present.block import Block, basis_note, fragment, source_marks
from transferkit.present.records import records

Row = dict[Hashable, Any]


def matrix(
    decisions: pd.DataFrame, options: pd.DataFrame, criteria: pd.DataFrame, scores: pd.DataFrame
) -> Block | None:
    """Each decision: its options with fit, risk and effort, and the scores as options × criteria.

    Scores, weights, fit and risk are own work and tagged; no sum is drawn, because a single number
    would hide what a municipality has to weigh itself.
    """
    told = []
    for decision in records(decisions.sort_values("order")):
        asked = criteria[criteria["decision_id"] == decision["decision_id"]].sort_values("order")
        offered = options[options["decision_id"] == decision["decision_id"]].sort_values("order")
        given = scores[scores["decision_id"] == decision["decision_id"]]
        by_pair = {(row["option_id"], row["criterion_id"]): row for row in records(given)}
        told.append(
            decision
            | {
                "criteria": records(asked),
                "options": [
                    option
                    | {
                        "effort": _effort(option),
                        "scores": [by_pair[option["option_id"], key] for key in asked["criterion_id"]],
                    }
                    for option in records(offered)
                ],
                "backing": ";".join(
                    dict.fromkeys(
                        ";".join(given[given["basis"] == "mixed"]["source_ids"].dropna()).split(";")
                    )
                ),
            }
        )
    if not told:
        return None
    keys = [decision["decision_id"] for decision in told]
    shown = (table[table["decision_id"].isin(keys)] for table in (options, criteria, scores))
    return fragment("matrix", decisions=told).resting_on(decisions, *shown)


def _effort(option: Row) -> str:
    """Effort of an option in words; empty where none is given."""
    spans = [
        german.span(option[f"{key}_min"], option[f"{key}_max"], unit)
        for key, unit in (("person_months", "Personenmonate"), ("weeks", "Wochen"))
        if not german.is_missing(option[f"{key}_min"])
    ]
    return " in ".join(spans)


def standards(frame: pd.DataFrame, support: pd.DataFrame, systems: pd.DataFrame) -> Block | None:
    """Standards of the theme and which systems support them, where that has been assessed."""
    names = systems.set_index("system_id")["name"]
    support = support.assign(system=support["system_id"].map(names))
    rows = [
        row
        | {
            "sourced": records(assessed[assessed["basis"] != "own"]),
            "own": records(assessed[assessed["basis"] == "own"]),
        }
        for row in records(frame)
        for assessed in [support[support["standard_id"] == row["standard_id"]]]
    ]
    return fragment("standards", standards=rows).resting_on(frame, support) if rows else None


def costs(frame: pd.DataFrame) -> Block | None:
    """Amounts as published, each with year and origin; nothing is summed or extrapolated."""
    rows = records(frame)
    said = pd.DataFrame(
        {
            "what": [Markup("{}{}").format(row["name_de"], source_marks(row["source_ids"])) for row in rows],
            "amount": [amount(row) for row in rows],
            "origin": [_origin(row) for row in rows],
        },
        dtype=object,  # a text column would turn markup into plain text
    )
    columns = {"what": "Was", "amount": "Betrag und Jahr", "origin": "Herkunft und Hinweis"}
    return tables.table(
        said,
        columns,
        "Veröffentlichte Beträge",
        subtitle="Nicht summieren, nicht hochrechnen.",
        origin=of(frame),
    )


def amount(row: Row) -> str:
    """A published amount with unit and year, as a range where it is one."""
    low, value, high = (row[key] for key in ("value_min", "value", "value_max"))
    unit, year = str(row["unit_de"]), row["price_year"]
    if not german.is_missing(value):
        said = f"{_figure(value)} {unit}"
    elif german.is_missing(low):
        said = f"bis {_figure(high)} {unit}"
    else:
        said = (
            f"{_figure(low)} bis {_figure(high)} {unit}"
            if not german.is_missing(high)
            else f"ab {_figure(low)} {unit}"
        )
    return f"{said} ({'Jahr unbekannt' if german.is_missing(year) or year == 'unbekannt' else year})"


def _figure(value: object) -> str:
    return german.number(value, 0 if float(str(value)).is_integer() else 2)


def _origin(row: Row) -> Markup:
    outside = "nicht aus dem Bundesprogramm" if row["scope"] == "context" else ""
    return Markup("{} {}").format(
        "; ".join(str(w) for w in (row["note_de"], outside) if not german.is_missing(w)),
        basis_note(row["basis"]),
    )


def rather_not(criteria: pd.DataFrame) -> Block | None:
    """The knock-out questions of the transfer check: where a „Nein“ stops the transfer."""
    stops = criteria[criteria["knockout_default"].astype(bool)]
    return None if stops.empty else fragment("theme-rather-not", rows=records(stops))
