"""A resident votes, gets a number and a mark, and finds both on the wall; her phone looks for all marks that it saw."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import actors
from tests.journeys.hall import DESK, SCREEN, Hall, axe

KEPT = "() => JSON.parse(localStorage.getItem('ideathon-marks') || '[]')"
RESULT = "/e/ENGURE/result"


def picture(page: Page, name: str) -> None:
    """Kept for eyes where PICTURES names a folder."""
    folder = os.environ.get("PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def reveal(hall: Hall) -> None:
    """The host closes the vote, seals and shows every place."""
    desk = actors.host(hall)
    for _ in range(2):
        if desk.locator("form[action$='/seal']").count():
            break
        actors.start_next(desk)
    for _ in range(3):
        seal = desk.locator("form[action$='/seal']")
        if seal.count():
            break
        actors.start_next(desk)
    details = desk.locator("details:has(form[action$='/seal'])")
    if details.count():
        details.locator("summary").click()
    actors.send(desk.locator("form[action$='/seal']"))
    expect(desk.locator("form[action$='/seal']")).to_have_count(0)
    actors.start_next(desk)
    places = desk.locator("form[action$='/reveal'] button")
    while places.count():
        shown = desk.locator("[data-again='results.reveal']").first.get_attribute("data-held")
        places.first.click()
        expect(desk.locator("[data-again='results.reveal']").first).not_to_have_attribute("data-held", shown or "")


@pytest.mark.at("vote")
def test_a_resident_finds_her_receipt_on_the_wall(hall: Hall) -> None:
    idea = next(iter(hall.links["ideas"].values()))
    slips = iter(reversed(hall.links["slips"]))
    phone = actors.vote(hall, next(slips), [idea], lang="en")
    number, mark = (phone.locator("dl.facts dd").nth(at).inner_text().strip() for at in (0, 1))
    assert re.fullmatch(r"([0-9a-f]{4} ){3}[0-9a-f]{4}", mark)
    receipt = phone.url
    phone.wait_for_function(f"() => ({KEPT})().length")       # a module: it runs once the page is there
    assert phone.evaluate(KEPT)[0]["marks"] == [[int(number), mark.replace(" ", "")]]
    assert idea not in json.dumps(phone.evaluate(KEPT))
    picture(phone, "receipt")
    phone.goto("/e/ENGURE/board")                   # not before the close
    expect(phone.locator("main")).not_to_contain_text(mark)
    axe(phone)

    follower = actors.resident(hall, "Anna", lang="en")     # a phone that only hears how far it is
    screen = actors.screen(hall)
    picture(screen, "screen")
    for _ in range(5):
        actors.vote(hall, next(slips), [idea]).close()
    expect(follower.locator("[data-slice='voting.turnout'] [data-f=cast]")).to_be_visible()
    follower.wait_for_function("() => JSON.parse(localStorage.getItem('ideathon-marks') || '[]')[0]?.marks.length >= 2")
    picture(follower, "phone-turnout")

    reveal(hall)
    phone.goto(receipt)
    phone.locator(f"a[href$='/board#n{number}']").click()
    row = phone.locator(f"#n{number}")
    expect(row).to_be_in_viewport()
    assert row.inner_text().split() == [number, *mark.split()]
    axe(phone)
    picture(phone, "wall-phone")
    wall = hall.seat(DESK, lang="lv")
    wall.goto("/e/ENGURE/board")
    axe(wall)
    picture(wall, "wall-desk")
    wide = hall.seat(SCREEN, lang="lv")
    wide.goto("/e/ENGURE/board")
    picture(wide, "wall-screen")
    if os.environ.get("PICTURES"):
        wall.pdf(path=Path(os.environ["PICTURES"]) / "wall.pdf", prefer_css_page_size=True)

    for page, name in ((phone, "own"), (follower, "follower")):
        page.goto(RESULT)
        part = page.locator("[data-kept]")
        expect(part).to_be_visible()
        part.locator("button").click()
        expect(part.locator("[data-kept-state=there]")).to_be_visible()
        axe(page)
        picture(page, f"result-{name}")
    _a_mark_that_is_not_there(follower)


def _a_mark_that_is_not_there(follower: Page) -> None:
    follower.evaluate("""() => {
      const held = JSON.parse(localStorage.getItem('ideathon-marks'));
      held[0].marks[0][1] = '0123456789abcdef';
      localStorage.setItem('ideathon-marks', JSON.stringify(held));
    }""")
    follower.goto("/e/ENGURE/board")
    part = follower.locator("[data-kept]")
    part.locator("button").click()
    expect(part.locator("[data-kept-state=gone]")).to_be_visible()
    expect(part.locator("[data-kept-missing] li")).to_have_count(1)
    expect(part.locator("[data-kept-missing]")).to_contain_text("0123 4567 89ab cdef")
    axe(follower)
    picture(follower, "gone")


@pytest.mark.at("vote")
def test_where_a_browser_keeps_nothing_the_pages_work(hall: Hall) -> None:
    if hall.bases[1:]:
        pytest.skip("a matter of the browser alone")
    page = hall.phone(lang="en")
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden'); } });")
    page.goto(f"/b#{hall.links['slips'][-1]}")
    idea = next(iter(hall.links["ideas"].values()))
    page.locator(f"#ballot input[value='{idea}']").check(force=True)
    actors.send(page.locator("#ballot"))
    page.wait_for_url(re.compile(r"/b/done/"))
    expect(page.locator("h1")).to_be_visible()
    page.goto("/e/ENGURE/board")
    expect(page.locator("h1")).to_be_visible()


@pytest.mark.at("vote")
def test_the_kept_marks_are_bounded(hall: Hall) -> None:
    if hall.bases[1:]:
        pytest.skip("a matter of the browser alone")
    page = hall.phone(lang="en")
    page.goto("/b")
    held = page.evaluate("""async () => {
      const { keep, kept } = await import('/static/js/voting/heads.js');
      keep({ round: 1, seq: 3, mark: 'f'.repeat(16) }, true);
      for (let n = 5; n <= 2000; n += 5) keep({ round: 1, seq: n, mark: n.toString(16).padStart(16, '0') });
      for (const round of [2, 3, 4]) keep({ round, seq: 5, mark: 'a'.repeat(16) });
      for (const bad of [{}, { round: 9, seq: 1, mark: '' }, { round: 9, seq: 'x', mark: 'a'.repeat(16) }]) keep(bad);
      const first = [kept(1).length, kept(4).length, kept(9).length];
      keep({ round: 5, seq: 3, mark: 'f'.repeat(16) }, true);
      for (let n = 5; n <= 2000; n += 5) keep({ round: 5, seq: n, mark: n.toString(16).padStart(16, '0') });
      return [...first, kept(5).length, kept(5)[0][0], kept(5).at(-1)[0]];
    }""")
    assert held == [0, 1, 0, 200, 3, 2000]      # three votes, 200 marks of each, a receipt's own among them
