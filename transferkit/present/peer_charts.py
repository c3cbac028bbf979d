"""A municipality among its peers, as a chart. Apart from `places`, because drawing is slow to import."""

from __future__ import annotations

import pandas as pd

from transferkit.present import charts, german, tables
from transferkit.present.block import Block
from transferkit.present.places import told_apart


def by_population(town: pd.Series, peers: pd.DataFrame) -> charts.Chart | None:
    """The place among its peers by population; None without peers."""
    if peers.empty:
        return None
    own = town.to_frame().T.assign(said=town["short_name"])
    frame = pd.concat([peers.assign(said=told_apart(peers)), own])[["said", "kreis", "population"]]
    frame = frame.astype({"population": int}).sort_values("population", ascending=False)
    return charts.Chart(
        finding=f"{town['short_name']} ist {_compared(town, peers)} die mittlere Vergleichskommune",
        subtitle=f"Bevölkerung, {german.date(town['population_date'])}, logarithmisch aufgetragen",
        description=f"{town['short_name']} und {len(peers)} Vergleichskommunen, {_range(frame)}.",
        drawings=charts.dots(frame, "said", "population", str(town["short_name"]), logarithmic=True),
        table=_must(
            tables.table(
                frame,
                {"said": "Kommune", "kreis": "Kreis", "population": "Personen"},
                "Bevölkerung im Vergleich",
            )
        ),
    )


def _must(block: Block | None) -> Block:
    if block is None:
        raise ValueError("a chart is only drawn of rows")
    return block


def _range(frame: pd.DataFrame) -> str:
    return (
        f"{german.number(frame['population'].min())} bis {german.number(frame['population'].max())} Personen"
    )


def _compared(town: pd.Series, peers: pd.DataFrame) -> str:
    """`kleiner und dichter besiedelt als`, against the median; within a tenth counts as equal."""
    words = []
    for column, less, more in (
        ("population", "kleiner", "größer"),
        ("density_per_km2", "dünner besiedelt", "dichter besiedelt"),
    ):
        ratio = float(town[column]) / float(peers[column].astype(float).median())
        words += [less] if ratio < 0.9 else [more] if ratio > 1.1 else []
    return f"{' und '.join(words)} als" if words else "so groß und so dicht besiedelt wie"
