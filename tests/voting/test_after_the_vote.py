"""What is left of a vote: after it was annulled, after the seal, after thirty days; who is refused what then."""

from __future__ import annotations

import json
import sqlite3
from datetime import timedelta
from typing import Any

import pyrage
import pytest
from sqlalchemy import func, select, update

from ideathon import ledger
from ideathon.clock import now
from ideathon.core.acts import Act
from ideathon.errors import Refused
from ideathon.gatherings.doors import here_for
from ideathon.voting import hands, paper_count, public, queries, sealing, service
from ideathon.voting.models import Annulment, Ballot, BoardEntry, CastKey, Openings, Round, Witness
from ideathon.voting.paper_models import HandsCount, PaperEntry, PaperRecheck
from tests.houses import House
from tests.results import small_day
from tests.voting import box, papers
from tests.voting.box import refused, standing, told

WHY = "The slips lay open."
ODD = {"profile": "letter", "method": "star", "min_choices": 2, "max_choices": 7, "budget_cents": 12_345, "age": 16,
       "revote": False, "shuffled": True, "publish": "full", "classes": [{"ref": "a", "name": "A"}],
       "overrides": ["few_slips"]}
"""What a vote may ask, and nothing of it as by default."""


def test_a_new_vote_asks_everything_that_the_annulled_one_asked(house: House) -> None:
    small_day.voted(house)
    with house.inside() as session:
        service.ask_annul(box.host_here(house), WHY)
        session.execute(update(Round).values(**ODD))
    with house.inside() as session:
        old = sealing.annul(here_for(house.gathering(), house.person("manager")))
        assert (old.state, old.scrubbed, old.told) == ("annulled", False, None)
        fresh = standing(house)
        assert {name: getattr(fresh, name) for name in ODD} == ODD
        assert (fresh.state, fresh.seq, fresh.head, fresh.options, fresh.kept) == ("draft", 0, "", [], None)
        asked = session.scalars(select(Annulment)).one()
        assert (asked.confirmed_by, asked.confirmed_at is not None) == (house.person("manager").id, True)
        last = session.scalars(select(BoardEntry).order_by(BoardEntry.seq)).all()[-1]
        assert (last.entry, last.digest) == ({"kind": "annul", "why": WHY}, old.head)
        assert told(house, Act.VOTE_ANNUL)[-1] == {"state": "annulled", "head": old.head, "reason": WHY}


def test_nothing_is_annulled_unasked_or_by_one_person(house: House) -> None:
    small_day.voted(house)
    assert refused(house, sealing.annul) == "not_asked"
    assert refused(house, service.drop_annul) == "not_asked"
    with house.inside():
        service.ask_annul(box.host_here(house), WHY)
    assert refused(house, sealing.annul) == "second_person"
    with house.inside():
        nobody = here_for(house.gathering(), None)
        for verb in (sealing.annul, lambda here: service.ask_annul(here, "Why not.")):
            with pytest.raises(Refused, match="second_person"):
                verb(nobody)
        service.drop_annul(box.host_here(house))
        assert public.asked(standing(house)) is None
        assert told(house, Act.VOTE_ANNUL) == [{"asked": True, "reason": WHY}, {"asked": False}]
        assert standing(house).state == "closed"


def test_after_the_seal_no_table_holds_what_somebody_chose(house: House) -> None:
    small_day.voted(house)
    with house.inside() as session:
        papers.boxed(house, "P1", "Hall", ["I01"])
        papers.boxed(house, "P2", "Hall", ["I03"])
        for who in (papers.host_here, papers.helper_here):
            hands.count_hands(who(house), "Barn", 2, {"I02": 2})
        papers.add_up(house)
        session.add(PaperRecheck(round_id=standing(house).id, tags=["paper:P1"], differing=[],
                                 by_id=house.person("host").id))
        kept = [Ballot, CastKey, PaperEntry, HandsCount, PaperRecheck]
        assert all(session.scalar(select(func.count()).select_from(model)) for model in kept)
    with house.inside() as session:
        gathering, before = house.gathering().id, standing(house)
        paper_count.count(box.host_here(house))
        figures, turnout = queries.figures(gathering), queries.turnout(gathering)
        vote = sealing.seal(box.host_here(house), "ab" * 32)
        assert vote.id == before.id
        assert [session.scalar(select(func.count()).select_from(model)) for model in kept] == [0] * 5
        last = session.scalars(select(BoardEntry.entry).order_by(BoardEntry.seq.desc())).first()
        totals = {"I01": 4, "I02": 6, "I03": 2}
        assert last == {"kind": "result", "ballots": 10, "totals": totals, "outcome": "ab" * 32}
        assert (vote.kept["figures"], vote.kept["turnout"], vote.kept["totals"]) == (figures, turnout, totals)
        assert sorted(one["serial"] for one in vote.kept["papers"]) == ["P1", "P2"]
        assert vote.kept["until"] == str(now().date() + timedelta(days=30))


