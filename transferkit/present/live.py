"""Runs the cells from a form on again when a reader changes it: the only door to widgets.

A notebook stays an ordinary notebook. A form in it listens: what a reader changes becomes the parameters
again, the cells from the form on run once more with them, and what they show takes the place of what they
showed. One widget carries the messages: the state up, changed outputs down.

In an app each cell's outputs are one region of the page, plain HTML with the chart's drawing beside it, which
`live.js` exchanges; in JupyterLab they are outputs with a display id, which Jupyter exchanges itself.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import anywidget
from IPython.core.getipython import get_ipython
from IPython.display import display

from transferkit.errors import TransferkitError
from transferkit.present import cell_code, charts
from transferkit.present.controls import PlaceSearch
from transferkit.present.forms import Form
from transferkit.present.records import cells

Bundle = dict[str, Any]  # the outputs of one display: MIME type -> content
WIDGET = "application/vnd.jupyter.widget-view+json"
LONGEST = 120  # characters of a name somebody types
SITE_LINK = re.compile(r'<a href="site:[^"]*"[^>]*>(.*?)</a>', re.DOTALL)


@cache
def _script() -> str:
    return Path(__file__).with_name("live.js").read_text(encoding="utf-8")


class Wire(anywidget.AnyWidget):
    """The one widget of a page: it shows nothing of its own in an app, and the form in JupyterLab."""

    def __init__(self, **traits: object) -> None:
        super().__init__(_esm=_script(), **traits)


@dataclass
class Cell:
    """A cell that follows the form: its source, and what it showed last."""

    number: int
    source: str
    shown: list[Bundle] = field(default_factory=list)


def show(form: Form, face: str) -> None:
    """Show a form that is displayed right now: anew, or as part of a run somebody's change started."""
    if (listener := Listener.current) is not None and listener.running:
        listener.form = form
        return
    if listener is not None:
        listener.close()
    Listener.current = Listener(form, face)
    Listener.current.open()


class Listener:
    """Keeps the cells from the form on, and runs them again for every change."""

    current: Listener | None = None

    def __init__(self, form: Form, face: str) -> None:
        self.form, self.face = form, face
        self.shell: Any = get_ipython()
        self.cells: list[Cell] = []
        self.keys: dict[str, int] = {}  # id of a notebook's cell -> place in `cells`
        self.running = False
        self.collected: list[Bundle] | None = None
        self.wire: Wire | None = None

    def open(self) -> None:
        """Show the form and listen: to the reader, and to the cells that follow."""
        self.wire = Wire()
        self.wire.on_msg(self._heard)
        if self.face == "app":
            display({"text/html": self.form.html(), "text/plain": repr(self.form)}, raw=True)  # type: ignore[no-untyped-call]
            display(self.wire)  # type: ignore[no-untyped-call]
        else:
            self.wire.add_traits(form=_text_trait(self.form.html()))
            display(self.wire)  # type: ignore[no-untyped-call]
        for event, hear in self._events():
            self.shell.events.register(event, hear)
        for hooks in self._publishers():
            hooks.register_hook(self._take)

    def close(self) -> None:
        """Listen no more."""
        for event, hear in self._events():
            self.shell.events.unregister(event, hear)
        for hooks in self._publishers():
            hooks.unregister_hook(self._take)
        if self.wire is not None:
            self.wire.close()

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
        info = result.info
        if info is None or not info.raw_cell or info.silent:
            return
        cell = self._cell(str(info.cell_id or len(self.cells)), info.raw_cell)
        if taken is None:  # the form's own cell: what it shows, it shows itself
            return
        cell.shown = taken
        if self.face == "app":
            display({"text/html": region(cell)}, raw=True)  # type: ignore[no-untyped-call]
            return
        for place, bundle in enumerate(taken or [{}]):
            display(bundle or EMPTY, raw=True, display_id=_display_id(cell, place))  # type: ignore[no-untyped-call]

    def _cell(self, key: str, source: str) -> Cell:
        """The cell of this id, made or, in JupyterLab, run once more or edited by hand."""
        if key in self.keys:
            cell = self.cells[self.keys[key]]
            cell.source = source
            return cell
        self.keys[key] = len(self.cells)
        self.cells.append(Cell(len(self.cells), source))
        return self.cells[-1]

    # After that: what the reader does.

    def _heard(self, wire: object, content: Mapping[str, Any], buffers: object) -> None:
        if content.get("kind") == "search":
            self._answer(content, **self._found(str(content.get("name")), str(content.get("text"))))
        elif content.get("kind") == "change":
            self._answer(content, **self._changed(content.get("state")))

    def _answer(self, asked: Mapping[str, Any], **answer: object) -> None:
        if self.wire is not None:
            self.wire.send({"n": asked.get("n"), **answer})

    def _found(self, name: str, text: str) -> dict[str, object]:
        control = self.form.control(name)
        if not isinstance(control, PlaceSearch):
            return {"kind": "found", "name": name, "places": []}
        found = control.suggest(text[:LONGEST])
        rows = zip(*(map(str, cells(found[column])) for column in found.columns[:3]), strict=True)
        return {"kind": "found", "name": name, "places": [list(row) for row in rows]}

    def _changed(self, state: object) -> dict[str, object]:
        """Run the cells with a new state; whatever goes wrong, the old one stays and the reader is told."""
        before, earlier = dict(self.form.state), self.form
        names = self.shell.user_ns
        try:
            names.update(typed(state, {name: names[name] for name in before if name in names}))
            shown = self._run()
            # A control may have put something right: what it says is what the notebook now has.
            names.update(self.form.state)
        except Exception as error:
            self.form = earlier
            names.update(before)
            return {"kind": "refused", "said": _apology(error)}
        finally:
            self.running = False
        return self._news(shown, earlier, state)

    def _run(self) -> dict[int, list[Bundle]]:
        """What every cell shows now, by its number."""
        self.running = True
        shown: dict[int, list[Bundle]] = {}
        for cell in self.cells:
            with self._collecting() as found:
                value = cell_code.run(cell.source, self.shell.user_ns)
                if value is not None:
                    data, _ = self.shell.display_formatter.format(value)
                    if data:
                        found.append(data)
            shown[cell.number] = list(found)
        return shown

    @contextmanager
    def _collecting(self) -> Iterator[list[Bundle]]:
        self.collected = []
        try:
            yield self.collected
        finally:
            self.collected = None

    def _news(self, shown: Mapping[int, list[Bundle]], earlier: Form, state: object) -> dict[str, object]:
        """What has changed on the page, and how a screen reader is told."""
        changed = [cell for cell in self.cells[1:] if shown[cell.number] != cell.shown]
        for cell in changed:
            old, cell.shown = cell.shown, shown[cell.number]
            if self.face != "app":
                _update(cell, old)
        regions = {str(cell.number): inside(cell.shown) for cell in changed} if self.face == "app" else {}
        shapes = {control.name: control.shape for control in earlier.controls}
        given = state if isinstance(state, Mapping) else {}
        return {
            "kind": "results",
            "regions": regions,
            "controls": {
                control.name: control.html()
                for control in self.form.controls
                if control.shape != shapes.get(control.name)
                or str(control.raw) != str(given.get(control.name))
            },
            "query": self.form.query,
            "said": _headline(changed),
        }


