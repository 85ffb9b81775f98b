"""One vote, from a phone to the projector: read this first, it is the way of everything here.

A resident scans the slip that was drawn unseen at the door, ticks two ideas and sends. The form goes over HTTP with
its idempotency key; the guard finds the round, locks the gathering, asks the permission table and calls one verb; the
request commits once, and only then the phone is told "recorded". After the commit the slice ``voting.turnout`` is
marked, the pulse reads it once, and every screen that may hear it gets one number: how many have voted, and nothing
about for what.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import actors
from tests.journeys.hall import Hall


@pytest.mark.at("vote")
def test_votes_on_phones_are_a_step_on_the_projector(hall: Hall) -> None:
    """The number stands still between two steps: whoever watches one tap sees nothing move."""
    projector = actors.screen(hall, worker=0)
    turnout = projector.locator("[data-slice='voting.turnout'] [data-f=cast]")
    mark = projector.locator("[data-slice='voting.turnout'] [data-mark=mark]")
    before, first_mark = int(turnout.inner_text()), mark.inner_text()
    assert before % 5 == 0

    first, second = list(hall.links["ideas"].values())[:2]
    unused = iter(reversed(hall.links["slips"]))
    for _ in range(5):      # wherever they stand between two steps, the number and the board's mark move one step on
        phone = actors.vote(hall, next(unused), [first, second], worker=1)
        assert phone.locator("h1").is_visible()
        phone.close()
    expect(turnout).to_have_text(str(before + 5))
    expect(mark).not_to_have_text(first_mark)
    assert first not in projector.content()


@pytest.mark.at("vote")
def test_who_is_signed_in_votes_as_nobody(hall: Hall) -> None:
    """A resident's phone, where her name is known, scans a slip: her vote travels without her cookie."""
    page = actors.resident(hall, "Ilze", lang="en")
    assert page.context.cookies()
    sent = []
    page.on("request", lambda one: sent.append((one.url.partition("/b/")[2], one.all_headers())))
    page.goto(f"/b#{hall.links['slips'][-1]}")
    page.locator("#ballot input[name=choice]").first.check(force=True)
    page.locator(".langs button[lang=lv]").click()
    expect(page.locator("html")).to_have_attribute("lang", "lv")
    expect(page.locator("#ballot input[name=choice]").first).to_be_checked()       # what was not sent is not lost
    actors.send(page.locator("#ballot"))
    page.wait_for_url(re.compile(r"/b/done/"))
    expect(page.locator("html")).to_have_attribute("lang", "lv")
    assert "Ilze" not in page.content()
    tap, receipt = (next(headers for place, headers in sent if place.startswith(path)) for path in ("cast", "done/"))
    assert "cookie" not in tap
    assert "cookie" not in receipt
