"""Two people read the paper, in any order and with any mistakes: the box holds what both said, or what was settled."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import select

from ideathon import ledger
from ideathon.errors import Refused
from ideathon.voting import paper, paper_count, paper_queries, queries, rounds, service
from ideathon.voting.models import Ballot
from ideathon.voting.paper import Reading
from ideathon.voting.paper_models import PaperEntry
from ideathon.voting.paper_queries import BY_PHONE, PAPER, Step
from tests.houses import House
from tests.voting import box, papers

READINGS = (Reading("Hall", ["I01"]), Reading("Hall", ["I02", "I03"]), Reading("hall", ["I01"]),
            Reading("Library", ["I01"]), Reading("Hall", [], void_reason="blank"))
SERIALS = ("P1", "P2", "P3")
PEOPLE = (0, 1, 2)      # the host and two helpers


def at_desk(house: House) -> list[Any]:
    """Three people at the desk; inside `inside()`."""
    return [papers.host_here(house), papers.helper_here(house, 1), papers.helper_here(house, 2)]


def said(reading: Reading) -> tuple[str, tuple[str, ...], str, str]:
    """A reading as it is compared: the case of a place's letters is no difference."""
    marks = () if reading.void_reason else tuple(reading.choices)
    return reading.place.casefold(), marks, reading.channel, reading.void_reason


def recorded(session: Any) -> dict[str, tuple[str, tuple[str, ...], str, str]]:
    """What the box holds of paper."""
    rows = session.scalars(select(Ballot).where(Ballot.channel != "phone")).all()
    return {row.tag.removeprefix(PAPER): (row.place.casefold(), tuple(row.choices), row.channel, row.void_reason)
            for row in rows}


STEPS = st.lists(st.one_of(
    st.tuples(st.just("read"), st.sampled_from(SERIALS), st.sampled_from(PEOPLE), st.sampled_from(READINGS)),
    st.tuples(st.just("settle"), st.sampled_from(SERIALS), st.just(0), st.sampled_from(READINGS)),
    st.tuples(st.just("take back"), st.sampled_from(SERIALS), st.sampled_from(PEOPLE), st.booleans())), max_size=16)


class Model:
    """What should be: waiting and differing readings by serial, and the box."""

    def __init__(self) -> None:
        self.readings: dict[str, list[tuple[int, Any]]] = {}
        self.box: dict[str, Any] = {}

    def read(self, serial: str, who: int, reading: Reading) -> str:
        mine = self.readings.get(serial, [])
        if serial in self.box:
            return "serial_taken"
        if len(mine) == 2:
            return "entered_twice"
        if mine and mine[0][0] == who:
            return "same_person"
        self.readings[serial] = [*mine, (who, said(reading))]
        if mine and mine[0][1] == said(reading):
            self.box[serial] = said(reading)
        return ""

    def settle(self, serial: str, _who: int, reading: Reading) -> str:
        if len(self.readings.get(serial, [])) < 2:
            return "nothing_to_settle"
        if serial in self.box:
            return "serial_taken"
        self.box[serial] = said(reading)
        return ""

    def take_back(self, serial: str, who: int, anybodys: bool) -> str:
        mine = self.readings.get(serial, [])
        if serial in self.box or not (mine and (anybodys or (len(mine) == 1 and mine[0][0] == who))):
            return "not_waiting"
        del self.readings[serial]
        return ""


def play(step: tuple[Any, ...], desk: list[Any]) -> str:
    """The step in the program; gives the code of a refusal."""
    what, serial, who, more = step
    try:
        if what == "read":
            paper.enter(desk[who], PAPER + serial, more)
        elif what == "settle":
            paper.settle(desk[who], PAPER + serial, more)
        else:
            paper.take_back(desk[who], PAPER + serial, anybodys=more)
    except Refused as refused:
        return refused.code
    return ""


