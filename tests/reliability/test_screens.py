"""R5, short: Valkey dead, frozen, emptied."""

from tests import services
from tests.houses import Builder
from tests.reliability import screens
from tests.reliability.report import quiet

# A vote that waited for a frozen Valkey took ten seconds; these bounds suit a machine with other work to do.
SHORT = screens.Plan(times=1, voters=40, lasts=2.0, p99=6.0, slack=2.0, right=10.0)


def test_without_valkey_votes_are_stored_and_screens_come_right(builder: Builder, postgres: str) -> None:
    with services.valkey() as redis_url:
        screens.run(builder, SHORT, quiet, postgres, redis_url)
