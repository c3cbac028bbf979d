"""The commands `transferkit workbook`: write a form as an Excel workbook, read a filled one."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from transferkit.german_click import GermanGroup

if TYPE_CHECKING:
    from transferkit.knowledge.workbook.form import Filled

FAILED = 1
XLSX = click.Path(path_type=Path)


@click.group(cls=GermanGroup)
def workbook() -> None:
    """Mit Excel arbeiten: Formulare anlegen und ausgefüllte einlesen.

    Es gibt vier: experience (Erfahrungsblatt), fit („Passt das zu uns?“), impact (Wirkung messen) und
    applications (Bewerbungen für Lerngruppen).

    Beispiel: transferkit workbook new experience Erfahrung.xlsx
    """


@workbook.command()
@click.argument("form", metavar="FORMULAR")
@click.argument("file", metavar="DATEI.xlsx", type=XLSX)
def new(form: str, file: Path) -> None:
    """Ein leeres Formular anlegen: experience, fit, impact oder applications.

    Eine Datei, die es schon gibt, wird nicht überschrieben.

    Beispiel: transferkit workbook new fit Passt-das-zu-uns.xlsx
    """
    from transferkit.knowledge.workbook import forms, writing
    from transferkit.project import meant

    if form not in forms.FORMS:
        raise click.UsageError(f"Das Formular „{form}“ gibt es nicht.{meant(form, forms.FORMS)}")
    writing.write(forms.FORMS[form](), file)
    click.echo(f"Angelegt:  {file}")
    click.echo(f"Einlesen:  transferkit workbook import {file}")


@workbook.command("import")
@click.argument("file", metavar="DATEI.xlsx", type=XLSX)
@click.option(
    "--into",
    type=XLSX,
    metavar="ORDNER",
    help="Das Datenpaket, in das eine Erfahrung kommt (sonst das, mit dem transferkit arbeitet).",
)
@click.option("--out", type=XLSX, metavar="DATEI.csv", help="Wohin die Tabelle der anderen Formulare kommt.")
@click.option(
    "--error-copy",
    type=XLSX,
    metavar="KOPIE.xlsx",
    help="Bei Fehlern: eine Kopie, in der die Zellen markiert sind.",
)
@click.option(
    "--confirm-personal-data",
    is_flag=True,
    help="Gefundene Angaben zu Personen dürfen veröffentlicht werden.",
)
@click.option(
    "--site",
    type=XLSX,
    default=Path("build/site"),
    metavar="ORDNER",
    help="Wohin die neue Seite kommt (sonst build/site).",
)
@click.pass_context
def import_workbook(
    context: click.Context,
    file: Path,
    into: Path | None,
    out: Path | None,
    error_copy: Path | None,
    confirm_personal_data: bool,
    site: Path,
) -> None:
    """Ein ausgefülltes Formular prüfen und übernehmen.

    Ein Erfahrungsblatt kommt in das Datenpaket; danach sehen Sie, welche Zeilen dazukamen, und die neue
    Seite wird gebaut. Die anderen Formulare werden als Tabelle gespeichert oder gezeigt. Bei einem Fehler
    wird nichts geschrieben; alle Fehler stehen dann mit Blatt und Zelle da.

    Ende mit 1, wenn in der Arbeitsmappe etwas nicht stimmt.

    Beispiel: transferkit workbook import Erfahrung.xlsx --error-copy Fehler.xlsx
    """
    from transferkit.knowledge.workbook import forms, marking
    from transferkit.knowledge.workbook.filled import UnsoundError

    if into is not None:
        _use(into)
    try:
        filled = forms.read(file, confirmed=confirm_personal_data)
        if filled.form.kind == "experience":
            _add_experience(context, filled, file.name, site, named=into is not None)
        else:
            _save_table(filled, file.name, out)
    except UnsoundError as error:
        click.echo(str(error), err=True)
        if error_copy is not None:
            marking.mark(file, error.problems, error_copy)
            click.echo(f"Markiert:  {error_copy}", err=True)
        sys.exit(FAILED)


def _use(folder: Path) -> None:
    """Let this process and those that build pages work with the data package in that folder."""
    if not (folder / "datapackage.json").is_file():
        raise click.UsageError(f"In {folder} liegt kein Datenpaket (datapackage.json).")
    os.environ["TRANSFERKIT_DATASETS"] = str(folder.resolve())


def _add_experience(context: click.Context, filled: Filled, name: str, site: Path, *, named: bool) -> None:
    from transferkit.errors import BuildError
    from transferkit.knowledge import datasets
    from transferkit.knowledge.workbook import experience_rows, package
    from transferkit.project import PACKAGE

    folder = datasets.folder()
    if not named and folder == PACKAGE / "datasets":
        raise BuildError(
            "Das Datenpaket gehört hier zum installierten Paket und soll so bleiben. Arbeiten Sie in einer "
            "Kopie des "
            "Projekts, oder nennen Sie mit --into den Ordner eines eigenen Datenpakets."
        )
    added = experience_rows.new_rows(filled, name)
    click.echo(package.append(folder, added.tables))
    click.echo(f"Übernommen. Neue Lösung: {added.solution_id}")
    main = context.find_root().command
    assert isinstance(main, click.Group)  # the command line is a group of commands
    context.invoke(
        main.commands["build"],
        guide="experience-sheet",
        parameters=(("solution", added.solution_id),),
        only=(),
        out=site,
        keep_going=True,
        jobs=None,
    )


def _save_table(filled: Filled, name: str, out: Path | None) -> None:
    from transferkit.knowledge.workbook import tidy

    rows = tidy.table(filled, name)
    if out is None:
        click.echo(rows.to_csv(index=False, lineterminator="\n"), nl=False)
        return
    for path in tidy.save(filled, rows, out):
        click.echo(f"Gespeichert: {path}")
    click.echo(f"{len(rows)} Zeilen")
