"""How much one address or one participant may ask for. Kept in memory only, and only for a moment."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

MOST_REMEMBERED = 20_000


@dataclass
class Buckets:
    """Everybody has a bucket of `burst` turns that fills with `rate` turns a second."""

    rate: float
    burst: float
    clock: Callable[[], float] = time.monotonic
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)  # turns left, and when

    def take(self, who: str) -> bool:
        """Whether `who` has a turn left, which is then used up."""
        now = self.clock()
        turns, then = self._left.pop(who, (self.burst, now))
        turns = min(self.burst, turns + (now - then) * self.rate)
        has_turn = turns >= 1
        if len(self._left) >= MOST_REMEMBERED:
            self._forget(now)
        self._left[who] = (turns - has_turn, now)
        return has_turn

    def _forget(self, now: float) -> None:
        """Drop those whose bucket is full again, and if need be who came longest ago."""
        full = [
            who for who, (turns, then) in self._left.items() if turns + (now - then) * self.rate >= self.burst
        ]
        for who in full or list(self._left)[: MOST_REMEMBERED // 2]:
            del self._left[who]