def check_any_order(house: House, steps: list[tuple[Any, ...]]) -> None:
    box.fresh_round(house, 0)
    model = Model()
    with house.inside() as session:
        session.query(PaperEntry).delete()
        desk = at_desk(house)
        for step in steps:
            assert play(step, desk) == getattr(model, step[0].replace(" ", "_"))(*step[1:]), step
            session.flush()
        assert recorded(session) == model.box
        vote = queries.round_of(desk[0].gathering.id)
        open_now = Counter(one.step for one in paper_queries.papers(vote))
        left = [len(found) for serial, found in model.readings.items() if serial not in model.box]
        assert (open_now[Step.WAITING], open_now[Step.DIFFERS]) == (left.count(1), left.count(2))
        assert queries.figures(vote.gathering_id)["counted"] == sum(not one[3] for one in model.box.values())
    entries = [one for one in box.recount(house) if one["kind"] == "paper"]
    assert sorted(one["tag"] for one in entries) == sorted(PAPER + serial for serial in model.box)


def test_the_box_holds_exactly_what_was_agreed_or_settled(house: House) -> None:
    house.day("vote", ideas=3)

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def law(steps: list[tuple[Any, ...]]) -> None:
        check_any_order(house, steps)

    law()


@pytest.mark.parametrize("closed", [False, True])
def test_a_slip_counts_once_whichever_way_comes_first(house: House, closed: bool) -> None:
    house.day("vote", ideas=3)

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.permutations(["phone", "phone again", "first", "second"]), st.booleans())
    def law(order: list[str], agree: bool) -> None:
        one_stub(house, order, agree=agree, closed=closed)

    law()


def one_stub(house: House, order: list[str], *, agree: bool, closed: bool) -> None:
    """A slip's paper and its phone, in this order: one ballot, and whoever is late is told."""
    code = box.fresh_round(house, 1)[0]
    with house.inside() as session:
        session.query(PaperEntry).delete()
        desk, vote = at_desk(house), queries.round_of(house.gathering().id, lock=True)
        tag, by_phone, readers = paper.tag_of(vote, code.lower()), False, []
        for what in order:
            if what.startswith("phone"):
                by_phone |= phoned(desk[0], vote, tag, what)
            else:
                desk[len(readers)].thing = vote
                reading = Reading("Hall", ["I02"] if agree or what == "first" else ["I03"])
                readers.append(read_or_aside(desk[len(readers)], tag, reading))
            session.flush()
        ballot = session.scalars(select(Ballot)).one_or_none()
        assert (ballot is not None and ballot.channel == "phone") == by_phone
        if not by_phone and agree:
            assert ballot is not None
        if closed and by_phone and len(readers) == 2:
            rounds.close_round(desk[0])
            settle_if_needed(desk[0], vote, tag)
            paper_count.set_account(desk[0], "Hall", issued=1, spoiled=1)
            assert paper_queries.still_open(queries.round_of(vote.gathering_id)) == []
    kinds = Counter(entry["kind"] for entry in box.recount(house) if entry.get("tag") == tag)
    assert not (kinds["vote"] and kinds["paper"])
    assert kinds["paper"] <= 1


def phoned(here: Any, vote: Any, tag: str, key: str) -> bool:
    """Whether the phone's vote was taken."""
    held = queries.number_of(vote, tag)
    if held and paper_queries.channel_of(vote, tag) != "phone":
        with pytest.raises(Refused, match="voted_on_paper"):
            service.cast(here, vote, tag, ["I01"], key=key * 4, expect=held)
        return False
    service.cast(here, vote, tag, ["I01"], key=key * 4, expect=held)
    return True


def read_or_aside(here: Any, tag: str, reading: Reading) -> Step:
    """The paper is read; told that its slip voted by phone, the reader puts it aside."""
    if paper_queries.channel_of(here.thing, tag) != "phone":
        return paper.enter(here, tag, reading)
    with pytest.raises(Refused, match="slip_by_phone"):
        paper.enter(here, tag, reading)
    return paper.enter(here, tag, Reading(reading.place, [], void_reason=BY_PHONE))


def settle_if_needed(here: Any, vote: Any, tag: str) -> None:
    if paper_queries.papers(vote)[0].step is Step.DIFFERS:
        with pytest.raises(Refused, match="slip_by_phone"):
            paper.settle(here, tag, Reading("Hall", ["I01"]))
        assert paper.settle(here, tag, Reading("Hall", [], void_reason=BY_PHONE)) is Step.ASIDE


