"""What the data offers a build: values pages are made for, and tables the site lists."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from transferkit.knowledge import datasets, place, register

LABELS = {
    "themes.theme_id": "name_de",
    "solutions.solution_id": "title",
    "model_projects.project_id": "name",
}


def domains() -> dict[str, dict[str, str]]:
    """Return for each "table.column" its values and their German labels, in the order of the table."""
    found = {}
    for domain, label in LABELS.items():
        name, column = domain.split(".")
        table = datasets.load(name)
        found[domain] = dict(zip(table[column].astype(str), table[label].astype(str), strict=True))
    # Pages are made for all municipalities; other places on request, see `resolvers`.
    found["municipalities.ags"] = found["places.key"] = municipality_labels(register.municipalities())
    return found


def resolvers() -> dict[str, Callable[[str], tuple[str, str, str]]]:
    """Return for each domain with values beyond its list how to find them: value, label, label in a title.

    `places.key`: a Kreis, an association or a set of places, by key or name; raises PlaceError.
    """
    return {"places.key": place.label}


def municipality_labels(municipalities: pd.DataFrame) -> dict[str, str]:
    """Return AGS -> short name, with the Kreis where a name occurs twice, and the AGS where that does too."""
    table = municipalities[municipalities["is_municipality"]]
    label = table["short_name"].astype("str")
    label = label.mask(label.duplicated(keep=False), label + " (" + table["kreis"].astype("str") + ")")
    by_key = pd.Series(table.index, index=table.index, dtype="str")
    label = label.mask(label.duplicated(keep=False), label.str.removesuffix(")") + ", " + by_key + ")")
    return dict(zip(by_key, label, strict=True))


def tables() -> dict[str, pd.DataFrame]:
    """Return all tables of the data package, and `municipalities`."""
    return {
        **{name: datasets.load(name) for name in datasets.names()},
        "municipalities": register.municipalities(),
    }
