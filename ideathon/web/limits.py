"""How often one person may add something: a token bucket for each person and kind of act, in this process's memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import current_app

from ideathon.errors import Throttled

MOST_KEPT = 5000        # buckets; beyond it, those that are full again are forgotten


@dataclass(frozen=True, slots=True)
class Pace:
    """``burst`` at once, and one more after each ``seconds``."""

    seconds: float
    burst: int


class Paces:
    """The buckets of one application. A bucket that nobody knows is full."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held: dict[tuple[str, int], tuple[Pace, float, float]] = {}      # how it fills, what was left, when

    def left(self, what: str, person_id: int, pace: Pace) -> float:
        """How many may be added now."""
        _pace, left, seen = self._held.get((what, person_id), (pace, float(pace.burst), self._clock()))
        return min(float(pace.burst), left + (self._clock() - seen) / pace.seconds)

    def put(self, what: str, person_id: int, pace: Pace, left: float) -> None:
        """That many are left now."""
        if len(self._held) >= MOST_KEPT:
            self._forget_full()
        self._held[what, person_id] = (pace, left, self._clock())

    def _forget_full(self) -> None:
        self._held = {key: held for key, held in self._held.items() if self.left(*key, held[0]) < held[0].burst}


def paces() -> Paces:
    """The current application's buckets."""
    held: Paces = current_app.extensions.setdefault("paces", Paces())
    return held


@contextmanager
def paced(what: str, person_id: int, pace: Pace) -> Iterator[None]:
    """One act within the person's pace. What is refused or fails in here does not count.

    Raises:
        Throttled: "slow_down".
    """
    book = paces()
    left = book.left(what, person_id, pace)
    if left < 1:
        raise Throttled("slow_down")
    book.put(what, person_id, pace, left - 1)
    try:
        yield
    except BaseException:
        book.put(what, person_id, pace, min(pace.burst, book.left(what, person_id, pace) + 1))
        raise
