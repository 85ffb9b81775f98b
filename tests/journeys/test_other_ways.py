"""The same acts by those who have no mouse, and by those whose browser runs no script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys import actors
from tests.journeys.hall import DESK, PATIENCE, Hall

pytestmark = pytest.mark.parametrize("hall", ["sqlite"], indirect=True)
TITLE, SUMMARY = "Soliņi gar jūru", "Desmit soliņi no veciem laivu dēļiem, ko taisa skola."
SEEN = """el => [el, el.closest('label, .input, .btn') ?? el].map(one => getComputedStyle(one)).some(style =>
  (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none')"""


def to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Go from control to control by the keyboard until this one has the focus, and can be seen to have it."""
    expect(target).to_be_attached()
    for _ in range(90):
        if target.evaluate("el => el === document.activeElement"):
            assert target.evaluate(SEEN), target
            return
        page.keyboard.press(key)
    raise AssertionError(f"the keyboard does not reach {target}")


def fill(page: Page, target: Locator, words: str) -> None:
    """Type into a field that the keyboard has reached."""
    to(page, target)
    page.keyboard.type(words)


@pytest.mark.at("ideas")
def test_join_write_and_talk_by_keyboard_alone(hall: Hall) -> None:
    page = hall.seat(DESK)
    page.goto(f"/j/{hall.links['code']}")
    fill(page, page.locator("input[name=name]"), "Ilze")
    to(page, page.locator("input[name=notice]"))
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/e/ENGURE$"))

    page.goto("/e/ENGURE/ideas/new")
    to(page, page.locator("input[name=challenge]").first)
    page.keyboard.press("Space")
    fill(page, page.locator("[name=title]"), TITLE)
    fill(page, page.locator("[name=summary]"), SUMMARY)
    fill(page, page.locator("[name=costs-0-label]"), "Dēļi")
    fill(page, page.locator("[name=costs-0-amount]"), "850,00 EUR")
    page.keyboard.press("Enter")
    expect(page.locator("h1").first).to_contain_text(TITLE)

    talk = page.locator("form[data-talk]").first
    fill(page, talk.locator("[name=text]"), "Vai arī ziemā?")
    to(page, talk.locator("button").last)
    page.keyboard.press("Enter")
    expect(page.locator("#talk")).to_contain_text("Vai arī ziemā?")


@pytest.mark.at("vote")
def test_vote_by_keyboard_alone(hall: Hall) -> None:
    page = hall.seat(DESK)
    page.goto("/b")
    fill(page, page.locator("input[name=code]"), hall.links["slips"][-1])
    page.keyboard.press("Enter")
    choices = page.locator("#ballot input[name=choice]")
    for number in range(2):
        to(page, choices.nth(number))
        page.keyboard.press("Space")
    expect(page.locator("#ballot input:checked")).to_have_count(2)
    to(page, page.locator("button[form=ballot]"))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/b/done/"))


@pytest.mark.at("ideas")
def test_join_write_and_talk_without_script(hall: Hall) -> None:
    page = hall.phone(java_script_enabled=False)
    page.goto(f"/j/{hall.links['code']}")
    page.fill("input[name=name]", "Ilze")
    page.check("input[name=notice]")
    actors.send(page.locator("form[action*='/j/']"))
    page.wait_for_url(re.compile(r"/e/ENGURE$"))
    page.goto("/e/ENGURE/ideas/new")
    page.locator("input[name=challenge]").first.check(force=True)
    page.fill("[name=title]", TITLE)
    page.fill("[name=summary]", "Par īsu")
    actors.send(page.locator("form[action$='/ideas']"))
    expect(page.locator("[data-error-summary]")).to_be_visible()
    expect(page.locator("[name=title]")).to_have_value(TITLE)
    page.fill("[name=summary]", SUMMARY)
    actors.send(page.locator("form[action$='/ideas']"))
    expect(page.locator("h1").first).to_contain_text(TITLE)
    actors.comment(page, "Vai arī ziemā?")
    expect(page.locator("#talk")).to_contain_text("Vai arī ziemā?")


@pytest.mark.at("vote")
def test_vote_and_change_it_without_script(hall: Hall) -> None:
    page = hall.phone(java_script_enabled=False)
    slip = hall.links["slips"][-1]
    for which in (0, 1):
        page.goto("/b")
        page.fill("input[name=code]", slip)
        actors.send(page.locator("form:has(input[name=code])"))
        choices = page.locator("#ballot input[name=choice]")
        for number in range(2):
            choices.nth(number).set_checked(number == which, force=True)
        actors.send(page.locator("#ballot"))
        page.wait_for_url(re.compile(r"/b/done/"))
    page.goto("/b")
    page.fill("input[name=code]", slip)
    actors.send(page.locator("form:has(input[name=code])"))
    expect(page.locator("#ballot input[name=choice]").nth(1)).to_be_checked()
    expect(page.locator("#ballot input:checked")).to_have_count(1)


@pytest.mark.at("ideas")
def test_a_question_that_was_opened_stays_open_while_news_come(hall: Hall) -> None:
    """The host is about to say why a comment is hidden when the other goes on: the desk follows, this stays."""
    desk, other, phone = actors.host(hall), actors.host(hall), actors.resident(hall, "Ilze")
    phone.goto(f"/e/ENGURE/ideas/{next(iter(hall.links['ideas'].values()))}")
    actors.comment(phone, "Vai arī ziemā?")
    comment = desk.locator("details.sure:has(form[action*='/hide'])").first
    comment.locator("summary").click()
    seen = desk.locator(".current__next input[name=seen]").input_value()
    actors.start_next(other)
    expect(desk.locator(".current__next input[name=seen]")).not_to_have_value(seen)
    desk.wait_for_timeout(500)  # the preview of the big screen follows, too
    expect(comment).to_have_attribute("open", "")
    expect(comment.locator("[name=reason]")).to_be_visible()
    expect(comment.locator("summary")).to_be_focused()


@pytest.mark.at("vote")
def test_two_taps_draw_slips_once_and_show_them(hall: Hall) -> None:
    """The sheet of codes is shown once: a second tap must not make the browser drop it."""
    desk = actors.host(hall)
    desk.goto("/e/ENGURE/slips")
    desk.fill("input[name=n]", "480")  # so many that the second tap comes before the answer to the first
    box = desk.locator("form[action$='/slips'] button").last.bounding_box()
    assert box
    for _tap in range(2):
        desk.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        desk.wait_for_timeout(120)
    expect(desk.locator(".slip")).to_have_count(480, timeout=1000 * PATIENCE)


@pytest.mark.at("ideas")
def test_one_answer_is_opened_and_not_all(hall: Hall) -> None:
    """Two contributions have the same form below them: only the one that was opened stays open, with the focus."""
    phone = actors.resident(hall, "Ilze")
    phone.goto(f"/e/ENGURE/ideas/{list(hall.links['ideas'].values())[-1]}")
    before = phone.locator("#talk details:has(form[data-talk])").count()
    for number, words in enumerate(("Viens", "Divi"), before + 1):
        actors.comment(phone, words)
        expect(phone.locator("#talk details:has(form[data-talk])")).to_have_count(number)
    expect(phone.locator("[data-empty-for='comments.comment']")).to_be_hidden()
    second = phone.locator("#talk details:has(form[data-talk])").nth(1)
    second.locator("summary").click()
    second.locator("textarea").focus()
    phone.evaluate("""() => new Promise(done => {
        document.addEventListener('page:swapped', () => setTimeout(done), {once: true});
        document.querySelector('form[action$=support]').requestSubmit(); })""")
    expect(phone.locator("#talk details[open]")).to_have_count(1)
    expect(second.locator("textarea")).to_be_focused()