def test_the_record_says_who_read_and_who_settled_and_never_what(house: House) -> None:
    box.vote_day(house)
    papers.read(house.host(), "P1", "I01")
    papers.read(house.helper(), "P1", "I02")
    assert house.manager().post("/e/ENGURE/paper/settle", tag="paper:P1", take="2").status_code == 303
    with house.inside():
        found = [one for one in ledger.entries(house.gathering().id) if one.thing == "ballot"]
        assert [(one.act, one.actor_role) for one in found] == [
            ("ballot:enter", "host"), ("ballot:enter", "helper"), ("paper:settle", "manager")]
        assert not any("I0" in str(one.facts) or "P1" in str(one.facts) for one in found)
        assert queries.votes(house.gathering().id)["I02"] == 1


def test_nobody_sees_the_others_reading_but_who_settles_it(house: House) -> None:
    box.vote_day(house)
    host, helper = house.host(), house.helper()
    papers.read(host, "P1", "I01", "I03")
    for client in (helper, house.manager()):
        page = client.get("/e/ENGURE/paper").text
        assert "P1" in page
        assert " checked" not in page.replace('value="paper" checked', "")
    answer = papers.read(helper, "P1", "I02")
    assert answer.status_code == 303
    assert "differ" in helper.get(answer.location).text
    assert helper.get("/e/ENGURE/paper/differences").status_code == 403
    page = host.get("/e/ENGURE/paper/differences").text
    assert page.index("Idea 1") < page.index("Helper 1 read") < page.index("Idea 2")
    assert helper.post("/e/ENGURE/paper/settle", tag="paper:P1", take="1").status_code == 403


def test_one_person_is_not_two_and_can_take_back_what_waits(house: House) -> None:
    box.vote_day(house)
    host = house.host()
    assert papers.read(host, "P1", "I01").status_code == 303
    again = papers.read(host, "P1", "I01")
    assert again.status_code == 422
    assert "Another person must read it too" in again.text
    assert 'value="I01" checked' in again.text
    assert house.helper().post("/e/ENGURE/paper/take-back", tag="paper:P1").status_code == 409
    assert host.post("/e/ENGURE/paper/take-back", tag="paper:P1").status_code == 303
    assert papers.read(host, "P1", "I02").status_code == 303


def test_a_third_reading_is_typed_with_the_paper_in_hand_and_kept_on_errors(house: House) -> None:
    box.vote_day(house)
    papers.read(house.host(), "P1", "I01")
    papers.read(house.helper(), "P1", "I02")
    more = {"tag": "paper:P1", "take": "3", "place": "Hall", "channel": "paper"}
    wrong = house.host().post("/e/ENGURE/paper/settle", **more, choices=["I01", "I02", "I03", "I04"])
    assert wrong.status_code == 422
    assert wrong.text.count('value="I04" checked') == 1
    assert house.host().post("/e/ENGURE/paper/settle", **more, choices=["I03"]).status_code == 303
    with house.inside() as session:
        assert recorded(session) == {"P1": ("hall", ("I03",), "paper", "")}


def test_an_unknown_or_void_code_of_a_slip_is_no_serial(house: House) -> None:
    box.vote_day(house)
    answer = papers.read(house.host(), "0123-4567-89AB", "I01")
    assert answer.status_code == 422
    assert "no good slip" in answer.text


def test_place_and_way_stay_for_the_next_ballot_and_the_serial_has_the_focus(house: House) -> None:
    box.vote_day(house)
    host = house.host()
    answer = papers.read(host, "P1", "I01", place="Library", channel="assisted")
    page = host.get(answer.location).text
    assert 'value="Library"' in page
    assert 'value="assisted" checked' in page
    assert 'autofocus' in page[page.index('id="serial"') - 60:page.index('id="serial"') + 260]


def test_the_phone_of_a_slip_that_voted_on_paper_is_told_so_and_shown_no_choice(house: House) -> None:
    code = box.vote_day(house)[0]
    for desk in (house.host(), house.helper()):
        assert papers.read(desk, code, "I01").status_code == 303
    phone = house.visitor()
    page = phone.post("/b", code=code).text
    assert "was used on paper" in page
    assert " checked" not in page
    late = box.cast(phone, code, "I02", expect=1)
    assert late.status_code == 409
    assert "was used on paper" in late.text
    with house.inside():
        assert queries.votes(house.gathering().id)["I01"] == 1
