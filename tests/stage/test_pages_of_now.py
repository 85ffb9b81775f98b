"""The page of now asks of each reader what the running stage opens; numbers are the same everywhere."""

import re

import pytest

from tests.houses import KINDS, House


@pytest.mark.parametrize("lang", ["en", "lv"])
def test_every_stage_has_its_page_for_everybody(house_sqlite: House, lang: str) -> None:
    house_sqlite.day(stage=None)
    house_sqlite.phone("Anna")
    readers = [house_sqlite.phone(lang=lang), house_sqlite.juror(lang=lang), house_sqlite.mentor(lang=lang),
               house_sqlite.host(lang=lang)]
    for kind in (None, *KINDS):
        house_sqlite.move_to(kind)
        for reader in readers:
            page = reader.get("/e/ENGURE")
            assert page.status_code == 200, kind
            assert page.text.count("<h1") == 1
            assert "data-follow" in page.text


def test_an_idea_is_asked_for_only_while_ideas_are_open(house: House) -> None:
    house.day("ideas")
    phone = house.phone()
    assert "/e/ENGURE/ideas/new" in phone.get("/e/ENGURE").text
    house.move_to("teams")
    assert "/e/ENGURE/ideas/new" not in phone.get("/e/ENGURE").text


def test_a_juror_finds_the_sheets_and_a_resident_does_not(house: House) -> None:
    house.day("vote")
    assert "/e/ENGURE/jury" in house.juror().get("/e/ENGURE").text
    assert "/e/ENGURE/jury" not in house.phone().get("/e/ENGURE").text


def test_phone_desk_and_screen_tell_the_same_numbers(house: House) -> None:
    house.day("ideas", ideas=3)
    phone, other, host = house.phone("Anna"), house.phone("Beta"), house.host()
    other.post("/e/ENGURE/ideas/I01/comments", kind="comment", text="A word about it")
    with house.inside():
        key = house.gathering().screen_key
    screen = house.visitor().get(f"/s/{key}").text
    assert "2 participants" in phone.get("/e/ENGURE").text
    assert "2 participants" in screen
    assert re.search(r"3 ideas</span> · <span[^>]*>1 comment<", screen)
    assert re.search(r'data-f="ideas">3<.*data-f="comments">1<', host.get("/e/ENGURE/desk").text, re.S)


def test_before_the_reveal_no_page_or_snapshot_tells_places_or_counts_of_ideas(house: House) -> None:
    house.day("result")
    host = house.host()
    assert host.post("/e/ENGURE/seal").status_code == 303
    with house.inside():
        key = house.gathering().screen_key
    texts = [house.phone().get("/e/ENGURE").text, house.visitor().get(f"/s/{key}").text,
             host.get("/e/ENGURE/news").text, house.visitor().get(f"/s/{key}/news").text]
    for text in texts:
        assert "combined" not in text
        assert not re.search(r'"votes"|podium__row|bars__row', text)


def test_a_page_that_wants_little_news_gets_little(house: House) -> None:
    house.day("ideas")
    phone = house.phone()
    way = re.search(r'data-live-snapshot="([^"]+)"', phone.get("/e/ENGURE").text)[1].replace("&amp;", "&")
    kinds = {key.partition("/")[0] for key in phone.get(way).json["slices"]}
    assert kinds == {"gathering.stage", "people.count", "hall.numbers", "ideas.idea"}
