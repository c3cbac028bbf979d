"""What an app or a page gives away as a file to work on: tables as Excel, with their sources."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from transferkit.knowledge import datasets
from transferkit.knowledge.workbook import handout
from transferkit.present.office_file import OfficeFile, citations, stable

MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def excel(title: str, sheets: Mapping[str, pd.DataFrame], cited: pd.DataFrame) -> OfficeFile:
    """The tables (sheet name -> table with German headings) as an Excel file, with a sheet of the sources."""
    day = datasets.edition()
    sources = pd.DataFrame({"Quelle": list(citations(cited).values())}, dtype=object)
    remarks = (
        title,
        f"Stand der Daten: {'.'.join(reversed(day.split('-')))}",
        "Gewichte, Punkte und Stufen sind eine eigene Einschätzung.",
    )
    content = handout.workbook(remarks, {**sheets, "Quellen": sources})
    return OfficeFile(title, "Excel-Datei (XLSX)", "Tabellen.xlsx", MIMETYPE, stable(content, day))
