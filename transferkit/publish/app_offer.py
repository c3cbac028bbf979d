"""What a server of apps offers: the apps of the table of contents, and which values each of them takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from transferkit.errors import ParameterError, TransferkitError
from transferkit.project import App, Toc
from transferkit.publish.notebook import load
from transferkit.publish.on_request import Resolver
from transferkit.publish.parameter_values import Parameter
from transferkit.publish.parameters import TAG, read, validate

INJECTED = "injected-parameters"
LONGEST_VALUE = 2_000  # characters; no state of an app is longer


@dataclass(frozen=True)
class Offer:
    """The apps that are served, their notebooks' folder, and the values of their parameters.

    `domains` maps "table.column" to values and their German labels; `resolvers` know further values of a
    domain, by what somebody typed. `only` names the one app that is served, None for all.
    """

    toc: Toc
    notebooks: Path
    domains: Mapping[str, Mapping[str, str]]
    resolvers: Mapping[str, Resolver] = field(default_factory=dict)
    only: str | None = None

    @property
    def apps(self) -> tuple[App, ...]:
        """The apps in the order of the table of contents; BuildError if `only` names none of them."""
        return self.toc.apps if self.only is None else (self.toc.app(self.only),)

    def app(self, name: str) -> App | None:
        """The app of that name, if it is served."""
        return next((app for app in self.apps if app.name == name), None)

    def notebook(self, app: App) -> NotebookNode:
        """The app's notebook as it stands; not to be changed."""
        return self._source(app)[0]

    def values(self, app: App, query: Mapping[str, Sequence[str]]) -> dict[str, object]:
        """Return a value for each parameter of the app: from the address, or the default.

        Raises ParameterError (or what a resolver raises) with a German message that names the near miss.
        """
        declared = self._source(app)[1]
        given: dict[str, str] = {}
        for name, texts in query.items():
            if len(texts) > 1:
                raise ParameterError(f"„{name}“ steht mehr als einmal in der Adresse.")
            if len(texts[0]) > LONGEST_VALUE:
                raise ParameterError(f"Der Wert von „{name}“ ist zu lang.")
            given[name] = self._resolved(app, name, texts[0])
        asked = validate(declared, given)
        validate(declared, given, self._domains(app, declared, given, asked))
        return asked

    def _domains(
        self,
        app: App,
        declared: Sequence[Parameter],
        given: Mapping[str, str],
        asked: Mapping[str, object],
    ) -> dict[str, Mapping[str, str]]:
        """The domains to hold the given values to; the default is right, even if it stands for none."""
        defaults = {parameter.name: parameter.default for parameter in declared}
        found: dict[str, Mapping[str, str]] = {}
        for name, domain in app.parameters.items():
            if name not in given or asked[name] == defaults[name]:
                continue
            values = self.domains.get(domain, {})
            # A value beyond the list was found by a resolver, which is as good.
            is_resolved = given[name] not in values and domain in self.resolvers
            found[name] = {given[name]: given[name]} if is_resolved else values
        return found

    def _resolved(self, app: App, name: str, text: str) -> str:
        domain = app.parameters.get(name, "")
        if not text or domain not in self.resolvers or text in self.domains.get(domain, {}):
            return text
        try:
            return self.resolvers[domain](text)[0]
        except TransferkitError as error:
            raise ParameterError(str(error)) from error

    def _source(self, app: App) -> tuple[NotebookNode, tuple[Parameter, ...]]:
        path = self.notebooks / app.notebook
        return _read(path, app.notebook, path.stat().st_mtime_ns if path.is_file() else 0)


@lru_cache(maxsize=32)
def _read(path: Path, name: str, _: int) -> tuple[NotebookNode, tuple[Parameter, ...]]:
    """A notebook and its parameters, read once until the file changes."""
    notebook = load(path)
    return notebook, read(notebook, name)


def with_values(notebook: NotebookNode, values: Mapping[str, object]) -> list[NotebookNode]:
    """Return the notebook's cells with one that sets `values` after the cell of parameters."""
    cells: list[NotebookNode] = []
    for cell in notebook.cells:
        cells.append(cell)
        if cell.cell_type == "code" and TAG in cell.metadata.get("tags", []):
            lines = "\n".join(f"{name} = {value!r}" for name, value in values.items())
            cells.append(new_code_cell(lines, metadata={"tags": [INJECTED]}))
    return cells
