"""What nobody should send, at any door: a sentence, a log line, no stack trace."""

from __future__ import annotations

import sqlite3
import time
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from ideathon.clock import now
from ideathon.extensions import PRAGMAS, db
from ideathon.web import guard, pages
from tests.houses import House
from tests.voting import box


def test_ten_megabytes_are_refused_with_a_sentence(house_sqlite: House, caplog: pytest.LogCaptureFixture) -> None:
    house_sqlite.day("ideas")
    phone = house_sqlite.phone()
    with caplog.at_level("INFO"):
        answer = phone.post("/e/ENGURE/ideas", title="A title", summary="x" * 10_000_000)
    assert answer.status_code == 413
    assert "too much text" in answer.text
    assert "413" in caplog.text
    assert "xxxx" not in caplog.text


def test_a_post_without_a_csrf_token_does_nothing(house: House) -> None:
    house.day("mapping")
    phone = house.phone()
    answer = phone.http.post("/e/ENGURE/map", data={"kind": "need", "text": "We need a bench", "key": "k" * 32})
    assert answer.status_code == 400
    assert "We need a bench" in answer.text
    assert "bench" not in str(phone.get("/e/ENGURE/news?want=mapping.item").json)


@pytest.mark.parametrize("key", ["", "short", "k" * 65, "č" * 20, "k" * 20 + "\n"])
def test_a_post_without_a_sensible_key_does_nothing(house_sqlite: House, key: str) -> None:
    house_sqlite.day("mapping")
    phone = house_sqlite.phone()
    answer = phone.http.post(
        "/e/ENGURE/map",
        data={"csrf_token": phone._token(), "kind": "need", "text": "We need a bench", "theme": "other", "key": key},
    )
    assert answer.status_code == 400
    assert "We need a bench" in answer.text


def test_the_same_key_of_another_browser_is_another_act(house: House) -> None:
    house.day("mapping")
    one, two = house.phone("One"), house.phone("Two")
    for phone in (one, two):
        assert (
            phone.post("/e/ENGURE/map", key="k" * 32, kind="need", text="We need a bench", theme="other").status_code
            == 303
        )
    items = one.get("/e/ENGURE/news?want=mapping.item").json["slices"].values()
    assert sum(item["text"] == {"en": "We need a bench"} for item in items) == 2


def test_a_mended_form_may_use_its_key_again(house: House) -> None:
    house.day("mapping")
    phone = house.phone()
    assert phone.post("/e/ENGURE/map", key="k" * 32, kind="need", text="", theme="other").status_code == 422
    assert phone.post("/e/ENGURE/map", key="k" * 32, kind="need", text="A bench", theme="other").status_code == 303


def test_a_locked_database_says_try_again(house_sqlite: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house_sqlite.day("mapping")
    phone = house_sqlite.phone()
    blocker = sqlite3.connect(house_sqlite.url, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    monkeypatch.setitem(PRAGMAS, "busy_timeout", 50)
    _forget_connections(house_sqlite)
    answer = phone.post("/e/ENGURE/map", kind="need", text="A bench", theme="other")
    blocker.execute("ROLLBACK")
    blocker.close()
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) >= 1
    assert "try again" in answer.text.lower()
    assert "A bench" in answer.text
    _forget_connections(house_sqlite)


def _forget_connections(house: House) -> None:
    with house.app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_the_page_about_a_database_that_died_asks_it_nothing(house: House) -> None:
    """It dies in the middle of a vote; what fails is the first statement of the board, and every one after it."""
    code, *_ = box.vote_day(house)
    phone, dead = house.visitor(), []
    phone.get("/b")

    def died(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if dead or "cast_key" in statement:
            dead.append(statement)
            raise OperationalError(statement, {}, sqlite3.OperationalError("disk I/O error"))

    with house.app.app_context():
        event.listen(db.engine, "before_cursor_execute", died)
        answer = box.cast(phone, code, "I01")
        event.remove(db.engine, "before_cursor_execute", died)
    assert answer.status_code == 503, answer.text
    assert len(dead) == 1, dead
    assert box.cast(phone, code, "I01").status_code == 303


def test_an_unknown_address_and_a_wrong_method(house_sqlite: House) -> None:
    visitor = house_sqlite.visitor()
    assert visitor.get("/nothing/here").status_code == 404
    assert "no such page" in visitor.text()
    assert visitor.get("/language").status_code == 405
    assert "Traceback" not in visitor.text()


def test_broken_text_is_not_an_accident(house_sqlite: House) -> None:
    house_sqlite.day("mapping")
    phone = house_sqlite.phone()
    for text in ("\x00\x00", "\ud800".encode("utf-8", "surrogatepass"), b"\xff\xfe"):
        answer = phone.post("/e/ENGURE/map", kind="need", text=text, theme="other")
        assert answer.status_code in {303, 400, 422}


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "", None])
def test_the_way_back_stays_in_the_house(target: str | None) -> None:
    assert pages.safe_next(target) == "/"


def test_headers_on_every_answer(house_sqlite: House) -> None:
    visitor = house_sqlite.visitor()
    for path in ("/", "/sign-in", "/nothing", "/healthz"):
        headers = visitor.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"
        assert "Strict-Transport-Security" not in headers


def test_an_unexpected_error_shows_no_trace_and_is_logged(
    house_sqlite: House, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    house_sqlite.day("mapping")
    phone = house_sqlite.phone()

    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr(guard, "ask", broken)
    answer = phone.get("/e/ENGURE/map")
    assert answer.status_code == 500
    assert "a secret of ours" not in answer.text
    assert "RuntimeError" in caplog.text


def test_the_language_is_chosen_and_the_way_leads_back(house_sqlite: House) -> None:
    visitor = house_sqlite.visitor(lang="en")
    answer = visitor.post("/language", lang="lv", next="/sign-in")
    assert answer.location == "/sign-in"
    assert '<html lang="lv"' in visitor.get("/sign-in").text
    assert visitor.post("/language", lang="xx", next="/sign-in").status_code == 303
    assert '<html lang="lv"' in visitor.get("/sign-in").text


def test_now_is_aware() -> None:
    assert now().tzinfo is not None


def test_a_transaction_that_waited_too_long_is_not_now_and_goes_on(house_postgres: House) -> None:
    """A machine with far too much to do: PostgreSQL ends a transaction that said nothing for seconds."""
    code, *_ = box.vote_day(house_postgres)
    phone, slow = house_postgres.visitor(), []
    phone.get("/b")

    def dawdle(_connection: object, cursor: Any, statement: str, *_more: object) -> None:
        if "cast_key" in statement and not slow:
            slow.append(statement)
            cursor.execute("SET idle_in_transaction_session_timeout = 20")
            time.sleep(0.1)

    with house_postgres.app.app_context():
        event.listen(db.engine, "before_cursor_execute", dawdle)
        answer = box.cast(phone, code, "I01")
        event.remove(db.engine, "before_cursor_execute", dawdle)
    assert slow
    assert answer.status_code == 503, answer.text
    assert box.cast(phone, code, "I01").status_code == 303
