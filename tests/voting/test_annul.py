"""A closed vote is never opened again: it is annulled by two persons, in the open, and another one is held."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from ideathon import ledger
from ideathon.core.acts import Act
from ideathon.gatherings.doors import here_for
from ideathon.results import queries as results
from ideathon.results.models import AnnulledOutcome
from ideathon.stage import service as conducting
from ideathon.voting import queries
from ideathon.voting.models import Ballot, BoardEntry, Round
from tests.houses import House
from tests.results import small_day
from tests.voting import box

WHY = "The slips of Pape lay open on a table."


def ask(house: House) -> None:
    assert house.host().post("/e/ENGURE/annul", reason=WHY).status_code == 303


def back_to_the_vote(house: House) -> None:
    """The host presses "back" until the stage of voting runs again; the new vote opens with it."""
    with house.inside():
        for _ in range(6):
            gathering = house.gathering()
            if gathering.current_stage.kind == "vote":
                break
            conducting.back(here_for(gathering, house.person("host")), gathering.current_stage.ref)
        assert queries.round_of(gathering.id).state == "open"


def test_one_person_alone_annuls_nothing(house: House) -> None:
    small_day.revealed(house)
    ask(house)
    assert house.host().post("/e/ENGURE/annul/confirm").status_code == 409
    with house.inside():
        assert queries.round_of(house.gathering().id).state == "published"
    assert house.visitor().get("/e/ENGURE/result").status_code == 200


@pytest.mark.parametrize("how", ["voted", "revealed"])
def test_another_confirms_and_a_new_vote_is_held(house: House, how: str) -> None:
    getattr(small_day, how)(house)
    ask(house)
    assert house.manager().post("/e/ENGURE/annul/confirm").status_code == 303
    with house.inside() as session:
        states = session.scalars(select(Round.state).order_by(Round.id)).all()
        assert states == ["annulled", "draft"]
        assert session.scalar(select(func.count()).select_from(Ballot)) == 0
        assert all(session.scalars(select(Round.scrubbed).where(Round.state == "annulled")))
        assert session.scalar(select(func.count()).select_from(AnnulledOutcome)) == (how == "revealed")
        assert results.sealed(house.gathering().id) is None
        assert session.scalars(select(BoardEntry.entry).order_by(BoardEntry.seq.desc())).first()["kind"] == "annul"
        assert WHY in str([entry.facts for entry in ledger.entries(house.gathering().id)
                           if entry.act == str(Act.VOTE_ANNUL)])
    codes = box.draw(house, 3)
    back_to_the_vote(house)
    phone = house.visitor()
    for code in codes:
        assert box.cast(phone, code, "I03").status_code == 303
    assert WHY in house.phone().get("/e/ENGURE").text
    house.move_to("result")
    host = house.host()
    assert host.post("/e/ENGURE/seal").status_code == 303, host.text()
    for seen in range(3):
        host.post("/e/ENGURE/reveal", seen=seen)
    said = house.visitor().get("/e/ENGURE/result").text
    assert WHY in said
    with house.inside():
        assert queries.votes(house.gathering().id) == {"I01": 0, "I02": 0, "I03": 3}


def test_an_annulled_slip_opens_nothing(house: House) -> None:
    codes = box.vote_day(house, slips=1)
    box.cast(house.visitor(), codes[0], "I01")
    house.move_to("result")
    ask(house)
    house.manager().post("/e/ENGURE/annul/confirm")
    assert house.visitor().post("/b", code=codes[0]).status_code == 403


def test_the_question_can_be_taken_back(house: House) -> None:
    small_day.voted(house)
    ask(house)
    assert house.manager().post("/e/ENGURE/annul/drop").status_code == 303
    assert house.manager().post("/e/ENGURE/annul/confirm").status_code == 409
    assert house.host().post("/e/ENGURE/seal").status_code == 303


def test_an_open_vote_and_a_short_reason_are_refused(house_sqlite: House) -> None:
    box.vote_day(house_sqlite)
    assert house_sqlite.host().post("/e/ENGURE/annul", reason=WHY).status_code == 409
    house_sqlite.move_to("result")
    answer = house_sqlite.host().post("/e/ENGURE/annul", reason="oops")
    assert answer.status_code == 422
    assert 'value="oops"' in answer.text


@pytest.mark.parametrize("who", ["visitor", "phone", "juror"])
def test_only_organisers_ask(house_sqlite: House, who: str) -> None:
    small_day.voted(house_sqlite)
    for door in ("/annul", "/annul/confirm", "/annul/drop"):
        assert getattr(house_sqlite, who)().post(f"/e/ENGURE{door}", reason=WHY).status_code == 403
