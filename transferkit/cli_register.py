"""The commands `transferkit register`: the official register of municipalities."""

from __future__ import annotations

from pathlib import Path

import click

from transferkit.german_click import GermanGroup


@click.group(cls=GermanGroup)
def register() -> None:
    """Das amtliche Gemeindeverzeichnis einlesen, herunterladen, ansehen.

    Beispiel: transferkit register status
    """


@register.command("import")
@click.argument("files", nargs=-1, required=True, metavar="DATEI…", type=click.Path(path_type=Path))
def import_register(files: tuple[Path, ...]) -> None:
    """Amtliche Dateien einlesen: GV100AD (Text), AuszugGV (Excel), Gebietsänderungen (Excel).

    Mehrere Dateien ergänzen sich. Eine schadhafte Datei wird als Ganzes abgelehnt, das bisherige Verzeichnis
    bleibt.

    Beispiel: transferkit register import AuszugGV4QAktuell.xlsx
    """
    from transferkit.knowledge import register

    for file in files:
        if not file.is_file():
            raise click.UsageError(f"Die Datei {file} gibt es nicht.")
    click.echo(register.import_files(*files).describe())


@register.command("update")
def update_register() -> None:
    """Das aktuelle Gemeindeverzeichnis bei Destatis herunterladen und einlesen.

    Eine unterbrochene Übertragung geht beim nächsten Mal weiter.

    Beispiel: transferkit register update
    """
    from transferkit.knowledge import register
    from transferkit.publish import progress

    with progress.download() as told:
        status = register.update(progress=told)
    click.echo(status.describe())


@register.command("status")
def register_status() -> None:
    """Zeigen, welches Gemeindeverzeichnis in Gebrauch ist.

    Beispiel: transferkit register status
    """
    from transferkit.knowledge import register

    click.echo(register.status().describe())
