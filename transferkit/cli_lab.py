"""The command `transferkit lab`: JupyterLab for people who take part."""

from __future__ import annotations

from pathlib import Path

import click

from transferkit.german_click import GermanCommand


@click.command(cls=GermanCommand)
@click.argument("folder", metavar="[ORDNER]", required=False, type=click.Path(path_type=Path))
@click.option("--no-browser", is_flag=True, help="Kein Browserfenster öffnen, nur die Adresse nennen.")
def lab(folder: Path | None, no_browser: bool) -> None:
    """Die Notebooks zum Mitmachen in JupyterLab öffnen.

    Sie liegen als Kopie in einem Ordner, der Ihnen gehört: ohne Angabe „transferkit“ bei Ihren Dokumenten.
    Was Sie ändern, bleibt dort; die mitgelieferten Notebooks bleiben, wie sie sind.

    Beispiel: transferkit lab Werkstatt
    """
    from transferkit.lab import start

    click.echo("JupyterLab öffnet sich im Browser. Beenden: hier Strg+C drücken.")
    start.run(folder, ["--no-browser"] if no_browser else [])
