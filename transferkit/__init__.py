"""transferkit: experiences of the Modellprojekte Smart Cities as guides for all municipalities.

The names below are what a notebook may use (`import transferkit as tk`). They load on first use, so that
importing the package costs nothing.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

_HOMES = {
    "transferkit.knowledge.datasets": ("edition", "load"),
    "transferkit.knowledge.citation": ("cite",),
    "transferkit.knowledge.place": ("place",),
    "transferkit.knowledge.place_suggest": ("suggest_places",),
    "transferkit.knowledge.register": ("municipality", "municipalities", "kreise", "is_complete"),
    "transferkit.coverage": (
        "projects_covered",
        "tables_by_basis",
        "estimates",
        "solution_fields",
        "solution_years",
        "sources_read",
        "municipality_fields",
    ),
    "transferkit.likeness": (
        "peers",
        "model_peers",
        "peers_of_project",
        "compared_places",
        "compared_variables",
    ),
    "transferkit.assessment": ("maturity_profile", "maturity_steps", "maturity_change"),
    "transferkit.council_case": ("case", "with_answers", "proposed"),
    "transferkit.handout": ("excel",),
    "transferkit.workshop_report": ("workshop_report", "experience_form"),
    "transferkit.own_answers": ("maturity_of", "fit_given", "reflected"),
    "transferkit.workshop_day": ("plan_workshop", "plan_meeting"),
    "transferkit.learning": (
        "learning_groups",
        "contrasts",
        "applicants",
        "reflect",
        "drafted",
    ),
    "transferkit.decision": ("decision_for", "decisions_of", "decision_tables", "standing", "flips"),
    "transferkit.effect": ("indicators_for", "proposed_indicators", "measuring_plan"),
    "transferkit.exchange": ("systems", "handover", "common_standards", "sides", "reach"),
    "transferkit.guide": (
        "solutions_of",
        "theme_solutions",
        "similar_solutions",
        "worth_a_call",
        "lessons_for",
        "lessons_of",
        "row",
        "places_of",
        "communities_of",
        "events_of",
        "events_near",
        "fit_check",
        "fit_of",
        "impact_plan",
        "logic_for",
    ),
    "transferkit": ("ask",),
    "transferkit.present": (
        "agenda",
        "briefing",
        "cards",
        "charts",
        "cohorts",
        "council",
        "decisions",
        "documents",
        "experience",
        "fit",
        "forms",
        "gaps",
        "german",
        "handovers",
        "impact",
        "impact_paper",
        "interoperability",
        "letters",
        "maturity",
        "maturity_paper",
        "option_charts",
        "options",
        "paper",
        "peer_charts",
        "peer_figures",
        "places",
        "protocol",
        "slides",
        "sources",
        "tables",
        "themes",
    ),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}
__all__ = sorted(_HOME)


if os.environ.get("JPY_SESSION_NAME") and not os.environ.get("TRANSFERKIT_FACE"):
    # A person runs cells in JupyterLab: German hints instead of tracebacks.
    import_module("transferkit.lab.hints").install()


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"transferkit hat keinen Namen „{name}“. Es gibt: {', '.join(__all__)}.")
    home = _HOME[name]
    if home in ("transferkit", "transferkit.present"):
        return import_module(f"{home}.{name}")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return __all__
