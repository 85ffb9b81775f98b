"""The box itself: a rehearsal with a star on a shared tablet, and a paper ballot that two people read, each alone."""

from __future__ import annotations

import os
import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import actors
from tests.journeys.hall import DESK, PHONE, Hall, axe

EVENT = "/e/ENGURE"
TABLET = (1024, 768)
PICTURES = os.environ.get("IDEATHON_PICTURES", "")


def picture(page: Page, name: str) -> None:
    """Kept where somebody wants to look at it."""
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def seen(page: Page, name: str) -> None:
    """In order for axe, not wider than its window, and kept as a picture."""
    axe(page, name)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    picture(page, name)


def rehearsed(desk: Page) -> str:
    """The host takes Iceland's way, begins a rehearsal and draws a slip; gives the letters to type."""
    desk.goto(f"{EVENT}/vote")
    seen(desk, "vote-rule")
    desk.locator("form:has(input[name=profile][value=is]) button").click()
    expect(desk.locator("input[name=age]")).to_have_value("15")
    desk.goto(f"{EVENT}/rehearsal")
    desk.locator(f"form[action='{EVENT}/rehearsal'] button").click()
    expect(desk.locator("form[action$='/rehearsal/slips']")).to_be_visible()
    seen(desk, "rehearsal")
    desk.fill("input[name=n]", "1")
    desk.locator("form[action$='/rehearsal/slips'] button").click()
    return desk.locator(".slip__code").inner_text()


@pytest.mark.at("pitch")
def test_a_rehearsal_with_a_star_on_a_tablet_that_forgets(hall: Hall) -> None:
    desk = actors.host(hall)
    typed = rehearsed(desk)
    assert re.fullmatch(r"(\w{4} ?){3}", typed)
    tablet = hall.seat(TABLET, worker=1, has_touch=True)
    tablet.goto("/b?tablet=1")
    seen(tablet, "tablet-code")
    tablet.fill("input[name=code]", typed)
    tablet.locator("button[form=slip]").click()
    left = tablet.locator("[data-dots-words]")
    whole = left.inner_text()
    tablet.locator(".star").nth(1).click()                      # a star chooses its idea too
    expect(tablet.locator("input[name=choice]").nth(1)).to_be_checked()
    expect(left).not_to_have_text(whole)
    seen(tablet, "ballot-star")
    tablet.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    seen(tablet, "ballot-star-phone")
    tablet.set_viewport_size({"width": TABLET[0], "height": TABLET[1]})
    tablet.locator("button[form=ballot]").click()               # the age is not ticked yet
    expect(tablet.locator("[data-error-sentence]")).to_be_visible()
    expect(tablet.locator("input[name=star]:checked")).not_to_have_value("")
    tablet.locator("input[name=sure]").check()
    tablet.locator("button[form=ballot]").click()
    tablet.wait_for_url(re.compile(r"/b/done/\d+/\w+\?tablet=1"))
    seen(tablet, "tablet-done")
    tablet.locator(".bottom a").click()
    tablet.wait_for_url(re.compile(r"/b\?tablet=1$"))
    tablet.fill("input[name=code]", typed)
    tablet.locator("button[form=slip]").click()
    expect(tablet.locator("#ballot")).to_be_visible()
    expect(tablet.locator("input[name=choice]:checked")).to_have_count(0)   # nobody sees what the slip said
    desk.goto(f"{EVENT}/desk")
    actors.start_next(desk)                                     # the vote opens, and the rehearsal is gone
    tablet.goto("/b?tablet=1")
    tablet.fill("input[name=code]", typed)
    tablet.locator("button[form=slip]").click()
    expect(tablet.locator("[role=alert]")).to_be_visible()


def read(desk: Page, serial: str, choice: int) -> None:
    """One person types what one ballot says."""
    desk.goto(f"{EVENT}/paper")
    desk.fill("input[name=serial]", serial)
    desk.fill("input[name=place]", "Engures tautas nams")
    desk.locator("input[name=choices]").nth(choice).check(force=True)
    desk.locator("form[action$='/paper'] button").last.click()
    expect(desk.locator("input[name=serial]")).to_have_value("")        # the next one can be typed at once
    expect(desk.locator("input[name=place]")).to_have_value("Engures tautas nams")


@pytest.mark.at("vote")
def test_a_paper_ballot_counts_when_two_people_read_the_same(hall: Hall) -> None:
    host = actors.host(hall)
    helper = actors.with_link(hall, hall.links["helper"], DESK, worker=1)
    read(host, "ZZ-901", 1)
    expect(host.locator("#waiting-title + ul")).to_contain_text("ZZ-901")
    read(helper, "ZZ-901", 1)
    expect(helper.locator("#waiting-title + ul")).to_have_count(0)
    expect(helper.locator("#box-title ~ details")).to_contain_text("ZZ-901")
    read(host, "ZZ-902", 0)
    read(helper, "ZZ-902", 2)                                   # one of them is mistaken
    seen(helper, "paper-helper")
    host.goto(f"{EVENT}/paper/differences")
    expect(host.locator("main")).to_contain_text("ZZ-902")
    seen(host, "paper-differences")
