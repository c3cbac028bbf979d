"""What stands in the data twice: two sources that are one, two rows that say the same."""

from __future__ import annotations

from collections.abc import Iterator

from transferkit.finding import Finding
from transferkit.knowledge.checks.rows import Package

# Table, and the columns that together say what the row is about, the telling one first.
STATEMENTS = (
    ("lessons", ("statement_de",)),
    ("solutions", ("title", "project_id")),
    ("indicators", ("name_de", "theme_id")),
    ("questions", ("question_de", "theme_id")),
    ("costs", ("name_de", "unit_de", "price_year", "value", "value_min", "value_max")),
    ("context_facts", ("text_de",)),
    ("glossary", ("term_de",)),
    ("standards", ("name",)),
    ("systems", ("name",)),
)


def findings(package: Package) -> Iterator[Finding]:
    """Rows that repeat an earlier one."""
    remedy = "Verweisen Sie überall auf die frühere Zeile und streichen Sie diese."
    yield from _repeated(package, "sources", ("url",), "data.source-twice", remedy)
    yield from _repeated(package, "sources", ("title", "publisher"), "data.source-twice", remedy)
    for table, columns in STATEMENTS:
        yield from _repeated(package, table, columns, "data.twice", "Streichen Sie eine der beiden Zeilen.")


def _repeated(
    package: Package, table: str, columns: tuple[str, ...], rule: str, remedy: str
) -> Iterator[Finding]:
    seen: dict[tuple[str, ...], str] = {}
    for row in package.rows(table):
        said = tuple(" ".join(row[column].split()).casefold() for column in columns)
        if said[0] and said in seen:
            text = f"Das steht schon in der Zeile {seen[said]}: „{row[columns[0]][:60]}“."
            yield row.finding(rule, columns[0], text, remedy)
        seen.setdefault(said, row.key)
