"""How long the options of a decision take to judge: 10,000 weightings and all flips.

Run by `make bench`. Each figure is the fastest of several runs: other work on the machine only ever adds.
"""

from __future__ import annotations

import json
import timeit

import transferkit as tk
from transferkit.methods import options


def measured() -> dict[str, float]:
    """Milliseconds per decision: standing (with rank acceptability) and flips together."""
    tables = [tk.load(name) for name in ("options", "criteria", "scores")]
    found = {}
    for key, name in tk.load("decisions")[["decision_id", "name_de"]].to_numpy():
        offered, criteria, scores = (table[table["decision_id"] == key] for table in tables)

        def judge(offered=offered, criteria=criteria, scores=scores) -> object:
            return options.standing(offered, criteria, scores), options.flips(offered, criteria, scores)

        found[name] = min(timeit.repeat(judge, number=1, repeat=5)) * 1000
    return found


def main() -> None:
    figures = measured()
    for what, milliseconds in figures.items():
        print(f"{what:55} {milliseconds:8.1f} ms")
    rounded = {what: round(milliseconds, 2) for what, milliseconds in figures.items()}
    print(json.dumps({"options_ms": rounded}, ensure_ascii=False))


if __name__ == "__main__":
    main()