def locked_for(house: House) -> Any:
    """A key that opens the ballots of the vote that stands."""
    key = pyrage.x25519.Identity.generate()
    with house.inside() as session:
        session.add(Witness(round_id=standing(house).id, number=1, recipient=str(key.to_public())))
    return key


def test_what_is_locked_away_says_of_which_vote_it_is_and_goes_when_that_is_annulled(house: House) -> None:
    small_day.voted(house)
    key = locked_for(house)
    with house.inside() as session:
        nonces = {row.nonce: row.choices for row in session.scalars(select(Ballot))}
        vote = sealing.seal(box.host_here(house), "ab" * 32)
        (kept,) = session.scalars(select(Openings)).all()
        opened = json.loads(pyrage.decrypt(kept.locked, [key]))
        ballots = {one["nonce"]: one["choices"] for one in opened.pop("openings")}
        assert (ballots, opened) == (nonces, {"form": "ideathon-openings-1", "event": "ENGURE", "round": vote.id})
        assert kept.keep_until == now().date() + timedelta(days=30)
        service.ask_annul(box.host_here(house), WHY)
        sealing.annul(here_for(house.gathering(), house.person("manager")))
        assert session.scalars(select(Openings)).all() == []


def test_where_somebody_else_writes_nothing_is_cleared_and_nothing_breaks(house_sqlite: House) -> None:
    house = house_sqlite
    small_day.voted(house)
    with house.inside():
        sealing.seal(box.host_here(house), "ab" * 32)
    writer = sqlite3.connect(house.url)
    writer.execute("BEGIN IMMEDIATE")
    with house.app.test_request_context():
        assert sealing.scrub() is False
        assert sealing.clear_names() is False
    writer.rollback()
    writer.close()
    with house.app.test_request_context():
        assert sealing.clear_names() is True
        assert sealing.scrub() is True


def test_openings_are_kept_to_the_end_of_the_thirtieth_day(house: House) -> None:
    small_day.voted(house)
    with house.inside() as session:
        vote = standing(house)
        vote.kept, vote.scrubbed, today = {}, True, now()
        session.add(Openings(round_id=vote.id, locked=b"x", keep_until=sealing.last_day(today)))
        session.flush()
        assert sealing.destroy_old(today + timedelta(days=30)) == 0
        assert session.scalars(select(Openings.locked)).one() == b"x"
        assert sealing.destroy_old(today + timedelta(days=31)) == 1
        assert session.scalars(select(Openings.locked)).one() is None
        assert not vote.scrubbed
        assert {"destroyed": str((today + timedelta(days=30)).date())} in told(house, Act.RESULT_SEAL)


def test_a_vote_is_published_once(house: House) -> None:
    small_day.voted(house)
    with house.inside() as session:
        vote = standing(house)
        sealing.publish(box.host_here(house))
        assert vote.state == "closed"
        vote.state = "sealed"
        session.flush()
        sealing.publish(box.host_here(house))
        sealing.publish(box.host_here(house))
        assert vote.state == "published"
        published = [entry for entry in ledger.entries(house.gathering().id) if entry.facts.get("state") == "published"]
        assert [(entry.actor_id, entry.facts["head"]) for entry in published] == [(house.person("host").id, vote.head)]


def test_what_an_older_program_sealed_keeps_its_figures_and_no_ballot(house: House) -> None:
    small_day.voted(house)
    with house.inside() as session:
        gathering, vote = house.gathering().id, standing(house)
        was = {"figures": queries.figures(gathering), "turnout": queries.turnout(gathering), "papers": [],
               "totals": queries.votes(gathering)}
        vote.scrubbed = True
        sealing.leave_old(vote, now())
        assert vote.kept == was
        assert session.scalar(select(func.count()).select_from(Ballot)) == 0
        assert (vote.scrubbed, {"destroyed": True} in told(house, Act.RESULT_SEAL)) == (False, True)
    with house.app.test_request_context():
        assert sealing.scrub() is True
        assert sealing.scrub() is True
    with house.inside():
        assert standing(house).scrubbed
