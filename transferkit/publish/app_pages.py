"""The pages of a server of apps as HTML: start page, the frame of an app, its cells, messages to visitors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from nbformat import NotebookNode

from transferkit.publish import app_assets, drawing, render
from transferkit.publish.app_offer import Offer
from transferkit.publish.notebook import CHART

TEMPLATES = Path(__file__).parent / "templates" / "apps"
WIDGET = "application/vnd.jupyter.widget-view+json"
CELLS, RUNTIME = "<!-- cells -->", "<!-- runtime -->"
# Executed as on a page and in JupyterLab, but not for a visitor's eyes.
HIDDEN_TAGS = {"parameters", "injected-parameters", "remove-cell", "facilitator"}
SKIPPED_TAGS = {"page-only", "facilitator"}


@dataclass(frozen=True)
class Frame:
    """What stands before the cells of an app, after them, and after the scripts at the page's end."""

    before: str
    after: str
    end: str


@dataclass(frozen=True)
class Pages:
    """Makes pages with links below `base` ("/" or "/x/")."""

    base: str
    offer: Offer

    def start(self, has_workshops: bool) -> str:
        """The page that leads to the apps, and to workshops if the server has them."""
        return self._render("start.html.j2", apps=self.offer.apps, has_workshops=has_workshops)

    def message(self, title: str, sentences: list[str], **further: Any) -> str:
        """A page that says in a few sentences what is the matter."""
        return self._render("message.html.j2", heading=title, sentences=sentences, **further)

    def busy(self, sentence: str, again: str, nonce: str) -> str:
        """The page for whom there is no place; with a `nonce` it waits for one by itself."""
        return self._render("busy.html.j2", sentence=sentence, again=again, nonce=nonce)

    def access(self, target: str, complaint: str = "") -> str:
        """The page that asks for the access code; afterwards it leads to `target`."""
        return self._render("access.html.j2", target=target, complaint=complaint)

    def app(
        self, name: str, query: str, nonce: str, settings: str, scripts: Mapping[str, str], is_heavy: bool
    ) -> Frame:
        """The frame of an app.

        `query` is the app's state, as it stands in the address. `scripts` holds the addresses of Vega
        (`vega`) and Voila's front end (`voila`), which is loaded from the beginning if the app `is_heavy`;
        `settings` is what a runtime has to know.
        """
        app = self.offer.toc.app(name)
        first = self.offer.notebook(app).cells[0].source
        lead = Markup(render.markdown(first.partition("\n")[2].strip()))
        page = self._render(
            "app.html.j2",
            app=app,
            lead=lead,
            query=f"?{query}" if query else "",
            nonce=nonce,
            scripts=scripts,
            settings=Markup(settings),
            is_heavy=is_heavy,
        )
        before, rest = page.split(CELLS)
        after, end = rest.split(RUNTIME)
        return Frame(before, after, end)

    def _render(self, template: str, **content: Any) -> str:
        toc = self.offer.toc
        return (
            _environment()
            .get_template(template)
            .render(base=self.base, site=toc, style=Markup(app_assets.style()), version=_version(), **content)
        )


def settings(configuration: Mapping[str, Any], kernel: str) -> str:
    """What the widget runtime has to know, as JSON for a script."""
    return _in_script({**configuration, "kernelId": kernel})


def states(widgets: Mapping[str, Any]) -> str:
    """The state of an app's widgets, for the small runtime."""
    return f'<script id="widgets" type="application/json">{_in_script(widgets)}</script>\n'


def script(address: str) -> str:
    """A script of this server."""
    return f'<script async src="{escape(address)}"></script>\n'


def cell(executed: NotebookNode, number: int) -> str:
    """A cell as visitors see it: text as on a page, widgets as what the runtime makes of them.

    `number` makes the ids of figures unique.
    """
    tags = set(executed.metadata.get("tags", []))
    if tags & (HIDDEN_TAGS | SKIPPED_TAGS):
        return ""
    if executed.cell_type == "markdown":
        return render.markdown(executed.source)
    if executed.cell_type != "code":
        return ""
    shown = [_output(output, f"{number}-{n}") for n, output in enumerate(executed.outputs)]
    return "".join(shown)


def _output(output: NotebookNode, number: str) -> str:
    if output.output_type not in ("display_data", "execute_result"):
        return ""
    data = output.data
    if WIDGET in data:
        content = _in_script({"data": {WIDGET: data[WIDGET]}, "metadata": {}, "output_type": "display_data"})
        return (
            '<div class="widget" data-pending>'
            f'<script type="application/vnd.voila.cell-output+json">{content}</script></div>\n'
        )
    if CHART in data:
        return drawing.figure(data[CHART], number)
    if "text/html" in data:
        return str(data["text/html"]) + "\n"
    return f"<p>{escape(data.get('text/plain', ''))}</p>\n" if "text/plain" in data else ""


def failure(number: str) -> str:
    """What stands in an app in the place of a cell that failed, and of all after it."""
    return (
        '<div class="finding" role="alert" data-failed><p><strong>Hier ist etwas schiefgegangen.</strong> '
        "Es liegt nicht an Ihnen. Laden Sie die Seite neu. Hilft das nicht, nennen Sie bitte der Stelle, "
        f"die diese App betreibt, die Vorfallnummer <strong>{number}</strong>.</p></div>\n"
    )


def _in_script(content: object) -> str:
    """JSON that can stand in a script: nothing in it ends the script."""
    text = json.dumps(content, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["german_date"] = lambda iso: ".".join(reversed(iso.split("-")))
    environment.globals["inline"] = lambda name: Markup((TEMPLATES / name).read_text(encoding="utf-8"))
    return environment


@cache
def _version() -> str:
    return version("transferkit")
