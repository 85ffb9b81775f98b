"""R7 and R8, short: votes around the closing moment, and hosts who close together."""

from collections.abc import Iterator

import pytest

from tests.houses import Builder
from tests.reliability import closing
from tests.reliability.hall import Site, site
from tests.reliability.report import quiet

SHORT = closing.Plan(closes=4, votes=60, hosts=8)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def hall(request: pytest.FixtureRequest, builder: Builder) -> Iterator[Site]:
    """One process on SQLite; two on PostgreSQL with Valkey between them."""
    if request.param == "sqlite":
        with builder.sqlite() as url, site(builder, url) as made:
            yield made
        return
    redis = request.getfixturevalue("redis_url")
    with (builder.postgres(request.getfixturevalue("postgres")) as url,
          site(builder, url, 2, REDIS_URL=redis) as made):
        yield made


def test_stored_is_counted_and_nothing_comes_after_the_close(hall: Site) -> None:
    found = closing.run(hall, SHORT, quiet)
    assert found["counted"] + found["refused"] == found["votes"]


def test_hosts_who_close_together_close_once(hall: Site) -> None:
    closing.together(hall, SHORT, quiet)
