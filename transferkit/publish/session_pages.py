"""A workshop's notebook as the pages of one session: for participants, and for who leads it.

The notebook runs once; cells tagged `facilitator` appear on the second page only. What the exercises of the
first ask stands in its outputs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from nbformat import NotebookNode

from transferkit.errors import PageError
from transferkit.project import Toc, Workshop
from transferkit.publish import render
from transferkit.publish.execute import execute
from transferkit.publish.notebook import HIDDEN_TAGS, load
from transferkit.publish.on_request import Resolver
from transferkit.publish.page import Page
from transferkit.publish.parameters import read, validate

FACILITATOR: Final = "facilitator"


@dataclass(frozen=True)
class SessionPages:
    """Two pages as HTML, the exercises of the first, its title, and the parameters they were made with."""

    title: str
    page: str
    facilitator_page: str
    exercises: tuple[Mapping[str, Any], ...]
    parameters: Mapping[str, object]


def make(
    toc: Toc,
    workshop: Workshop,
    notebook: Path,
    given: Mapping[str, str],
    domains: Mapping[str, Mapping[str, str]],
    resolvers: Mapping[str, Resolver],
    title: str = "",
) -> SessionPages:
    """Run the workshop's notebook with what was `given` and make its pages.

    Names that the notebook knows under another form (`places` for `place`) are the caller's affair. Without
    `title` it is that of the table of contents with the labels of the values given. Raises ParameterError for
    a wrong parameter, CellError for a notebook that fails, PageError for a page nobody could answer on.
    """
    os.environ.setdefault("TRANSFERKIT_FACE", "page")  # a fresh kernel would take itself for a person's
    values: dict[str, object] = dict(given)
    labels = []
    for name, domain in workshop.parameters.items():
        if name in given and given[name] not in domains.get(domain, {}) and domain in resolvers:
            values[name], label, _ = resolvers[domain](given[name])
            labels.append(label)
        elif name in given:
            validate(read(load(notebook)), {name: given[name]}, {name: domains[domain]})
            labels.append(domains[domain][given[name]])
    executed = execute(notebook, values)
    title = title or ": ".join([workshop.title, *([", ".join(labels)] if labels else [])])
    page = Page(
        address=f"{workshop.name}.html",
        title=title,
        guide=workshop.name,
        group="",
        group_page="",
        label=title,
        edition=toc.edition,
        site_title=toc.title,
        version=version("transferkit"),
        parameters={name: str(value) for name, value in values.items()},
        alone=True,
    )
    exercises = tuple(_exercises(executed))
    if not exercises:
        raise PageError(f"„{workshop.name}“ stellt den Teilnehmenden keine Frage (tk.ask…).")
    return SessionPages(
        title=title,
        page=render.page(executed, page, known=()),
        facilitator_page=render.page(executed, page, known=(), hidden=HIDDEN_TAGS - {FACILITATOR}),
        exercises=exercises,
        parameters=executed.metadata["papermill"]["parameters"],
    )


def declared(notebook: Path) -> tuple[str, ...]:
    """The names of a notebook's parameters."""
    return tuple(parameter.name for parameter in read(load(notebook)))


def _exercises(notebook: NotebookNode) -> Iterator[Mapping[str, Any]]:
    """What participants are asked, in order."""
    for cell in notebook.cells:
        if HIDDEN_TAGS.isdisjoint(cell.metadata.get("tags", [])):
            for output in cell.get("outputs", []):
                if render.EXERCISE in output.get("data", {}):
                    yield dict(output.data[render.EXERCISE])
