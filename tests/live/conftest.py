"""A running hall for the tests of the wire."""

from collections.abc import Iterator

import pytest

from tests.live.phone import Hall, Phone, hall


@pytest.fixture(scope="session")
def running_hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """One hall for all that do not harm it."""
    with hall(tmp_path_factory.mktemp("hall")) as started:
        yield started


@pytest.fixture(autouse=True)
def _hang_up() -> Iterator[None]:
    """Every phone of a test is hung up at its end."""
    yield
    while Phone.opened:
        Phone.opened.pop().close()
