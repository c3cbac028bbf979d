"""The command `transferkit workshop protocol`: from the results of a workshop to what people keep."""

from __future__ import annotations

from pathlib import Path

import click

from transferkit.german_click import GermanCommand


@click.command(cls=GermanCommand)
@click.argument("file", metavar="ERGEBNISSE.json", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="ORDNER",
    help="Wohin das Protokoll kommt (sonst neben die Datei).",
)
def protocol(file: Path, out: Path | None) -> None:
    """Das Protokoll einer Werkstatt schreiben: als Seite und als Word-Datei.

    Haben Teilnehmende Erfahrungen aufgeschrieben, kommt ein Formular (Excel) dazu. Ein Mensch prüft und
    ergänzt es, dann nimmt „transferkit workbook import“ es auf.

    Beispiel: transferkit workshop protocol ergebnisse/ergebnisse.json
    """
    from transferkit import project
    from transferkit.publish import protocol_page
    from transferkit.workshop import results

    title = results.load(file).title
    for path in protocol_page.write(file, title, project.toc(), out or file.parent):
        click.echo(f"Geschrieben: {path}")
