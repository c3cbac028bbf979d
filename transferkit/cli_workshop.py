"""The commands `transferkit workshop`: begin a session, close it, hand on its results, delete it."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from transferkit import cli_workshop_files as files
from transferkit.cli_protocol import protocol
from transferkit.cli_workshop_store import german_day, opened, with_code, with_database
from transferkit.german_click import GermanGroup, with_parameters

if TYPE_CHECKING:
    from transferkit.workshop.rows import SessionRow
    from transferkit.workshop.store import Store

FAILED = 1
PORT = 8866
Command = TypeVar("Command", bound=Callable[..., Any])


def _with_address(command: Command) -> Command:
    return click.option(
        "--address",
        metavar="ADRESSE",
        help="Unter welcher Adresse andere die Startseite erreichen (sonst die dieses Rechners im Netz).",
    )(command)


@click.group(cls=GermanGroup)
def workshop() -> None:
    """Werkstätten: anlegen, öffnen, schließen, Ergebnisse sichern, löschen.

    Teilnehmende brauchen nur einen Link oder Code. Gespeichert wird ohne Namen, und nach Ablauf wird alles
    gelöscht.

    Beispiel: transferkit workshop list
    """


@workshop.command()
@click.option("--format", "kind", required=True, metavar="FORMAT", help="Zum Beispiel theme-workshop.")
@click.option("--date", "day", required=True, metavar="TAG", help="Der Tag der Werkstatt: 2026-12-03.")
@click.option("--theme", metavar="THEMA", help="Das Thema, zum Beispiel smart-regions.")
@click.option("--places", metavar="ORTE", help="Eine Kommune oder mehrere, mit + verbunden: Fuchstal+Hof.")
@with_parameters("Einen weiteren Parameter des Notizbuchs setzen; mehrfach möglich.")
@click.option("--title", default="", metavar="TITEL", help="Wie die Werkstatt heißt.")
@click.option(
    "--responsible", default="", metavar="TEXT", help="Wer verantwortlich ist: steht im Datenschutzhinweis."
)
@click.option(
    "--days",
    type=click.IntRange(min=1),
    default=30,
    metavar="TAGE",
    help="Wie lange danach alles gelöscht wird (sonst 30).",
)
@_with_address
@with_database
def new(
    kind: str,
    day: str,
    theme: str | None,
    places: str | None,
    parameters: tuple[tuple[str, str], ...],
    title: str,
    responsible: str,
    days: int,
    address: str | None,
    database: str | None,
) -> None:
    """Eine Werkstatt anlegen: zeigt den Link für Teilnehmende mit QR-Code und den Link für die Leitung.

    Beispiel: transferkit workshop new --format peer-learning --date 2026-12-03
    """
    from transferkit import catalogue, project
    from transferkit.publish import session_pages
    from transferkit.workshop import codes, sessions

    on, code = _day(day), codes.new_code()
    toc = project.toc()
    row = toc.workshop(kind)
    notebook = project.notebooks_folder() / row.notebook
    given = {"theme": theme, "places": places, "date": f"{on:%Y-%m-%d}", "session": codes.grouped(code)}
    values = _named_as_in(session_pages.declared(notebook), given) | dict(parameters)
    pages = session_pages.make(toc, row, notebook, values, catalogue.domains(), catalogue.resolvers(), title)
    material = sessions.Material(pages.page, pages.facilitator_page, pages.exercises)
    with opened(database) as store:
        session, secret = sessions.new(
            store,
            code=code,
            format=kind,
            title=pages.title,
            day=on,
            material=material,
            parameters=pages.parameters,
            responsible=responsible,
            days=days,
        )
    click.echo(f"Angelegt:     {session.title}, {german_day(session.day)}")
    _show_links(session, secret, address)
    click.echo(f"Gelöscht wird alles am {german_day(session.expires)}.")
    where = f" --database {shlex.quote(database)}" if database else ""
    click.echo(f"Starten:      transferkit serve --share{where}")


@workshop.command("link")
@with_code
@_with_address
def link(code: str, address: str | None, database: str | None) -> None:
    """Die Links noch einmal zeigen; der für die Leitung ist neu, der alte gilt nicht mehr.

    Beispiel: transferkit workshop link KM7F-3QXR
    """
    from transferkit.workshop import sessions

    with opened(database) as store:
        session = sessions.find(store, code)
        _show_links(session, sessions.renew_facilitator(store, session.code), address)


@workshop.command("list")
@with_database
def list_sessions(database: str | None) -> None:
    """Alle Werkstätten zeigen.

    Beispiel: transferkit workshop list
    """
    from transferkit.workshop import codes

    with opened(database) as store:
        rows = store.sessions()
        for session in rows:
            state = "offen" if session.open else "geschlossen"
            click.echo(
                f"{codes.grouped(session.code)}  {german_day(session.day):>10}  {state:11}  "
                f"{_most(store, session.code):>3} Teilnehmende  gelöscht am {german_day(session.expires)}  "
                f"{session.title}"
            )
    if not rows:
        click.echo("Keine Werkstatt. Anlegen: transferkit workshop new --help")


@workshop.command("open")
@with_code
def open_session(code: str, database: str | None) -> None:
    """Eine geschlossene Werkstatt wieder öffnen.

    Beispiel: transferkit workshop open KM7F-3QXR
    """
    from transferkit.workshop import sessions

    with opened(database) as store:
        sessions.open_again(store, sessions.find(store, code).code)
    click.echo("Die Werkstatt nimmt Antworten an.")


@workshop.command("close")
@with_code
def close_session(code: str, database: str | None) -> None:
    """Eine Werkstatt schließen: Es kommen keine Antworten mehr an, die bisherigen bleiben.

    Beispiel: transferkit workshop close KM7F-3QXR
    """
    from transferkit.workshop import sessions

    with opened(database) as store:
        sessions.close(store, sessions.find(store, code).code)
    click.echo("Die Werkstatt ist geschlossen.")


@workshop.command("delete")
@with_code
@click.option("--yes", is_flag=True, help="Nicht nachfragen.")
def delete_session(code: str, yes: bool, database: str | None) -> None:
    """Eine Werkstatt mit allen Antworten löschen, auch aus der Datei der Datenbank.

    Beispiel: transferkit workshop delete KM7F-3QXR
    """
    from transferkit.workshop import codes, sessions

    with opened(database) as store:
        session = sessions.find(store, code)
        if not yes:
            click.echo(f"{session.title}, {german_day(session.day)}. Was gelöscht ist, kommt nicht wieder.")
            typed = click.prompt(
                "Zum Bestätigen den Code noch einmal eingeben", default="", show_default=False
            )
            if codes.plain(typed) != session.code:
                click.echo("Nichts wurde gelöscht.")
                sys.exit(FAILED)
        store.delete(session.code)
    click.echo("Gelöscht. Sicherungen und gesicherte Ergebnisse löschen Sie bitte selbst.")


for command in (files.export_results, protocol, files.backup_all, files.restore_all, files.collect_files):
    workshop.add_command(command)


def _show_links(session: SessionRow, secret: str, address: str | None) -> None:
    from transferkit import qr
    from transferkit.own_address import own_address
    from transferkit.workshop import codes

    base = (address or f"http://{own_address()}:{PORT}").rstrip("/")
    code = codes.grouped(session.code)
    click.echo(f"Code:         {code}")
    click.echo(f"Teilnehmende: {base}/w/{code}")
    click.echo(qr.in_terminal(f"{base}/w/{code}").rstrip("\n"))
    click.echo(f"Leitung:      {base}/w/leitung/{code}/#{secret}")
    click.echo("              Geben Sie diesen Link nicht weiter. Einen neuen zeigt:")
    click.echo(f"              transferkit workshop link {code}")
    click.echo(f"Datenschutz:  {base}/w/{code}/datenschutz")


def _named_as_in(names: tuple[str, ...], given: dict[str, str | None]) -> dict[str, str]:
    """The options under the names the notebook has for them; day and code are left out where it has none."""
    values = {name: value for name, value in given.items() if value is not None}
    if "places" in values and "places" not in names and "place" in names:
        values["place"] = values.pop("places")
    return {name: value for name, value in values.items() if name in names or name not in ("date", "session")}


def _most(store: Store, code: str) -> int:
    from collections import Counter

    return max(Counter(answer.exercise for answer in store.answers(code)).values(), default=0)


def _day(text: str) -> date:
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise click.UsageError(f"--date {text}: Das ist kein Tag. Richtig ist zum Beispiel 2026-12-03.")
