"""Which pages the site has, and which of them this build is asked to make."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from transferkit.errors import BuildError
from transferkit.finding import Finding
from transferkit.project import Guide, Toc, meant
from transferkit.publish.manifest import Entry
from transferkit.publish.notebook import load
from transferkit.publish.on_request import Resolver, with_requests
from transferkit.publish.page import Page
from transferkit.publish.parameters import read, validate

Domains = Mapping[str, Mapping[str, str]]  # "table.column" -> its values and their German labels, in order


@dataclass(frozen=True)
class Sources:
    """What a site is made from: the table of contents, the notebooks' folder and the data.

    `domains` are the values pages are made for; `tables` are for the site's own pages. `digests` holds one
    hash per data file: as long as none changes, the data is the same; `digests_of_reads` gives one for each
    part of the data that a notebook says it has read. `resolvers` know further values of a
    domain, made on request; `titles` what they are called in a title where that is not their label.
    `findings` checks data and notebooks, before anything is published.
    """

    toc: Toc
    notebooks: Path
    domains: Domains
    tables: Mapping[str, pd.DataFrame]
    digests: Mapping[str, str]
    digests_of_reads: Callable[[Mapping[str, Any]], Mapping[str, str]]
    resolvers: Mapping[str, Resolver] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    findings: Callable[[], Iterable[Finding]] = tuple


@dataclass(frozen=True)
class Selection:
    """What to build: everything, one guide, or the pages `only` names by address, value or label.

    `parameters` sets parameters of that one guide: the one it has a page for each value of, or any other.
    `among` keeps only these addresses, `shard` (number, of how many) every so manieth page of what is left.
    """

    guide: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    among: frozenset[str] | None = None
    shard: tuple[int, int] = (1, 1)


@dataclass(frozen=True)
class Plan:
    """All pages the site has, in order, the addresses of those to build, and of those other shards build."""

    pages: tuple[Page, ...]
    selected: frozenset[str]
    elsewhere: frozenset[str] = frozenset()


def plan(sources: Sources, selection: Selection | None = None, published: Iterable[Entry] = ()) -> Plan:
    """Return the plan; BuildError or ParameterError, with the near miss, for whatever does not exist.

    `published`: the pages of the site as it is; what was made on request stays.
    """
    selection = selection or Selection()
    toc = sources.toc
    if selection.parameters and selection.guide is None:
        raise BuildError("Zu -p gehört ein Leitfaden: transferkit build municipality-guide -p place 09181121")
    if selection.guide is not None:
        toc.guide(selection.guide)
    published = list(published)
    sources, selection = with_requests(sources, selection, published)
    pages: list[Page] = []
    selected: list[Page] = []
    for guide in toc.guides:
        if guide.on_request:
            of_guide = _requested(guide, sources, selection, published)
        else:
            of_guide = _pages(toc, guide, sources)
        if selection.guide in (None, guide.name):
            of_guide, wanted = _with_values(guide, of_guide, sources, selection.parameters)
            selected += wanted
        pages += of_guide
    _require_own_addresses(pages)
    if selection.only:
        selected = _only(toc, selected, selection.only)
    if selection.among is not None:
        selected = [page for page in selected if page.address in selection.among]
    number, count = selection.shard
    asked = [page.address for page in selected]
    mine = frozenset(asked[number - 1 :: count])
    return Plan(tuple(pages), mine, frozenset(asked) - mine)


def _pages(toc: Toc, guide: Guide, sources: Sources) -> list[Page]:
    if not guide.parameters:
        return [_page(toc, guide, guide.title, "", {})]
    [(name, domain)] = guide.parameters.items()
    domains, titles = sources.domains, sources.titles
    if domain not in domains:
        hint = meant(domain, domains.keys())
        raise BuildError(f"toc.toml, „{guide.name}“: Den Wertebereich „{domain}“ gibt es nicht.{hint}")
    return [
        _page(toc, guide, label, value, {name: value}, titles.get(value, label))
        for value, label in domains[domain].items()
    ]


def _requested(
    guide: Guide, sources: Sources, selection: Selection, published: Iterable[Entry]
) -> list[Page]:
    """The pages of the guide somebody asked for, earlier or now; what means nothing (any more) has none."""
    asked = [entry.parameters for entry in published if entry.guide == guide.name]
    if selection.guide == guide.name and (selection.parameters or not asked):
        if missing := [name for name in guide.parameters if name not in selection.parameters]:
            example = " ".join(f"-p {name} …" for name in guide.parameters)
            raise BuildError(
                f"„{guide.name}“ entsteht auf Anfrage. Es fehlt {' und '.join(missing)}: "
                f"transferkit build {guide.name} {example}"
            )
        asked.append(selection.parameters)
    pages = {}
    for parameters in asked:
        values = {name: str(parameters.get(name)) for name in guide.parameters}
        domains = {name: sources.domains[domain] for name, domain in guide.parameters.items()}
        if all(value in domains[name] for name, value in values.items()):
            labels = {name: domains[name][value] for name, value in values.items()}
            titles = {name: sources.titles.get(value, labels[name]) for name, value in values.items()}
            title = guide.title.format(
                label=", ".join(labels.values()), value="-".join(values.values()), **titles
            )
            page = _page(
                sources.toc, replace(guide, title="{label}"), title, "-".join(values.values()), values
            )
            pages[page.address] = page
    return list(pages.values())


def _page(
    toc: Toc, guide: Guide, label: str, value: str, parameters: Mapping[str, object], in_title: str = ""
) -> Page:
    # A + in an address means a space to some servers.
    slug = value.replace("+", "-")
    if parameters and not re.fullmatch(r"\w[\w.-]*", slug):
        raise BuildError(f"„{value}“ ({guide.name}) kann nicht Teil einer Adresse sein.")
    return Page(
        address=guide.address.format(value=slug),
        title=guide.title.format(label=in_title or label, value=value),
        guide=guide.name,
        group=guide.group,
        group_page=guide.group_page,
        label=label,
        edition=toc.edition,
        site_title=toc.title,
        version=_version(),
        parameters=parameters,
        text=guide.text,
        site_address=toc.address,
    )


@cache
def _version() -> str:
    """Asked once: the answer is looked up in a file, and a plan has thousands of pages."""
    return version("transferkit")


def _with_values(
    guide: Guide, pages: list[Page], sources: Sources, given: Mapping[str, str]
) -> tuple[list[Page], list[Page]]:
    """Return the guide's pages with all parameters checked, and those that `given` asks for."""
    declared = read(load(sources.notebooks / guide.notebook), guide.notebook)
    allowed = {name: sources.domains[domain] for name, domain in guide.parameters.items()}
    asked = validate(declared, given)
    for name, domain in allowed.items():
        if name in given:
            validate(declared, given, {name: domain})
    others = {name: asked[name] for name in given if name not in allowed}
    checked = []
    for page in pages:
        values = validate(declared, {**page.parameters, **others}, allowed)
        checked.append(replace(page, parameters={**page.parameters, **values}))  # the domain's value first
    wanted = [
        page
        for page in checked
        if all(page.parameters[name] == asked[name] for name in allowed if name in given)
    ]
    return checked, wanted


def _require_own_addresses(pages: list[Page]) -> None:
    seen: dict[str, Page] = {}
    for page in pages:
        other = seen.setdefault(page.address, page)
        if other is not page:
            raise BuildError(f"{page.guide} und {other.guide} wollen beide nach {page.address}.")


def _only(toc: Toc, pages: list[Page], names: tuple[str, ...]) -> list[Page]:
    """Return the pages named by address, value or label, in the order of the site."""
    addresses_of: dict[str, set[str]] = {}
    for page in pages:
        values = [str(page.parameters[name]) for name in toc.guide(page.guide).parameters]
        for word in (page.address, page.label, *values):
            addresses_of.setdefault(word, set()).add(page.address)
    wanted: set[str] = set()
    for name in names:
        if name not in addresses_of:
            hint = meant(name, addresses_of.keys())
            raise BuildError(f"--only {name}: Keine Seite hat diese Adresse, diesen Wert oder Namen.{hint}")
        wanted |= addresses_of[name]
    return [page for page in pages if page.address in wanted]
