"""What became of the pages of a build."""

from __future__ import annotations

from dataclasses import dataclass, field

from transferkit.publish.check.allowed import Judged
from transferkit.publish.worker import Failure, Outcome

Made = dict[str, Outcome]  # by address, in any order


@dataclass(frozen=True)
class BuildResult:
    """What became of the pages asked for, failed ones keep their last good version; and what is wrong."""

    built: int
    unchanged: int
    failures: tuple[Failure, ...]
    published: bool
    checked: Judged = field(default_factory=Judged)

    @property
    def failed(self) -> int:
        return len(self.failures)


def failures_of(made: Made) -> tuple[Failure, ...]:
    """The pages that could not be made, by address."""
    found = [outcome.failure for outcome in made.values() if outcome.failure]
    return tuple(sorted(found, key=lambda failure: failure.address))
