"""How fast an app is there, what a visitor costs, how soon a chart follows a change; beside stock Voila.

Run by `make bench`. A real Chromium, warm caches, medians. The first content is the first cell's output on
screen; for the same notebook stock Voila shows it with its default template and an ordinary kernel.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import psutil
from measuring import BIN, ROOT, import_register, report, row
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(ROOT))
from tests.conftest import BROWSER_FLAGS, BROWSERS
from tests.publish.app_server import NOTEBOOKS, Visitor, free_port, until

RUNS = 7
SESSIONS = 6
SMALL = "slider"  # the same notebook for both
LARGE = "peer-finder"  # a real app; until it is there, a small one stands for it
TOC = """
guide = []

[site]
title = "transferkit"
edition = "2026-11-22"

[[app]]
name = "slider"
notebook = "app_slider.ipynb"
title = "Ein Schieber"
text = "Zum Messen."

[[app]]
name = "wire"
notebook = "app_wire.ipynb"
title = "Ein Draht"
text = "Zum Messen."
"""
CONTENT = "text=Ort: adorf"
# Times the browser keeps itself: when the first output and the first control came.
STOPWATCH = """() => {
  const seen = {};
  const look = () => {
    const has = (words) => document.body && document.body.innerText.includes(words);
    if (!seen.content && has("Ort: adorf")) seen.content = performance.now();
    if (!seen.content && document.querySelector("main form label")) seen.content = performance.now();
    if (!seen.control && document.querySelector("[role=slider], .widget input, form[data-ready]"))
      seen.control = performance.now();
    if (!seen.chart && document.querySelector("figure svg")) seen.chart = performance.now();
  };
  window.seen = seen;
  new MutationObserver(look).observe(document, {childList: true, subtree: true, attributes: true});
}"""
# From a change of the last slider to the next drawing on screen.
CHANGE = """() => new Promise((resolve) => {
  const slider = [...document.querySelectorAll("form input[type=range]")].at(-1);
  const started = performance.now();
  new MutationObserver((changes, watch) => {
    if (!changes.some((one) => [...one.addedNodes].some((node) => node.nodeName === "svg"))) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve((performance.now() - started) / 1000)));
  }).observe(document.querySelector("main"), {childList: true, subtree: true});
  slider.value = Number(slider.value) - 1;
  slider.dispatchEvent(new Event("input", {bubbles: true}));
})"""


@contextmanager
def server(*command: str | Path, ready: str, **environment: str) -> Iterator[psutil.Process]:
    """A server that answers at `ready` until the block is left."""
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **environment}
    )
    try:
        until(lambda: _answers(ready))
        time.sleep(1)  # it loads what kernels are forked from
        yield psutil.Process(process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()


def _answers(address: str) -> bool:
    try:
        return Visitor(address).get("").status < 500
    except OSError:
        return False


def opened(browser: Browser, address: str, runs: int = RUNS) -> dict[str, float]:
    """Medians of the times after which a page showed something, in seconds; the browser knows the server."""
    context = browser.new_context(locale="de-DE")
    context.add_init_script(f"({STOPWATCH})()")
    found: list[dict[str, float]] = []
    for _ in range(runs + 2):
        page = context.new_page()
        page.goto(address)
        page.wait_for_selector("[role=slider], .widget input, form[data-ready]", state="attached")
        page.wait_for_timeout(300)
        found.append(page.evaluate("window.seen"))
        page.close(run_before_unload=True)
    context.close()
    return {name: median(one[name] / 1000 for one in found[2:]) for name in found[-1]}


def memory(process: psutil.Process) -> float:
    """MB of a server and all it has started; what several share counts once."""
    every = [process, *process.children(recursive=True)]
    return sum(_pss(one.pid) for one in every)


def _pss(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0) / 1024


def per_session(browser: Browser, address: str, process: psutil.Process) -> float:
    """MB that each further session needs, the first one left out."""
    pages: list[Page] = []
    contexts = []
    sizes = []
    for _ in range(SESSIONS):
        contexts.append(browser.new_context(locale="de-DE"))
        pages.append(contexts[-1].new_page())
        pages[-1].goto(address)
        pages[-1].wait_for_selector("[role=slider], .widget input, form[data-ready]", state="attached")
        pages[-1].wait_for_timeout(500)
        sizes.append(memory(process))
    for context in contexts:
        context.close()
    return (sizes[-1] - sizes[0]) / (SESSIONS - 1)


def changes(browser: Browser, address: str) -> float:
    """Median seconds from a change to the new chart on screen."""
    context = browser.new_context(locale="de-DE")
    page = context.new_page()
    page.goto(address)
    page.wait_for_timeout(2000)
    if not page.locator("figure svg").count():  # without the register there are no peers to draw
        return float("nan")
    found = []
    for _ in range(RUNS):
        found.append(float(page.evaluate(CHANGE)))
        page.wait_for_timeout(300)
    context.close()
    return median(found)


def apps_of(folder: Path) -> tuple[Path, str]:
    """The notebooks to measure, and the larger app among them."""
    from transferkit import project

    for name in ("app_slider.ipynb", "app_wire.ipynb"):
        text = (NOTEBOOKS / name).read_text(encoding="utf-8")
        # What every app of ours imports and loads, so that both are measured with a notebook of the kind.
        loading = 'import transferkit as tk\\n",\n    "tk.load(\'solutions\')\\n",\n    "import '
        assert '"import ' in text
        (folder / name).write_text(text.replace('"import ', f'"{loading}', 1), encoding="utf-8")
    text = TOC
    for app in project.toc().apps:
        if app.name == LARGE:
            shutil.copy(project.notebooks_folder() / app.notebook, folder / "large.ipynb")
            text += f'\n[[app]]\nname = "{LARGE}"\nnotebook = "large.ipynb"\ntitle = "A"\ntext = "B"\n'
    (folder / "toc.toml").write_text(text, encoding="utf-8")
    return folder, LARGE if LARGE in text else "wire"


def main() -> None:
    executable = next(filter(None, map(shutil.which, BROWSERS)))
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder, large = apps_of(Path(name))
        register = import_register(folder / "register")
        settings = {"TRANSFERKIT_NOTEBOOKS": str(folder)}
        if register is not None:
            settings["TRANSFERKIT_REGISTER"] = str(register)
        browser = playwright.chromium.launch(executable_path=executable, args=list(BROWSER_FLAGS))
        port = free_port()
        stock_address = f"http://127.0.0.1:{port}/"
        stock = ("voila", "--no-browser", f"--port={port}", folder / "app_slider.ipynb")
        with server(BIN / stock[0], *stock[1:], ready=stock_address) as process:
            stock_times = opened(browser, stock_address)
            stock_memory = per_session(browser, stock_address, process)
        port = free_port()
        base = f"http://127.0.0.1:{port}/"
        with server(BIN / "transferkit", "serve", "--port", str(port), ready=base, **settings) as process:
            ours = opened(browser, f"{base}apps/{SMALL}")
            app = opened(browser, f"{base}apps/{large}")
            ours_memory = per_session(browser, f"{base}apps/{SMALL}", process)
            app_memory = per_session(browser, f"{base}apps/{large}", process)
            change = changes(browser, f"{base}apps/{large}") if large == LARGE else float("nan")
        browser.close()
    row("App: erster Inhalt, Voila wie es ist", stock_times["content"], "s")
    row("App: erster Inhalt, transferkit, dasselbe Notizbuch", ours["content"], "s")
    row(f"App: erster Inhalt, {large}", app["content"], "s")
    row("App: bedienbar, Voila wie es ist", stock_times["control"], "s")
    row("App: bedienbar, transferkit, dasselbe Notizbuch", ours["control"], "s")
    row(f"App: bedienbar, {large}", app["control"], "s")
    row("App: Speicher je weiterer Sitzung, Voila wie es ist", stock_memory, "MB", 0)
    row("App: Speicher je weiterer Sitzung, transferkit, dasselbe", ours_memory, "MB", 0)
    row(f"App: Speicher je weiterer Sitzung, {large}", app_memory, "MB", 0)
    if change == change:  # there is a chart
        row("App: von der Änderung bis zum neuen Diagramm", change, "s")
    report(
        "apps",
        {
            "stock_seconds": stock_times["content"],
            "seconds": app["content"],
            "stock_mb": stock_memory,
            "mb": app_memory,
            "change_seconds": change,
        },
        content_against_stock=stock_times["content"] / ours["content"],
        control_against_stock=stock_times["control"] / ours["control"],
        memory_against_stock=stock_memory / ours_memory,
    )


if __name__ == "__main__":
    main()
