"""The command line: thin, German, every help text with an example. Heavy modules load inside the commands."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from transferkit.cli_check import check
from transferkit.cli_cluster import workers
from transferkit.cli_cohorts import cohorts
from transferkit.cli_explain import explain
from transferkit.cli_fit import fit
from transferkit.cli_lab import lab
from transferkit.cli_pdf import pdf
from transferkit.cli_register import register
from transferkit.cli_serve import serve
from transferkit.cli_sources import sources
from transferkit.cli_wheelhouse import wheelhouse
from transferkit.cli_workbook import workbook
from transferkit.cli_workshop import workshop
from transferkit.german_click import GermanGroup, with_parameters

if TYPE_CHECKING:
    from transferkit.publish.build_result import BuildResult
    from transferkit.publish.plan import Sources

FAILED = 1


@click.group(cls=GermanGroup)
@click.version_option(
    package_name="transferkit", message="transferkit %(version)s", help="Die Version zeigen."
)
def main() -> None:
    """Erfahrungen der Modellprojekte Smart Cities als Leitfäden für alle Kommunen.

    Jeder Befehl endet mit 0, wenn alles gelungen ist, mit 1, wenn einzelne Seiten oder Daten Fehler haben,
    und mit 2, wenn er nicht beginnen konnte.

    Beispiel: transferkit build theme-guide
    """


@main.command()
@click.argument("guide", required=False, metavar="[LEITFADEN]")
@with_parameters("Einen Parameter des Leitfadens setzen; mehrfach möglich.")
@click.option(
    "--only",
    multiple=True,
    metavar="SEITE",
    help="Nur diese Seite bauen: ihre Adresse, ihr Schlüssel oder ihr Name; mehrfach möglich.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("build/site"),
    metavar="ORDNER",
    help="Wohin die Seiten kommen (sonst build/site). Ausgeführte Notizbücher liegen daneben in executed.",
)
@click.option(
    "--keep-going/--fail-fast",
    default=True,
    help="Nach einer fehlgeschlagenen Seite weiterbauen (so ist es ohne Angabe) oder sofort aufhören.",
)
@click.option(
    "--jobs", type=click.IntRange(min=1), metavar="ZAHL", help="Wie viele Seiten zugleich entstehen."
)
@click.option("--failed-only", is_flag=True, help="Nur bauen, was beim letzten Mal fehlschlug.")
@click.option(
    "--shard",
    metavar="N/VON",
    help="Nur jede so vielte Seite bauen, zum Beispiel 3/8 auf der dritten von acht Maschinen.",
)
@click.option(
    "--verify",
    metavar="ANTEIL",
    help="Diesen Anteil der Seiten zur Probe noch einmal mit frischem Kernel rechnen, zum Beispiel 1%.",
)
@click.option(
    "--scheduler",
    metavar="ADRESSE",
    help="Auf den Rechnern eines Dask-Clusters bauen, zum Beispiel tcp://rechner:8786.",
)
@click.option("--log-json", is_flag=True, help="Eine JSON-Zeile je Seite schreiben, für Programme.")
@click.option(
    "--why", metavar="SEITE", help="Nichts bauen, sondern sagen, warum diese Seite neu gebaut würde."
)
def build(
    guide: str | None,
    parameters: tuple[tuple[str, str], ...],
    only: tuple[str, ...],
    out: Path,
    keep_going: bool,
    jobs: int | None,
    failed_only: bool,
    shard: str | None,
    verify: str | None,
    scheduler: str | None,
    log_json: bool,
    why: str | None,
) -> None:
    """Seiten bauen und veröffentlichen, alle oder die eines Leitfadens.

    Unveränderte Seiten werden übernommen. Eine Seite, die fehlschlägt, ersetzt nie eine gute. Wer die Seiten
    liest, sieht den alten Stand oder den neuen, nie eine Mischung.

    Vor dem Veröffentlichen wird alles geprüft (siehe transferkit check). Solange etwas nicht in Ordnung und
    nicht ausdrücklich zugelassen ist, bleibt der alte Stand.

    Ende mit 0: alles gebaut. 1: mindestens eine Seite ist fehlgeschlagen oder nicht in Ordnung. 2: Der Bau
    konnte nicht beginnen, oder er wurde abgebrochen.

    Beispiel: transferkit build municipality-guide -p place 09181121
    """
    from transferkit import log_lines
    from transferkit.publish import journal, page_log
    from transferkit.publish.build import build as build_site
    from transferkit.publish.build import journal_of
    from transferkit.publish.plan import Selection
    from transferkit.publish.why import why as reasons
    from transferkit.publish.worker import Limits

    if why is not None:
        click.echo("\n".join(reasons(_sources(), out, why, guide)))
        return
    names = [name for name, _ in parameters]
    if len(set(names)) < len(names):
        raise click.UsageError("Jeder Parameter darf nur einmal gesetzt werden.")
    failed = journal.failed(journal_of(out)) if failed_only else None
    if failed is not None and not failed:
        click.echo("Beim letzten Bau ist keine Seite fehlgeschlagen.")
        return
    selection = Selection(guide, dict(parameters), only, failed, _shard(shard))
    limits = Limits(keep_going=keep_going, verify=_share(verify), **({} if jobs is None else {"jobs": jobs}))
    log_lines.begin(log_json)
    with workers(scheduler, jobs) as given:
        result = build_site(_sources(), out, selection, limits, workers=given, watch=page_log.watch(log_json))
    if log_json:
        log_lines.build(result.built, result.unchanged, result.failed, result.published)
    _report(result, out)
    if result.failures or result.checked.unsound:
        sys.exit(FAILED)


def _share(text: str | None) -> float:
    """`1%` -> 0.01."""
    number = (text or "0%").removesuffix("%").strip().replace(",", ".")
    if (text is None or text.endswith("%")) and re.fullmatch(r"\d+(\.\d+)?", number) and float(number) <= 100:
        return float(number) / 100
    raise click.UsageError(f"--verify {text}: Das ist kein Anteil. Richtig ist zum Beispiel 1%.")


def _shard(text: str | None) -> tuple[int, int]:
    """`3/8` -> (3, 8)."""
    number, _, count = (text or "1/1").partition("/")
    if number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count):
        return int(number), int(count)
    raise click.UsageError(f"--shard {text}: Das ist kein Teil eines Ganzen. Richtig ist zum Beispiel 3/8.")


@main.group()
def new() -> None:
    """Neues anlegen.

    Beispiel: transferkit new guide mobility-guide
    """


@new.command("guide")
@click.argument("name", metavar="NAME")
def new_guide(name: str) -> None:
    """Einen Leitfaden aus der Vorlage anlegen und ins Inhaltsverzeichnis eintragen.

    Er lässt sich sofort bauen. Der Befehl braucht die Notizbücher in einem eigenen Ordner: in einer Kopie
    des Projekts oder dort, wohin TRANSFERKIT_NOTEBOOKS zeigt.

    Beispiel: transferkit new guide mobility-guide
    """
    from transferkit import project
    from transferkit.errors import BuildError
    from transferkit.publish.new_guide import new_guide as create

    if project.notebooks_are_packaged():
        raise BuildError(
            "Die Notizbücher gehören hier zum installierten Paket und sollen so bleiben. Arbeiten Sie in "
            "einer Kopie des Projekts, oder setzen Sie TRANSFERKIT_NOTEBOOKS auf einen eigenen Ordner."
        )
    path = create(project.notebooks_folder(), name)
    click.echo(f"Angelegt: {_short(path)}, eingetragen in toc.toml.")
    click.echo(f"Bauen:    transferkit build {name}")


main.add_command(check)
main.add_command(cohorts)
main.add_command(fit)
main.add_command(lab)
main.add_command(pdf)
main.add_command(register)
main.add_command(serve)
main.add_command(sources)
main.add_command(wheelhouse)
main.add_command(workbook)
main.add_command(workshop)


def _sources() -> Sources:
    from transferkit.site_sources import sources

    return sources()


def _report(result: BuildResult, out: Path) -> None:
    click.echo(f"{result.built} gebaut, {result.unchanged} unverändert, {result.failed} fehlgeschlagen")
    for failure in result.failures:
        looked_at = f" (ausgeführtes Notizbuch: {_short(failure.executed)})" if failure.executed else ""
        click.echo(f"  {failure.address}: {failure.reason}{looked_at}", err=True)
    if result.checked.unsound:
        from transferkit.publish.check.report import findings

        click.echo("\n".join(["Nicht in Ordnung:", *findings(result.checked.unsound)]), err=True)
    for finding, entry in result.checked.allowed:
        click.echo(f"Zugelassen bis {entry.until:%d.%m.%Y}: {finding.where} [{finding.rule}]")
    if result.published:
        click.echo(f"Start: {_short(out / 'index.html')}")
    else:
        click.echo("Nichts wurde veröffentlicht; was vorher da war, ist unverändert.", err=True)


main.add_command(explain(_sources))


def _short(path: Path) -> str:
    """The path from here if it lies below, else as it is."""
    path = path.resolve()
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
