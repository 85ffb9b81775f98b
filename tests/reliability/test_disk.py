"""R3, short: a full disk, a system that refuses to write, and the n-th write that fails."""

from tests.houses import Builder
from tests.reliability import disk
from tests.reliability.report import quiet

SHORT = disk.Plan(times=1, voters=15, casts=60)


def test_whichever_write_fails_the_vote_waits_and_nothing_is_lost(builder: Builder) -> None:
    disk.nth_write(builder, SHORT, quiet)


def test_without_room_votes_wait_and_it_goes_on_by_itself(builder: Builder) -> None:
    assert disk.filled(builder, SHORT, quiet) or disk.limited(builder, SHORT, quiet)
