"""An open vote is told in steps of five, to everybody and in every way; what is told is the whole truth after it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from ideathon import ledger
from ideathon.live.pulse import pulse_of
from ideathon.voting import codes, queries, service
from ideathon.voting.models import BoardEntry
from tests.houses import House
from tests.voting import box

NEWS = "/e/ENGURE/news?want=voting.turnout"


def votes(house: House, slips: list[str], choice: str = "I01") -> None:
    """One after the other, each in a transaction of its own, as through the door."""
    for code in slips:
        with house.inside():
            here = box.host_here(house)
            vote = queries.round_of(here.gathering.id, lock=True)
            tag = codes.tag_of(vote.id, code)
            service.cast(here, vote, tag, [choice], key=f"{code}{choice}", expect=queries.number_of(vote, tag))


def told(house: House) -> dict[str, Any]:
    with house.inside():
        found = queries.turnout(house.gathering().id)
    assert found is not None
    return found


def position(house: House) -> int:
    with house.inside():
        return ledger.position(house.gathering().id)


def test_the_number_moves_in_fives_and_is_exact_when_nobody_is_left_and_at_the_close(house: House) -> None:
    slips = box.vote_day(house, slips=12)
    for n in range(13):
        got = told(house)
        step = n if n == 12 else n - n % 5
        assert (got["cast"], got["least"], got["few"]) == (step, 0 < n < 12 and step > 0, step == 0)
        assert got["seq"] == n - n % 5
        with house.inside() as session:
            digest = session.scalar(select(BoardEntry.digest).where(BoardEntry.seq == got["seq"]))
        assert got["mark"] == digest[:16]
        votes(house, slips[n:n + 1])
    votes(house, slips[:1], "I02")
    assert (told(house)["cast"], told(house)["seq"]) == (12, 10)


def test_whether_nobody_is_left_follows_slips_that_are_made_void_or_drawn(house: House) -> None:
    slips = box.vote_day(house, slips=12)
    votes(house, slips[:11])
    assert [told(house)["cast"] for _asked_twice in range(2)] == [10, 10]
    assert house.host().post("/e/ENGURE/slips/void", code=slips[11]).status_code == 303
    assert (told(house)["cast"], told(house)["least"]) == (11, False)
    late = box.draw(house, 1)
    assert (told(house)["cast"], told(house)["least"]) == (10, True)
    votes(house, late)
    assert (told(house)["cast"], told(house)["least"]) == (12, False)


def test_the_close_tells_the_exact_number_and_the_last_mark(house: House) -> None:
    slips = box.vote_day(house, slips=12)
    votes(house, slips[:8])
    assert told(house)["cast"] == 5
    head = box.close_now(house)
    got = told(house)
    assert (got["cast"], got["least"], got["few"], got["seq"], got["mark"]) == (8, False, False, 9, head[:16])


def test_between_two_steps_nothing_at_all_moves(house: House) -> None:
    slips = box.vote_day(house, slips=30)
    host, phone, screen = house.host(), house.phone(), house.visitor()
    with house.inside():
        key = house.gathering().screen_key
    pulse, heard = pulse_of(house.app), []
    pulse.flush()
    pulse.taps.append(lambda room, payload: heard.append(payload))
    ways = [(phone, NEWS), (phone, "/e/ENGURE/news"), (host, "/e/ENGURE/news"), (host, "/e/ENGURE/ledger"),
            (screen, f"/s/{key}/news")]

    def seen() -> list[Any]:
        return [who.get(way).text for who, way in ways if not way.endswith("ledger")] + [
            host.get("/e/ENGURE/ledger").text.count("<tr>"), position(house)]

    for n in range(1, 26):
        before = seen()
        votes(house, slips[n - 1:n])
        pulse.flush()
        assert bool(heard) == (n % 5 == 0) == (seen() != before), n
        heard.clear()
    before = seen()
    votes(house, slips[:4], "I02")         # changes of mind: the board grows, nobody sees by how much
    pulse.flush()
    assert (heard, seen()) == ([], before)
    votes(house, slips[4:5], "I02")
    pulse.flush()
    assert heard[-1]["slices"]["voting.turnout"]["seq"] == 30


@pytest.mark.parametrize("spread", [1, 3, 7])
def test_an_old_snapshot_and_the_news_are_the_fresh_snapshot(house: House, spread: int) -> None:
    slips = box.vote_day(house, slips=20)
    phone, pulse = house.phone(), pulse_of(house.app)
    pulse.flush()
    held = phone.get(NEWS).json["slices"]
    pulse.taps.append(lambda room, payload: held.update(payload["slices"]))
    for n in range(0, 20, spread):
        votes(house, slips[n:n + spread])
        pulse.flush()
        assert held == phone.get(NEWS).json["slices"]
        if n % 2:
            votes(house, slips[n:n + 1], "I03")
            pulse.flush()
            assert held == phone.get(NEWS).json["slices"]
    box.close_now(house)
    pulse.flush()
    assert held == phone.get(NEWS).json["slices"]
    assert held["voting.turnout"]["cast"] == 20


def test_a_page_that_comes_back_learns_by_the_position_that_a_step_was_reached(house: House) -> None:
    slips = box.vote_day(house, slips=9)
    before = position(house)
    votes(house, slips[:4])
    votes(house, slips[:1], "I02")          # the fifth entry, though not the fifth ballot
    after = position(house)
    assert after > before
    votes(house, slips[4:5])                # the fifth ballot
    assert position(house) > after


def test_a_rehearsal_s_marks_are_nobody_s(house: House) -> None:
    house.day("pitch", ideas=3)
    assert told_of_nothing(house)


def told_of_nothing(house: House) -> bool:
    box.draw(house, 2)
    got = told(house)
    return (got["cast"], got["mark"], got["state"]) == (0, "", "draft")
