"""Runs the cells from a form on again when a reader changes it: the only door to widgets.

A notebook stays an ordinary notebook. A form in it listens: what a reader changes becomes the parameters
again, the cells from the first form on run once more with them, and what they show takes the place of what
they showed. One widget carries the messages: the state up, changed outputs down.

In an app each cell's outputs are one region of the page, plain HTML with the chart's drawing beside it, which
`live.js` exchanges; in JupyterLab they are outputs with a display id, which Jupyter exchanges itself.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from IPython.core.getipython import get_ipython
from IPython.display import display
from traitlets import Unicode

from transferkit.errors import TransferkitError
from transferkit.present import cell_code
from transferkit.present.controls import Control, PlaceSearch, Raw, typed
from transferkit.present.forms import Form, query
from transferkit.present.records import cells
from transferkit.present.regions import EMPTY, Bundle, Cell, fitted, headline, inside, region
from transferkit.present.widget import WIDGET, AnyWidget

LONGEST = 120  # characters of a name somebody types


@cache
def _script() -> str:
    return Path(__file__).with_name("live.js").read_text(encoding="utf-8")


class Wire(AnyWidget):
    """The one widget of a page: it shows nothing of its own in an app, and its form in JupyterLab."""

    form = Unicode().tag(sync=True)

    def __init__(self, **traits: object) -> None:
        super().__init__(_esm=_script(), **traits)


def show(form: Form, face: str) -> None:
    """Show a form that is displayed right now: anew, or as part of a run somebody's change started."""
    listener = Listener.current
    if listener is not None and listener.running:
        listener.met.append(form)
        return
    # In JupyterLab somebody may run the first form's cell again: then everything begins anew.
    if listener is None or listener.begins_with(form):
        if listener is not None:
            listener.close()
        listener = Listener.current = Listener(face)
        listener.open()
    listener.show(form)


