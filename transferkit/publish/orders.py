"""A page made for another machine: the order that goes there, and the delivery that comes back.

Both travel as bytes: whoever only passes them on need not load what they are about.
"""

from __future__ import annotations

import os
import pickle
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from transferkit.publish.page import Page
from transferkit.publish.parallel import CRASHED, GROWN_MB
from transferkit.publish.worker import Failure, Limits, Outcome, Task, make


@dataclass(frozen=True)
class _Order:
    """A task without the paths of the machine it comes from.

    `notebook` is relative to the folder of notebooks; `executed` is what an earlier build has left, if that
    was made from the same.
    """

    page: Page
    notebook: str
    key: str
    limits: Limits
    executed: bytes
    terms: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Delivery:
    """What became of an order: its outcome, the files it made, by name, and the executed notebook if new."""

    outcome: Outcome
    files: Mapping[str, bytes]
    executed: bytes


def order(task: Task) -> bytes:
    """What to send for a task of this machine."""
    notebook = task.notebook.relative_to(task.cwd).as_posix()
    return pickle.dumps(
        _Order(task.page, notebook, task.key, task.limits, _executed_before(task), task.terms)
    )


def deliver(packed: bytes, known: Path, home: Path, notebooks: Path) -> tuple[bytes, bool]:
    """Make what was ordered in a folder that is gone afterwards; also say whether this process has grown.

    `known` is a file of addresses, as in a task; `home` is where the folder may lie.
    """
    ordered: _Order = pickle.loads(packed)
    with tempfile.TemporaryDirectory(dir=home) as private:
        site, executed = Path(private, "site"), Path(private, "executed.ipynb")
        if ordered.executed:
            executed.write_bytes(ordered.executed)
        outcome = make(
            Task(
                page=ordered.page,
                notebook=notebooks / ordered.notebook,
                executed=executed,
                html=site / Path(ordered.page.address).name,
                known=known,
                key=ordered.key,
                cwd=notebooks,
                limits=ordered.limits,
                terms=ordered.terms,
            )
        )
        files = {path.name: path.read_bytes() for path in site.iterdir()} if site.is_dir() else {}
        content = executed.read_bytes() if executed.is_file() else b""
    delivery = _Delivery(
        replace(outcome, worker_mb=0), files, content if content != ordered.executed else b""
    )
    return pickle.dumps(delivery), outcome.worker_mb > GROWN_MB


def unpack(delivery: bytes, task: Task) -> Outcome:
    """Put the files of a delivery where the task wants them, as if they had been made here.

    An empty delivery is what is left of a process that has crashed.
    """
    if not delivery:
        return Outcome(task.page, failure=Failure(task.page.address, CRASHED))
    delivered: _Delivery = pickle.loads(delivery)
    if delivered.executed:
        _write(task.executed, delivered.executed)
    for name, content in delivered.files.items():
        _write(task.html.with_name(name), content)
    failure = delivered.outcome.failure
    if failure is None:
        return delivered.outcome
    task.html.unlink(missing_ok=True)
    executed = task.executed if failure.executed else None
    return replace(delivered.outcome, failure=replace(failure, executed=executed))


def _executed_before(task: Task) -> bytes:
    """What the worker need not execute again, or nothing; whether it is sound is seen there."""
    try:
        content = task.executed.read_bytes()
    except OSError:
        return b""
    return content if task.key.encode() in content else b""


def _write(path: Path, content: bytes) -> None:
    """Write at once, folders included: nobody sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(content)
    os.replace(beside, path)
