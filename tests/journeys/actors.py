"""What each person does, as short verbs over a page. Fields are named as in the forms, so any language will do."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.journeys.hall import DESK, SCREEN, Hall, axe


def send(form: Locator) -> None:
    """Press a form's own button (it may stand in the sticky bottom of the page)."""
    name = form.get_attribute("id")
    page = form.page
    outside = page.locator(f'button[form="{name}"]') if name else None
    (outside if outside and outside.count() else form.locator("button:not([type=button])")).last.click()


def resident(hall: Hall, name: str, *, lang: str = "lv", worker: int = 0) -> Page:
    """A phone that scanned the QR and joined."""
    page = hall.phone(lang=lang, worker=worker)
    page.goto(f"/j/{hall.links['code']}")
    axe(page)
    page.fill("input[name=name]", name)
    page.check("input[name=notice]")
    send(page.locator("form[action*='/j/']"))
    page.wait_for_url(re.compile(r"/e/ENGURE$"))
    return page


def with_link(hall: Hall, link: str, size: tuple[int, int], *, lang: str = "lv", worker: int = 0) -> Page:
    """Somebody who follows a personal link and confirms who they are."""
    page = hall.seat(size, lang=lang, worker=worker)
    page.goto(hall.path(link))
    axe(page)
    send(page.locator("main form[action^='/i/'], main form[method=post]").first)
    page.wait_for_url(re.compile(r"/(e/ENGURE|manage)"))
    return page


def host(hall: Hall, worker: int = 0) -> Page:
    """The host at the desk."""
    page = with_link(hall, hall.links["host"], DESK, worker=worker)
    page.wait_for_url(re.compile(r"/desk$"))
    return page


def screen(hall: Hall, worker: int = 0, size: tuple[int, int] = SCREEN) -> Page:
    """The projector."""
    page = hall.seat(size, worker=worker)
    page.goto(hall.path(hall.links["screen"]))
    return page


def start_next(desk: Page) -> str:
    """The host presses the amber button; gives the title of the stage that runs now."""
    seen = desk.locator(".current__next input[name=seen]")
    before = seen.input_value()
    desk.locator(".current__next button").click()
    expect(seen).not_to_have_value(before)
    return desk.locator(".current h1").inner_text()


def start_until(desk: Page, kind_title: str) -> None:
    """The host goes on until the stage with this title runs."""
    for _ in range(13):
        if kind_title in start_next(desk):
            return
    raise AssertionError(f"no stage {kind_title}")


def add_to_map(page: Page, kind: str, text: str) -> None:
    """A need, resource, skill or value is written on a phone."""
    page.goto(f"/e/ENGURE/map?kind={kind}")
    form = page.locator("form:has([name=text])")
    form.locator(f"input[name=kind][value={kind}]").check(force=True)
    form.locator("[name=text]").fill(text)
    send(form)
    expect(page.locator("main")).to_contain_text(text)


def write_idea(page: Page, title: str, summary: str, costs: list[tuple[str, str]]) -> None:
    """An idea with its costs is written on a phone; the page of the idea follows."""
    page.goto("/e/ENGURE/ideas/new")
    form = page.locator("form[action$='/ideas']")
    form.locator("input[name=challenge]").first.check(force=True)
    form.locator("[name=title]").fill(title)
    form.locator("[name=summary]").fill(summary)
    for number, (label, amount) in enumerate(costs):
        form.locator(f"[name=costs-{number}-label]").fill(label)
        form.locator(f"[name=costs-{number}-amount]").fill(amount)
    send(form)
    expect(page.locator("h1").first).to_contain_text(title)


def comment(page: Page, text: str) -> None:
    """Something is said under the idea that the page shows."""
    form = page.locator("form[data-talk]").first
    form.locator("[name=text]").fill(text)
    send(form)


def declare_none(page: Page) -> None:
    """A juror has no conflict with any idea."""
    page.goto("/e/ENGURE/jury/declare")
    page.locator("button[name=none]").click()
    page.wait_for_url(re.compile(r"/jury$"))


def score(page: Page, ref: str, points: int) -> None:
    """A juror taps the same points under every criterion of one idea; each is saved before the next."""
    page.goto(f"/e/ENGURE/jury/{ref}")
    for form in page.locator("form.criterion").all():
        with page.expect_response(lambda answer: answer.url.endswith("/score")) as saved:
            form.locator(f"input[name=points][value='{points}']").check(force=True)
        assert saved.value.status < 400, saved.value.status


def vote(hall: Hall, slip: str, choices: list[str], *, worker: int = 0, lang: str = "lv") -> Page:
    """A slip is scanned with a phone and a vote is cast: tick, send."""
    page = hall.phone(worker=worker, lang=lang)
    page.goto(f"/b#{slip}")
    expect(page.locator("#ballot")).to_be_visible()
    assert slip not in page.url
    for ref in choices:
        page.locator(f"#ballot input[value='{ref}']").check(force=True)
    send(page.locator("#ballot"))
    page.wait_for_url(re.compile(r"/b/done/"))
    assert {cookie["name"] for cookie in page.context.cookies()} <= {"lang"}, "a phone that votes gets no session"
    assert slip not in page.content(), "the code stays in the page after the vote"
    return page


def facts(page: Page, path: str) -> Any:
    """What an address answers to a script on this page."""
    return page.evaluate("path => fetch(path).then(answer => answer.json())", path)
