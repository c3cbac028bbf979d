"""A long run over all readers: `python tests/fuzz/fuzz.py --minutes 30`, the figures at the end.

Every defect is printed once with the smallest input that shows it, and the run goes on with the next reader.
`--seed` begins elsewhere; the same seed tries the same inputs.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz import tables, texts
from tests.fuzz.reading import Count, HangError, Reader, hold

ROOT = Path(__file__).resolve().parents[2]
AT_ONCE = 60  # inputs, then the next reader has its turn
SECONDS_BETWEEN_FIGURES = 60
MOST_MEMORY = 4 * 2**30  # bytes


def main() -> None:
    """Try inputs until the time is over; exit code 1 if there were defects."""
    wish = argparse.ArgumentParser(description=__doc__)
    wish.add_argument("--minutes", type=float, default=30)
    wish.add_argument("--seed", type=int, default=int(time.time()))
    wish.add_argument("--only", default="", help="a part of the name of the readers to run")
    asked = wish.parse_args()
    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    with tempfile.TemporaryDirectory(prefix="tk-fuzz-") as name:
        found = [*tables.readers(Path(name)), *texts.readers(Path(name))]
        chosen = [one for one in found if asked.only in one.name]
        _run(chosen, asked.minutes * 60, asked.seed)


def _run(readers: list[Reader], seconds: float, start: int) -> None:
    counts = {reader.name: Count() for reader in readers}
    spent = dict.fromkeys(counts, 0.0)
    defects: dict[str, set[str]] = {name: set() for name in counts}
    end, number, told = time.monotonic() + seconds, start, time.monotonic()
    while time.monotonic() < end:
        # Who has had the least time goes next: slow readers get as much as quick ones.
        reader = min(readers, key=lambda one: spent[one.name])
        began = time.monotonic()
        number += 1
        if defect := _tried(reader, counts[reader.name], number):
            kind = defect.partition("\n")[0]
            if kind not in defects[reader.name]:
                print(f"--- {reader.name}\n{defect}\n", flush=True)
            defects[reader.name].add(kind)
        spent[reader.name] += time.monotonic() - began
        if time.monotonic() - told > SECONDS_BETWEEN_FIGURES:
            _tell(counts, spent, defects)
            told = time.monotonic()
    _tell(counts, spent, defects)
    sys.exit(1 if any(defects.values()) else 0)


def _tell(counts: dict[str, Count], spent: dict[str, float], defects: dict[str, set[str]]) -> None:
    """The figures so far: a run that is ended from outside has told them too."""
    for name, count in counts.items():
        figures = {"minutes": round(spent[name] / 60, 1), "defects": len(defects[name])}
        print(json.dumps({"reader": name, **vars(count), **figures}, ensure_ascii=False), flush=True)


def _tried(reader: Reader, count: Count, number: int) -> str:
    """Try some inputs; what went wrong, "" if nothing."""

    @seed(number)
    @settings(
        max_examples=AT_ONCE, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, *([Phase.shrink] if "TK_SHRINK" in os.environ else [])],
    )  # fmt: skip
    @given(reader.inputs)
    def holds(value: object) -> None:
        hold(reader, value, count)

    try:
        holds()
    except (Exception, HangError) as error:
        frames = traceback.extract_tb(error.__traceback__)
        where = next((one for one in reversed(frames) if str(ROOT) in one.filename), frames[-1])
        notes = "\n".join(getattr(error, "__notes__", []))[:600]
        return f"{type(error).__name__} {where.filename}:{where.lineno}\n{str(error)[:300]}\n{notes}"
    return ""


if __name__ == "__main__":
    main()
