"""All pages for all municipalities of the official register: built, once more, and with one lesson changed.

Needs the official files (see `measuring.OFFICIAL`); without them it says so and measures nothing. Memory is
the sum over all processes of the build of what each has for itself and its share of the rest (PSS), looked at
once a second. Run by `make bench`; takes as long as the build takes.
"""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import psutil
from measuring import BIN, ROOT, import_register, report, row, seconds


class Watched:
    """One run of `transferkit`, with the most memory all its processes had together (MB)."""

    def __init__(self, *words: str) -> None:
        self.words = words
        self.peak_mb = 0.0
        self.said = ""

    def __call__(self) -> None:
        command = [BIN / "transferkit", *self.words]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        done = threading.Event()
        watcher = threading.Thread(target=self.watch, args=(psutil.Process(process.pid), done))
        watcher.start()
        self.said, _ = process.communicate()
        done.set()
        watcher.join()
        if process.returncode:
            sys.exit(self.said)

    def watch(self, process: psutil.Process, done: threading.Event) -> None:
        while not done.wait(1):
            self.peak_mb = max(self.peak_mb, memory(process))

    def counted(self, word: str) -> int:
        """The number before a word of what was said: `12 gebaut` -> 12."""
        found = re.search(rf"(\d+) {word}", self.said)
        assert found, self.said
        return int(found[1])


def memory(process: psutil.Process) -> float:
    total = 0
    for one in [process, *process.children(recursive=True)]:
        try:
            total += one.memory_full_info().pss
        except psutil.Error:  # it has just ended
            continue
    return total / 2**20


def change_one_lesson(folder: Path) -> str:
    """Change the words of a lesson that few pages show; return its key."""
    path = folder / "lessons.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lesson = next(row for row in rows if row["solution_id"] == "zwoenitz-erzmobil")
    lesson["statement_de"] += " Geändert."
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(lesson), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return lesson["lesson_id"]


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if import_register(folder / "register") is None:
            print("Ohne amtliche Dateien auf dieser Maschine wird der Bau aller Kommunen nicht gemessen.")
            return
        shutil.copytree(ROOT / "datasets", folder / "data", ignore=shutil.ignore_patterns("register"))
        os.environ["TRANSFERKIT_REGISTER"] = str(folder / "register")
        os.environ["TRANSFERKIT_DATASETS"] = str(folder / "data")
        measure(folder)


def measure(folder: Path) -> None:
    first, second, changed = (Watched("build", "--out", str(folder / "site")) for _ in range(3))
    whole = seconds(first)
    pages, failed = first.counted("gebaut"), first.counted("fehlgeschlagen")
    size = sum(path.stat().st_size for path in (folder / "site").rglob("*") if path.is_file()) / 1e6
    row("alle Seiten für alle Kommunen (Ziel: unter 900)", whole, "s", 1)
    row("Seiten", pages, "", 0)
    row("davon fehlgeschlagen (Ziel: 0)", failed, "", 0)
    row("Seiten je Sekunde", pages / whole, "")
    row("Arbeitsspeicher aller Prozesse (Ziel: unter 3.000)", first.peak_mb, "MB", 0)
    row("Größe der Site (Ziel: unter 1.000)", size, "MB", 0)
    again = seconds(second)
    row("noch einmal, nichts geändert (Ziel: unter 10)", again, "s", 1)
    assert second.counted("gebaut") == 0
    change_one_lesson(folder / "data")
    once = seconds(changed)
    built = changed.counted("gebaut")
    row("eine Lehre geändert (Ziel: unter 20 und die Zeit der Seiten)", once, "s", 1)
    row("dabei neu gebaute Seiten", built, "", 0)
    figures = {"pages": pages, "failed": failed, "seconds": whole, "peak_mb": first.peak_mb, "site_mb": size}
    times = {"second_run_s": again, "lesson_s": once, "lesson_pages": built}
    report("everything", figures | times, second_run=whole / again, lesson=whole / once)


if __name__ == "__main__":
    main()
