"""A theme on a page: who works on it, what became of it, how to start and how to measure."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd
from markupsafe import Markup

from transferkit.origin import of
from transferkit.present import cards, charts, german, tables
from transferkit.present.block import Block, basis_note, fragment, source_marks
from transferkit.present.records import records

DIRECTIONS = {
    "up": "soll steigen",
    "down": "soll sinken",
    "neutral": "nur beobachten",
    "target": "soll einen Zielwert treffen",
}
STAGES = {
    "input": "Mittel",
    "output": "Leistung",
    "outcome": "Wirkung bei den Menschen",
    "impact": "Wirkung im Ort",
}
Row = dict[Hashable, Any]
COUNTED = "Gezählt je Modellprojekt; Orte nach Länge und Breite ihres Mittelpunkts."
FOLDED_FROM = 40  # lessons; a longer list is shortened and folded by phase, so that it can be read
SHOWN_PER_PHASE = 3  # of each kind


def question(theme: pd.Series) -> Block:
    """What the theme is about, with its sources."""
    return tables.prose(Markup("{}{}").format(theme["text_de"], source_marks(theme["source_ids"])))


def community(community: pd.Series, groups: pd.DataFrame) -> Block:
    """The community that works on the theme, with its groups and every doubt about them."""
    return fragment("theme-community", community=community.to_dict(), groups=records(groups)).resting_on(
        community, groups
    )


def questions(frame: pd.DataFrame) -> Block | None:
    """Key questions in their order: question, why it matters, who answers."""
    return _listed("questions", frame.sort_values("order"))


def status(solutions: pd.DataFrame) -> charts.Chart | None:
    """How many solutions of the theme stood where, by the date of their sources."""
    if solutions.empty:
        return None
    counts = solutions["status"].astype(str).value_counts()
    known = [code for code in german.STATUS if code in counts]
    frame = pd.DataFrame(
        {"status": [german.STATUS[code] for code in known], "count": [int(counts[code]) for code in known]}
    )
    running, total = int(counts.get("running", 0)), len(solutions)
    nearest = int((solutions["theme_fit"] == "nearest").sum())
    verb = "war" if running == 1 else "waren"
    return charts.Chart(
        finding=f"{running} von {total} Lösungen {verb} laut Quelle in Betrieb",
        subtitle="Zahl der Lösungen nach Stand. Er gilt für das Datum der Quelle, nicht für heute."
        + (
            f" {nearest} von {total} passen zu keinem Thema genau und stehen hier am nächsten."
            if nearest
            else ""
        ),
        description="Waagerechte Balken: "
        + german.enumerate_words(f"{name} {n}" for name, n in frame.to_numpy())
        + ".",
        drawings=charts.bars(frame, "status", "count"),
        table=_whole(tables.table(frame, {"status": "Stand", "count": "Lösungen"}, "Lösungen nach Stand")),
        origin=of(solutions, how="Gezählt nach Stand."),
    )


def places(members: pd.DataFrame, seats: pd.DataFrame, solutions: pd.DataFrame) -> charts.Chart | None:
    """Where model projects with solutions in the theme lie among all of them.

    `members`: rows of `project_places`; those from general knowledge are no evidence of taking part
    and are not drawn. `seats`: rows of `places`.
    """
    if solutions.empty:
        return None
    told = members[members["basis"] != "general-knowledge"]
    frame = told.merge(seats[["place_key", "lon", "lat"]], on="place_key")
    frame["own"] = frame["project_id"].isin(solutions["project_id"])
    counts = solutions.groupby("project", observed=True).size().reset_index(name="count")
    counts = counts.sort_values(["count", "project"], ascending=[False, True])
    total, found = members["project_id"].nunique(), solutions["project_id"].nunique()
    verb = "hat" if found == 1 else "haben"
    return charts.Chart(
        finding=f"{found} von {total} Modellprojekten {verb} Lösungen zu diesem Thema",
        subtitle="Belegte Orte aller Modellprojekte; hervorgehoben sind Projekte mit Lösungen zum Thema.",
        description=f"Karte aus Punkten nach Länge und Breite: {int(frame['own'].sum())} von {len(frame)} "
        "Orten gehören zu einem Modellprojekt mit Lösungen zum Thema. Die Tabelle nennt die Projekte.",
        drawings=charts.places(frame, "own"),
        table=_whole(
            tables.table(
                counts, {"project": "Modellprojekt", "count": "Lösungen"}, "Lösungen je Modellprojekt"
            )
        ),
        origin=of(solutions, told, seats[seats["place_key"].isin(frame["place_key"])], how=COUNTED),
    )


def only_near(solutions: pd.DataFrame, theme: str) -> Block | None:
    """How many solutions fit no theme exactly and stand nearest to this one, with the way to them."""
    near = solutions[solutions["theme_fit"] != "exact"]
    count = len(near)
    if not count:
        return None
    where = tables.link(f"loesungen.html#thema={theme}", "Seite der Lösungen")
    how = "passt zu keinem Thema genau und steht" if count == 1 else "passen zu keinem Thema genau und stehen"
    return tables.prose(
        Markup("{} {} {} diesem am nächsten. Sie stehen auf der {}.").format(
            german.number(count), "weitere Lösung" if count == 1 else "weitere Lösungen", how, where
        )
    ).resting_on(near, how="Gezählt.")


def contested(solutions: pd.DataFrame) -> Block | None:
    """Where contested solutions are told, with their counter-note: on their own sheets only."""
    rows = solutions[solutions["evidence"] == "contested"]
    if rows.empty:
        return None
    links = [
        tables.link(f"loesungen/{key}.html", title)
        for key, title in rows[["solution_id", "title"]].to_numpy()
    ]
    said = Markup("Umstritten, deshalb nur auf dem eigenen Erfahrungsblatt mit Gegenhinweis: {}.")
    return tables.prose(said.format(Markup(", ").join(links)))


def first_lessons(frame: pd.DataFrame) -> pd.DataFrame:
    """All lessons, or of a long list the first few per phase and kind: nobody reads a hundred.

    Those of the programme come before its context, sourced before mixed before own, first hand before
    second hand.
    """
    if len(frame) < FOLDED_FROM:
        return frame
    rank = pd.DataFrame(
        {
            "scope": frame["scope"] != "mpsc",
            "basis": frame["basis"].astype(str).map(["sourced", "mixed", "own"].index),
            "second_hand": frame["secondary_source"].fillna(False).astype(bool),
        }
    )
    ordered = frame.loc[rank.sort_values(list(rank.columns), kind="stable").index]
    return ordered.groupby(["phase", "kind"], observed=True, sort=False).head(SHOWN_PER_PHASE)


def lessons(frame: pd.DataFrame, known: int) -> Block | None:
    """Success factors, then pitfalls, phase by phase; long lists are folded but for printing.

    `known`: how many there are, so that a shortened list says so.
    """
    frame = frame.sort_values("kind", key=lambda kind: kind != "success-factor", kind="stable")
    if known < FOLDED_FROM:
        return cards.lessons(frame)
    phases = [
        {"name": name, "count": len(rows), "list": _whole(cards.lessons(rows, by_phase=False)).html}
        for phase, name in german.PHASES.items()
        if len(rows := frame[frame["phase"] == phase])
    ]
    return fragment("theme-lessons", phases=phases, shown=len(frame), known=known, each=SHOWN_PER_PHASE)


def logic_model(frame: pd.DataFrame) -> Block | None:
    """From means to impact in four stages, as a figure in words."""
    frame = frame.sort_values("order")
    block = _listed("logic-model", frame.assign(stage=frame["level"].astype(str).map(STAGES)))
    return block and block.resting_on(frame)


def indicators(frame: pd.DataFrame) -> Block | None:
    """What to measure: name, definition and way of measuring, and which direction is better."""
    rows = records(frame)
    said = pd.DataFrame(
        {
            "what": [_indicator(row) for row in rows],
            "how": [_measured(row) for row in rows],
            "way": [f"{row['unit_de']}, {DIRECTIONS[str(row['direction'])]}" for row in rows],
        },
        dtype=object,  # a text column would turn markup into plain text
    )
    columns = {"what": "Kennzahl", "way": "Einheit und Richtung", "how": "Was und wie Sie messen"}
    return tables.table(said, columns, "Kennzahlen zum Thema", origin=of(frame))


def _indicator(row: Row) -> Markup:
    marks = "" if row["basis"] == "own" else source_marks(row["source_ids"])
    return Markup("{}{} {}").format(row["name_de"], marks, basis_note(row["basis"]))


def _measured(row: Row) -> str:
    said = "; ".join(
        str(row[name]) for name in ("measured_by_de", "frequency_de") if not german.is_missing(row[name])
    )
    return f"{row['definition_de']}. {said}" if said else str(row["definition_de"])


def timeline(steps: pd.DataFrame) -> Block:
    """The transfer steps with the span of their weeks as bars; durations are own estimates."""
    rows = steps.sort_values("order")
    longest = float(rows["weeks_max"].max())
    drawn = [
        row
        | {
            "weeks": german.span(row["weeks_min"], row["weeks_max"], "Wochen"),
            "days": german.span(row["person_days_min"], row["person_days_max"], "Personentage"),
            "least": f"{float(row['weeks_min']) / longest:.1%}",
            "more": f"{(float(row['weeks_max']) - float(row['weeks_min'])) / longest:.1%}",
        }
        for row in records(rows)
    ]
    total = german.span(rows["weeks_min"].sum(), rows["weeks_max"].sum(), "Wochen")
    return fragment("timeline", steps=drawn, total=total).resting_on(
        rows, how="Summe der Wochen; Balken im Verhältnis zum längsten Schritt."
    )


def methods(frame: pd.DataFrame, steps: pd.DataFrame) -> Block | None:
    """Workshop methods with group, time and steps."""
    rows = [
        row
        | {
            "time": german.span(row["minutes_min"], row["minutes_max"], "Minuten"),
            "group": german.span(row["group_min"], row["group_max"], "Personen"),
            "steps": records(steps[steps["method_id"] == row["method_id"]].sort_values("order")),
        }
        for row in records(frame)
    ]
    if not rows:
        return None
    own_steps = steps[steps["method_id"].isin(frame["method_id"])]
    return fragment("theme-methods", methods=rows).resting_on(frame, own_steps)


def _listed(template: str, frame: pd.DataFrame) -> Block | None:
    return None if frame.empty else fragment(template, rows=records(frame))


def _whole(block: Block | None) -> Block:
    """A block that cannot be missing, because its rows were counted before."""
    assert block is not None
    return block
