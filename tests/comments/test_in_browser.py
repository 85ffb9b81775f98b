"""The talk and the hint of similar ideas in a real browser: live, kept until stored, stored once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect
from sqlalchemy import select

from ideathon.comments.models import Comment
from ideathon.extensions import db
from tests.houses import Client, House

IDEA = "/e/ENGURE/ideas/I01"
FIELD = "#talk > form textarea"
Open = Callable[..., Page]


@pytest.fixture
def phone(hall: tuple[House, int], browser: Browser) -> Iterator[Open]:
    """Opens a page as a resident; nothing may go wrong on it unseen."""
    complaints: list[str] = []
    contexts = []

    def open_page(client: Client, path: str = IDEA, line: Callable[[WebSocketRoute], None] | None = None) -> Page:
        base = f"http://127.0.0.1:{hall[1]}"
        context = browser.new_context(base_url=base, viewport={"width": 360, "height": 740}, locale="en-GB")
        contexts.append(context)
        cookie = client.http.get_cookie("sid")
        context.add_cookies([{"name": "sid", "value": cookie.value if cookie else "", "url": base}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if line:
            page.route_web_socket("**/socket.io/**", line)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def stored(house: House) -> list[str]:
    """All words, oldest first."""
    with house.inside():
        return [next(iter(text.values())) for text in db.session.scalars(select(Comment.text).order_by(Comment.id))]


def on_line(page: Page) -> None:
    """The page's socket is up: the server has answered its hello."""
    expect(page.locator("[data-live-state]").first).to_be_hidden()
    page.wait_for_timeout(700)


def say(page: Page, text: str) -> None:
    page.fill(FIELD, text)
    page.click("#talk > form .btn--wide")


def test_words_are_seen_by_the_other_and_taken_back(quiet_house: House, phone: Open) -> None:
    anna, bert = phone(quiet_house.phone("Anna")), phone(quiet_house.phone("Bert"))
    on_line(anna)
    on_line(bert)
    say(anna, "Who brings the ice?")
    there = bert.locator("#talk li.card[data-key]", has_text="Who brings the ice?")
    expect(there).to_be_visible()
    expect(anna.locator(FIELD)).to_have_value("")
    expect(there.locator("[data-take-back]").first).to_be_hidden()
    there.get_by_text("Reply", exact=True).click()
    there.locator("textarea").fill("I do.")
    there.locator("form[data-talk] button").click()
    mine = anna.locator("#talk li.card[data-key]", has_text="Who brings the ice?")
    expect(mine.locator(".list--replies")).to_contain_text("I do.")
    mine.locator("> .talk__acts [data-take-back] button").click()
    expect(bert.locator("#talk")).not_to_contain_text("Who brings the ice?")
    expect(bert.locator("#talk > ul > li", has_text="I do.")).to_be_visible()


def without_answers(route: WebSocketRoute) -> None:
    """A line on which every acknowledgement is lost."""
    server = route.connect_to_server()
    server.on_message(lambda words: None if str(words).startswith("43") else route.send(words))


def test_without_an_answer_the_form_goes_and_it_is_stored_once(quiet_house: House, phone: Open) -> None:
    anna = phone(quiet_house.phone("Anna"), line=without_answers)
    on_line(anna)
    say(anna, "Said once")
    expect(anna.locator("#talk > form")).to_have_attribute("aria-busy", "true")
    expect(anna.locator("#talk > form")).to_have_attribute("aria-busy", "false", timeout=15_000)
    expect(anna.locator(FIELD)).to_have_value("")
    assert stored(quiet_house) == ["Said once"]


def test_without_a_socket_the_page_still_talks(quiet_house: House, phone: Open) -> None:
    anna = phone(quiet_house.phone("Anna"), line=lambda route: route.close())
    say(anna, "No socket here")
    expect(anna.locator("#talk li.card[data-key]", has_text="No socket here")).to_be_visible(timeout=15_000)
    assert stored(quiet_house) == ["No socket here"]


def test_without_any_line_the_words_stay_and_say_so(quiet_house: House, phone: Open) -> None:
    anna = phone(quiet_house.phone("Anna"), line=lambda route: route.close())
    anna.route("**/comments", lambda route: route.abort())
    say(anna, "Kept in the field")
    expect(anna.locator("[data-form-note]")).to_contain_text("It is still here.")
    expect(anna.locator(FIELD)).to_have_value("Kept in the field")
    assert stored(quiet_house) == []
    anna.unroute("**/comments")
    anna.click("#talk > form .btn--wide")
    expect(anna.locator("#talk li.card[data-key]", has_text="Kept in the field")).to_be_visible(timeout=15_000)


def test_a_refusal_is_said_beside_the_words(quiet_house: House, phone: Open) -> None:
    anna = phone(quiet_house.phone("Anna"))
    on_line(anna)
    for number in range(6):
        say(anna, f"Words {number}")
        if number < 5:
            expect(anna.locator(FIELD)).to_have_value("")
    expect(anna.locator("[data-form-note]")).to_contain_text("That was quick.")
    expect(anna.locator(FIELD)).to_have_value("Words 5")


def test_a_similar_idea_is_hinted_while_writing(quiet_house: House, phone: Open) -> None:
    page = phone(quiet_house.phone("Anna"), "/e/ENGURE/ideas/new")
    expect(page.locator("[data-similar]")).to_be_hidden()
    page.locator("#title").press_sequentially("Idea 2")
    hint = page.locator("[data-similar] a", has_text="Idea 2")
    expect(hint).to_be_visible()
    expect(hint).to_have_attribute("href", "/e/ENGURE/ideas/I02")
