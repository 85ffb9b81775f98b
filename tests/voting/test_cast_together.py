"""Votes of one moment share a transaction: each is judged as if it had come alone, and none takes another along."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from contextlib import closing
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import select, text, update

from ideathon.core.acts import Act
from ideathon.errors import Busy, Refused
from ideathon.extensions import PRAGMAS, db
from ideathon.voting import casting, codes, queries, rounds, service
from ideathon.voting.casting import Tap
from ideathon.voting.models import Ballot, CastKey, Round, Slip
from ideathon.web.models import DoneRequest
from tests.houses import House
from tests.voting import box

SLIPS = 5
TAP = st.fixed_dictionaries({
    "slip": st.integers(0, SLIPS),                      # the last one is no slip
    "choices": st.lists(st.sampled_from(["I01", "I02", "I03", "I04", "I99"]), max_size=4),
    "expect": st.integers(0, 3), "key": st.integers(0, 2), "short": st.booleans()})


def tap(code: str, *choices: str, expect: int = 0, key: str = "k" * 8, tablet: bool = False) -> Tap:
    """A press, as the door reads it."""
    return Tap(code, key, expect, choices, "", sure=False, tablet=tablet, row=f"{code} {key}"[:64])


def serve(house: House, taps: Sequence[Tap]) -> list[Any]:
    """The answers to presses of one moment."""
    with house.app.test_request_context("/b/cast", method="POST"):
        return casting._serve(taps)


def plain(answers: Sequence[Any]) -> list[Any]:
    """Answers of two boards beside each other: the mark of a receipt is of its board alone."""
    return [answer.rsplit("/", 1)[0] if isinstance(answer, str) else (type(answer), answer.code) for answer in answers]


def kept(house: House) -> dict[str, Any]:
    """What stands after some presses, but for what is drawn by chance."""
    with house.inside() as session:
        vote = queries.round_of(house.gathering().id)
        ballots = {row.tag: (row.choices, row.seq, row.klass) for row in session.scalars(select(Ballot))}
        keys = sorted((row.tag, row.key, row.seq) for row in session.scalars(select(CastKey)))
        told = [facts["seq"] for facts in box.told(house, Act.BALLOT_CAST)]
        seqs = vote.seq, vote.voted
        done = {row.id: row.answer.rsplit("/", 1)[0] for row in session.scalars(select(DoneRequest))}
    return {"ballots": ballots, "keys": keys, "told": told, "round": seqs, "answered": done,
            "board": [entry.get("tag") for entry in box.recount(house)]}


def fresh(house: House, revote: bool) -> list[str]:
    """An empty round with the same slips as before, one of them void; and no slip at the end."""
    with house.inside() as session:
        for table in ("cast_key", "ballot", "done_request"):
            session.execute(text(f"DELETE FROM {table}"))       # noqa: S608  # names from this line
        session.execute(text("DELETE FROM board_entry WHERE seq > 0"))
        session.execute(text("DELETE FROM ledger WHERE act = :act"), {"act": str(Act.BALLOT_CAST)})
        vote = session.scalars(select(Round)).one()
        vote.seq, vote.voted, vote.head, vote.revote = 0, 0, vote.rules_hash, revote
    return [codes.made_of(bytes([0, number] * 8)) for number in range(SLIPS + 1)]


@pytest.fixture
def together(house: House) -> House:
    """A day at its vote, with slips whose codes are the same ones each time."""
    box.vote_day(house)
    with house.inside() as session:
        vote = queries.round_of(house.gathering().id)
        service._add_slips(vote, [codes.made_of(bytes([0, number] * 8)) for number in range(SLIPS)], "")
        void = codes.tag_of(vote.id, codes.made_of(bytes([0, SLIPS - 1] * 8)))
        session.execute(update(Slip).where(Slip.tag == void).values(state="void", short=None))
        session.execute(update(Round).values(seq=0))
    return house


def test_in_whatever_parts_they_come_the_same_is_said_and_kept(together: House) -> None:
    @given(st.lists(TAP, min_size=1, max_size=12), st.lists(st.integers(1, 12), max_size=4), st.booleans())
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    def law(pressed: list[dict[str, Any]], parts: list[int], revote: bool) -> None:
        one_by_one = outcome([1] * len(pressed), pressed, revote)
        assert outcome([*parts, len(pressed)], pressed, revote) == one_by_one

    def outcome(parts: list[int], pressed: list[dict[str, Any]], revote: bool) -> Any:
        slips = fresh(together, revote)
        taps = [tap(codes.short(slips[one["slip"]]) if one["short"] else slips[one["slip"]], *one["choices"],
                    expect=one["expect"], key=f"key number {one['key']}") for one in pressed]
        answers: list[Any] = []
        for part in parts:
            batch = taps[len(answers):len(answers) + part]
            answers += serve(together, batch) if batch else []
        return plain(answers), kept(together)

    law()


def test_one_moment_is_one_write_and_each_gets_its_receipt(house: House) -> None:
    slips = box.vote_day(house, slips=12)
    batches: list[int] = []

    def counted(taps: Sequence[Tap]) -> list[Any]:
        batches.append(len(taps))
        return casting._serve(taps)

    house.app.extensions["ballot_line"] = casting.Line(counted)
    start, places = threading.Barrier(len(slips)), dict[str, str]()

    def press(code: str) -> None:
        start.wait()
        places[code] = box.cast(house.visitor(), code, "I01", "I02").location

    threads = [threading.Thread(target=press, args=(code,)) for code in slips]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sum(batches) == len(slips)
    marks = box.marks(house)
    numbers = {code: (int(place.split("/")[-2]), place.split("/")[-1]) for code, place in places.items()}
    assert sorted(number for number, _ in numbers.values()) == list(range(1, 13))
    assert all(marks[number] == mark for number, mark in numbers.values())
    board = box.recount(house)
    with house.inside():
        vote = queries.round_of(house.gathering().id)
        assert [board[numbers[code][0]]["tag"] for code in slips] == [codes.tag_of(vote.id, code) for code in slips]


def break_on(house: House, key: str) -> None:
    """The database breaks at one request's key."""
    with house.inside() as session:
        if "postgresql" in house.url:
            session.execute(text("CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS "
                                 "$$ BEGIN RAISE EXCEPTION 'broken'; END $$"))
            session.execute(text("CREATE TRIGGER broken BEFORE INSERT ON cast_key FOR EACH ROW "
                                 f"WHEN (NEW.key = '{key}') EXECUTE FUNCTION broken()"))
        else:
            session.execute(text(f"CREATE TRIGGER broken BEFORE INSERT ON cast_key WHEN NEW.key = '{key}' "
                                 "BEGIN SELECT RAISE(ABORT, 'broken'); END"))


