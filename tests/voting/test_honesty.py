"""What the vote does not protect from is said where it matters: on the help, beside each link, in the result."""

from __future__ import annotations

import re

import pytest

from ideathon.voting import honesty
from tests.houses import House
from tests.results import small_day
from tests.services import ROOT
from tests.voting import box
from tests.voting.letters import LINKS, code_on, links, made, tokens


@pytest.mark.parametrize(("lang", "words"), [("en", "can join your name, your slip and your choice"),
                                             ("lv", "savienot jūsu vārdu, jūsu karti un jūsu izvēli")])
def test_what_a_link_gives_away_is_said_wherever_there_is_one(house: House, lang: str, words: str) -> None:
    (token,) = made(house)
    assert words in house.host(lang).get(LINKS).text
    phone = house.visitor(lang)
    for page in (phone.get("/b/help"), phone.get("/b/link"), phone.post("/b/link", token=token)):   # too early
        assert words in page.text
    house.move_to("vote")
    assert words in phone.post("/b/link", token=token).text


def test_the_list_of_the_document_is_the_list_of_the_help(house_sqlite: House) -> None:
    page = (ROOT / "docs/ballot-box.md").read_text().partition("## What it does not protect from")[2]
    points = [" ".join(point.split()) for point in re.findall(r"^\d+\. (.+?)(?=^\d+\. |\Z)", page, re.S | re.M)]
    with house_sqlite.app.test_request_context(headers={"Accept-Language": "en"}):
        assert points == [str(point) for point in honesty.POINTS]


def test_the_result_says_that_the_vote_was_partly_remote(house: House) -> None:
    house.day("pitch", ideas=3)
    small_day.score(house, small_day.flat(small_day.MARKS))
    secrets = tokens(links(house.host(), n="3"))
    house.move_to("vote")
    small_day.vote(house, small_day.BALLOTS)
    for token in secrets[:2]:
        box.cast(house.visitor(), code_on(house.visitor().post("/b/link", token=token)), "I01")
    house.move_to("result")
    assert house.host().post("/e/ENGURE/seal").status_code == 303
    for seen in range(4):
        house.host().post("/e/ENGURE/reveal", seen=seen)
    assert "partly remote: 2 slips came by one-time links" in house.visitor().get("/e/ENGURE/result").text
    assert "daļēji notika attālināti: 2 kartes" in house.visitor("lv").get("/e/ENGURE/result").text
    assert house.visitor().get("/e/ENGURE/result.json").json["outcome"]["figures"]["links"] == 2
