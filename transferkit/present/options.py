"""Which option leads, in how many weightings, and what would change that: a sentence and bars with names."""

from __future__ import annotations

import pandas as pd

from transferkit.present import german
from transferkit.present.block import Block, fragment
from transferkit.present.records import Row, records


def result(standing: pd.DataFrame, flips: pd.DataFrame, decision: str, *, own_weights: bool = False) -> Block:
    """One decision (its name): the sentence, then each option with the share of weightings it leads.

    `standing` and `flips` as made by the options method; `own_weights` says that the reader set the weights.
    """
    rows = [
        row | {"said": _fate(row), "share": "" if german.is_missing(row["first"]) else _share(row["first"])}
        for row in _by_share(standing)
    ]
    return fragment(
        "options-result",
        name=decision,
        sentence=sentence(standing, flips, own_weights=own_weights),
        rows=rows,
    ).resting_on(standing)


def sentence(standing: pd.DataFrame, flips: pd.DataFrame, *, own_weights: bool = False) -> str:
    """Who leads, how safely, and from which weight somebody else does."""
    by_share = _by_share(standing)
    leaders = [row for row in records(standing) if row["rank"] == 1]
    if not leaders:
        return "Keine Option lässt sich vergleichen. Es fehlen Punkte, oder alle sind ausgeschlossen."
    weights = "Ihren Gewichten" if own_weights else "den vorgeschlagenen Gewichten"
    names = german.enumerate_words(f"„{row['name_de']}“" for row in leaders)
    if len(leaders) > 1:
        return (
            f"Mit {weights} liegen {names} gleichauf. Entscheiden Sie nach dem, was die Punkte nicht sagen."
        )
    leader, most = leaders[0], by_share[0]
    if sum(row["state"] == "compared" for row in by_share) == 1:
        return f"Nur {names} bleibt zum Vergleich übrig."
    said = f"{names} liegt mit {weights} vorn und ist in {_share(leader['first'])} aller Gewichtungen vorn"
    if most["first"] > leader["first"]:
        said += f" (am häufigsten „{most['name_de']}“: {_share(most['first'])})"
    if flips.empty:
        return f"{said}; kein einzelnes Gewicht ändert das."
    flip = flips.iloc[0]
    digits = 0 if german.percent(flip["weight"]) != german.percent(flip["now"]) else 1
    how = "mehr" if flip["side"] == "above" else "weniger"
    limit, now = german.percent(flip["weight"], digits), german.percent(flip["now"], digits)
    return (
        f"{said}; „{flip['name_de']}“ gewinnt, sobald „{flip['criterion_de']}“ {how} als {limit} wiegt"
        f" (jetzt {now})."
    )


def _by_share(standing: pd.DataFrame) -> list[Row]:
    """Who leads in most weightings first; who was not compared last."""
    return sorted(records(standing), key=lambda row: (german.is_missing(row["first"]), -row["first"]))


def _fate(row: Row) -> str:
    """What sets an option apart from the others, in words; empty if nothing does."""
    told = []
    if row["state"] == "excluded":
        told.append(f"ausgeschlossen: zu wenig Punkte bei {_names(row['failed'])}")
    if row["state"] == "incomplete":
        told.append(f"nicht vergleichbar: keine Punkte bei {_names(row['missing'])}")
    if row["unclear"]:
        told.append(f"Mindestanforderung ungeklärt: keine Punkte bei {_names(row['unclear'])}")
    if row["dominated_by"]:
        told.append(f"nirgends besser, mindestens einmal schlechter als {_names(row['dominated_by'])}")
    return "; ".join(told)


def _names(names: tuple[str, ...]) -> str:
    return german.enumerate_words(f"„{name}“" for name in names)


def _share(share: float) -> str:
    """A share of drawn weightings; never rounded to all or nothing where it is neither."""
    if 0 < share < 0.01:
        return "unter " + german.percent(0.01)
    if 0.99 < share < 1:
        return "über " + german.percent(0.99)
    return german.percent(round(float(share), 4))
