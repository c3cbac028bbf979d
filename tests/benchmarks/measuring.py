"""How the benchmarks measure: whole commands, medians of several runs, ratios kept in a history.

The history holds ratios and no times: a ratio of two things measured in one run means the same everywhere.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from statistics import median

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parents[2]
HISTORY = Path(__file__).parent / "history.jsonl"
OFFICIAL = ROOT.parent / "shared" / "register"  # where the official files lie on some machines


def run(*command: str | Path, **environment: str) -> str:
    """Run a command in peace and return what it printed; it ends the benchmark if it fails."""
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment})
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def seconds(call: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def median_seconds(call: Callable[[], object], runs: int) -> float:
    """Median wall time of several calls."""
    return median(seconds(call) for _ in range(runs))


def german(number: float, digits: int = 2) -> str:
    """`1234.5` -> `1.234,50`."""
    return f"{number:,.{digits}f}".translate(str.maketrans(",.", ".,"))


def row(name: str, value: float, unit: str, digits: int = 2) -> None:
    """Print one figure."""
    print(f"{name:58}{german(value, digits):>10} {unit}", flush=True)


def report(benchmark: str, figures: Mapping[str, float], **ratios: float) -> None:
    """Print the figures as the last line, as JSON; keep the ratios."""
    rounded = {name: round(value, 3) for name, value in ratios.items()}
    print(json.dumps({"benchmark": benchmark, **figures, **rounded}), flush=True)
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT)
    kept = {
        "day": f"{date.today():%Y-%m-%d}",
        "commit": commit.stdout.strip(),
        "benchmark": benchmark,
        **rounded,
    }
    with HISTORY.open("a", encoding="utf-8") as file:
        file.write(json.dumps(kept) + "\n")


def import_register(folder: Path) -> Path | None:
    """Import the official register into `folder`, from the files of this machine; None if there are none."""
    files = sorted(OFFICIAL.glob("AuszugGV*.xlsx"))
    if not files:
        return None
    run(BIN / "transferkit", "register", "import", files[-1], TRANSFERKIT_REGISTER=str(folder))
    return folder
