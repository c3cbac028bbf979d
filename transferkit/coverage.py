"""What the data does not know: the questions of the page „Was diese Seite nicht weiß“, asked of tables."""

from __future__ import annotations

import pandas as pd

from transferkit.knowledge import datasets, register
from transferkit.methods import coverage

SOLUTION_FIELDS = {
    "status": "Stand",
    "status_as_of": "Datum des Stands",
    "technology_de": "Technik",
    "open_source": "ob Open Source",
    "duration_de": "Dauer",
    "scale_de": "Umfang",
    "cost_de": "Kosten",
    "repository": "Adresse des Quellcodes",
}
MUNICIPALITY_FIELDS = {
    "population": "Bevölkerung",
    "area_km2": "Fläche",
    "postcode": "Postleitzahl",
    "lon": "Lage",
    "degree_of_urbanisation": "Grad der Verstädterung",
    "population_within_30km": "Bevölkerung im Umkreis von 30 km",
    "km_to_city_100k": "Entfernung zur nächsten Großstadt",
    "kreis": "Name des Kreises",
    "association": "Gemeindeverband",
}
# What a reader may take for knowledge. The other tables are rules and lists of our own making.
CLAIMS = (
    *("solutions", "lessons", "costs", "events", "questions", "options", "scores", "standards", "systems"),
    *("indicators", "transfer_steps", "workshop_methods"),
)
UNKNOWN = ("unknown", "unbekannt")
ESTIMATED = {
    "options": "effort_basis",
    "transfer_steps": "effort_basis",
    "systems": "operations_effort_basis",
}


def projects_covered() -> pd.DataFrame:
    """Model projects with `name`, `solutions` and `lessons` told of each."""
    return coverage.by_project(
        datasets.load("model_projects"), datasets.load("solutions"), datasets.load("lessons")
    )


def tables_by_basis() -> pd.DataFrame:
    """Tables whose rows say who says so: `title`, `rows`, `sourced`, `mixed`, `own`."""
    found = coverage.by_basis({name: datasets.load(name) for name in CLAIMS})
    titles = {name: one["title"] for name, one in datasets.resources(datasets.folder()).items()}
    return found.assign(title=found["table"].map(titles))


def estimates() -> pd.DataFrame:
    """Tables with an effort somebody estimated: `title`, `rows`, `own` (how many are our own estimates)."""
    titles = datasets.resources(datasets.folder())
    rows = [
        {
            "title": titles[name]["title"],
            "rows": int(basis.notna().sum()),
            "own": int((basis.astype(str) == "own").sum()),
        }
        for name, column in ESTIMATED.items()
        for basis in [datasets.load(name)[column]]
    ]
    return pd.DataFrame(rows)


def solution_fields() -> pd.DataFrame:
    """What is known of the solutions: `label`, `known`, `missing`, `examples`."""
    return coverage.filled(datasets.load("solutions"), SOLUTION_FIELDS, "title", UNKNOWN)


def solution_years() -> pd.DataFrame:
    """From which `year` the status of the solutions is, "" if the source has no date: `rows`."""
    return coverage.by_year(datasets.load("solutions")["status_as_of"])


def sources_read() -> pd.Series:
    """How many sources there are: `all`, `undated`, read from the `beginning` only, unknown `licence`."""
    sources = datasets.load("sources")
    return pd.Series(
        {
            "all": len(sources),
            "undated": int(sources["date"].isna().sum()),
            "beginning": int(sources["accessed_note"].str.contains("Anfang").sum()),
            "licence": int(sources["licence"].str.contains("unbekannt").sum()),
        }
    )


def municipality_fields() -> pd.DataFrame:
    """What is known of the municipalities of the register in use: `label`, `known`, `missing`, `examples`."""
    return coverage.filled(register.municipalities(), MUNICIPALITY_FIELDS, "short_name")
