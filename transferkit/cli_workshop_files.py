"""The commands `transferkit workshop` that write and read files: results, backups, answers of learners."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from transferkit.cli_workshop_store import german_day, opened, with_code, with_database
from transferkit.german_click import GermanCommand

FAILED = 1
FILE = click.Path(path_type=Path)


@click.command("export", cls=GermanCommand)
@with_code
@click.argument("folder", metavar="[ORDNER]", type=FILE, required=False)
def export_results(code: str, folder: Path | None, database: str | None) -> None:
    """Ergebnisse als JSON und CSV sichern: Verteilungen ab fünf Antworten, freigegebene Texte, Protokoll.

    Beispiel: transferkit workshop export KM7F-3QXR Ergebnisse
    """
    from transferkit.workshop import export, results, sessions

    with opened(database) as store:
        found = results.of(sessions.record(store, sessions.find(store, code).code))
    for file in export.export(found, folder or Path(f"werkstatt-{found.code}")):
        click.echo(f"Gespeichert: {file}")


@click.command("backup", cls=GermanCommand)
@click.argument("file", metavar="DATEI.json", type=FILE)
@with_database
def backup_all(file: Path, database: str | None) -> None:
    """Alle Werkstätten in einer Datei sichern, auch während eine läuft.

    Beispiel: transferkit workshop backup Sicherung.json
    """
    from transferkit.workshop import backup

    with opened(database) as store:
        kept = backup.backup(store, file)
    click.echo(f"Gesichert: {_workshops(len(kept))} in {file}")
    if kept:
        last = german_day(max(session.expires for session in kept))
        click.echo(f"Die Datei enthält Antworten: Löschen Sie sie spätestens am {last}.")


@click.command("restore", cls=GermanCommand)
@click.argument("file", metavar="DATEI.json", type=FILE)
@with_database
def restore_all(file: Path, database: str | None) -> None:
    """Aus einer Sicherung zurückholen, was fehlt; was da ist, bleibt, wie es ist.

    Beispiel: transferkit workshop restore Sicherung.json
    """
    from transferkit.workshop import backup

    with opened(database) as store:
        done = backup.restore(store, file)
    click.echo(
        f"Zurückgeholt: {_workshops(done.sessions)}, {done.answers} Antworten, "
        f"{done.entries} Einträge im Protokoll"
    )
    if done.expired:
        click.echo(f"Abgelaufen, bleibt gelöscht: {_workshops(done.expired)}")


@click.command("collect", cls=GermanCommand)
@click.argument("files", nargs=-1, required=True, metavar="DATEI…", type=FILE)
@click.option("--session", metavar="CODE", help="Die Werkstatt für Dateien, die keine nennen.")
@click.option(
    "--question",
    metavar="FRAGE",
    help="Die Frage, zu der Antworten zählen, die eine andere nennen (zum Beispiel aus einem Leitfaden).",
)
@with_database
def collect_files(
    files: tuple[Path, ...], session: str | None, question: str | None, database: str | None
) -> None:
    """Antworten einsammeln, die Teilnehmende auf ihrem Rechner gespeichert haben.

    Dieselbe Datei noch einmal ändert nichts. Ende mit 1, wenn eine Datei nicht zu lesen war.

    Beispiel: transferkit workshop collect Antworten/antworten-anna.json
    """
    from transferkit.workshop import collecting

    problems = 0
    with opened(database) as store:
        for one in collecting.collect(store, files, session, question):
            if one.session:
                click.echo(f"{one.file}: {one.new} neu oder geändert, {one.as_before} wie bisher")
            for problem in one.problems:
                problems += 1
                click.echo(f"{one.file}: {problem}", err=True)
    if problems:
        sys.exit(FAILED)


def _workshops(number: int) -> str:
    return "1 Werkstatt" if number == 1 else f"{number} Werkstätten"
