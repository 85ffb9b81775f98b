"""The pace of one person: a burst, then one at a time; what failed gives its turn back."""

from __future__ import annotations

from contextlib import suppress

import pytest

from ideathon.errors import Throttled
from ideathon.web import limits
from ideathon.web.limits import Pace, Paces, paced
from tests.houses import House

PACE = Pace(seconds=3, burst=5)


class Clock:
    """Time that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def clock(house_sqlite: House) -> Clock:
    clock = Clock()
    house_sqlite.app.extensions["paces"] = Paces(clock)
    house_sqlite.app.app_context().push()
    return clock


def stored(times: int, person: int = 1, what: str = "comment") -> int:
    """How many of so many tries got through."""
    done = 0
    for _ in range(times):
        with suppress(Throttled), paced(what, person, PACE):
            done += 1
    return done


def test_too_much_is_told_by_its_code(clock: Clock) -> None:
    stored(5)
    with pytest.raises(Throttled, match="slow_down"), paced("comment", 1, PACE):
        raise AssertionError("the sixth got through")


def test_a_burst_and_then_one_every_three_seconds(clock: Clock) -> None:
    assert stored(20) == 5
    clock.now = 2.9
    assert stored(1) == 0
    clock.now = 3.0
    assert stored(2) == 1
    clock.now = 1000.0
    assert stored(20) == 5


def test_persons_and_kinds_of_act_have_buckets_of_their_own(clock: Clock) -> None:
    assert [stored(20), stored(20, person=2), stored(20, what="idea")] == [5, 5, 5]


def test_what_fails_does_not_count(clock: Clock) -> None:
    for _ in range(20):
        with pytest.raises(ZeroDivisionError), paced("comment", 1, PACE):
            raise ZeroDivisionError
    assert stored(20) == 5


def test_full_buckets_are_forgotten(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_KEPT", 10)
    for person in range(10):
        stored(5, person)
    clock.now = 9.0
    stored(1, 99)
    assert stored(5, 1) == 3                    # not forgotten while it fills
    clock.now = 1000.0
    stored(1, 100)
    assert len(limits.paces()._held) == 1
