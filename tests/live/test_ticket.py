"""A ticket opens the socket once, for a minute, wherever it is shown."""

import time

import pytest
from itsdangerous import URLSafeTimedSerializer

from ideathon.live.ticket import Tickets

KEY = "k" * 40


def test_a_ticket_carries_its_payload_once() -> None:
    tickets = Tickets(KEY)
    ticket = tickets.issue({"person": 5})
    assert tickets.redeem(ticket) == {"person": 5}
    assert tickets.redeem(ticket) is None


def test_each_ticket_is_its_own() -> None:
    tickets = Tickets(KEY)
    first, second = tickets.issue({"person": 5}), tickets.issue({"person": 5})
    assert tickets.redeem(first) == tickets.redeem(second) == {"person": 5}


@pytest.mark.parametrize("ticket", [None, 5, "", "rubbish", "a.b.c", "x" * 100_000, {"ticket": 1}])
def test_anything_else_opens_nothing(ticket: object) -> None:
    assert Tickets(KEY).redeem(ticket) is None


def test_a_ticket_of_another_key_or_purpose_opens_nothing() -> None:
    assert Tickets(KEY).redeem(Tickets("z" * 40).issue({"person": 5})) is None
    other = URLSafeTimedSerializer(KEY, salt="invitation").dumps({"person": 5, "_n": "a"})
    assert Tickets(KEY).redeem(other) is None


def test_a_ticket_is_good_for_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    tickets = Tickets(KEY)
    early, late = tickets.issue({"person": 1}), tickets.issue({"person": 2})
    issued = time.time()
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: issued + 58)
    assert tickets.redeem(early) == {"person": 1}
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: issued + 62)
    assert tickets.redeem(late) is None


def test_used_tickets_are_shared_between_workers(redis_url: str) -> None:
    here, there = Tickets(KEY, redis_url), Tickets(KEY, redis_url)
    ticket = here.issue({"person": 5})
    assert there.redeem(ticket) == {"person": 5}
    assert here.redeem(ticket) is None


def test_without_redis_the_evening_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    tickets = Tickets(KEY, "redis://127.0.0.1:1/0")
    ticket = tickets.issue({"person": 5})
    assert tickets.redeem(ticket) == {"person": 5}
    assert tickets.redeem(ticket) is None
    assert "not shared" in caplog.text
