"""Texts of a drawing are set by us, where Vega would have set them."""

from __future__ import annotations

import json
import re

import pandas as pd
import vl_convert

from transferkit.present import charts
from transferkit.publish import drawing

FRAME = pd.DataFrame({"name": ["Aue & Söhne", "Bad Ems", "Celle"], "value": [1.0, 20.0, 300.0]})
TEXT = r'<text text-anchor="(\w+)" transform="translate\(([-\d.]+),([-\d.]+)\)"[^>]*>([^<]*)</text>'


def placed(svg: str) -> list[tuple[str, float, float, str]]:
    """Anchor, position (px) and words of every text."""
    found = re.findall(TEXT, svg)
    return [(anchor, round(float(x), 1), round(float(y)), words) for anchor, x, y, words in found]


def test_every_text_stands_where_vega_sets_it() -> None:
    for spec in (
        *charts.bars(FRAME, "name", "value").values(),
        *charts.dots(FRAME, "name", "value", "Celle").values(),
    ):
        by_vega = placed(vl_convert.vegalite_to_svg(json.dumps(spec)))
        assert len(by_vega) == 6
        assert placed(drawing._svg(json.dumps(spec))) == by_vega


def test_a_planned_point_keeps_its_hollow_ring() -> None:
    years = pd.DataFrame({"year": [2024.0, 2026.0], "value": [0.0, 10.0], "said": ["0", "10"]})
    svg = drawing._svg(json.dumps(charts.course(years, years)["wide"]))
    assert len(re.findall(r'fill="white" stroke="var\(--muted\)"', svg)) == 2