class Listener:
    """Keeps the cells from the first form on, and runs them again for every change."""

    current: Listener | None = None

    def __init__(self, face: str) -> None:
        self.face = face
        self.shell: Any = get_ipython()
        self.met: list[Form] = []  # in the cell that runs
        self.cells: list[Cell] = []
        self.numbers: dict[str, int] = {}  # id of a notebook's cell -> place in `cells`
        self.running = False
        self.collected: list[Bundle] | None = None
        self.wires: list[Wire] = []

    @property
    def forms(self) -> list[Form]:
        """All forms in the order of the page."""
        return [form for cell in self.cells for form in cell.forms] + self.met

    @property
    def state(self) -> dict[str, Raw]:
        """What all forms say."""
        return {name: control.raw for name, control in self.controls.items()}

    @property
    def controls(self) -> dict[str, Control]:
        """The controls of all forms by name."""
        return {control.name: control for form in self.forms for control in form.controls}

    def begins_with(self, form: Form) -> bool:
        """Is this the first form once more?"""
        return bool(self.forms) and self.forms[0].state.keys() == form.state.keys()

    def open(self) -> None:
        """Listen to the cells that follow."""
        for event, hear in self._events():
            self.shell.events.register(event, hear)
        for publisher in self._publishers():
            publisher.register_hook(self._take)

    def close(self) -> None:
        """Listen no more."""
        for event, hear in self._events():
            self.shell.events.unregister(event, hear)
        for publisher in self._publishers():
            publisher.unregister_hook(self._take)
        for wire in self.wires:
            wire.close()

    def show(self, form: Form) -> None:
        """Show a form and listen to who fills it in. In an app one wire serves all forms of the page."""
        self.met.append(form)
        collected, self.collected = self.collected, None  # a form stays when outputs are exchanged
        if self.face == "app":
            html = {"text/html": form.html(), "text/plain": repr(form)}
            display(html, raw=True)  # type: ignore[no-untyped-call]
            if not self.wires:
                display(self._wire())  # type: ignore[no-untyped-call]
        else:
            display(self._wire(form.html()))  # type: ignore[no-untyped-call]
        self.collected = collected

    def _wire(self, form: str = "") -> Wire:
        wire = Wire(form=form)
        wire.on_msg(self._heard)
        self.wires.append(wire)
        return wire

    def _events(self) -> Iterator[tuple[str, Callable[..., None]]]:
        yield "pre_run_cell", self._before
        yield "post_run_cell", self._after

    def _publishers(self) -> Iterator[Any]:
        for publisher in (self.shell.display_pub, self.shell.displayhook):
            if hasattr(publisher, "register_hook"):  # a terminal has none, and shows a form in words
                yield publisher

    # The first time: cells run as in any notebook, and what they show becomes something to exchange.

    def _before(self, info: Any) -> None:
        self.collected = []

    def _take(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """Keep what a following cell shows instead of sending it; widgets go their own way."""
        content = message.get("content", {})
        shows = message.get("msg_type") in ("display_data", "execute_result")
        if self.collected is None or not shows or WIDGET in content.get("data", {}):
            return message
        self.collected.append(content["data"])
        return None

    def _after(self, result: Any) -> None:
        taken, self.collected = self.collected, None
        met, self.met = self.met, []
        info = result.info
        if info is None or not info.raw_cell or info.silent:
            return
        cell = self._cell(str(info.cell_id or len(self.cells)), info.raw_cell)
        cell.forms = met
        if taken is None:  # the cell of the first form, which nobody listened to yet
            return
        cell.shown = taken
        if self.face == "app":
            display({"text/html": region(cell)}, raw=True)  # type: ignore[no-untyped-call]
            return
        cell.shown = fitted(taken, max(len(taken), 1))
        for place, bundle in enumerate(cell.shown):
            display(bundle, raw=True, display_id=_display_id(cell, place))  # type: ignore[no-untyped-call]

    def _cell(self, key: str, source: str) -> Cell:
        """The cell of this id, made or, in JupyterLab, run once more or edited by hand."""
        if key in self.numbers:
            cell = self.cells[self.numbers[key]]
            cell.source = source
            return cell
        self.numbers[key] = len(self.cells)
        self.cells.append(Cell(len(self.cells), source))
        return self.cells[-1]

    # After that: what the reader does.

    def _heard(self, wire: Wire, content: Mapping[str, Any], buffers: object) -> None:
        if content.get("kind") == "search":
            answer = self._found(str(content.get("name")), str(content.get("text")))
        elif content.get("kind") == "change":
            answer = self._changed(content.get("state"))
        else:
            return
        wire.send({"n": content.get("n"), **answer})
        for other in self.wires:
            if other is not wire and answer.get("controls"):  # JupyterLab: a wire per form
                other.send({"kind": "controls", "controls": answer["controls"]})

    def _found(self, name: str, text: str) -> dict[str, object]:
        control = self.controls.get(name)
        if not isinstance(control, PlaceSearch):
            return {"kind": "found", "name": name, "places": []}
        found = control.suggest(text[:LONGEST])
        rows = zip(*(map(str, cells(found[column])) for column in found.columns[:3]), strict=True)
        return {"kind": "found", "name": name, "places": [list(row) for row in rows]}

    def _changed(self, state: object) -> dict[str, object]:
        """Run the cells with a new state; whatever goes wrong, the old one stays and the reader is told."""
        before, earlier = self.state, self.controls
        names: dict[str, Any] = self.shell.user_ns
        kept = dict(names)
        try:
            given = before | typed(state, {name: names[name] for name in before if name in names})
            names.update(given)
            changed = frozenset(name for name, raw in given.items() if raw != kept.get(name))
            run = self._run(changed)
        except Exception as error:
            names.clear()
            names.update(kept)
            return {"kind": "refused", "said": _apology(error)}
        for cell, _, forms in run:
            cell.forms = forms
        # A control may have put something right: what it says is what the notebook now has.
        names.update(self.state)
        return self._news({cell.number: shown for cell, shown, _ in run}, earlier, given)

    def _run(self, changed: frozenset[str]) -> list[tuple[Cell, list[Bundle], list[Form]]]:
        """Run the cells that depend on these names: what each shows now, and the forms in it."""
        concerned = cell_code.concerned([cell.source for cell in self.cells], changed)
        self.running = True
        done = []
        try:
            for cell in (cell for cell, meant in zip(self.cells, concerned, strict=True) if meant):
                self.collected, self.met = [], []
                value = cell_code.run(cell.source, self.shell.user_ns)
                data = {} if value is None else self.shell.display_formatter.format(value)[0]
                done.append((cell, [*self.collected, *([data] if data else [])], self.met))
        finally:
            self.running, self.collected, self.met = False, None, []
        return done

    def _news(
        self, shown: Mapping[int, list[Bundle]], earlier: Mapping[str, Control], given: Mapping[str, Raw]
    ) -> dict[str, object]:
        """What has changed on the page, and how a screen reader is told."""
        changed = []
        for cell in (cell for cell in self.cells if cell.number in shown):
            now = shown[cell.number]
            if self.face != "app":
                now = fitted(now, max(len(cell.shown), 1))
            if now != (cell.shown or [EMPTY] * (self.face != "app")):
                changed.append(cell)
                cell.shown = now
        if self.face != "app":
            for cell in changed:
                _update(cell)
        controls = {
            name: control.html()
            for name, control in self.controls.items()
            if name not in earlier or control.shape != earlier[name].shape or control.raw != given.get(name)
        }
        regions = {str(cell.number): inside(cell.shown) for cell in changed} if self.face == "app" else {}
        return {
            "kind": "results",
            "regions": regions,
            "controls": controls,
            "query": query(self.state),
            "said": headline(changed),
        }


def _update(cell: Cell) -> None:
    for place, bundle in enumerate(cell.shown):
        display(bundle, raw=True, update=True, display_id=_display_id(cell, place))  # type: ignore[no-untyped-call]


def _display_id(cell: Cell, place: int) -> str:
    return f"transferkit-{cell.number}-{place}"


def _apology(error: Exception) -> str:
    """What is wrong in the words of the error, if it was raised for readers; else a number for the log."""
    if isinstance(error, TransferkitError):
        return str(error)
    incident = secrets.token_hex(4)
    logging.getLogger("transferkit.app").error("Vorfall %s", incident, exc_info=error)
    return f"Das hat nicht geklappt. Laden Sie die Seite neu. Vorfall {incident}."
