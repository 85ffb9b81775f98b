"""The tick: at most four times a second for each gathering, what changed is read once and sent to its hearers."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import gevent
from flask import Flask

from ..extensions import db
from .rooms import room_of

log = logging.getLogger(__name__)

Reader = Callable[[int, list[str]], Mapping[str, Any]]
Payload = dict[str, Any]
LONGEST_WAIT = 5.0          # seconds between two tries of a slice whose reader keeps failing


class Pulse:
    """One application's news. Whole truths, dirty slices only, the first at once when it was quiet."""

    def __init__(self, app: Flask, say: Callable[[str, Payload], None], heard: Callable[[str], int],
                 tell: Callable[[Any], None], interval: float = 0.25) -> None:
        self._app, self._say, self._heard, self._tell = app, say, heard, tell
        self.interval = interval
        self.position: Callable[[int], int] = lambda gathering_id: 0
        self.code: Callable[[int], str] | None = None
        self.taps: list[Callable[[str, Payload], None]] = []
        self._readers: dict[str, tuple[Reader, str]] = {}
        self._followers: defaultdict[str, list[str]] = defaultdict(list)
        self._dirty: defaultdict[int, dict[str, None]] = defaultdict(dict)
        self._due: dict[int, float] = {}
        self._beating: set[int] = set()
        self._failures: dict[tuple[int, str], int] = {}
        self._started = False

    def reads(self, prefix: str, reader: Reader, act: str) -> None:
        """Slices "prefix" and "prefix/ID" are read by `reader` and heard by those who may do `act`.

        `reader(gathering_id, keys)` gives each key its whole truth; None, or no entry, says that it is gone.
        """
        if self._readers.get(prefix, (reader, str(act))) != (reader, str(act)):
            raise ValueError(f"two readers for the slice {prefix}")
        self._readers[prefix] = (reader, str(act))

    def follows(self, key: str, *prefixes: str) -> None:
        """The slice `key` is read again whenever one of these changes: a sum needs no announcement of its own."""
        for prefix in prefixes:
            if key not in self._followers[prefix]:
                self._followers[prefix].append(key)

    def announce(self, news: Iterable[tuple[int, str]]) -> None:
        """Every worker will read these slices at its next tick."""
        self._tell([[gathering_id, key] for gathering_id, key in news])

    def mark(self, news: Iterable[tuple[int, str]]) -> None:
        """This worker will read these slices at its next tick."""
        for gathering_id, key in news:
            self._dirty[gathering_id] |= dict.fromkeys((key, *self._followers.get(key.partition("/")[0], ())))
            self._wake(gathering_id)

    def start(self) -> None:
        """From now on the pulse beats by itself. Before (in a command, in a test) marks only gather for `flush`."""
        if self._started:
            return
        self._started = True
        for gathering_id in list(self._dirty):
            self._wake(gathering_id)

    def flush(self) -> None:
        """Everything marked so far is read and said before this returns, in the calling greenlet."""
        for gathering_id in list(self._dirty):
            self.tick(gathering_id)

    def _wake(self, gathering_id: int) -> None:
        if self._started and gathering_id not in self._beating:
            self._beating.add(gathering_id)
            gevent.spawn(self._beat, gathering_id)

    def _beat(self, gathering_id: int) -> None:
        try:
            while self._dirty.get(gathering_id):
                rest = self._due.get(gathering_id, 0.0) - time.monotonic()
                if rest > 0:
                    gevent.sleep(rest)
                self._due[gathering_id] = time.monotonic() + self.interval
                self.tick(gathering_id)
        finally:
            self._beating.discard(gathering_id)

    def tick(self, gathering_id: int) -> None:
        """What is dirty is read in one fresh transaction and said, one event for each room that somebody is in."""
        keys = self._by_reader(gathering_id, self._dirty.pop(gathering_id, {}))
        if not keys:
            return
        try:
            said = self._read(gathering_id, keys)
        except Exception as error:
            log.error("a tick could not be read: %s", type(error).__name__)
            self._later(gathering_id, [key for group in keys.values() for key in group])
            return
        for room, payload in said:
            self._send(room, payload)

    def _by_reader(self, gathering_id: int, dirty: Iterable[str]) -> dict[str, list[str]]:
        groups: defaultdict[str, list[str]] = defaultdict(list)
        for key in dirty:
            prefix = key.partition("/")[0]
            if prefix not in self._readers:
                log.error("nobody reads the slice %s", prefix)
            elif self.taps or self._heard(room_of(gathering_id, self._readers[prefix][1])):
                groups[prefix].append(key)
        return groups

    def _read(self, gathering_id: int, groups: Mapping[str, list[str]]) -> list[tuple[str, Payload]]:
        with self._app.app_context():
            rev = self.position(gathering_id)     # before the slices: they may be newer than it says, never older
            head = {"g": self.code(gathering_id)} if self.code else {}
            rooms: defaultdict[str, dict[str, Any]] = defaultdict(dict)
            for prefix, keys in groups.items():
                reader, act = self._readers[prefix]
                rooms[room_of(gathering_id, act)] |= self._ask(reader, gathering_id, keys)
            return [(room, {**head, "rev": rev, "slices": slices}) for room, slices in rooms.items() if slices]

    def _ask(self, reader: Reader, gathering_id: int, keys: list[str]) -> dict[str, Any]:
        try:
            found = reader(gathering_id, keys)
        except Exception as error:
            log.error("the reader of %s failed: %s", keys[0], type(error).__name__)
            db.session.rollback()                 # a broken transaction must not take the other readers along
            self._later(gathering_id, keys)
            return {}
        for key in keys:
            self._failures.pop((gathering_id, key), None)
        return {key: found.get(key) for key in keys}

    def _later(self, gathering_id: int, keys: list[str]) -> None:
        tries = 0
        for key in keys:
            tries = self._failures[gathering_id, key] = self._failures.get((gathering_id, key), 0) + 1
        if self._started:
            wait = min(self.interval * 2 ** min(tries - 1, 10), LONGEST_WAIT)
            gevent.spawn_later(wait, self.mark, [(gathering_id, key) for key in keys])
        else:
            self._dirty[gathering_id].update(dict.fromkeys(keys))

    def _send(self, room: str, payload: Payload) -> None:
        for tap in list(self.taps):
            tap(room, payload)
        try:
            self._say(room, payload)
        except Exception as error:
            log.error("news for a room could not be said: %s", type(error).__name__)


def pulse_of(app: Flask) -> Pulse:
    """The application's pulse."""
    pulse: Pulse = app.extensions["pulse"]
    return pulse
