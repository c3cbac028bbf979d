"""The command `transferkit check`: whether data, notebooks, apps and site may be published."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from transferkit.errors import TransferkitError
from transferkit.german_click import GermanCommand

if TYPE_CHECKING:
    from transferkit.finding import Finding
    from transferkit.publish.check.report import Report
    from transferkit.publish.check.rules import Rule
    from transferkit.publish.plan import Sources

UNSOUND, UNCHECKED = 1, 2
SITE = Path("build/site")
FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(cls=GermanCommand)
@click.option(
    "--site",
    type=click.Path(path_type=Path),
    metavar="ORDNER",
    help="Nur die Site in diesem Ordner prüfen; sonst alles, und die Site in build/site, wenn es sie gibt.",
)
@click.option("--json", "as_json", type=FILE, metavar="DATEI", help="Den Bericht auch als JSON schreiben.")
@click.option(
    "--junit", type=FILE, metavar="DATEI", help="Den Bericht auch als JUnit-XML schreiben, für Bauserver."
)
@click.option(
    "--sarif", type=FILE, metavar="DATEI", help="Den Bericht auch als SARIF schreiben, für GitHub und GitLab."
)
def check(site: Path | None, as_json: Path | None, junit: Path | None, sarif: Path | None) -> None:
    """Prüfen, ob Daten, Notizbücher, Apps und Seiten veröffentlicht werden dürfen.

    Geprüft werden Barrierefreiheit (soweit ohne Browser möglich), Abrufe bei Dritten, Verweise, Quellen,
    Lizenzen, Sprache und Schlüssel. Ausnahmen stehen mit Grund und Frist in allowed.toml neben toc.toml.

    Ende mit 0: in Ordnung. 1: nicht in Ordnung. 2: Etwas ließ sich nicht prüfen.

    Beispiel: transferkit check --site build/site --sarif bericht.sarif
    """
    from transferkit.publish.check import report

    found = _checked(site)
    result = found.report()
    click.echo(report.text(result))
    _write(result, as_json, junit, sarif)
    if result.unsound:
        sys.exit(UNSOUND)
    if found.has_failed:
        sys.exit(UNCHECKED)


@dataclass
class _Found:
    """What has been found so far, what was looked at, what could not be; `families` are kinds of rules."""

    findings: list[Finding] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    unchecked: list[str] = field(default_factory=list)
    families: set[str] = field(default_factory=set)
    has_failed: bool = False

    def fail(self, what: str, error: Exception) -> None:
        self.unchecked.append(f"{what}. {error}")
        self.has_failed = True

    def report(self) -> Report:
        from transferkit import project
        from transferkit.publish.check import allowed
        from transferkit.publish.check.report import Report

        entries = allowed.read(project.notebooks_folder())
        judged = allowed.judge(self.findings, entries)
        superfluous = allowed.superfluous(entries, judged, self.families)
        return Report(
            (*judged.unsound, *superfluous), judged.allowed, self.counts, tuple(self.unchecked), _rules()
        )


def _checked(site: Path | None) -> _Found:
    found = _Found()
    if site is None:
        for what, look in (("Daten", _data), ("Notizbücher", _notebooks), ("Apps", _apps)):
            try:
                look(found)
            except TransferkitError as error:
                found.fail(what, error)
    if site is None and not SITE.is_dir():
        found.unchecked.append(f"Seiten. In {SITE} liegt keine Site; transferkit build baut sie.")
        return found
    try:
        _site(found, site or SITE)
    except TransferkitError as error:
        found.fail("Seiten", error)
    return found


def _data(found: _Found) -> None:
    from transferkit.knowledge import data_check, datasets

    found.findings += data_check.findings(datasets.folder())
    found.counts["Tabellen"] = len(datasets.resources(datasets.folder()))
    found.families |= {"data", "language"}


def _notebooks(found: _Found) -> None:
    from transferkit import project
    from transferkit.knowledge import data_check, datasets
    from transferkit.publish.check import notebooks

    folder = project.notebooks_folder()
    found.findings += notebooks.findings(folder, data_check.abbreviations(datasets.folder()))
    found.counts["Notizbücher"] = len(list(folder.rglob("*.ipynb")))
    found.families |= {"notebook"}


def _apps(found: _Found) -> None:
    from transferkit import project
    from transferkit.publish.app_offer import Offer
    from transferkit.publish.check import apps

    offer = Offer(project.toc(), project.notebooks_folder(), {})
    found.findings += apps.findings(offer)
    found.counts["Apps"] = len(offer.apps)


def _site(found: _Found, folder: Path) -> None:
    from transferkit.publish.check import folder as of_folder
    from transferkit.publish.check import sample

    read = of_folder.read(folder, list(_notes()))
    found.findings += read.findings
    found.counts["Seiten"] = read.pages
    found.families |= {"page", "site"}
    if read.published.pages:
        rebuilt = sample.rebuild(_sources(), read.published)
        found.findings += rebuilt.findings
        found.counts["Seiten noch einmal gebaut"] = rebuilt.pages
        if rebuilt.unchecked:
            found.unchecked.append(rebuilt.unchecked)


def _notes() -> Iterator[str]:
    """What only those who lead a workshop may read, from all notebooks."""
    from transferkit import project
    from transferkit.publish.check.notes import notes
    from transferkit.publish.notebook import load

    for path in sorted(project.notebooks_folder().rglob("*.ipynb")):
        if ".ipynb_checkpoints" not in path.parts:
            yield from notes(load(path))


def _sources() -> Sources:
    from transferkit.site_sources import sources

    return sources()


def _rules() -> dict[str, Rule]:
    """Every rule by name, whichever room it comes from."""
    from transferkit.knowledge.checks import rules as data
    from transferkit.language import rules as language
    from transferkit.publish.check import notebook_rules, rules

    others = {**data.RULES, **language.RULES, **notebook_rules.RULES}
    return {name: rules.Rule(*told) for name, told in others.items()} | dict(rules.RULES)


def _write(result: Report, as_json: Path | None, junit: Path | None, sarif: Path | None) -> None:
    from transferkit.publish import storage
    from transferkit.publish.check import report

    if as_json:
        storage.write(as_json, report.as_json(result).encode())
    if sarif:
        storage.write(sarif, report.as_sarif(result).encode())
    if junit:
        from transferkit.publish.check.junit import as_junit

        storage.write(junit, as_junit(result).encode())
