"""The command `transferkit cohorts`: learning groups from applications."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from transferkit.german_click import GermanCommand

if TYPE_CHECKING:
    import pandas as pd

FAILED = 1
COLUMNS = ("kind", "application_id", "mentor", "reason_de")


@click.command(cls=GermanCommand)
@click.argument("file", metavar="DATEI", type=click.Path(path_type=Path))
@click.option(
    "--overrides",
    metavar="CSV",
    type=click.Path(path_type=Path),
    help="Vorgaben von Menschen: Spalten kind (fix oder forbid), application_id, mentor, reason_de.",
)
@click.option("--contrast", is_flag=True, help="Nennt zu jeder Gruppe eine bewusst andere Kommune.")
@click.option(
    "--out", metavar="CSV", type=click.Path(path_type=Path), help="Schreibt die Mitglieder aller Gruppen."
)
def cohorts(file: Path, overrides: Path | None, contrast: bool, out: Path | None) -> None:
    """Lerngruppen vorschlagen: aus dem Excel-Formular „Bewerbungen für Lerngruppen“.

    Ende mit 1, wenn im Formular etwas nicht stimmt.

    Beispiel: transferkit cohorts Bewerbungen.xlsx --contrast
    """
    from transferkit import learning
    from transferkit.knowledge.datasets import load
    from transferkit.knowledge.workbook.filled import UnsoundError
    from transferkit.present.cohorts import in_words

    try:
        applications = _applications(file)
    except UnsoundError as error:
        click.echo(str(error), err=True)
        sys.exit(FAILED)
    formed = learning.learning_groups(applications, _overrides(overrides))
    names = learning.applicants(applications)
    themes = dict(load("themes")[["theme_id", "name_de"]].astype("str").to_numpy())
    click.echo(in_words(formed, names, themes))
    if contrast:
        for row in learning.contrasts(formed, applications).to_dict("records"):
            click.echo(f"Kontrast zu {row['group_id']}: {names[row['application_id']]}")
    if out:
        formed.groups.merge(formed.members, on="group_id").to_csv(out, index=False)
        click.echo(f"Geschrieben: {out}")


def _applications(file: Path) -> pd.DataFrame:
    from transferkit.errors import WorkbookError
    from transferkit.knowledge.workbook import forms, tidy

    filled = forms.read(file)
    if filled.form.kind != "applications":
        raise WorkbookError(
            f"„{file.name}“ ist ein anderes Formular. Nötig ist „Bewerbungen für Lerngruppen“: "
            "transferkit workbook new applications Bewerbungen.xlsx"
        )
    return tidy.table(filled, file.name)


def _overrides(file: Path | None) -> pd.DataFrame | None:
    import pandas as pd

    from transferkit.errors import WorkbookError

    if file is None:
        return None
    try:
        table = pd.read_csv(file, dtype="str")
    except (OSError, ValueError) as error:
        raise WorkbookError(f"„{file.name}“ ist nicht lesbar ({error}).") from error
    if missing := [name for name in COLUMNS if name not in table]:
        raise WorkbookError(f"„{file.name}“: Es fehlt die Spalte „{missing[0]}“.")
    return table
