"""What every guide needs, loaded and computed once, before the first notebook asks for it.

Run in the process from which kernels are forked: what is cached here costs a notebook nothing. It only calls
what notebooks call, and all of it is pure, so that a notebook cannot tell whether it came warm or cold.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

import transferkit as tk
from transferkit.knowledge import datasets, reads, register_store
from transferkit.present import block

EXAMPLE = "09181121"  # any municipality will do; this one is part of the shipped places


def preload() -> list[Path]:
    """Load tables and register and go once through what guides do; return the files and folders read."""
    for table in datasets.names():
        tk.load(table)
    block.compile_fragments()
    _guide_once()
    reads.begin()
    package, register = datasets.folder(), register_store.folder()
    # The register's folder counts as well: importing one for the first time changes nothing else.
    return [package, *package.glob("*.*"), register, *register.glob("*.parquet")]


def _guide_once() -> None:
    """The steps of a guide whose first time is slow: matching, drawing, templates."""
    town = tk.place(EXAMPLE)
    peers, projects = tk.peers(town), tk.model_peers(town)
    calls = tk.worth_a_call(projects)
    chart = tk.peer_charts.by_population(town, peers)
    if chart is not None:
        chart._repr_mimebundle_()
    tk.places.facts(town)
    tk.places.model_projects(town, projects, tk.compared_places(), tk.load("peer_model"))
    tk.places.at_a_glance(town, projects, calls, tk.events_near(town))
    tk.letters.requests(town, calls)
    for decision, name in tk.load("decisions")[["decision_id", "name_de"]].to_numpy():
        tk.options.result(tk.standing(decision), tk.flips(decision), name)
    tk.cards.solutions(calls)
    for kind in ("success-factor", "pitfall"):
        tk.cards.lessons(tk.lessons_for(calls, kind), by_phase=False)
    tk.impact.plan(tk.impact_plan(calls["theme_id"]))
    _fit_once(town, projects, calls)
    tk.sources.source_list(tk.cite("register", calls))


def _fit_once(town: pd.Series, projects: pd.DataFrame, calls: pd.DataFrame) -> None:
    checked = tk.fit_check(town, projects, calls)
    if checked is None:
        return
    tk.fit.statement(checked.outcome, checked.solution["title"], checked.solution["project"])
    tk.places.comparison(town, checked.origin.to_frame().T)
    criteria, dimensions = tk.load("transfer_criteria"), tk.load("transfer_dimensions")
    tk.fit.answers(criteria, dimensions, checked.answers, checked.hints)
    tk.fit.by_hand(checked.outcome.sheet, checked.solution["solution_id"], town["short_name"])
    tk.decision_for(checked.solution)
    tk.council.on_request(town, checked.solution)
