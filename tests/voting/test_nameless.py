"""Nobody is known at the ballot box: no session is read or set, and neither the log nor an error tells of a tap."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest
from flask import Flask, request_started, session
from sqlalchemy import text
from sqlalchemy.exc import StatementError

from ideathon.extensions import db
from ideathon.voting import casting
from tests.houses import Client, House
from tests.voting import box


def every_page(client: Client, code: str) -> list[Any]:
    """Every page of a vote, as they are asked for one after the other."""
    pages = [client.get("/b"), client.post("/b", code=code), client.post("/b", code="WRONG"),
             box.cast(client, code, "I01", "I02", "I03", "I04"), box.cast(client, code, "I01")]
    return [*pages, client.get(pages[-1].location), client.get("/b/help"), client.get("/b/link"),
            client.post("/b/link", token="WRONG"), client.get("/b/nothing")]


def test_no_page_of_a_vote_sets_a_cookie(house_sqlite: House) -> None:
    code, *_ = box.vote_day(house_sqlite)
    pages = every_page(house_sqlite.visitor(), code)
    assert [page.status_code for page in pages] == [200, 200, 403, 422, 303, 200, 200, 200, 403, 404]
    assert [page.headers.getlist("Set-Cookie") for page in pages] == [[]] * len(pages)
    assert not any("csrf_token" in page.text for page in pages)


def test_the_language_is_kept_without_a_session(house_sqlite: House) -> None:
    code, *_ = box.vote_day(house_sqlite)
    phone = house_sqlite.visitor()
    page = phone.http.post("/b?lang=lv", data={"code": code})
    assert [cookie.partition("=")[0] for cookie in page.headers.getlist("Set-Cookie")] == ["lang"]
    assert '<html lang="lv"' in phone.get("/b").text
    assert '<html lang="lv"' in phone.get("/").text


def test_a_signed_in_reader_is_nobody_there(house_sqlite: House) -> None:
    code, *_ = box.vote_day(house_sqlite)
    known = house_sqlite.phone("Ilze")
    seen: list[dict[str, Any]] = []

    def look(_app: Flask, **_more: object) -> None:
        seen.append(dict(session))

    with request_started.connected_to(look, house_sqlite.app):
        pages = every_page(known, code)
        assert seen == [{}] * len(pages)
        assert not any("Ilze" in page.text for page in pages)
        assert "Ilze" in known.get("/e/ENGURE").text
        assert "_user_id" in seen[-1]


def test_nothing_of_a_tap_is_in_the_log(house_sqlite: House, caplog: pytest.LogCaptureFixture) -> None:
    code, *_ = box.vote_day(house_sqlite)
    with caplog.at_level(logging.DEBUG):
        every_page(house_sqlite.visitor(), code)
        assert caplog.records == []
        house_sqlite.visitor().get("/e/NOSUCH")         # elsewhere a refusal is a line
        assert caplog.records


def test_a_failure_says_where_it_was_and_nothing_of_what_was_sent(house_sqlite: House,
                                                                  caplog: pytest.LogCaptureFixture) -> None:
    code, *_ = box.vote_day(house_sqlite)
    with house_sqlite.inside() as held:
        held.execute(text("CREATE TRIGGER broken BEFORE INSERT ON ballot BEGIN "
                          "SELECT RAISE(ABORT, 'broken'); END"))
    answer = box.cast(house_sqlite.visitor(), code, "I03", key="canary" * 5)
    assert answer.status_code == 500
    assert "urn.py" in caplog.text
    assert not any(word in caplog.text for word in ("I03", "canary", code))


def test_an_error_of_the_database_tells_no_values(house: House) -> None:
    with house.inside() as held, pytest.raises(StatementError) as said:
        held.execute(text("SELECT :choice FROM nowhere"), {"choice": "canary"})
    assert "canary" not in str(said.value)
    with house.app.app_context():
        db.session.rollback()


@pytest.mark.parametrize("field", ["code", "choice", "expect", "key", "star", "sure", "tablet"])
def test_whatever_a_field_holds_the_door_answers(house_sqlite: House, field: str) -> None:
    code, *_ = box.vote_day(house_sqlite)
    fields = {"code": code, "choice": "I01", "expect": "0", "key": "k" * 32}
    for strange in ("", "\x00", "é" * 200, "9" * 40, "-1", "I01;I02", "\ud7ff"):
        answer = house_sqlite.visitor().http.post("/b/cast", data={**fields, field: strange})
        assert answer.status_code in {303, 400, 403, 409, 412, 422}, (field, strange)
    assert casting.choices("star", [], "I01") == {"I01": 2}


def test_no_address_of_a_receipt_goes_along_to_a_door_that_knows_its_reader(house_sqlite: House) -> None:
    code, *_ = box.vote_day(house_sqlite)
    pages = every_page(house_sqlite.visitor(), code)
    assert {page.headers["Referrer-Policy"] for page in pages} == {"strict-origin"}
    assert house_sqlite.visitor().get("/").headers["Referrer-Policy"] == "same-origin"


def languages(page: Any) -> str:
    """Where the page's buttons for the language lead, or lead back."""
    found = re.search(r'class="langs".*?(?:name="next" value|formaction)="([^"]*)"', page.text, re.DOTALL)
    assert found, page.text
    return found[1]


def test_who_changes_the_language_stays_where_they_are(house_sqlite: House) -> None:
    code, *_ = box.vote_day(house_sqlite)
    phone = house_sqlite.visitor()
    assert languages(phone.get("/b?lang=lv")) == "/b"
    assert languages(phone.get("/b?tablet=1&lang=lv")) == "/b?tablet=1"
    assert languages(phone.post("/b", code="WRONG")) == "/b"
    assert languages(phone.post("/b", code="WRONG", tablet="1")) == "/b?tablet=1"
    assert languages(phone.post("/b", code=code)) == "/b?lang=lv"
    again = phone.http.post("/b?lang=lv", data={"code": code, "choice": ["I02", "I03"], "expect": "0"})
    assert '<html lang="lv"' in again.text
    assert box.ticked(again) == {"I02", "I03"}


def test_the_receipt_of_an_annulled_vote_says_so(house_sqlite: House) -> None:
    code, *_ = box.vote_day(house_sqlite)
    phone = house_sqlite.visitor()
    place = box.cast(phone, code, "I01").location
    assert "annulled" not in phone.get(place).text
    with house_sqlite.inside():
        box.standing(house_sqlite).state = "annulled"
    page = phone.get(place).text
    assert "have annulled this vote, and it does not count" in page
    assert "change your vote" not in page
    assert "/board" not in page
