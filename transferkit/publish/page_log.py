"""What a build tells about its pages while it runs: a bar on a terminal, else a line in the log for each."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator

from transferkit import log_lines
from transferkit.publish import progress
from transferkit.publish.worker import Outcome

Watch = Callable[[Iterable[Outcome], int], Iterable[Outcome]]


def watch(as_json: bool) -> Watch:
    """How to watch a build: people at a terminal see a bar; programs and files get lines."""
    if as_json:
        return lambda outcomes, total: _logged(outcomes)
    if sys.stderr.isatty():
        return progress.pages
    return lambda outcomes, total: _logged(progress.pages(outcomes, total))


def _logged(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    for outcome in outcomes:
        reason = outcome.failure.reason if outcome.failure else ""
        log_lines.page(outcome.page.address, reason, outcome.seconds, outcome.peak_mb)
        yield outcome
