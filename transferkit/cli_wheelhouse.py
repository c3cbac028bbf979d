"""The command `transferkit wheelhouse`: everything an installation without network needs, in one folder."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from transferkit.german_click import GermanCommand

FAILED = 1
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


@click.command(cls=GermanCommand)
@click.argument("folder", type=click.Path(path_type=Path), metavar="ORDNER")
@click.option(
    "--platform",
    "systems",
    type=click.Choice(["linux", "windows", "macos"]),
    multiple=True,
    metavar="SYSTEM",
    help="Nur für linux, windows oder macos sammeln; mehrfach möglich (sonst für alle drei).",
)
@click.option(
    "--python",
    default=PYTHON,
    metavar="VERSION",
    help=f"Für welches Python (sonst wie hier: {PYTHON}).",
)
def wheelhouse(folder: Path, systems: tuple[str, ...], python: str) -> None:
    """Alle Pakete sammeln, mit denen sich transferkit ohne Internet installieren lässt.

    Der Ordner bekommt die Pakete, ihre Prüfsummen und eine Anleitung. Dieser Befehl selbst braucht Internet
    und eine Kopie des Projekts.

    Ende mit 1, wenn es ein Paket für ein System nicht fertig gibt.

    Beispiel: transferkit wheelhouse stick --platform linux
    """
    from transferkit import project
    from transferkit.publish import wheelhouse as house

    found = house.collect(
        project.PACKAGE.parent,
        folder,
        systems or tuple(house.SYSTEMS),
        python,
        lambda line: click.echo(line, err=True),
    )
    for one in found:
        click.echo(f"{house.SYSTEMS[one.system].label}: {len(one.wheels) + 1} Pakete")
        for name in one.missing:
            click.echo(f"  {name}: gibt es für dieses System nicht als fertiges Paket.", err=True)
    click.echo(f"Anleitung: {folder / 'LIESMICH.txt'}")
    if any(one.missing for one in found):
        sys.exit(FAILED)
