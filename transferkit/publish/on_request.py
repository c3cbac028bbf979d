"""Values nobody lists, made on request: a set of places has no row in a table, but may have a page.

What was once asked for stays part of the site: the next build of everything makes it anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from transferkit.errors import TransferkitError

if TYPE_CHECKING:
    from transferkit.publish.manifest import Entry
    from transferkit.publish.plan import Selection, Sources

# Turns what somebody typed into a value, its label and its label in a title; raises TransferkitError.
Resolver = Callable[[str], tuple[str, str, str]]


def with_requests(
    sources: Sources, selection: Selection, published: Iterable[Entry] = ()
) -> tuple[Sources, Selection]:
    """Return sources whose domains also hold what is asked for now and what `published` pages were asked for.

    A name in the selection becomes the value it means. Raises what the resolver raises for something unknown;
    a published page whose value means nothing any more is left out.
    """
    for guide in sources.toc.guides:
        for name, domain in guide.parameters.items():
            if domain not in sources.resolvers:
                continue
            for entry in published:
                if entry.guide == guide.name:
                    sources = _kept(sources, domain, str(entry.parameters.get(name)))
            given = selection.parameters.get(name) if selection.guide == guide.name else None
            if given is not None and given not in sources.domains[domain]:
                value, label, title = sources.resolvers[domain](given)
                sources = _extended(sources, domain, value, label, title)
                selection = replace(selection, parameters={**selection.parameters, name: value})
    return sources, selection


def _kept(sources: Sources, domain: str, value: str) -> Sources:
    if value in sources.domains[domain]:
        return sources
    try:
        found = sources.resolvers[domain](value)
    except TransferkitError:
        return sources
    return _extended(sources, domain, *found) if found[0] == value else sources


def _extended(sources: Sources, domain: str, value: str, label: str, title: str) -> Sources:
    if value in sources.domains[domain]:
        return sources
    values: Mapping[str, str] = {**sources.domains[domain], value: label}
    return replace(
        sources,
        domains={**sources.domains, domain: values},
        titles={**sources.titles, value: title},
    )
