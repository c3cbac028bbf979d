"""The figures behind a comparison of places: who has how much, what counts, and why."""

from __future__ import annotations

import pandas as pd

from transferkit.origin import of
from transferkit.present import german, place_words, tables
from transferkit.present.block import Block


def sheet(town: pd.Series, peers: pd.DataFrame, model: pd.DataFrame) -> pd.DataFrame:
    """The place and its peers with all figures compared, German column names: for a table or for Excel."""
    words = place_words.variable_words(model, place_words.compared_as(town))
    places = [town.to_dict(), *peers.to_dict("records")] if len(peers) else [town.to_dict()]
    names = [str(town["short_name"]), *(place_words.told_apart(peers) if len(peers) else [])]
    figures = {
        f"{label} ({unit})" if unit.lower() not in label.lower() else label: pd.array(
            [place.get(name, pd.NA) for place in places], "Float64"
        )
        for name, (label, unit) in words.items()
    }
    keys = [str(town.name), *map(str, peers.index)]
    stable = ["", *peers["stability_label"]] if len(peers) else [""]
    return pd.DataFrame({"Ort": names, "Schlüssel": keys, **figures, "Auswahl": stable})


def table(town: pd.Series, peers: pd.DataFrame, model: pd.DataFrame) -> Block | None:
    """These figures as a table, nearest first; None without peers."""
    if peers.empty:
        return None
    shown = sheet(town, peers, model).drop(columns=["Schlüssel", "Auswahl"])
    return tables.table(
        shown,
        {str(name): str(name) for name in shown.columns},
        "Alle Zahlen des Vergleichs",
        subtitle="Gemeindeverzeichnis, Bevölkerung vom "
        f"{german.date(town['population_date'])}. Die ähnlichsten Orte stehen oben.",
        origin=of(town, peers),
    )


def weights(town: pd.Series, model: pd.DataFrame) -> Block | None:
    """What counts by proposal, how much, and why: our own judgement, said so."""
    rows = model[model["level"] == place_words.compared_as(town)].sort_values("order")
    columns = {
        "label_de": "Merkmal",
        "weight": "Vorgeschlagenes Gewicht",
        "reason_de": "Warum",
        "basis": "Herkunft",
    }
    scaled = rows.assign(weight=rows["weight"].astype(float) * 10)
    return tables.table(scaled, columns, "Was verglichen wird", subtitle="Gewicht von 0 bis 10.")
