"""Guides per second, cold: `transferkit build` against `papermill` and `jupyter nbconvert`, two at a time.

Both sides run the same notebook with the same parameters and the official register where there is one, in one
run on one machine. Ours starts from nothing (a fresh folder, no process running) and also writes the site
around the pages; theirs writes bare pages. Stock papermill is measured with few pages: each of them takes the
same time. Then one notebook through papermill, with engine `fork` and with its own. Run by `make bench`.
"""

from __future__ import annotations

import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median

import papermill
from measuring import BIN, ROOT, import_register, median_seconds, report, row, run, seconds

from transferkit.knowledge import register

JOBS = 2
RUNS = 3
GUIDES, STOCK_GUIDES = 600, 8
NOTEBOOK = ROOT / "notebooks" / "guides" / "municipality-guide.ipynb"


def municipalities(count: int) -> list[str]:
    """Keys of at most `count` municipalities, spread evenly from small to large."""
    table = register.municipalities()
    by_size = table[table["is_municipality"]].sort_values("population").index
    count = min(count, len(by_size))
    return [by_size[int((number + 0.5) * len(by_size) / count)] for number in range(count)]


def with_transferkit(keys: list[str]) -> None:
    only = [word for key in keys for word in ("--only", f"kommunen/{key}.html")]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "site"
        run(BIN / "transferkit", "build", "municipality-guide", *only, "--out", out, "--jobs", str(JOBS))
        assert len(list(out.glob("kommunen/*.html"))) == len(keys)


def with_stock_commands(keys: list[str]) -> None:
    def one(key: str, folder: Path) -> None:
        executed = folder / f"{key}.ipynb"
        run(BIN / "papermill", "--no-progress-bar", NOTEBOOK, executed, "-r", "place", key)
        run(BIN / "jupyter", "nbconvert", "--to", "html", "--no-input", executed)
        assert executed.with_suffix(".html").is_file()

    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(JOBS) as pool:
        list(pool.map(partial(one, folder=Path(folder)), keys))


def one_notebook(engine: str | None) -> None:
    settings = {"kernel_name": "python3", "language": "python", "progress_bar": False}
    papermill.execute_notebook(str(NOTEBOOK), None, {"place": "09181121"}, engine_name=engine, **settings)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = import_register(Path(folder) / "register")
        os.environ["TRANSFERKIT_REGISTER"] = str(found or Path(folder) / "none")
        measure(official=found is not None)


def measure(official: bool) -> None:
    keys, few = municipalities(GUIDES), municipalities(STOCK_GUIDES)
    data = "amtliches Gemeindeverzeichnis" if official else "mitgelieferte Orte"
    print(
        f"{len(keys)} Leitfäden, {data}, je {JOBS} gleichzeitig, {os.cpu_count()} Kerne, Mediane aus {RUNS}"
    )
    # By turns, so that whatever else the machine does meets both.
    pairs = [
        (
            seconds(partial(with_transferkit, keys)) / len(keys),
            seconds(partial(with_stock_commands, few)) / len(few),
        )
        for _ in range(RUNS)
    ]
    ours, stock = (median(taken) for taken in zip(*pairs, strict=True))
    row("transferkit build, alles eingeschlossen", 1 / ours, "Seiten je Sekunde")
    row("papermill und jupyter nbconvert", 1 / stock, "Seiten je Sekunde")
    row("Verhältnis (Ziel: mindestens 40)", stock / ours, "-mal so schnell", 1)

    one_notebook("fork")  # starts the process all others are forked from
    forked, own = (
        median_seconds(partial(one_notebook, "fork"), 15),
        median_seconds(partial(one_notebook, None), 3),
    )
    row("ein Notizbuch, Engine fork (Ziel: höchstens 0,12)", forked, "s", 3)
    row("ein Notizbuch, Engine von papermill", own, "s", 3)

    start = median_seconds(lambda: run(BIN / "transferkit", "--help"), 15)
    row("transferkit --help (Ziel: unter 0,25)", start, "s", 3)
    figures = {"pages_per_s": 1 / ours, "stock_pages_per_s": 1 / stock, "fork_s": forked, "engine_s": own}
    report("guides", figures | {"help_s": start}, against_stock=stock / ours, fork_against_stock=own / forked)


if __name__ == "__main__":
    main()
