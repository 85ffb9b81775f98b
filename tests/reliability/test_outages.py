"""R4, short: PostgreSQL and a worker killed under votes at two workers."""

from tests import services
from tests.houses import Builder
from tests.reliability import outages
from tests.reliability.report import quiet

SHORT = outages.Plan(rounds=1, voters=120, soonest=0.2, latest=0.4, most=3)


def test_a_database_and_workers_that_die_lose_nothing(builder: Builder, redis_url: str) -> None:
    with services.postgres(durable=True) as url:
        outages.run(Builder(builder.folder), SHORT, quiet, url, redis_url)
