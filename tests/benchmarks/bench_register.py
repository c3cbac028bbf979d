"""How long the official register and the search for peers take.

Needs an imported register (`transferkit register import`); run by `make bench`. Each figure is the fastest of
several runs: other work on the machine only ever adds.
"""

from __future__ import annotations

import json
import timeit
from collections.abc import Callable

import transferkit as tk
from transferkit.knowledge import register, register_store
from transferkit.methods.peers import all_peers
from transferkit.methods.standardise import reference_statistics


def fastest(call: Callable[[], object], runs: int) -> float:
    """Milliseconds of the fastest run."""
    return min(timeit.repeat(call, number=1, repeat=runs)) * 1000


def measured() -> dict[str, float]:
    table = tk.municipalities()
    municipal = table[table["is_municipality"]]
    town = tk.municipality("Fuchstal")
    tk.peers(town)
    model, rules, distances = (tk.load(name) for name in ("peer_model", "peer_rules", "peer_distances"))
    statistics = reference_statistics(municipal, model)
    return {
        "Gemeindeverzeichnis laden": fastest(register_store.read, 10),
        "Kommune nach Name finden": fastest(lambda: tk.municipality("Fuchstal"), 10),
        "Kommune mit Tippfehler finden": fastest(lambda: tk.municipality("Fuchsthal"), 10),
        "Vergleichskommunen einer Kommune": fastest(lambda: tk.peers(town), 10),
        "Vergleichskommunen aller Kommunen": fastest(
            lambda: all_peers(municipal, statistics, model, rules, distances), 3
        ),
    }


def main() -> None:
    if not register.is_complete():
        print("Ohne amtliches Gemeindeverzeichnis wird nur der Bau gemessen.")
        return
    figures = measured()
    for name, taken in figures.items():
        print(f"{name:36}{taken:>10.1f} ms".replace(".", ","))
    print(json.dumps({name: round(taken, 2) for name, taken in figures.items()}, ensure_ascii=False))


if __name__ == "__main__":
    main()
