"""The German of the data package, as passages to be read, and the abbreviations readers can look up."""

from __future__ import annotations

from collections.abc import Iterator

from transferkit.knowledge.checks.rows import Package, Row
from transferkit.language.abbreviations import names_in
from transferkit.language.reading import Passage

GERMAN = "_de"
# Titles of events and publications, codes of standards, lists of products, notes on money: as others wrote
# them, or no sentences.
AS_IT_IS = {
    "events": ("title_de", "place_de"),
    "lessons": ("origin_de",),
    "solutions": ("technology_de", "cost_de"),
    "indicators": ("source_standard_de",),
    "model_projects": ("funding_de",),
    "costs": ("unit_de",),
    "transfer_rules": ("condition_formula",),
}
# Where names stand: who published, what a standard, a system, a project or a solution is called.
NAMES = {
    "glossary": ("term_de",),
    "sources": ("publisher",),
    "standards": ("name", "full_name"),
    "systems": ("name", "maintainer"),
    "model_projects": ("name", "title"),
    "solutions": ("title",),
    "community_groups": ("name_de",),
}


def passages(package: Package) -> Iterator[Passage]:
    """Every German text of the tables, row by row."""
    for table, row in package.all_rows():
        skipped = AS_IT_IS.get(table.name, ())
        for column in table.columns:
            if column.endswith(GERMAN) and column not in skipped and row[column]:
                yield _passage(row, column)


def known_abbreviations(package: Package) -> frozenset[str]:
    """What the glossary explains, and names."""
    texts = (
        row[column] for table, columns in NAMES.items() for row in package.rows(table) for column in columns
    )
    return frozenset(names_in(texts))


def _passage(row: Row, column: str) -> Passage:
    return Passage(row.path, row.line, f"{row.key}, Spalte {column}", row[column], f"Tabelle {row.table}")
