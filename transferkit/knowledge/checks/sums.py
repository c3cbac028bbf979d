"""Whether what belongs together is whole: weights, scores, minutes, ranges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from transferkit.finding import Finding
from transferkit.knowledge.checks.rows import Package, Row

# Table, what its weights belong to, and what they add up to.
WEIGHTS = (("criteria", "decision_id", 1.0), ("transfer_criteria", "dimension_id", 100.0))
SMALLEST = 1e-6
LOW, HIGH = "_min", "_max"


def findings(package: Package) -> Iterator[Finding]:
    """Weights that do not add up, options without a score, ranges that end before they begin."""
    for table, group, total in WEIGHTS:
        yield from _weights(package, table, group, total)
    yield from _scores(package)
    yield from _minutes(package)
    for _, row in package.all_rows():
        yield from _ranges(row)


def _weights(package: Package, table: str, group: str, total: float) -> Iterator[Finding]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in package.rows(table):
        groups[row[group]].append(row)
    for name, rows in groups.items():
        found = sum(number for row in rows if (number := _number(row["weight_default"])) is not None)
        if abs(found - total) > SMALLEST:
            yield rows[0].finding(
                "data.weights",
                "weight_default",
                f"Die Gewichte von „{name}“ ergeben zusammen {found:g} statt {total:g}.",
                "Ändern Sie die Gewichte so, dass die Summe stimmt.",
            )


def _scores(package: Package) -> Iterator[Finding]:
    """Every option is scored by every criterion of its decision."""
    scored = {(row["option_id"], row["criterion_id"]) for row in package.rows("scores")}
    criteria = package.rows("criteria")
    for option in package.rows("options"):
        for criterion in criteria:
            pair = (option["option_id"], criterion["criterion_id"])
            if criterion["decision_id"] == option["decision_id"] and scored and pair not in scored:
                yield option.finding(
                    "data.score-missing",
                    "option_id",
                    f"Für das Kriterium „{criterion['name_de']}“ fehlt die Bewertung.",
                    f"Ergänzen Sie in scores die Zeile für {pair[0]} und {pair[1]}.",
                )


def _minutes(package: Package) -> Iterator[Finding]:
    """The steps of a method last as long as the method says."""
    steps: dict[str, float] = defaultdict(float)
    for row in package.rows("workshop_steps"):
        steps[row["method_id"]] += _number(row["minutes"]) or 0
    for row in package.rows("workshop_methods"):
        told = _number(row["steps_total_minutes"])
        if told is not None and row["method_id"] in steps and told != steps[row["method_id"]]:
            yield row.finding(
                "data.count",
                "steps_total_minutes",
                f"Hier stehen {told:g} Minuten, die Schritte ergeben {steps[row['method_id']]:g}.",
                "Ändern Sie die Summe oder die Minuten der Schritte.",
            )


def _ranges(row: Row) -> Iterator[Finding]:
    for column in row.cells:
        if column.endswith(LOW):
            low, high = _number(row[column]), _number(row[column.removesuffix(LOW) + HIGH])
            if low is not None and high is not None and low > high:
                yield row.finding(
                    "data.range",
                    column,
                    f"Der kleinste Wert ({low:g}) liegt über dem größten ({high:g}).",
                    "Vertauschen oder berichtigen Sie die beiden.",
                )


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None  # the schema says so
