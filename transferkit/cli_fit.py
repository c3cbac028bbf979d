"""The command `transferkit fit`: what filled-in answers say, the same as in a notebook."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from transferkit.german_click import GermanCommand

if TYPE_CHECKING:
    import pandas as pd

FAILED = 1


@click.command(cls=GermanCommand)
@click.argument("file", metavar="DATEI", type=click.Path(path_type=Path))
def fit(file: Path) -> None:
    """Antworten auf „Passt das zu uns?“ auswerten.

    DATEI ist das Excel-Formular, seine Tabelle (CSV) oder was jemand im Leitfaden gespeichert hat (JSON).

    Ende mit 1, wenn im Formular etwas nicht stimmt.

    Beispiel: transferkit fit Passt-das-zu-uns.xlsx
    """
    from transferkit.guide import fit_of
    from transferkit.knowledge.workbook.filled import UnsoundError
    from transferkit.present.fit import in_words

    try:
        answers = _answers(file)
    except UnsoundError as error:
        click.echo(str(error), err=True)
        sys.exit(FAILED)
    click.echo(in_words(fit_of(answers)))


def _answers(file: Path) -> pd.DataFrame:
    import pandas as pd

    from transferkit.errors import WorkbookError
    from transferkit.knowledge.workbook import forms, tidy

    if file.suffix.lower() == ".json":
        return _saved(file)
    if file.suffix.lower() != ".csv":
        filled = forms.read(file)
        if filled.form.kind != "fit":
            raise WorkbookError(f"„{file.name}“ ist ein anderes Formular. Nötig ist „Passt das zu uns?“.")
        return tidy.table(filled, file.name)
    try:
        table = pd.read_csv(file, dtype="str")
    except (OSError, ValueError) as error:
        raise WorkbookError(f"„{file.name}“ ist nicht lesbar ({error}).") from error
    if missing := [name for name in ("criterion_id", "answer_id") if name not in table]:
        raise WorkbookError(
            f"„{file.name}“: Es fehlt die Spalte „{missing[0]}“. "
            "„transferkit workbook import“ schreibt die Tabelle mit allen Spalten."
        )
    return table


def _is_check(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(answer, str) for answer in value.values())


def _saved(file: Path) -> pd.DataFrame:
    """The answers of a file saved on a guide's page: those to one solution."""
    import pandas as pd

    from transferkit.errors import WorkbookError
    from transferkit.workshop import answer_file

    named = answer_file.read(file).answers.items()
    checks = [value for key, value in named if key.startswith("fit-")]
    if len(checks) != 1 or not _is_check(checks[0]):
        raise WorkbookError(
            f"„{file.name}“ enthält keine Antworten auf „Passt das zu uns?“ zu einer Lösung. "
            "Nötig ist eine Datei, die im Leitfaden mit „Antworten speichern“ entstanden ist."
        )
    return pd.DataFrame(list(checks[0].items()), columns=["criterion_id", "answer_id"], dtype="str")