EMPTY: Bundle = {"text/html": "", "text/plain": ""}


def _text_trait(text: str) -> Any:
    from traitlets import Unicode

    return Unicode(text).tag(sync=True)


def typed(state: object, known: Mapping[str, Any]) -> dict[str, Any]:
    """What a browser sent as the literals of the parameters it names; everything else is refused."""
    if not isinstance(state, Mapping) or set(state) - set(known):
        raise TransferkitError("Diese Eingabe gehört nicht zu diesem Formular. Laden Sie die Seite neu.")
    found: dict[str, Any] = {}
    for name, said in state.items():
        kind = type(known[name])
        try:
            found[name] = str(said) in ("True", "true", "on") if kind is bool else kind(str(said))
        except ValueError:
            raise TransferkitError(f"„{said}“ ist keine Zahl.") from None
    return found


def region(cell: Cell) -> str:
    """The outputs of a cell as a part of the page that can be exchanged."""
    return f'<div class="region" data-region="{cell.number}">{inside(cell.shown)}</div>'


def inside(shown: list[Bundle]) -> str:
    """Outputs as HTML; links to pages of the site, which an app has not, become their text."""
    return SITE_LINK.sub(r"\1", "".join(map(_html, shown)))


def _html(bundle: Bundle) -> str:
    if charts.MIMETYPE in bundle:
        return charts.live_figure(bundle[charts.MIMETYPE])
    if "text/html" in bundle:
        return str(bundle["text/html"])
    return f"<p>{escape(str(bundle.get('text/plain', '')))}</p>"


def _headline(changed: list[Cell]) -> str:
    """The first finding of a chart that has changed, or that there is something new."""
    for cell in changed:
        for bundle in cell.shown:
            if charts.MIMETYPE in bundle:
                return f"Neu berechnet: {bundle[charts.MIMETYPE]['finding']}."
    return "Neu berechnet." if changed else "Neu berechnet. Es ändert sich nichts."


def _update(cell: Cell, old: list[Bundle]) -> None:
    """Exchange outputs in JupyterLab, where their number is fixed: the last one takes what is too many."""
    places = max(len(old), 1)
    shown = [*cell.shown, *[EMPTY] * (places - len(cell.shown))]
    if len(shown) > places:
        shown = [*shown[: places - 1], {"text/html": inside(shown[places - 1 :])}]
    for place, bundle in enumerate(shown):
        display(bundle, raw=True, update=True, display_id=_display_id(cell, place))  # type: ignore[no-untyped-call]
    cell.shown = shown


def _display_id(cell: Cell, place: int) -> str:
    return f"transferkit-{cell.number}-{place}"


def _apology(error: Exception) -> str:
    """What is wrong in the words of the error, if it was raised for readers; else a number for the log."""
    if isinstance(error, TransferkitError):
        return str(error)
    incident = secrets.token_hex(4)
    logging.getLogger("transferkit.app").error("Vorfall %s", incident, exc_info=error)
    return f"Das hat nicht geklappt. Laden Sie die Seite neu. Vorfall {incident}."
