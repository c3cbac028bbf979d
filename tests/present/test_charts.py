"""Every drawing is sound Vega-Lite; at run time nothing checks it any more."""

from __future__ import annotations

from typing import Any

import altair
import pandas as pd
import pytest
from jsonschema import ValidationError

from transferkit.present import charts

FRAME = pd.DataFrame({"name": ["Aue", "Bad Ems", "Celle"], "value": [1.0, 20.0, 300.0]})
PLACES = pd.DataFrame({"lon": [8.0, 9.0], "lat": [50.0, 51.0], "own": [True, False]})
YEARS = pd.DataFrame({"year": [2024.0, 2026.0], "value": [0.0, 10.0], "said": ["0", "10"]})

DRAWINGS = {
    "bars": charts.bars(FRAME, "name", "value"),
    "dots": charts.dots(FRAME, "name", "value", "Aue"),
    "dots on a logarithmic line": charts.dots(FRAME, "name", "value", "Aue", logarithmic=True),
    "places": charts.places(PLACES, "own"),
    "a course": charts.course(YEARS, YEARS),
}


@pytest.mark.parametrize("kind", DRAWINGS)
def test_every_drawing_is_sound_vega_lite(kind: str) -> None:
    for drawing in DRAWINGS[kind].values():
        altair.Chart.from_dict(drawing)  # raises ValidationError


def test_a_drawing_that_is_not_sound_would_be_found() -> None:
    broken: dict[str, Any] = DRAWINGS["bars"]["wide"] | {"width": {"no": "number"}}
    with pytest.raises(ValidationError):
        altair.Chart.from_dict(broken)
