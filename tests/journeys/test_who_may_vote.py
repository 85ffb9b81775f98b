"""Who may vote, in the browser: names found while one types, a file of links, a link that becomes a slip."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import actors
from tests.journeys.hall import Hall, axe

EVENT = "/e/ENGURE"
NAMES = "\n".join(f"{name}; {name.split()[0].lower()}@example.org" for name in
                  ("Anna Bērziņa", "Jānis Kalniņš", "Zane Bērzkalne", "Ilze Ozola"))


def tick(desk: Page) -> None:
    """Letters without marks find two names; one of them gets a slip, and the field waits for the next name."""
    desk.goto(f"{EVENT}/voters")
    desk.fill("#names", NAMES)
    desk.locator(f"form[action='{EVENT}/voters'] button").click()
    desk.locator("#q").press_sequentially("berz")
    expect(desk.locator("[data-found] li")).to_have_count(2)
    axe(desk)
    desk.locator("[data-found] li").first.locator("button").first.click()
    expect(desk.locator("[data-found] li.is-ticked .chip")).to_be_visible()
    expect(desk.locator("#q")).to_be_focused()
    assert "berz" not in desk.url


def link_of(desk: Page) -> str:
    """The first link of the file for a mail merge."""
    desk.goto(f"{EVENT}/links")
    axe(desk)
    with desk.expect_download() as saved:
        desk.locator("button[value=csv]").first.click()
    with Path(saved.value.path()).open(encoding="utf-8-sig", newline="") as file:
        _head, *rows = csv.reader(file)
    assert [row[0] for row in rows] == ["Ilze Ozola", "Jānis Kalniņš", "Zane Bērzkalne"]
    return rows[0][2].partition("/b/link")[2]


@pytest.mark.at("pitch")
def test_from_the_list_of_names_to_a_vote_by_link(hall: Hall) -> None:
    desk = actors.host(hall)
    tick(desk)
    fragment = link_of(desk)
    phone = hall.phone(worker=1)
    phone.goto(f"/b/link{fragment}")
    expect(phone.locator("[data-by-hand]")).to_be_hidden()
    axe(phone)
    phone.locator("button[form=link]").click()
    expect(phone.locator("[role=alert]")).to_be_visible()           # too early: told, and the link is still there
    assert phone.locator("#token").input_value() == fragment.removeprefix("#")
    desk.goto(f"{EVENT}/desk")
    actors.start_next(desk)
    phone.locator("button[form=link]").click()
    expect(phone.locator(".own-slip__code")).to_have_text(re.compile(r"(\w{4} ){2}\w{4}"))
    axe(phone)
    phone.locator("button[form=go]").click()                        # one tap on to the ballot
    phone.locator(".choice").first.click()
    phone.locator("button[form=ballot]").click()
    phone.wait_for_url(re.compile(r"/b/done/"))
    phone.goto(f"/b/link{fragment}")
    phone.locator("button[form=link]").click()
    expect(phone.locator("[role=alert]")).to_be_visible()           # used: told, and no button is left to press
    expect(phone.locator("button[form=link]")).to_have_count(0)
