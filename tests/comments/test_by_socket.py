"""Comments by socket, against the real server: stored, acknowledged, heard, and once with the page's door."""

from __future__ import annotations

import http.client
import json
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from ideathon.comments.models import Comment
from ideathon.extensions import db
from ideathon.gatherings import service
from ideathon.gatherings.doors import here_for
from ideathon.people.models import LoginSession
from tests.houses import Client, House
from tests.live.phone import Phone

TALK = "/e/ENGURE/ideas/I01/comments"


@pytest.fixture
def port(hall: tuple[House, int]) -> Iterator[int]:
    """The server's port; every phone of a test is hung up at its end."""
    yield hall[1]
    while Phone.opened:
        Phone.opened.pop().close()


def on_the_line(client: Client, port: int) -> Phone:
    """The browser's socket, with its cookies and a fresh ticket."""
    signed_in, language = client.http.get_cookie("sid"), client.http.get_cookie("lang")
    assert signed_in is not None
    assert language is not None
    cookies = f"Cookie: sid={signed_in.value}; lang={language.value}"
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as line:
        line.request("GET", "/e/ENGURE/ticket", headers=dict([cookies.split(": ", 1)]))
        ticket = json.loads(line.getresponse().read())["ticket"]
    phone = Phone(port, headers=f"{cookies}\r\n")
    assert phone.join(ticket)["code"] == "40"
    return phone


def send(phone: Phone, text: str = "Hello", **fields: Any) -> Any:
    """The acknowledgement."""
    said = {"idea": "I01", "text": text, "kind": "comment", "parent": None, "key": uuid.uuid4().hex, **fields}
    return phone.emit("comment:add", said)


def pause(house: House) -> None:
    """The day stands still, or goes on."""
    with house.inside():
        service.pause(here_for(house.gathering(), house.person("host")))


def count(house: House) -> int:
    with house.inside():
        return db.session.scalar(select(func.count()).select_from(Comment)) or 0


def heard(phone: Phone, key: str) -> Any:
    """What the news say of a slice, as soon as they do."""
    while True:
        slices = phone.event("news")["slices"]
        if key in slices:
            return slices[key]


def test_words_are_stored_acknowledged_and_heard_within_a_second(quiet_house: House, port: int) -> None:
    anna, bert = on_the_line(quiet_house.phone("Anna"), port), on_the_line(quiet_house.phone("Bert"), port)
    took = []
    for number in range(3):
        began = time.monotonic()
        ref = send(anna, f"Words {number}")["stored"]
        fact = heard(bert, f"comments.comment/{ref}")
        took.append(time.monotonic() - began)
        assert (fact["text"], fact["name"], fact["idea"]) == ({"en": f"Words {number}"}, "Anna", "I01")
    assert count(quiet_house) == 3
    assert min(took) < 1                        # the quickest: a busy machine is slow, not wrong
    answer = send(bert, "To you", parent=ref)["stored"]
    assert heard(anna, f"comments.comment/{answer}")["parent"] == ref


def test_one_key_is_one_comment_by_whichever_way_it_comes(quiet_house: House, port: int) -> None:
    client = quiet_house.phone("Anna")
    anna = on_the_line(client, port)
    first = send(anna, key="k" * 20)
    assert send(anna, key="k" * 20) == first
    assert client.post(TALK, key="k" * 20, kind="comment", text="Hello").location.endswith(f"#{first['stored']}")
    by_page = client.post(TALK, key="p" * 20, kind="comment", text="Hello again").location
    assert send(anna, "Hello again", key="p" * 20) == {"stored": by_page.partition("#")[2]}
    assert count(quiet_house) == 2


def test_what_is_refused_says_why_and_is_not_kept(quiet_house: House, port: int) -> None:
    anna = on_the_line(quiet_house.phone("Anna"), port)
    assert send(anna, " \u200b ") == {"error": "not_well", "sentence": "This field is required."}
    assert send(anna, "x" * 501)["error"] == "not_well"
    assert send(anna, kind="shout")["error"] == "not_well"
    assert send(anna, parent="nobody")["error"] == "not_well"
    assert send(anna, kind="advice")["error"] == "not_your_role"
    assert send(anna, idea="nobody")["error"] == "not_found"
    assert send(anna, idea="../I01")["error"] == "not_found"
    assert send(anna, key="short")["error"] == "no_key"
    assert send(anna, extra="field")["error"] == "bad_field"
    assert send(anna, text=5)["error"] == "bad_field"
    assert count(quiet_house) == 0


def test_under_the_lock_the_day_decides(quiet_house: House, port: int) -> None:
    anna = on_the_line(quiet_house.phone("Anna"), port)
    pause(quiet_house)
    refused = send(anna)
    assert (refused["error"], refused["sentence"][:16]) == ("paused", "The day is pause")
    pause(quiet_house)
    assert "stored" in send(anna)
    assert count(quiet_house) == 1


def test_who_has_signed_out_speaks_no_more(quiet_house: House, port: int) -> None:
    anna = on_the_line(quiet_house.phone("Anna"), port)
    assert "stored" in send(anna)
    with quiet_house.inside() as session:
        session.execute(delete(LoginSession))
    assert send(anna)["error"] == "join_first"
    assert count(quiet_house) == 1


def test_a_flood_from_one_person_is_held_up(quiet_house: House, port: int) -> None:
    client = quiet_house.phone("Anna")
    lines = [on_the_line(client, port) for _ in range(2)]
    began = time.monotonic()
    answers = [send(lines[number % 2], f"Words {number}") for number in range(30)]
    stored = [answer for answer in answers if "stored" in answer]
    assert 5 <= len(stored) <= 6 + (time.monotonic() - began) / 3
    assert {answer["error"] for answer in answers if "error" in answer} == {"slow_down"}
    assert count(quiet_house) == len(stored)
