"""The command `transferkit pdf`: built pages as PDF files."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from transferkit.errors import BuildError
from transferkit.german_click import GermanCommand

FAILED = 1


@click.command(cls=GermanCommand)
@click.argument("pages", nargs=-1, metavar="[SEITE …]")
@click.option(
    "--site",
    type=click.Path(path_type=Path),
    default=Path("build/site"),
    metavar="ORDNER",
    help="Wo die gebauten Seiten liegen (sonst build/site).",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="ORDNER",
    help="Wohin die PDF-Dateien kommen, in Ordner wie auf der Website (sonst neben die Seiten).",
)
def pdf(pages: tuple[str, ...], site: Path, out: Path | None) -> None:
    """Gebaute Seiten als PDF-Dateien ausgeben: die genannten oder alle Leitfäden.

    Eine Seite nennen Sie mit ihrer Adresse, ihrem Schlüssel oder ihrem Titel. Nur was sich geändert hat,
    entsteht neu. Dateien neben den Seiten ersetzt der nächste Bau; mit --out bleiben sie.

    Ende mit 0: alles gelungen. 1: mindestens eine Seite ist fehlgeschlagen. 2: Es konnte nicht beginnen.

    Beispiel: transferkit pdf kommunen/09181121.html --out pdf
    """
    from transferkit import project

    try:
        from transferkit.publish import pdf as pdf_files
    except ModuleNotFoundError as error:
        raise BuildError(
            f"Für PDF-Dateien fehlt das Paket {error.name}. Richtig ist: pip install transferkit[pdf]"
        ) from error
    from transferkit.publish import progress

    made = pdf_files.make(site, pages, out, address=project.toc().address, watch=progress.pages)
    count = {
        state: sum(one.state == state for one in made)
        for state in (pdf_files.BUILT, pdf_files.UNCHANGED, pdf_files.FAILED)
    }
    click.echo(", ".join(f"{number} {state}" for state, number in count.items()))
    for one in made:
        if one.state == pdf_files.FAILED:
            click.echo(f"  {one.address}: {one.reason}", err=True)
    if count[pdf_files.FAILED]:
        sys.exit(FAILED)
