"""A sealed vote as a reader took it home, and the recount page opened from its file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pyrage
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from ideathon.ideas.models import Idea
from ideathon.voting import public, queries
from ideathon.voting.models import Witness
from tests.houses import Builder, House, house_on
from tests.results import small_day
from tests.voting.homes import LOCALES, SIZES, Home


def _sealed(house: House) -> Any:
    """A day of two witnesses; I03 was on the ballot, and taken back before the seal. Gives a witness's key."""
    small_day.voted(house)
    keys = [pyrage.x25519.Identity.generate() for _ in range(2)]
    with house.inside() as session:
        vote = queries.round_of(house.gathering().id)
        session.add_all(Witness(round_id=vote.id, number=number, recipient=str(key.to_public()))
                        for number, key in enumerate(keys, 1))
        session.query(Idea).filter_by(ref="I03").one().state = "hidden"
    host = house.host()
    assert host.post("/e/ENGURE/seal").status_code == 303
    for seen in range(2):
        assert host.post("/e/ENGURE/reveal", seen=seen).status_code == 303
    return keys[0]


@pytest.fixture(scope="module")
def home(builder: Builder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with builder.sqlite() as url, house_on(url) as house:
        key, reader = _sealed(house), house.visitor()
        with house.inside():
            locked = public.locked_openings(queries.round_of(house.gathering().id))
        made = Home(tmp_path_factory.mktemp("home"), reader.get("/e/ENGURE/vote.zip").data, locked or b"",
                    pyrage.decrypt(locked or b"", [key]))
        made.page.write_bytes(reader.get("/e/ENGURE/recount.html").data)
        yield made


@pytest.fixture
def opened(browser: Browser, home: Home) -> Iterator[Callable[..., Page]]:
    """Opens the page from its file; nothing may be asked of any network, and nothing may go wrong unseen."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(lang: str = "en", size: str = "phone", scheme: str = "light", before: str = "") -> Page:
        wide, high = SIZES[size]
        context = browser.new_context(locale=LOCALES[lang], viewport={"width": wide, "height": high},
                                      color_scheme="dark" if scheme == "dark" else "light")
        contexts.append(context)
        context.add_init_script(before)
        page = context.new_page()
        page.on("request", lambda one: complaints.append(one.url) if not one.url.startswith(
            (home.page.as_uri(), "blob:")) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text))
        page.goto(home.page.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