def test_one_that_breaks_the_transaction_breaks_alone(house: House) -> None:
    slips = box.vote_day(house, slips=4)
    break_on(house, "broken key")
    taps = [tap(code, "I01", key="broken key" if number == 2 else "good key") for number, code in enumerate(slips)]
    answers = serve(house, taps)
    assert [isinstance(answer, str) for answer in answers] == [True, True, False, True]
    assert isinstance(answers[2], Exception)
    assert not isinstance(answers[2], Refused)
    board = box.recount(house)
    assert len(board) == 4
    assert kept(house)["round"] == (3, 3)
    assert [answer.rsplit("/", 1)[0] for answer in answers if isinstance(answer, str)] == [
        f"/b/done/{number}" for number in (1, 2, 3)]


def test_where_the_database_says_not_now_nothing_is_kept_and_each_may_come_again(
        house_sqlite: House, monkeypatch: pytest.MonkeyPatch) -> None:
    slips = box.vote_day(house_sqlite, slips=3)
    before = kept(house_sqlite)
    path = house_sqlite.url.removeprefix("sqlite:///")
    monkeypatch.setitem(PRAGMAS, "busy_timeout", 50)
    with house_sqlite.app.app_context():
        db.engine.dispose()                     # the next connection is set so
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")        # another program holds the file
        with pytest.raises(Busy):
            serve(house_sqlite, [tap(code, "I01") for code in slips])
    assert kept(house_sqlite) == before
    assert plain(serve(house_sqlite, [tap(code, "I01") for code in slips])) == [f"/b/done/{n}" for n in (1, 2, 3)]


