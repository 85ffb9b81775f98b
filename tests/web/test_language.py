"""Pages speak the reader's language: words, counted nouns, dates and money, with nothing of the other one left over."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from html import unescape

import pytest
from babel.messages.pofile import read_po

from ideathon.config import LANGUAGES
from tests.houses import KINDS, Client, House
from tests.results.small_day import voted
from tests.services import ROOT

NUMBER = "19-00-F043.0443-000001"
PUBLIC = ("/", "/projects", f"/projects/{NUMBER}", "/events", "/sign-in", "/j/ENGURE", "/e/ENGURE/privacy", "/b", "/no")
PHONE = ("/e/ENGURE", "/e/ENGURE/map", "/e/ENGURE/ideas", "/e/ENGURE/ideas/I01", "/e/ENGURE/ideas/new",
         "/e/ENGURE/concept")
JUROR = ("/e/ENGURE", "/e/ENGURE/jury", "/e/ENGURE/jury/declare", "/e/ENGURE/jury/I01")
OFFICE = ("/e/ENGURE/desk", "/e/ENGURE/ledger", "/e/ENGURE/slips", "/e/ENGURE/paper", "/e/ENGURE/challenges")
RESULT = ("/e/ENGURE/result", "/e/ENGURE/winner", "/e/ENGURE/award", "/e/ENGURE/ledger", "/manage")
SAID = re.compile(r'(?:aria-label|title|alt|placeholder|data-(?:zero|one|other|words|fmt|lost|saving))="([^"]*)"')


@cache
def english() -> re.Pattern[str]:
    """Any whole English message of the program that Latvian says otherwise."""
    with (ROOT / "ideathon/translations/lv/LC_MESSAGES/messages.po").open("rb") as file:
        pairs = [(one.id, one.string) for one in read_po(file) if one.id]
    said = {text for ids, words in pairs for text in ([ids] if isinstance(ids, str) else ids) if text not in words}
    return re.compile("|".join(as_pattern(text) for text in said if re.search("[A-Za-z]{2}", text)))


def as_pattern(text: str) -> str:
    """A message as it looks on a page: with a number, or with anything, where the program puts it in."""
    pieces = re.split(r"(%\(\w+\)s|\{[\w.]+\})", text)
    filled = [(r"[\d.,]+|\{n\}" if "(num)" in piece else ".+") if n % 2 else re.escape(piece.replace("%%", "%"))
              for n, piece in enumerate(pieces)]
    return "".join(f"(?:{piece})" for piece in filled)


def spoken(page: str) -> list[str]:
    """What a page says: its texts, and the attributes that are read aloud or filled in later."""
    body = re.sub(r"<(script|style)\b.*?</\1>|<!--.*?-->", " ", page, flags=re.DOTALL)
    texts = re.split(r"<[^>]*>", body) + SAID.findall(body)
    return [" ".join(unescape(text).split()) for text in texts if text.strip()]


def left_in_english(page: str) -> list[str]:
    """Texts of a Latvian page that are whole English messages."""
    return [text for text in spoken(page) if english().fullmatch(text)]


def walk(client: Client, paths: Iterable[str], lang: str) -> list[str]:
    """Open pages; each says its language. Gives what is left in English on them."""
    left = []
    for path in paths:
        page = client.get(path).text
        assert f'<html lang="{lang}"' in page, path
        left += [f"{path}: {text}" for text in (left_in_english(page) if lang == "lv" else [])]
    return left


def host_of(house: House, lang: str) -> Client:
    """The host's browser; the host's own name is not an English word of the program."""
    with house.inside():
        house.person("host").display_name = "Aija"
    return house.host(lang)


def test_english_left_on_a_page_is_found() -> None:
    page = '<p>Voting is not open.</p><p aria-label="2 votes" data-one="{n} vote">Balsošana pašlaik nenotiek.</p>'
    assert left_in_english(page) == ["Voting is not open.", "2 votes", "{n} vote"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_public_page_speaks_the_language(house_sqlite: House, lang: str) -> None:
    house_sqlite.day("ideas")
    assert walk(house_sqlite.visitor(lang), PUBLIC, lang) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_stage_speaks_the_language(house_sqlite: House, lang: str) -> None:
    house_sqlite.day(None)
    phone, host, hall = house_sqlite.phone(lang=lang), host_of(house_sqlite, lang), house_sqlite.visitor(lang)
    with house_sqlite.inside():
        screen = f"/s/{house_sqlite.gathering().screen_key}"
    left = []
    for kind in (None, *KINDS):
        house_sqlite.move_to(kind)
        left += walk(phone, PHONE[:1], lang) + walk(host, OFFICE[:1], lang) + walk(hall, [screen], lang)
    assert left == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_jurys_pages_speak_the_language(house_sqlite: House, lang: str) -> None:
    house_sqlite.day("pitch")
    juror = house_sqlite.juror(lang=lang)
    left = walk(juror, JUROR[:3], lang)
    assert juror.post("/e/ENGURE/jury/declare", none="all").status_code == 303
    assert left + walk(juror, JUROR, lang) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_rooms_speak_the_language(house_sqlite: House, lang: str) -> None:
    house_sqlite.day("ideas")
    left = walk(house_sqlite.phone(lang=lang), PHONE, lang) + walk(house_sqlite.mentor(lang=lang), PHONE, lang)
    assert left + walk(host_of(house_sqlite, lang), OFFICE, lang) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_result_and_the_money_speak_the_language(house_sqlite: House, lang: str) -> None:
    voted(house_sqlite)
    host = house_sqlite.host()
    assert host.post("/e/ENGURE/seal").status_code == 303
    for shown in range(3):
        assert host.post("/e/ENGURE/reveal", seen=shown).status_code == 303
    assert walk(house_sqlite.manager(lang), RESULT, lang) == []


@pytest.mark.parametrize(("lang", "sums", "days", "chip"), [
    ("lv", ("50\xa0000,00\xa0€", "0,00\xa0€"), ("29.08.2019.", "12.12.2020."), "Projekta Nr. "),
    ("en", ("€50,000.00", "€0.00"), ("29 August 2019", "12 December 2020"), "Project No. ")])
def test_sums_and_days_follow_the_readers_custom(house: House, lang: str, sums: tuple[str, ...], days: tuple[str, ...],
                                                 chip: str) -> None:
    house.day(None)
    page = house.visitor(lang).get(f"/projects/{NUMBER}").text
    for words in (*sums, *days, chip + NUMBER):
        assert words in page


@pytest.mark.parametrize(("lang", "words"), [
    ("lv", {1: "dalībnieks", 2: "dalībnieki", 10: "dalībnieku", 11: "dalībnieku", 21: "dalībnieks"}),
    ("en", {1: "participant", 2: "participants", 10: "participants", 11: "participants", 21: "participants"})])
def test_counted_nouns_agree_with_their_number(house_sqlite: House, lang: str, words: dict[int, str]) -> None:
    house_sqlite.day("ideas")
    reader = house_sqlite.phone("P1", lang)
    for number in range(1, 22):
        if number > 1:
            house_sqlite.phone(f"P{number}")
        if number in words:
            assert f">{number} {words[number]}<" in reader.get("/e/ENGURE").text


def test_the_page_holds_the_words_for_live_numbers(house_sqlite: House) -> None:
    """Zero, one and other stand on the page, in the order in which the browser asks for them."""
    house_sqlite.day("ideas")
    page = house_sqlite.phone(lang="lv").get("/e/ENGURE").text
    assert 'data-zero="{n} dalībnieku" data-one="{n} dalībnieks" data-other="{n} dalībnieki"' in page
    left = "Atlikušais laiks: {n}"
    assert f'data-zero="{left} minūšu" data-one="{left} minūte" data-other="{left} minūtes"' in page


def test_the_switch_changes_the_language_and_not_the_place(house: House) -> None:
    house.day("ideas")
    phone = house.phone(lang="lv")
    assert "Idejas" in phone.get("/e/ENGURE/ideas").text
    answer = phone.post("/language", lang="en", next="/e/ENGURE/ideas")
    assert answer.headers["Location"] == "/e/ENGURE/ideas"
    page = phone.get("/e/ENGURE/ideas").text
    assert '<html lang="en"' in page
    assert phone.post("/language", lang="xx", next="/").status_code == 303      # an unknown language changes nothing
    assert '<html lang="en"' in phone.get("/").text


@pytest.mark.parametrize(("asked", "lang"), [("en-GB,en;q=0.9", "en"), ("lv", "lv"), ("ru,et;q=0.8", "lv"), ("", "lv")])
def test_a_new_reader_gets_the_browsers_language_or_latvian(house_sqlite: House, asked: str, lang: str) -> None:
    page = house_sqlite.app.test_client().get("/", headers={"Accept-Language": asked}).text
    assert f'<html lang="{lang}"' in page


def test_refusals_and_mistakes_are_said_in_latvian(house_sqlite: House) -> None:
    house_sqlite.day("ideas")
    visitor, phone = house_sqlite.visitor("lv"), house_sqlite.phone(lang="lv")
    assert "Šis lauks ir jāaizpilda." in visitor.post("/j/ENGURE", name="", notice="y").text
    assert "Pasākuma ar šādu kodu nav." in visitor.post("/code", code="NOSUCH").text
    assert "Šādas lapas nav." in visitor.get("/no").text
    pages = [visitor.text(), phone.post("/e/ENGURE/map", kind="nonsense", text="x", quantity="much").text,
             phone.post("/e/ENGURE/ideas/new", title="", summary="", challenge="C9", own="abc").text,
             phone.post("/e/ENGURE/ideas/I01/comments", kind="nonsense", text="").text]
    assert [text for page in pages for text in left_in_english(page)] == []
    foreign = re.compile(r"Not a valid|Invalid|Field must|required")              # what the forms' library would say
    assert [text for page in pages for text in spoken(page) if foreign.search(text)] == []
