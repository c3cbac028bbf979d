"""A place among its peers, as a chart. Apart from `places`, because drawing is slow to import."""

from __future__ import annotations

import pandas as pd

from transferkit.origin import of
from transferkit.present import charts, german, place_words, tables
from transferkit.present.block import Block


def by_population(town: pd.Series, peers: pd.DataFrame) -> charts.Chart | None:
    """The place among its peers by population; None without peers."""
    if peers.empty:
        return None
    where = "land" if place_words.compared_as(town) == "kreis" else "kreis"
    like_us, middle = place_words.peers(town), place_words.middle_peer(town)
    names = pd.Series([*place_words.told_apart(peers), town["short_name"]], dtype="str")
    drawn = place_words.without_kind(names, place_words.compared_as(town))
    people = [int(number) for number in (*peers["population"], town["population"])]
    frame = pd.DataFrame({"said": names, where: [*peers[where], town[where]], "population": people})
    frame = frame.sort_values("population", ascending=False, kind="stable")
    return charts.Chart(
        finding=f"{place_words.subject(town)} {place_words.is_(town)} {_compared(town, peers)} {middle}",
        subtitle=f"Bevölkerung, {german.date(town['population_date'])}, logarithmisch aufgetragen",
        description=f"{place_words.subject(town)} und {len(peers)} {like_us}, {_range(frame)}.",
        drawings=charts.dots(
            frame.assign(said=drawn), "said", "population", str(drawn.iloc[-1]), logarithmic=True
        ),
        table=_must(
            tables.table(
                frame,
                {"said": "Ort", where: where.capitalize(), "population": "Personen"},
                "Bevölkerung im Vergleich",
            )
        ),
        origin=of(town, peers),
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
