"""A copy of a workbook with the bad cells marked, each with a comment that says what to do."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Border, PatternFill, Side

from transferkit.errors import WorkbookError
from transferkit.knowledge.workbook.form import Problem
from transferkit.knowledge.workbook.reading import DAMAGE

AUTHOR = "transferkit"
FILL = PatternFill("solid", fgColor="FDE7C8")
FRAME = Border(*(Side(style="medium", color="B03A1A"),) * 4)


def mark(original: Path, problems: Sequence[Problem], copy: Path) -> None:
    """Write the copy; the original stays as it is. A problem of a whole sheet is marked at its cell A1."""
    if copy.resolve() == original.resolve():
        raise WorkbookError("Die Fehlerkopie braucht einen anderen Namen als die Arbeitsmappe selbst.")
    if copy.suffix.lower() != ".xlsx" or not copy.parent.is_dir():
        raise WorkbookError(
            f"Die Fehlerkopie „{copy}“ muss auf .xlsx enden und in einem Ordner liegen, den es gibt."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells in English which decoration it does not know
            book = openpyxl.load_workbook(original)
    except DAMAGE as error:
        raise WorkbookError(
            f"Eine Fehlerkopie von „{original.name}“ ist nicht möglich; Teile der Datei sind beschädigt "
            f"({error}). "
            "Speichern Sie sie in Excel neu."
        ) from error
    for problem in problems:
        if problem.sheet in book.sheetnames:
            cell = book[problem.sheet][problem.cell or "A1"]
            before = f"{cell.comment.text}\n" if cell.comment and cell.comment.author == AUTHOR else ""
            cell.comment = Comment(before + problem.remedy, AUTHOR, width=320, height=120)
            cell.fill, cell.border = FILL, FRAME
    book.properties.lastModifiedBy = AUTHOR
    book.save(copy)
