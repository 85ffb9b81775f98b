"""A line at a door: whoever comes in the same moment is served together, in one transaction and one write to the disk.

What one transaction costs (its locks, its reads, the write to the disk that makes it last) is shared by all it serves.
Nobody is answered before the commit, and nobody waits for others to come: the first goes as soon as all who are ready
at that moment have joined, and whoever comes meanwhile goes next, together.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar, cast

from ideathon.errors import Busy

A = TypeVar("A")
B = TypeVar("B")
MOST = 64               # served in one transaction: nobody waits for a long one
MOMENT = 0.001          # seconds, in which all who are ready join


class _Place(Generic[A, B]):
    """One who waits: what is asked, and in the end the answer or what went wrong."""

    __slots__ = ("answer", "asked", "leads", "turn")

    def __init__(self, asked: A) -> None:
        self.asked, self.turn = asked, threading.Event()
        self.answer: B | BaseException | None = None
        self.leads = False          # it stands first: it serves, or passes that on


class Line(Generic[A, B]):
    """The line at one door of one process.

    ``serve`` gets what each asks, in the order in which they came, and gives each an answer or an exception, in the
    same order; it commits, or raises and has done nothing. It runs in the request of whoever stands first.
    """

    def __init__(self, serve: Callable[[Sequence[A]], Sequence[B | Exception]]) -> None:
        self._serve = serve
        self._lock = threading.Lock()
        self._waiting: list[_Place[A, B]] = []
        self._served = False        # somebody stands at the front

    def join(self, asked: A) -> B:
        """The answer to this one. Counts on no lock and on no transaction of the caller.

        Raises:
            Exception: what ``serve`` gave this one.  Busy: it broke off, and nothing was done.
        """
        mine: _Place[A, B] = _Place(asked)
        with self._lock:
            self._waiting.append(mine)
            if not self._served:
                self._served = mine.leads = True
        try:
            if not mine.leads:
                mine.turn.wait()
            if mine.leads:
                self._lead()
        except BaseException:       # also a request that is ended from outside, while it waits
            self._leave(mine)
            raise
        if isinstance(mine.answer, BaseException):
            raise mine.answer
        return cast(B, mine.answer)

    def _lead(self) -> None:
        """The first serves itself and those behind it; then the next one does."""
        time.sleep(MOMENT)
        with self._lock:
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        try:
            for place, answer in zip(batch, self._serve([place.asked for place in batch]), strict=True):
                place.answer = answer
        finally:
            for place in batch:
                place.leads = False
                if place.answer is None:        # what broke off is raised in the request of whoever stood first
                    place.answer = Busy("busy")
                place.turn.set()
            self._pass_on()

    def _leave(self, mine: _Place[A, B]) -> None:
        with self._lock:
            if mine in self._waiting:
                self._waiting.remove(mine)
        if mine.leads:
            self._pass_on()

    def _pass_on(self) -> None:
        with self._lock:
            following = self._waiting[:1]
            self._served = bool(following)
            for place in following:
                place.leads = True
                place.turn.set()
