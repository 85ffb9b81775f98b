"""How much one client may ask, and how often somebody asked too much."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable

log = logging.getLogger(__name__)

counts: Counter[str] = Counter()
"""Refusals of this process by code; the log gets the first of each and then every hundredth."""


def count(code: str) -> None:
    """One more refusal with this code is counted, and now and then logged."""
    counts[code] += 1
    if counts[code] % 100 == 1:
        log.info("refused on the wire: %s (%d so far)", code, counts[code])


class Bucket:
    """A token bucket: `rate` a second, `burst` at once."""

    __slots__ = ("_burst", "_clock", "_left", "_rate", "_seen")

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._left, self._seen = burst, clock()

    def take(self, wanted: float = 1) -> bool:
        """Whether that many tokens were there; they are gone then."""
        now = self._clock()
        self._left = min(self._burst, self._left + (now - self._seen) * self._rate)
        self._seen = now
        if self._left < wanted:
            return False
        self._left -= wanted
        return True
