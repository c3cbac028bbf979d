"""How long 20 municipality guides take: `transferkit build` against `papermill` and `jupyter nbconvert`.

Both sides run the same notebook with the same parameters, two at a time, in one run on one machine. Ours
starts from nothing (a fresh folder) and also writes the site around the pages; theirs writes bare pages.
Run by `make bench`; the last line is JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from transferkit.knowledge import datasets

GUIDES = 20
JOBS = 2
BIN = Path(sys.executable).parent
NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "guides" / "municipality-guide.ipynb"


def shipped_municipalities(count: int) -> list[str]:
    """Keys of `count` municipalities of the shipped data, spread evenly from small to large."""
    places = datasets.load("places")
    by_size = places[places["level"] == "gemeinde"].sort_values("population")["place_key"].astype(str)
    step = len(by_size) / count
    return [by_size.iloc[int(number * step)] for number in range(count)]


def run(*command: str | Path) -> None:
    """Run a command in peace; what it said is shown only if it fails."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")


def with_transferkit(keys: Sequence[str], folder: Path) -> None:
    only = [word for key in keys for word in ("--only", f"kommunen/{key}.html")]
    out = ("--out", folder / "site", "--jobs", str(JOBS))
    run(BIN / "transferkit", "build", "municipality-guide", *only, *out)


def with_stock_commands(keys: Sequence[str], folder: Path) -> None:
    def one(key: str) -> None:
        executed = folder / f"{key}.ipynb"
        run(BIN / "papermill", "--no-progress-bar", NOTEBOOK, executed, "-r", "place", key)
        run(BIN / "jupyter", "nbconvert", "--to", "html", "--no-input", executed)

    with ThreadPoolExecutor(JOBS) as pool:
        list(pool.map(one, keys))


def seconds(build: Callable[[Sequence[str], Path], None], keys: Sequence[str]) -> float:
    """Wall time of one cold build into an empty folder that ends with as many pages as asked for."""
    with tempfile.TemporaryDirectory() as name:
        start = time.perf_counter()
        build(keys, Path(name))
        taken = time.perf_counter() - start
        pages = [page for key in keys for page in Path(name).rglob(f"{key}.html")]
        assert len(pages) == len(keys)
    return taken


def german(number: float) -> str:
    return f"{number:.2f}".replace(".", ",")


def main() -> None:
    # Both sides see the shipped data only, whatever register this machine has.
    os.environ["TRANSFERKIT_REGISTER"] = str(Path(tempfile.gettempdir()) / "transferkit-bench-no-register")
    keys = shipped_municipalities(GUIDES)
    ours = seconds(with_transferkit, keys)
    stock = seconds(with_stock_commands, keys)
    print(f"{GUIDES} Leitfäden für Kommunen, je {JOBS} gleichzeitig, {os.cpu_count()} Kerne")
    print(f"{'':34}{'Sekunden':>10}{'je Seite':>10}")
    for name, taken in (("transferkit build", ours), ("papermill und jupyter nbconvert", stock)):
        print(f"{name:34}{german(taken):>10}{german(taken / GUIDES):>10}")
    print(f"transferkit ist {german(stock / ours)}-mal so schnell.")
    measured = {"guides": GUIDES, "jobs": JOBS, "transferkit_s": round(ours, 3), "stock_s": round(stock, 3)}
    print(json.dumps(measured | {"ratio": round(stock / ours, 3)}))


if __name__ == "__main__":
    main()
