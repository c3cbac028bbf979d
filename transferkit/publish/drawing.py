"""Charts of an executed notebook as figures of a page: SVG per width, text alternative, table.

The one door to vl-convert. It starts native threads, so it runs here, in the rendering process,
and never in a process that forks kernels.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from html import escape
from typing import Any

import vl_convert

from transferkit.errors import PageError

TOKENS = {"#0b5c68": "accent", "#1b2026": "ink", "#505a66": "muted", "#c9d0d8": "line"}
# vl-convert writes a dot as a path of 200 characters; dots of one kind become one path of short strokes.
DOT = (
    r'<path transform="translate\(([-\d.]+),([-\d.]+)\)" d="M([\d.]+),0A[^"]+" '
    r'fill="([^"]+)"(?! stroke=)[^>]*/>'
)
DOTS = re.compile(f"(?:{DOT})+")
# What draws nothing, and what the style sheet says for all letters of all charts.
NOTHING = re.compile(
    r'<path d="(?:M0,0h0v0h0Z)?"[^>]*/>'
    r'| (?:pointer-events="none"|opacity="1"|font-size="13px"|font-family="[^"]*")'
)
TEXTS = re.compile(r'<g class="mark-symbol role-mark text_(\d+)_marks"[^>]*>(.*?)</g>', re.DOTALL)
ANCHOR = re.compile(
    r'<path aria-label="([^"]*)"[^>]*transform="translate\(([-\d.e]+),([-\d.e]+)\)"[^>]*fill="([^"]+)"'
)
MARKED_UP = {"finding": "den Befund", "description": "die Beschreibung", "table": "die Tabelle der Zahlen"}


@cache
def vega_bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script of about 900 kB that sets `window.vegaEmbed`."""
    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")


def figure(chart: Mapping[str, Any], number: int | str) -> str:
    """The chart as `<figure>`: finding, drawing for wide and narrow pages, numbers to unfold.

    `chart` is what `present.charts.Chart` puts into a notebook; `number` makes ids unique on a page.
    Raises PageError if the finding, the description or the table is missing.
    """
    for key, words in MARKED_UP.items():
        if not chart.get(key):
            raise PageError(f"Abbildung {number}: Es fehlt {words}. Ohne sie wird die Seite nicht gebaut.")
    drawings = "".join(
        _drawing(spec, width, f"abb-{number}-{width}", chart) for width, spec in chart["drawings"].items()
    )
    return (
        f"<figure><figcaption><strong>{escape(chart['finding'])}</strong>"
        f"<span>{escape(chart['subtitle'])}</span></figcaption>{drawings}"
        f"<details><summary>Zahlen als Tabelle</summary>{chart['table']}</details>"
        f"{chart.get('origin', '')}</figure>"
    )


def _drawing(spec: Mapping[str, Any], width: str, name: str, chart: Mapping[str, Any]) -> str:
    svg = _svg(json.dumps(spec, sort_keys=True))
    start = f'<svg class="{width}" role="img" aria-labelledby="{name}-t {name}-d"'
    told = (
        f'<title id="{name}-t">{escape(chart["finding"])}</title>'
        f'<desc id="{name}-d">{escape(chart["description"])}</desc>'
    )
    # A function, for the words may hold what means something in a pattern's replacement.
    svg = re.sub(r"<svg\b([^>]*)>", lambda found: f"{start}{found[1]}>{told}", svg, count=1)
    return re.sub(r'(id="|url\(#)(clip|gradient)', rf"\1{name}-\2", svg)


@lru_cache(maxsize=256)
def _svg(spec: str) -> str:
    """SVG in German number format, without what a page does not need, in the reader's colours."""
    drawn, texts = _with_anchors(json.loads(spec))
    svg: str = vl_convert.vegalite_to_svg(drawn, format_locale="de-DE", time_format_locale="de-DE")
    svg = TEXTS.sub(lambda group: _set(group, texts), svg)
    svg = re.sub(r' (?:xmlns(?::\w+)?|version|class|role|aria-\w+)="[^"]*"', "", svg)
    svg = DOTS.sub(_dots, svg)
    svg = NOTHING.sub("", svg)
    svg = re.sub(r"<[^>]+>", lambda tag: re.sub(r"(?<=\d)\.(\d{2})\d+", r".\1", tag[0]), svg)
    for colour, token in TOKENS.items():
        svg = svg.replace(f'"{colour}"', f'"var(--{token})"')
    return svg


def _with_anchors(spec: dict[str, Any]) -> tuple[dict[str, Any], list[Mapping[str, Any]]]:
    """The drawing with an invisible point where each text begins, and how the texts of each layer look.

    vl-convert measures every text several times, 0.7 ms each: that was nine tenths of the time of a drawing.
    """
    texts: list[Mapping[str, Any]] = []
    layers = []
    for layer in spec.get("layer", ()):
        if layer["mark"]["type"] == "text":
            mark, encoding = layer["mark"], dict(layer["encoding"])
            encoding["description"] = encoding.pop("text")
            point = {"type": "point", "filled": True, "size": 1, "opacity": 1}
            if "color" in mark:
                point["color"] = mark["color"]
            layer = layer | {"name": f"text_{len(texts)}", "mark": point, "encoding": encoding}
            texts.append(mark)
        layers.append(layer)
    if not texts:
        return spec, texts
    config = {name: value for name, value in spec["config"].items() if name != "aria"}
    return spec | {"layer": layers, "config": config}, texts


def _set(group: re.Match[str], texts: Sequence[Mapping[str, Any]]) -> str:
    """The texts of a layer in the place of their anchors."""
    mark = texts[int(group[1])]
    size = mark["fontSize"]
    anchor = {"left": "start", "right": "end"}.get(mark.get("align", "center"), "middle")
    right, down = mark.get("dx", 0), mark.get("dy", 0) + round(0.3 * size)  # the middle of the line
    return "".join(
        f'<text text-anchor="{anchor}" transform="translate({float(x) + right:g},{float(y) + down:g})" '
        f'font-size="{size}px" fill="{colour}">{words}</text>'
        for words, x, y, colour in ANCHOR.findall(group[2])
        if words
    )


def _dots(run: re.Match[str]) -> str:
    """Dots of one size and colour as one path: a stroke of no length with round ends is a dot."""
    kinds: dict[tuple[str, str], list[str]] = {}
    for x, y, radius, colour in re.findall(DOT, run[0]):
        kinds.setdefault((radius, colour), []).append(f"M{float(x):.1f} {float(y):.1f}h0")
    return "".join(
        f'<path d="{"".join(strokes)}" stroke="{colour}" stroke-width="{2 * float(radius):.1f}" '
        'stroke-linecap="round"/>'
        for (radius, colour), strokes in kinds.items()
    )
