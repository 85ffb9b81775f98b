"""R1, short: kill -9 in a storm of votes; the long form is `make soak`."""

from tests.houses import Builder
from tests.reliability import kills
from tests.reliability.report import quiet

SHORT = kills.Plan(rounds=1, voters=150, soonest=0.4, latest=0.7, most=1, kills=1, replays=0)


def test_kill_nine_loses_nothing_and_counts_nothing_twice(builder: Builder) -> None:
    found = kills.run(builder, SHORT, quiet)
    assert found["no answer"] >= 1
