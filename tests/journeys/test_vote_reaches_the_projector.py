"""One vote, from a phone to the projector: read this first, it is the way of everything here.

A resident scans the slip that was drawn unseen at the door, ticks two ideas and sends. The form goes over HTTP with
its idempotency key; the guard finds the round, locks the gathering, asks the permission table and calls one verb; the
request commits once, and only then the phone is told "recorded". After the commit the slice ``voting.turnout`` is
marked, the pulse reads it once, and every screen that may hear it gets one number: how many have voted, and nothing
about for what.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys import actors
from tests.journeys.hall import Hall


@pytest.mark.at("vote")
def test_a_vote_on_a_phone_is_a_number_on_the_projector(hall: Hall) -> None:
    projector = actors.screen(hall, worker=0)
    turnout = projector.locator("[data-slice='voting.turnout'] [data-f=cast]")
    before = int(turnout.inner_text())

    first, second = list(hall.links["ideas"].values())[:2]
    unused = hall.links["slips"][-1]
    phone = actors.vote(hall, unused, [first, second], worker=1)

    expect(turnout).to_have_text(str(before + 1), timeout=1_000)
    expect(phone.locator("h1")).to_be_visible()
    assert first not in projector.content()
