"""Two workers, one database and Valkey: what happens at one is known at the other."""

import time
from collections.abc import Iterator

import pytest

from tests.live.phone import Hall, Phone, hall


@pytest.fixture(scope="module")
def workers(redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Hall, Hall]]:
    """Two halls over the same database."""
    tmp = tmp_path_factory.mktemp("workers")
    with hall(tmp, "one", REDIS_URL=redis_url) as one, hall(tmp, "two", REDIS_URL=redis_url) as two:
        yield one, two


def test_news_of_one_is_heard_on_both_once_and_in_order(workers: tuple[Hall, Hall]) -> None:
    one, two = workers
    near, far = one.phone(1), two.phone(2)
    one.ask("POST", "/emit?n=50&size=300")
    assert near.sequence(50) == far.sequence(50) == list(range(50))
    time.sleep(0.2)
    one.ask("POST", "/emit?n=1&first=99")
    assert near.sequence(1) == far.sequence(1) == [99]       # and no second copy of the fifty came between


def test_a_vote_at_one_reaches_the_phones_of_both_at_four_ticks_a_second(workers: tuple[Hall, Hall]) -> None:
    one, two = workers
    near, far = one.phone(1), two.phone(2)
    start, began = near.emit("hello")["rev"], time.monotonic()
    for number in range(30):
        workers[number % 2].ask("POST", "/vote")
    for phone in (near, far):
        ticks = 0
        while phone.event("news")["slices"]["voting.turnout"] < start + 30:
            ticks += 1
        assert ticks <= 2 + (time.monotonic() - began) * 4


def test_a_ticket_of_one_opens_the_other_and_only_once(workers: tuple[Hall, Hall]) -> None:
    one, two = workers
    ticket = one.ask("GET", "/ticket?person=3")[1]
    assert Phone(two.port).join(ticket)["code"] == "40"
    assert Phone(one.port).join(ticket)["code"] == "44"


def test_a_role_taken_away_at_one_ends_its_socket_at_the_other(workers: tuple[Hall, Hall]) -> None:
    one, two = workers
    juror, other = two.phone(41), two.phone(42)
    began = time.monotonic()
    one.ask("POST", "/drop?person=41")
    assert juror.gone()
    assert time.monotonic() - began < 1
    assert other.emit("echo", {"text": "here"})["person"] == 42
