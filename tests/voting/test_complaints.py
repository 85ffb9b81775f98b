"""Complaints: within their time by anybody, without a name; answered for everybody; their text for those who answer."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from ideathon.clock import now
from ideathon.ledger import Entry
from ideathon.voting import complaint_views, sealing
from ideathon.voting.models import Complaint, Openings, Round
from ideathon.web.limits import Paces
from tests.houses import House
from tests.results import small_day
from tests.voting.test_sealing import witnesses

DOOR, DESK, RESULT = "/e/ENGURE/complaint", "/e/ENGURE/complaints", "/e/ENGURE/result"
TEXT = "At the library three slips lay open on the table."


def test_a_complaint_gets_a_number_and_an_answer_that_everybody_reads(house: House) -> None:
    small_day.revealed(house)
    visitor, host = house.visitor(), house.host()
    assert DOOR in visitor.get(RESULT).text
    page = visitor.post(DOOR, text=TEXT, follow=True)
    assert "complaint is number 1" in page.text
    assert TEXT not in page.text
    assert visitor.post(DOOR, text="x").status_code == 422
    assert visitor.post(DOOR, text="y" * 1001).status_code == 422
    visitor.post(DOOR, text=f"{TEXT} And again.")
    assert TEXT in host.get(DESK).text
    for who in (visitor, house.phone(), house.juror(), house.mentor()):
        assert who.get(DESK).status_code == 403
        assert who.post(f"{DESK}/1", answer="It was nothing at all.").status_code == 403
    assert host.post(f"{DESK}/1", answer="").status_code == 422
    assert host.post(f"{DESK}/1", answer="They were counted: none is missing.").status_code == 303
    assert host.post(f"{DESK}/7", answer="They were counted: none is missing.").status_code == 404
    said = house.visitor().get(RESULT).text
    assert "They were counted: none is missing." in said
    assert "Complaint 2" in said
    assert TEXT not in said
    with house.inside() as session:
        assert [one.text for one in session.scalars(select(Complaint).order_by(Complaint.number))] == [
            TEXT, f"{TEXT} And again."]
        told = [f"{one.thing} {one.facts} {one.actor_id}" for one in session.scalars(
            select(Entry).where(Entry.act == "complaint:make"))]
    assert told == ["complaint:1 {} None", "complaint:2 {} None"]


def test_before_the_seal_and_after_its_time_nothing_is_taken(house: House) -> None:
    small_day.voted(house)
    visitor = house.visitor()
    assert "not happened yet" in visitor.get(DOOR).text
    assert visitor.post(DOOR, text=TEXT).status_code == 409
    host = house.host()
    assert host.post("/e/ENGURE/seal").status_code == 303
    assert visitor.post(DOOR, text=TEXT).status_code == 303
    with house.inside() as session:
        kept = dict(session.scalars(select(Round)).one().kept)
        assert kept["until"] == str((now() + timedelta(days=sealing.KEPT_DAYS)).date())
        session.execute(update(Round).values(kept=kept | {"until": str((now() - timedelta(days=1)).date())}))
    assert "time for complaints ended" in visitor.get(DOOR).text
    assert visitor.post(DOOR, text=TEXT).status_code == 409
    with house.inside() as session:
        assert len(session.scalars(select(Complaint)).all()) == 1


def test_whoever_floods_is_slowed(house_sqlite: House) -> None:
    house = house_sqlite
    small_day.revealed(house)
    house.app.extensions["paces"] = book = Paces(clock=lambda: 0.0)
    book.put("complaint", hash("127.0.0.1"), complaint_views.PACE, 2)
    visitor = house.visitor()
    assert [visitor.post(DOOR, text=TEXT).status_code for _ in range(3)] == [303, 303, 429]


def test_the_result_says_until_when_the_ballots_are_kept_and_when_they_were_destroyed(house: House) -> None:
    small_day.voted(house)
    witnesses(house)
    host = house.host()
    host.post("/e/ENGURE/seal")
    for seen in range(3):
        host.post("/e/ENGURE/reveal", seen=seen)
    assert "Two witnesses can open the locked ballots" in house.visitor().get(RESULT).text
    with house.inside() as session:
        assert sealing.destroy_old(now() + timedelta(days=sealing.KEPT_DAYS + 1)) == 1
        assert session.scalars(select(Openings.locked)).one() is None
    assert "locked ballots were destroyed" in house.visitor().get(RESULT).text


def test_without_witnesses_it_says_so(house_sqlite: House) -> None:
    small_day.revealed(house_sqlite)
    assert "had no witnesses" in house_sqlite.visitor().get(RESULT).text