def test_the_same_request_is_answered_the_same_after_the_close_and_after_the_slip_is_void(house: House) -> None:
    first, second, third = box.vote_day(house)
    taps = [tap(first, "I01"), tap(second, "I02", tablet=True)]
    answers = serve(house, taps)
    assert answers[1].endswith("?tablet=1")
    with house.inside() as session:
        vote = queries.round_of(house.gathering().id)
        session.execute(update(Slip).where(Slip.tag == codes.tag_of(vote.id, second)).values(state="void", short=None))
    box.close_now(house)
    again = serve(house, [*taps, tap(third, "I01"), tap(first, "I01", key="another key", expect=1)])
    assert again[:2] == answers
    assert [answer.code for answer in again[2:]] == ["vote_closed", "vote_closed"]


def test_other_ticks_under_a_used_key_are_never_told_to_be_stored(house: House) -> None:
    """The answer to a press was lost; its voter ticks something else on the same page, and presses again."""
    code, *_ = box.vote_day(house)
    (receipt,) = serve(house, [tap(code, "I01")])
    (told,) = serve(house, [tap(code, "I02")])
    assert (told.code, told.status) == ("came_before", 412)
    assert serve(house, [tap(code, "I01")]) == [receipt]
    (second,) = serve(house, [tap(code, "I02", expect=1, key="another key")])
    assert serve(house, [tap(code, "I03"), tap(code, "I01")]) == [receipt] * 2      # it is overwritten
    assert plain([second]) == ["/b/done/2"]
    box.close_now(house)
    again = serve(house, [tap(code, "I02", expect=1, key="another key"), tap(code, "I03", expect=1, key="another key")])
    assert again[0] == second
    assert again[1].code == "vote_closed"


def test_where_a_vote_cannot_be_changed_other_ticks_under_its_key_say_so(house: House) -> None:
    code, *_ = box.vote_day(house)
    with house.inside() as session:
        session.execute(update(Round).values(revote=False))
    (receipt,) = serve(house, [tap(code, "I01")])
    told, same = serve(house, [tap(code, "I02"), tap(code, "I01")])
    assert (told.code, same) == ("voted_already", receipt)


def test_what_is_asked_after_a_lost_answer_shows_what_was_ticked_last(house_sqlite: House) -> None:
    code, *_ = box.vote_day(house_sqlite)
    phone = house_sqlite.visitor()
    assert box.cast(phone, code, "I01", key="one key of a page").status_code == 303
    page = box.cast(phone, code, "I02", key="one key of a page")
    assert page.status_code == 412
    assert box.ticked(page) == {"I02"}
    assert "had arrived" in page.text
    assert box.cast(phone, code, "I02", expect=box.expect_of(page)).status_code == 303
    with house_sqlite.inside():
        assert queries.votes(house_sqlite.gathering().id)["I02"] == 1


def test_a_slip_of_another_vote_of_the_event_does_not_count(house: House) -> None:
    """It was found as a good slip, and before its turn its vote was annulled and another one opened."""
    code, *_ = box.vote_day(house)
    with house.inside() as session:
        vote = queries.round_of(house.gathering().id)
        tag, gathering = codes.tag_of(vote.id, code), vote.gathering_id
        vote.state = "annulled"
        session.flush()
        session.add(Round(gathering_id=gathering, options=vote.options, costs=vote.costs, state="open", head="0" * 64,
                          rules_hash="0" * 64))
    with house.app.test_request_context("/b/cast", method="POST"):
        (answer,) = casting._apart(gathering, [(tap(code, "I01"), tag)])
    assert answer.code == "wrong_slip"
    with house.inside() as session:
        assert session.scalars(select(Ballot)).all() == []


def test_a_receipt_of_a_rehearsal_is_not_given_once_it_is_wiped(house: House) -> None:
    house.day("pitch", ideas=5)
    with house.inside():
        here = box.host_here(house)
        rounds.rehearse(here)
        (code,) = service.draw_slips(queries.round_of(here.gathering.id), 1, here, test=True)
    (first,) = serve(house, [tap(code, "I01")])
    with house.inside():
        rounds.rehearse(box.host_here(house))
    (second,) = serve(house, [tap(code, "I02")])
    assert second != first
    assert serve(house, [tap(code, "I02")]) == [second]
    house.move_to("vote")
    box.open_now(house)
    (gone,) = serve(house, [tap(code, "I02")])
    assert gone.code == "wrong_slip"
