"""How options stand under the reader's weights, as a chart, and what would change the first place."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from transferkit.origin import of
from transferkit.present import charts, german, tables
from transferkit.present.block import Block
from transferkit.present.records import records


def points(standing: pd.DataFrame, decision: str, *, own_weights: bool = False) -> charts.Chart | None:
    """The weighted points of the options that can be compared; None where there are fewer than two."""
    rows = standing[standing["state"] == "compared"].sort_values("points", ascending=False, kind="stable")
    if len(rows) < 2:
        return None
    whose = "Ihren" if own_weights else "den vorgeschlagenen"
    drawn = rows.assign(said=[round(float(value), 2) for value in rows["points"]])
    table = tables.table(
        rows,
        {"name_de": "Option", "points": "Punkte", "rank": "Platz"},
        f"{decision}: Punkte mit {whose} Gewichten",
        formats={"points": lambda value: german.number(value, 2), "rank": german.number},
    )
    if table is None:
        raise ValueError("a chart is only drawn of rows")
    return charts.Chart(
        finding=_finding(rows),
        subtitle=f"Gewichtete Punkte mit {whose} Gewichten, 1 bis 5, 5 ist günstig. Eigene Einschätzung.",
        description=f"{len(rows)} Optionen von {german.number(rows['points'].max(), 2)} bis "
        f"{german.number(rows['points'].min(), 2)} Punkten.",
        drawings=charts.dots(drawn, "name_de", "said", str(rows["name_de"].iloc[0]), digits=2),
        table=table,
    )


def _finding(rows: pd.DataFrame) -> str:
    first, second = rows["points"].iloc[:2].astype(float)
    leader, rival = (f"„{name}“" for name in rows["name_de"].iloc[:2])
    gap = first - second
    if gap < 0.005:
        return f"{leader} und {rival} liegen gleichauf"
    how = "knapp " if gap < 0.1 else "deutlich " if gap >= 0.5 else ""
    return f"{leader} liegt {how}vor {rival}"


def turning_points(flips: pd.DataFrame) -> Block | None:
    """From which weight of which criterion another option leads, the nearest first; None if never."""
    rows = records(flips)
    said = pd.DataFrame(
        {
            "criterion": [row["criterion_de"] for row in rows],
            "now": [german.percent(row["now"]) for row in rows],
            "limit": [
                f"{'mehr' if row['side'] == 'above' else 'weniger'} als {german.percent(row['weight'])}"
                for row in rows
            ],
            "winner": [row["name_de"] for row in rows],
        },
        dtype=object,
    )
    columns = {"criterion": "Kriterium", "now": "Wiegt jetzt", "limit": "Wiegt es", "winner": "dann gewinnt"}
    return tables.table(
        said,
        columns,
        "Was die Reihenfolge ändert",
        subtitle="Ein Gewicht ändert sich, die anderen behalten ihr Verhältnis. Eigene Einschätzung.",
        origin=of(flips),
    )


def sheets(
    criteria: pd.DataFrame,
    scores: pd.DataFrame,
    standing: pd.DataFrame,
    flips: pd.DataFrame,
    weights: Mapping[str, float],
) -> dict[str, pd.DataFrame]:
    """What is on screen as sheets for Excel: result, scores with weights, and what changes the result."""
    names = dict(zip(standing["option_id"], standing["name_de"], strict=True))
    points = scores.pivot(index="criterion_id", columns="option_id", values="score")
    points = points.reindex(index=list(criteria["criterion_id"]), columns=list(names))
    total = sum(weights.values())
    limits = flips.assign(side=flips["side"].map({"above": "mehr als", "below": "weniger als"}))
    return {
        "Ergebnis": pd.DataFrame(
            {
                "Option": standing["name_de"],
                "Punkte": standing["points"],
                "Platz": standing["rank"],
                "Vorn in % der Gewichtungen": standing["first"] * 100,
                "Unter den ersten zwei in %": standing["top_two"] * 100,
            }
        ),
        "Punkte": pd.DataFrame(
            {
                "Kriterium": list(criteria["name_de"]),
                "Gewicht in %": [100 * weights[key] / total for key in criteria["criterion_id"]],
                **{name: list(points[key]) for key, name in names.items()},
            }
        ),
        "Grenzen": pd.DataFrame(
            {
                "Kriterium": limits["criterion_de"],
                "Wiegt jetzt in %": limits["now"].astype(float) * 100,
                "Wiegt es": limits["side"],
                "Grenze in %": limits["weight"].astype(float) * 100,
                "dann gewinnt": limits["name_de"],
            }
        ),
    }
