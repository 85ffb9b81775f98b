"""The way in: the code, the name, the tick, and everything that is typed wrong there."""

import pytest
from sqlalchemy import func, select

from ideathon.extensions import db
from ideathon.people.models import Person
from tests.houses import House

LANGUAGES = ("lv", "en")


def people(house: House) -> int:
    """How many persons are called neither host, juror nor anything of the office."""
    with house.inside():
        return db.session.scalar(select(func.count()).select_from(Person).where(Person.notice_version != "")) or 0


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("typed", ["NOWHERE", "../ENGURE", "ENGURE' OR 1=1", "\u0113ngure", "\0", "%00", " "])
def test_a_wrong_code_is_told_and_kept(house: House, lang: str, typed: str) -> None:
    house.day()
    page = house.visitor(lang).post("/code", code=typed)
    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.text


@pytest.mark.parametrize("path", ["/j/NOWHERE", "/e/NOWHERE", "/j/%00", "/e/ENGURE%00X", "/s/%00", "/i/%00"])
def test_an_address_of_nothing_is_not_found(house: House, path: str) -> None:
    house.day()
    assert house.visitor().get(path).status_code == 404


def test_the_code_leads_in_whatever_its_case(house: House) -> None:
    house.day()
    visitor = house.visitor()
    assert visitor.post("/code", code=" engure ").location == "/e/ENGURE"
    assert "/j/ENGURE" in visitor.get("/e/ENGURE").location


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["", "   ", "\u202e\u200f", "x" * 200, "\N{ZERO WIDTH SPACE}"])
def test_no_name_and_too_long_a_name_are_refused_with_a_sentence(house: House, lang: str, name: str) -> None:
    house.day()
    page = house.visitor(lang).post("/j/ENGURE", name=name, notice="y")
    assert page.status_code == 422
    assert "error-summary" in page.text
    assert people(house) == 0


def test_what_was_typed_stays_in_the_form(house: House) -> None:
    house.day()
    page = house.visitor().post("/j/ENGURE", name="x" * 200, notice="y")
    assert "x" * 200 in page.text


def test_without_the_tick_nobody_is_in(house: House) -> None:
    house.day()
    page = house.visitor().post("/j/ENGURE", name="Anna")
    assert page.status_code == 422
    assert "Tick the box" in page.text
    assert people(house) == 0


def test_a_name_cannot_turn_the_page_around(house: House) -> None:
    house.day()
    phone = house.phone("\u202eannA <b>\u2066")
    text = phone.get("/e/ENGURE").text
    assert not set("\u202e\u2066") & set(text)
    assert "annA &lt;b&gt;" in text


def test_an_emoji_is_a_name(house: House) -> None:
    house.day()
    assert "\N{FISH}\N{SAILBOAT}" in house.phone("\N{FISH}\N{SAILBOAT}").get("/e/ENGURE").text


def test_the_same_form_twice_is_one_person(house: House) -> None:
    house.day()
    visitor = house.visitor()
    first = visitor.post("/j/ENGURE", key="the same key", name="Anna", notice="y")
    again = visitor.post("/j/ENGURE", key="the same key", name="Anna", notice="y")
    assert first.location == again.location
    assert people(house) == 1
    assert visitor.get("/e/ENGURE").status_code == 200


@pytest.mark.parametrize(("lang", "words"), [("en", "This event has ended"), ("lv", "")])
def test_a_closed_event_takes_nobody_and_says_so(house: House, lang: str, words: str) -> None:
    house.day()
    with house.inside():
        gathering = house.gathering()
        gathering.current_stage, gathering.ended_at = None, gathering.current_stage.started_at
    visitor = house.visitor(lang)
    page = visitor.get("/j/ENGURE")
    assert page.status_code == 200
    assert 'name="notice"' not in page.text
    assert words in page.text
    assert visitor.post("/j/ENGURE", name="Anna", notice="y").status_code == 409
    assert people(house) == 0


@pytest.mark.parametrize("onward", ["//evil.example", "/\\evil.example", "/\t/evil.example", "https://evil.example",
                                    "/e\r\nX: y"])
def test_the_way_onward_stays_in_this_house(house: House, onward: str) -> None:
    house.day()
    answer = house.visitor().post("/j/ENGURE", name="Anna", notice="y", next=onward)
    assert answer.location == "/e/ENGURE"


def test_a_page_asked_for_before_joining_comes_after_it(house: House) -> None:
    house.day()
    visitor = house.visitor()
    way = visitor.get("/e/ENGURE/map").location
    assert "next=/e/ENGURE/map" in way.replace("%2F", "/")
    assert visitor.post("/j/ENGURE", name="Anna", notice="y", next="/e/ENGURE/map").location == "/e/ENGURE/map"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", ["/", "/j/ENGURE", "/e/ENGURE/privacy", "/e/ENGURE/concept", "/sign-in"])
def test_pages_for_everybody_open_in_both_languages(house_sqlite: House, lang: str, path: str) -> None:
    house_sqlite.day()
    page = house_sqlite.visitor(lang).get(path)
    assert page.status_code == 200
    assert f'<html lang="{lang}"' in page.text
    assert page.text.count("<h1") == 1
