"""The places of a level with the weights a reader sets instead of those of the peer model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches

import numpy as np

from transferkit.errors import MethodError
from transferkit.methods.distance import Field, Usual, first, squared_differences, squared_distances, widen
from transferkit.methods.neighbours import TENTH
from transferkit.methods.standardise import Floats

SAMPLE = 100  # places asked how far away their tenth peer is; of all it would take half a second

HOW = "Gewichtet haben Sie selbst."


def weighed(field: Field, weights: Mapping[str, float]) -> Field:
    """The same places, compared with these weights (by variable; one that is not named counts 0).

    What is usual is found anew, because another weighting has other distances: from the tenth peers of evenly
    spread places. Percentiles among all pairs are unknown then (NaN). Raises MethodError for an unknown
    variable, a negative weight or none that counts.
    """
    names = field.places.names
    for name, weight in weights.items():
        if name not in names:
            near = get_close_matches(name, names, n=1)
            hint = f"Meinten Sie „{near[0]}“?" if near else f"Möglich: {', '.join(names)}."
            raise MethodError(f"Das Merkmal „{name}“ gehört nicht zum Vergleich. {hint}")
        if not weight >= 0:
            raise MethodError(
                f"Das Gewicht von „{name}“ ist negativ oder keine Zahl. Erlaubt ist 0 oder mehr."
            )
    chosen = np.array([float(weights.get(name, 0.0)) for name in names])
    if not chosen.sum() > 0:
        raise MethodError("Alle Gewichte sind 0. Mindestens ein Merkmal muss zählen.")
    changed = replace(
        field,
        places=replace(field.places, weights=chosen),
        measure=replace(field.measure, weights=chosen),
    )
    tenth = _tenth_peers(changed)
    real = np.percentile(tenth, field.rules.real_peer_percentile) if len(tenth) else np.inf
    unknown = np.full(len(field.usual.pair), np.nan)
    return replace(changed, usual=Usual(unknown, field.usual.pair, float(real)))


def _tenth_peers(field: Field) -> Floats:
    """Distances of evenly spread places to their tenth peer."""
    places, rules = field.places, field.rules
    living = np.flatnonzero(places.exists)
    spread = living[np.linspace(0, len(living) - 1, min(SAMPLE, len(living))).astype(int)]
    found = []
    for place in spread:
        asking = places.point(int(place))
        squared, _ = squared_distances(places.weights, squared_differences(places, asking), rules)
        passed, _ = widen(places, asking, ~np.isnan(squared), rules, np.count_nonzero)
        near = first(squared, passed, TENTH)
        if len(near) == TENTH:
            found.append(float(np.sqrt(squared[near[-1]])))
    return np.array(found)
