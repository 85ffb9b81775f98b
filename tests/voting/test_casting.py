"""One slip at the door of the vote: what is taken, what is refused, and what the voter is told."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from ideathon.clock import now
from ideathon.gatherings.doors import here_for
from ideathon.ledger import Entry
from ideathon.stage import service as stage_service
from ideathon.voting import board, codes, doors, queries, rounds, service
from ideathon.voting.models import Ballot, Round, Slip
from ideathon.web.limits import Paces
from tests.houses import House
from tests.voting import box


def test_a_slip_leads_to_its_ballot_and_the_vote_to_a_receipt(house: House) -> None:
    code, *_ = box.vote_day(house)
    phone = house.visitor()
    page = phone.post("/b", code=code.lower())
    assert page.status_code == 200
    assert box.ticked(page) == set()
    assert [f"I0{n}" in page.text for n in range(1, 6)] == [True] * 5
    assert page.text.index("Idea 1") < page.text.index("Idea 5")
    answer = box.cast(phone, code, "I01", "I03")
    assert answer.status_code == 303
    entries = box.recount(house)
    assert entries[-1]["kind"] == "vote"
    receipt = phone.get(answer.location).text
    assert "recorded as number 1" in receipt
    assert "Idea 1" not in receipt
    assert "I01" not in receipt
    again = phone.post("/b", code=code)
    assert box.ticked(again) == {"I01", "I03"}
    assert box.expect_of(again) == 1


def test_the_last_vote_counts_and_the_first_is_gone(house: House) -> None:
    code, *_ = box.vote_day(house)
    phone = house.visitor()
    box.cast(phone, code, "I01")
    box.cast(phone, code, "I02", "I04", expect=1)
    with house.inside() as session:
        assert queries.votes(house.gathering().id) == {"I01": 0, "I02": 1, "I03": 0, "I04": 1, "I05": 0}
        assert queries.figures(house.gathering().id)["superseded"] == 1
        (ballot,) = session.scalars(select(Ballot))
        assert ballot.choices == ["I02", "I04"]
        whole = queries.ballot_form(session.scalars(select(Round)).one())
        shown = board.commitment(ballot.nonce, service.ballots.canonical_bytes(whole, ballot.choices))
    assert box.recount(house)[-1]["commit"] == shown


def test_a_fourth_choice_is_refused_with_the_chosen_kept(house: House) -> None:
    code, *_ = box.vote_day(house)
    answer = box.cast(house.visitor(), code, "I01", "I02", "I03", "I04")
    assert answer.status_code == 422
    assert "Choose at most 3 ideas" in answer.text
    assert box.ticked(answer) == {"I01", "I02", "I03", "I04"}
    assert len(box.recount(house)) == 1


@pytest.mark.parametrize("choices", [(), ("I99",), ("I01", "I01"), ("I01", "")])
def test_what_is_no_ballot_is_refused(house: House, choices: tuple[str, ...]) -> None:
    code, *_ = box.vote_day(house)
    assert box.cast(house.visitor(), code, *choices).status_code == 422
    assert len(box.recount(house)) == 1


def test_a_second_phone_is_told_and_overwrites_nothing(house: House) -> None:
    code, *_ = box.vote_day(house)
    first, second = house.visitor(), house.visitor()
    seen = box.expect_of(second.post("/b", code=code))
    box.cast(first, code, "I01")
    answer = box.cast(second, code, "I02", expect=seen)
    assert answer.status_code == 412
    assert "used on another phone" in answer.text
    assert box.ticked(answer) == {"I01"}
    assert box.expect_of(answer) == 1
    assert box.cast(second, code, "I02", expect=1).status_code == 303
    assert [entry["kind"] for entry in box.recount(house)] == ["open", "vote", "vote"]


def test_the_same_press_twice_is_one_vote_on_any_phone_and_for_ever(house: House) -> None:
    code, *_ = box.vote_day(house)
    first, second = house.visitor(), house.visitor()
    got = box.cast(first, code, "I01", key="a" * 32).location
    assert box.cast(first, code, "I01", key="a" * 32).location == got
    assert box.cast(second, code, "I01", key="a" * 32).location == got
    box.cast(first, code, "I02", expect=1)
    assert box.cast(second, code, "I01", key="a" * 32, expect=2).location == got
    with house.inside():
        assert queries.votes(house.gathering().id)["I02"] == 1
        assert queries.votes(house.gathering().id)["I01"] == 0
    assert len(box.recount(house)) == 3


def test_one_millisecond_after_the_close_is_too_late(house: House) -> None:
    code, *_ = box.vote_day(house)
    with house.inside() as session:
        vote = session.scalars(select(Round)).one()
        for late, in_time in ((-1, True), (0, False), (1, False)):
            moment = vote.closes_at + timedelta(milliseconds=late)
            assert queries.facts(house.gathering(), moment)["in_time"] is in_time
        session.execute(update(Round).values(closes_at=now() - timedelta(milliseconds=1)))
    answer = box.cast(house.visitor(), code, "I01")
    assert answer.status_code == 409
    assert "Voting has closed" in answer.text
    assert "came too late" in answer.text
    assert box.recount(house)[-1]["kind"] == "open"


def test_while_the_day_is_paused_a_ballot_waits_and_keeps_its_ticks(house: House) -> None:
    code, *_ = box.vote_day(house)
    with house.inside():
        stage_service.pause(box.host_here(house), True)
    phone = house.visitor()
    shown = phone.post("/b", code=code).text
    assert "The day is paused" in shown
    assert "has closed" not in shown
    refused = box.cast(phone, code, "I02")
    assert refused.status_code == 409
    assert "has closed" not in refused.text
    assert re.search(r'value="I02" checked(?! disabled)', refused.text)
    assert 'form="ballot"' in refused.text


@pytest.mark.parametrize("expect", ["", "abc", "-1", "9" * 40])
def test_a_form_without_its_number_is_incomplete_and_nobody_else_is_blamed(house: House, expect: str) -> None:
    code, *_ = box.vote_day(house)
    refused = house.visitor().post("/b/cast", code=code, choice=["I01"], expect=expect)
    assert refused.status_code == 400
    assert "another phone" not in refused.text


def test_before_the_opening_and_after_the_close_the_server_refuses(house: House) -> None:
    house.day("pitch")
    (code,) = box.draw(house, 1)
    phone = house.visitor()
    assert "has not opened yet" in phone.post("/b", code=code).text
    early = box.cast(phone, code, "I01")
    assert (early.status_code, "Voting is not open" in early.text) == (409, True)
    box.open_now(house)
    box.cast(phone, code, "I01")
    head = box.close_now(house)
    late = box.cast(phone, code, "I02", expect=1)
    assert late.status_code == 409
    assert box.ticked(late) == {"I01"}
    assert 'name="choice" value="I02" disabled' in late.text
    assert box.close_now(house) == head
    assert [entry["kind"] for entry in box.recount(house)] == ["open", "vote", "close"]


def test_unknown_and_void_codes_get_one_and_the_same_answer(house: House) -> None:
    good, void, *_ = box.vote_day(house)
    with house.inside() as session:
        vote = session.scalars(select(Round)).one()
        session.execute(update(Slip).where(Slip.tag == codes.tag_of(vote.id, void)).values(state="void"))
    answers = []
    for wrong in (void, codes.draw(), "", "x", "é" * 26, good[:-1], "\x00" * 26):
        phone = house.visitor()
        for page in (phone.post("/b", code=wrong), box.cast(phone, wrong, "I01")):
            assert page.status_code == 403
            assert "code is not valid" in page.text
            answers.append(len(page.text))
    assert max(answers) - min(answers) < 40     # tokens of the form differ, words do not
    assert len(box.recount(house)) == 1


def test_a_code_may_be_typed_in_groups_and_with_look_alikes(house: House) -> None:
    code, *_ = box.vote_day(house)
    typed = " - ".join(codes.groups(code)).lower().replace("0", "o").replace("1", "l")
    assert house.visitor().post("/b", code=typed).status_code == 200


def test_wrong_codes_from_one_address_are_slowed_but_right_ones_never(house: House) -> None:
    code, *_ = box.vote_day(house)
    phone = house.visitor()
    house.app.extensions["paces"] = book = Paces(clock=lambda: 0.0)         # no time passes in this hall
    book.put("slip", hash("127.0.0.1"), doors.WRONG_CODES, 2)               # … and it has mistyped nearly 300 already
    assert [phone.post("/b", code="7" * 26).status_code for _ in range(3)] == [403, 403, 429]
    assert phone.post("/b", code=code).status_code == 200


def test_the_voter_is_nobody_even_in_a_signed_in_browser(house: House) -> None:
    code, *others = box.vote_day(house, slips=9)
    phone = house.phone("Zane Testa")
    assert "Zane Testa" not in phone.post("/b", code=code).text
    answer = box.cast(phone, code, "I01")
    assert "Zane Testa" not in phone.get(answer.location).text
    with house.inside() as session:         # one vote moves nothing in the record: five together are one entry
        assert not session.scalars(select(Entry).where(Entry.act == "ballot:cast")).all()
    for one in others[:4]:
        box.cast(phone, one, "I01")
    mark = box.marks(house)[5]
    with house.inside() as session:
        entry = session.scalars(select(Entry).where(Entry.act == "ballot:cast")).one()
        assert (entry.actor_id, entry.actor_role, entry.facts) == (None, "", {"seq": 5, "mark": mark})
        assert (entry.at.second, entry.at.microsecond) == (0, 0)


def test_a_foreign_receipt_is_not_found(house: House) -> None:
    code, *_ = box.vote_day(house)
    phone = house.visitor()
    seq, mark = box.cast(phone, code, "I01").location.split("/")[-2:]
    assert phone.get(f"/b/done/{seq}/{mark}").status_code == 200
    for address in (f"2/{mark}", f"{seq}/{'0' * 16}", f"{seq}/{mark[:4]}", f"0/{mark}", f"99999999999999/{mark}",
                    f"{seq}/%00{mark[1:]}"):
        assert phone.get(f"/b/done/{address}").status_code == 404


def test_options_and_rules_are_frozen_when_the_vote_opens(house: House) -> None:
    code, *_ = box.vote_day(house, ideas=3)
    opening = box.recount(house)[0]
    assert opening["options"] == ["I01", "I02", "I03"]
    assert opening["slips"]["count"] == 3
    with house.inside() as session:
        gathering = house.gathering()
        found = queries.ideas.one(gathering.id, "I02")
        found.state = "hidden"
        session.flush()
        here = here_for(gathering, house.person("host"))
        assert rounds.open_round(here, None).options == ["I01", "I02", "I03"]
    page = house.visitor().post("/b", code=code)
    assert "Idea 2" not in page.text
    assert "taken back" in page.text
    box.cast(house.visitor(), code, "I01", "I02")
    with house.inside():
        assert queries.votes(house.gathering().id) == {"I01": 1, "I03": 0}


def test_the_clock_of_the_stage_is_the_clock_of_the_vote(house: House) -> None:
    code, *_ = box.vote_day(house)
    with house.inside():
        here = box.host_here(house)
        stage = here.gathering.current_stage
        stage.ends_at, stage.remaining_ms = None, 5000
        rounds.follow_clock(here)
        assert queries.turnout(here.gathering.id)["closes_at"] is None
    assert box.cast(house.visitor(), code, "I01").status_code == 409      # a pause waits for everybody
    with house.inside():
        here = box.host_here(house)
        here.gathering.current_stage.remaining_ms = None
        here.gathering.current_stage.ends_at = now() + timedelta(minutes=5)
        rounds.follow_clock(here)
    assert box.cast(house.visitor(), code, "I01").status_code == 303
    with house.inside():
        here = box.host_here(house)
        here.gathering.current_stage.ends_at = now() - timedelta(seconds=1)
        rounds.follow_clock(here)
    assert box.cast(house.visitor(), code, "I02", expect=1).status_code == 409
