"""How long it takes to form learning groups from 300 made-up applications; run by `make bench`."""

from __future__ import annotations

import json
import timeit

import numpy as np
import pandas as pd

from transferkit.knowledge.datasets import load
from transferkit.learning import experiences
from transferkit.methods.cohorts import groups

COUNT = 300


def applications() -> tuple[pd.DataFrame, dict[str, float]]:
    """300 places of any size, a fifth of them places of model projects that offer to guide others."""
    rng = np.random.default_rng(1)
    themes, areas = load("themes")["theme_id"].to_numpy(), load("solutions")["area_de"].unique()
    places = experiences()["place_key"].unique()
    rows = []
    for number in range(COUNT):
        leads = number % 5 == 0
        rows.append(
            {
                "application_id": f"B{number:03}",
                "place_key": str(places[number % len(places)]) if leads else f"ort-{number}",
                "interests": "" if leads else ";".join(rng.choice(themes, 3, replace=False)),
                "needs": "" if leads else ";".join(rng.choice(areas, 2, replace=False)),
                "offers": "",
                "stage": "phase-5" if leads else f"phase-{rng.integers(1, 4)}",
                "consent": "yes",
                "capacity": int(rng.integers(3, 11)) if leads else 0,
            }
        )
    table = pd.DataFrame(rows)
    return table, {key: float(rng.integers(1_000, 100_000)) for key in table["place_key"]}


def main() -> None:
    table, sizes = applications()
    known, phases, rules = experiences(), load("lifecycle_phases"), load("cohort_rules")
    formed = groups(table, known, phases, sizes, rules)
    seconds = min(timeit.repeat(lambda: groups(table, known, phases, sizes, rules), number=1, repeat=3))
    print(f"{COUNT} Bewerbungen, {len(formed.groups)} Gruppen, {len(formed.unplaced)} ohne: {seconds:.2f} s")
    print(json.dumps({"cohorts_s": round(seconds, 3), "groups": len(formed.groups)}))


if __name__ == "__main__":
    main()
