"""Making one page: execute its notebook, render it, write both."""

from __future__ import annotations

import re
import traceback
from functools import lru_cache, partial
from pathlib import Path

from nbformat import NotebookNode

from transferkit.errors import NotebookError, TransferkitError
from transferkit.publish import fingerprint, glossary, pictures, render, storage, verify
from transferkit.publish.attachments import attachments
from transferkit.publish.check.notes import notes
from transferkit.publish.check.pages import check
from transferkit.publish.execute import STOCK_ENGINE, CellError, execute
from transferkit.publish.notebook import load, store
from transferkit.publish.worker import Failure, Outcome, Task


def made(task: Task) -> Outcome:
    """The page, or why it could not be made. Raises OSError where nothing can be written."""
    try:
        notebook = _executed_before(task)
        if notebook is None:
            notebook = _executed(task)
        return _rendered(task, notebook)
    except CellError as error:
        if error.notebook is not None:
            store(error.notebook, task.executed)
        executed = task.executed if error.notebook is not None else None
        failure = Failure(task.page.address, str(error), error.cell, executed)
    except OSError as error:
        if not isinstance(error, ConnectionError):  # to a kernel, which may have died
            raise
        failure = Failure(task.page.address, _reason(error), None, task.executed)
    except Exception as error:
        failure = Failure(task.page.address, _reason(error), None, task.executed)
    task.html.unlink(missing_ok=True)
    return Outcome(task.page, failure=failure)


def _executed_before(task: Task) -> NotebookNode | None:
    try:
        notebook = load(task.executed)
    except NotebookError:
        return None
    return notebook if notebook.metadata.get("transferkit", {}).get("key") == task.key else None


def _executed(task: Task) -> NotebookNode:
    limits = task.limits
    run = partial(
        execute,
        task.notebook,
        task.page.parameters,
        timeout=limits.timeout,
        memory_mb=limits.memory_mb,
        cwd=task.cwd,
    )
    notebook = run()
    if verify.is_in_sample(task.page.address, limits.verify):
        verify.require_equal(notebook, run(engine=STOCK_ENGINE))
    notebook.metadata["transferkit"]["key"] = task.key
    store(notebook, task.executed)
    return notebook


def _rendered(task: Task, notebook: NotebookNode) -> Outcome:
    known = _known(task.known)
    html = render.page(notebook, task.page, known)
    html = glossary.linked(html, task.terms, "../" * task.page.address.count("/"))
    html = pictures.embedded(html, task.notebook.parent)
    content = html.encode()
    storage.write(task.html, content)
    checked = check(html, task.page.address, notes=notes(notebook))
    files = attachments(notebook, task.page.address)
    for address, file in files.items():
        storage.write(task.html.with_name(Path(address).name), file)
    named = _named_pages(notebook)
    linked = named & known
    return Outcome(
        page=task.page,
        sha256=fingerprint.of_bytes(content),
        reads=notebook.metadata["transferkit"]["reads"],
        files={address: fingerprint.of_bytes(file) for address, file in files.items()},
        links=tuple(sorted(linked)),
        unlinked=tuple(sorted(named - known)),
        targets=tuple(target for target in checked.targets if target not in linked),
        findings=checked.findings,
    )


def _named_pages(notebook: NotebookNode) -> set[str]:
    """The addresses the notebook links to as `site:...`, existing or not."""
    named: set[str] = set()
    for cell in notebook.cells:
        shown = [cell.source] if cell.cell_type == "markdown" else [str(cell.get("outputs", []))]
        for text in shown:
            named.update(re.findall(r"site:([\w/.-]+?\.html)", text))
    return named


@lru_cache(maxsize=2)
def _known(path: Path) -> frozenset[str]:
    return frozenset(path.read_text(encoding="utf-8").splitlines())


def _reason(error: Exception) -> str:
    if isinstance(error, TransferkitError):
        return str(error)
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(last.filename).name}, Zeile {last.lineno}"
    return f"Unerwarteter Fehler {type(error).__name__}: {error} ({where})"
