"""R7 and R8, short: votes around the closing moment, and hosts who close together."""

from collections.abc import Iterator

import pytest

from tests.houses import Builder
from tests.reliability import closing
from tests.reliability.hall import KINDS, Site
from tests.reliability.report import quiet

SHORT = closing.Plan(closes=3, votes=60, hosts=8, bite=0.3)


@pytest.fixture(scope="module", params=KINDS)
def hall(request: pytest.FixtureRequest, builder: Builder) -> Iterator[Site]:
    """The day at its vote, on each kind of database."""
    needs = [] if request.param == "sqlite" else [request.getfixturevalue(name) for name in ("postgres", "redis_url")]
    with KINDS[request.param](builder, *needs) as made:
        yield made


def test_stored_is_counted_and_nothing_comes_after_the_close(hall: Site) -> None:
    found = closing.run(hall, SHORT, quiet)
    assert found["counted"] + found["refused"] == found["votes"]


def test_hosts_who_close_together_close_once(hall: Site) -> None:
    closing.together(hall, SHORT, quiet)
