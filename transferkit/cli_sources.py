"""The commands `transferkit sources`: the sources of the data."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from transferkit.german_click import GermanGroup

if TYPE_CHECKING:
    from transferkit.knowledge.source_check import Check

UNREACHED = 1
NOT_CHECKED = 2


@click.group(cls=GermanGroup)
def sources() -> None:
    """Die Quellen der Daten prüfen.

    Beispiel: transferkit sources check
    """


@sources.command("check")
@click.argument("keys", nargs=-1, metavar="[QUELLE…]")
@click.option("--online", is_flag=True, help="Erlauben, dass die Adressen im Internet abgefragt werden.")
@click.option(
    "--write", is_flag=True, help="Bei erreichbaren Quellen das heutige Datum in source_checks.csv eintragen."
)
@click.option("--json", "as_json", is_flag=True, help="Alle Ergebnisse als JSON ausgeben.")
def check_sources(keys: tuple[str, ...], online: bool, write: bool, as_json: bool) -> None:
    """Prüfen, ob die Adressen der Quellen noch antworten: alle oder die genannten.

    Ohne --online wird nichts abgefragt, nur gesagt, was zu tun wäre. Je Server wird eine Adresse nach der
    anderen gefragt, mit einer Pause dazwischen. Was nicht antwortet, behält sein altes Datum.

    Ende mit 0: alle erreichbar. 1: mindestens eine nicht. 2: Es konnte nichts geprüft werden.

    Beispiel: transferkit sources check --online --write
    """
    from transferkit.knowledge import datasets, source_check
    from transferkit.publish import progress

    urls = source_check.addresses(keys)
    if not urls:
        click.echo("Zu keiner Quelle ist eine Adresse bekannt.", err=True)
        sys.exit(NOT_CHECKED)
    if not online:
        click.echo(_plan(urls.values()), err=True)
        sys.exit(NOT_CHECKED)
    with progress.steps(len(urls), "Adressen") as told:
        checks = []
        for one in source_check.check(urls):
            checks.append(one)
            told(len(checks))
    places = {key: place for place, key in enumerate(urls)}
    checks.sort(key=lambda one: places[one.source_id])
    if as_json:
        click.echo(json.dumps([one.plain() for one in checks], ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(_report(checks)))
    if not any(one.status for one in checks):
        click.echo("Kein einziger Server hat geantwortet. Besteht eine Verbindung zum Internet?", err=True)
        sys.exit(NOT_CHECKED)
    if write:
        count = source_check.write(checks, date.today(), datasets.folder())
        click.echo(f"Datum der Prüfung eingetragen: {count} Quellen.", err=True)
    if not all(one.is_reached for one in checks):
        sys.exit(UNREACHED)


def _plan(urls: Iterable[str]) -> str:
    from urllib.parse import urlsplit

    hosts = [urlsplit(url).netloc for url in urls]
    [(most, count)] = Counter(hosts).most_common(1)
    return (
        f"Geprüft würden {len(hosts)} Adressen auf {len(set(hosts))} Servern, "
        f"die meisten auf {most} ({count}). Diese Server erfahren dabei Ihre IP-Adresse.\n"
        "Bisher wurde nichts abgefragt. Erlauben Sie es mit: transferkit sources check --online"
    )


def _report(checks: Sequence[Check]) -> list[str]:
    """What needs looking at, one line each, then the sum."""
    from transferkit.knowledge.source_check import OK

    wide = max((len(one.source_id) for one in checks), default=0)
    lines = [
        f"{one.state:<14}  {one.status or '':>3}  {one.source_id:<{wide}}  {_where(one)}".rstrip()
        for one in checks
        if one.state != OK
    ]
    counts = Counter(one.state for one in checks)
    reached = sum(one.is_reached for one in checks)
    parts = ", ".join(f"{count} {state}" for state, count in counts.most_common())
    return [*lines, f"{reached} von {len(checks)} Quellen erreichbar ({parts})."]


def _where(one: Check) -> str:
    led = f" → {one.address}" if one.address else ""
    return f"{one.url}{led}{f' {one.note}' if one.note else ''}"
