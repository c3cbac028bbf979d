"""Charts: a finding in a sentence, a drawing for wide and one for narrow pages, and its numbers as a table.

The colours are the light tokens of the site's style; the page exchanges them for the reader's theme.
A cell shows the Vega-Lite drawing; the page takes `application/vnd.transferkit.chart+json`, which
holds everything the published figure needs, so that no native drawing code runs in a kernel.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from html import escape
from typing import Any

import altair as alt
import pandas as pd

from transferkit import face
from transferkit.origin import Origin
from transferkit.present import disclosure, german, text_width
from transferkit.present.block import Block

ACCENT, INK, MUTED, LINE = "#0b5c68", "#1b2026", "#505a66", "#c9d0d8"
WIDTHS = {"wide": 640, "narrow": 276}
ROOM_FOR_NUMBERS = 60
GAP = 8  # px between a name and its row
ROWS, PLAN = "rows", "plan"
TOLD = "told"  # what a row says when somebody points at it, where a drawing is live
DOWN = alt.Y("name:N", sort=None, axis=None)
MIMETYPE = "application/vnd.transferkit.chart+json"
LAB = "application/vnd.vegalite.v5+json"
SCHEMA_OF_LAB = "https://vega.github.io/schema/vega-lite/v5.json"
FONT = "Arial, Liberation Sans, Helvetica, sans-serif"  # one set of widths: labels are measured at build time


@dataclass(frozen=True)
class Chart:
    """A figure: finding, what is drawn, text alternative, Vega-Lite per width, table of the numbers.

    `origin`: where the numbers come from; that of the table counts as well.
    """

    finding: str
    subtitle: str
    description: str
    drawings: dict[str, dict[str, Any]]
    table: Block
    origin: Origin = field(default_factory=Origin)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        origin = self.table.origin + self.origin
        figure = {
            "finding": self.finding,
            "subtitle": self.subtitle,
            "description": self.description,
            "drawings": self.drawings,
            "table": self.table.html,
            "origin": disclosure.html(origin),
        }
        drawing = next(iter(self.drawings.values()))
        bundle = {
            MIMETYPE: figure,
            "application/vnd.vegalite.v6+json": drawing,
            "text/plain": f"{self.finding} {self.description}",
            **disclosure.bundle(origin),
        }
        if face.name() == "lab":  # JupyterLab 4 draws only what is called version 5; ours is the same in both
            bundle[LAB] = drawing | {"$schema": SCHEMA_OF_LAB}
        return bundle


def live_figure(figure: Mapping[str, Any]) -> str:
    """A figure (as in the bundle of a chart) whose drawing a script adds: finding and numbers are there."""
    drawings = json.dumps(figure["drawings"], ensure_ascii=False).replace("<", "\\u003c")
    return (
        f"<figure data-chart><figcaption><strong>{escape(figure['finding'])}</strong>"
        f"<span>{escape(figure['subtitle'])}</span></figcaption>"
        f'<div class="drawing" role="img" aria-label="{escape(figure["description"])}"></div>'
        f"<details><summary>Zahlen als Tabelle</summary>{figure['table']}</details>{figure.get('origin', '')}"
        f'<script type="application/json">{drawings}</script></figure>'
    )


def bars(frame: pd.DataFrame, label: str, value: str, *, height: int = 26) -> dict[str, dict[str, Any]]:
    """Horizontal bars from zero with their numbers; `frame` in the order of drawing, `height` px per bar."""
    return _rows(_bars, _said(frame, label, value), height)


def dots(
    frame: pd.DataFrame, label: str, value: str, own: str, *, logarithmic: bool = False, digits: int = 0
) -> dict[str, dict[str, Any]]:
    """One dot per row with its number beside it; the row named `own` in the accent colour."""
    rows = [row | {"own": row["name"] == own} for row in _said(frame, label, value, digits)]
    return _rows(_logarithmic_dots if logarithmic else _linear_dots, rows, 26)


@cache
def _bars() -> dict[str, Any]:
    across = alt.X("value:Q", axis=None, scale=alt.Scale(domainMin=0))
    base = alt.Chart(alt.NamedData(ROWS)).encode(y=DOWN, x=across)
    numbers = base.mark_text(align="left", dx=5, color=INK, fontSize=13).encode(text="said:N")
    return _drawn(base.mark_bar(color=ACCENT, size=14) + numbers + _names(alt.value(INK)))


@cache
def _linear_dots() -> dict[str, Any]:
    return _dots(alt.Scale(zero=False))


@cache
def _logarithmic_dots() -> dict[str, Any]:
    return _dots(alt.Scale(type="log"))


def _dots(scale: alt.Scale) -> dict[str, Any]:
    colour = alt.condition("datum.own", alt.value(ACCENT), alt.value(MUTED))
    across = alt.X("value:Q", axis=None, scale=scale)
    base = alt.Chart(alt.NamedData(ROWS)).encode(y=DOWN, x=across, color=colour)
    numbers = base.mark_text(align="left", dx=9, fontSize=13).encode(text="said:N")
    return _drawn(base.mark_point(filled=True, size=90, opacity=1) + numbers + _names(alt.value(INK)))


def _names(colour: Any) -> Any:
    """What each row is called, on the left of the drawing."""
    names = alt.Chart(alt.NamedData(ROWS)).mark_text(align="right", fontSize=13)
    return names.encode(y=DOWN, x=alt.value(-GAP), text="name:N", color=colour)


def _said(frame: pd.DataFrame, label: str, value: str, digits: int = 0) -> list[dict[str, Any]]:
    """The rows to draw: name, value, the value as it is written, and both (`TOLD`)."""
    rows = []
    for name, number in zip(frame[label].tolist(), frame[value].tolist(), strict=True):
        said = german.number(number, digits)
        rows.append({"name": str(name), "value": number, "said": said, TOLD: f"{name}: {said}"})
    return rows


def _rows(
    drawn: Callable[[], dict[str, Any]], rows: list[dict[str, Any]], height: int
) -> dict[str, dict[str, Any]]:
    """The same drawing for every width, with the names of its rows on the left, cut at half of the width."""
    drawings = {}
    for name, width in WIDTHS.items():
        limit = width // 2
        named = [row | {"name": text_width.cut(row["name"], limit)} for row in rows]
        left = math.ceil(max((text_width.width(row["name"]) for row in named), default=0)) + GAP + 4
        drawings[name] = drawn() | {
            "datasets": {ROWS: named},
            "width": width - left - ROOM_FOR_NUMBERS - 4,
            "height": height * len(rows),
            "autosize": "none",
            "config": _config(room=ROOM_FOR_NUMBERS, left=left),
        }
    return drawings


def _drawn(chart: Any) -> dict[str, Any]:
    """The drawing without its rows. Made once per process: to make it takes as long as the rest of a page.

    Not checked against the schema, which takes longer still: the tests do that.
    """
    drawn: dict[str, Any] = chart.to_dict(validate=False)
    drawn.pop("config", None)
    return drawn


def course(plan: pd.DataFrame, values: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """A plan as hollow, dashed points and what was measured as a line in the accent colour.

    Both frames in order of time: `year` (decimal, 2026.0 is the end of 2025), `value`, `said` (label, may be
    empty), perhaps `told` (see TOLD); `plan` has at least two rows. Labels of measured values stand on the
    other side of the plan.
    """
    columns = [name for name in ("year", "value", "said", TOLD) if name in plan]
    planned, measured = (_records(data[columns]) for data in (plan, values))
    side = -1 if planned[-1]["value"] >= planned[0]["value"] else 1
    years = [row["year"] for row in (*planned, *measured)]
    ticks = list(range(int(min(years)), math.ceil(max(years)) + 1))
    drawn = deepcopy(_course(side))
    for layer in drawn["layer"]:
        layer["encoding"]["x"]["axis"]["values"] = ticks
        layer["encoding"]["x"]["scale"]["domain"] = [ticks[0], ticks[-1]]
    return _fitted(drawn, {PLAN: planned, ROWS: measured}, 220)


@cache
def _course(side: int) -> dict[str, Any]:
    axis = alt.Axis(
        values=[],
        labelExpr="'Ende ' + (datum.value - 1)",
        labelOverlap=True,
        grid=False,
        title=None,
        labelFontSize=13,
        labelColor=INK,
    )
    across = alt.X("year:Q", axis=axis, scale=alt.Scale(domain=[0, 1]))
    up = alt.Y("value:Q", axis=None, scale=alt.Scale(zero=False, padding=24))
    planned, measured = (alt.Chart(alt.NamedData(data)).encode(x=across, y=up) for data in (PLAN, ROWS))
    return _drawn(
        planned.mark_line(color=MUTED, strokeDash=[4, 4])
        + planned.mark_point(color=MUTED, fill="white", size=80, opacity=1)
        + planned.mark_text(color=MUTED, dy=16 * side, fontSize=13).encode(text="said:N")
        + measured.mark_line(color=ACCENT)
        + measured.mark_point(color=ACCENT, filled=True, size=80, opacity=1)
        + measured.mark_text(color=ACCENT, dy=-16 * side, fontSize=13).encode(text="said:N")
    )


def levels(frame: pd.DataFrame, highest: int) -> dict[str, dict[str, Any]]:
    """One row per `name` on a scale from 0: a dot at `level`, a line from `lowest` to `highest`, and `said`.

    A row without a level has only its words.
    """
    words = frame.assign(at=frame["highest"].fillna(0))
    rows = _records(words[["name", "level", "lowest", "highest", "at", "said"]])
    return _fitted(_levels(highest), {ROWS: rows}, 46 * len(rows) + 24)


@cache
def _levels(highest: int) -> dict[str, Any]:
    across = alt.Scale(domain=[0, highest], nice=False)
    axis = alt.Axis(
        values=list(range(highest + 1)), format="d", grid=False, title=None, labelFontSize=13, labelColor=INK
    )
    # Names stand above their line: it fits narrow pages. They come first: the order of the rows is theirs.
    said = alt.Chart(alt.NamedData(ROWS)).encode(y=DOWN)
    ranges = said.transform_filter("isValid(datum.level)")
    return _drawn(
        said.mark_text(align="left", dy=-18, color=MUTED, fontSize=13).encode(x=alt.datum(0), text="name:N")
        + said.mark_text(align="left", dx=9, color=INK, fontSize=13).encode(x="at:Q", text="said:N")
        + ranges.mark_rule(color=LINE, strokeWidth=4).encode(
            x=alt.X("lowest:Q", scale=across, axis=axis), x2="highest:Q"
        )
        + ranges.mark_point(color=ACCENT, filled=True, size=90, opacity=1).encode(x="level:Q")
    )


def places(frame: pd.DataFrame, highlighted: str) -> dict[str, dict[str, Any]]:
    """Where places lie: dots by longitude and latitude, highlighted ones in the accent colour.

    One drawing for all pages: it fits the narrow ones.
    """
    data = _plain(frame[["lon", "lat", highlighted]].rename(columns={highlighted: "own"}).dropna())
    colour = alt.condition("datum.own", alt.value(ACCENT), alt.value(LINE))
    chart = (
        alt.Chart(data.sort_values("own"))
        .mark_circle(size=45, opacity=1)
        .encode(longitude="lon:Q", latitude="lat:Q", color=colour)
        .project("mercator")
        .properties(width=WIDTHS["narrow"] - 8, height=340)
    )
    return {"any": chart.to_dict(validate=False) | {"config": _config(room=4)}}


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame altair writes without surprises: no pandas extension or categorical types."""
    return pd.DataFrame({str(name): frame[name].to_numpy(dtype=object).tolist() for name in frame})


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows to draw, unknown numbers as nothing."""
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{str(name): cell for name, cell in row.items()} for row in rows]


def _fitted(drawn: dict[str, Any], datasets: dict[str, Any], height: int) -> dict[str, dict[str, Any]]:
    """The same chart for every width, drawn for it and not scaled."""
    fit = {"type": "fit"}
    return {
        name: drawn
        | {"datasets": datasets, "width": width - ROOM_FOR_NUMBERS, "height": height, "autosize": fit}
        | {"config": _config(room=ROOM_FOR_NUMBERS)}
        for name, width in WIDTHS.items()
    }


def _config(room: int, left: int = 4) -> dict[str, Any]:
    return {
        "aria": False,
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None},
        "padding": {"left": left, "right": room, "top": 4, "bottom": 4},
    }
