"""What a vote gives away: totals alone, or every ballot where that was chosen before; small groups never."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import null, select, update

from ideathon import ledger
from ideathon.clock import now
from ideathon.core.tally import files
from ideathon.results import service as results
from ideathon.results.models import SealedOutcome
from ideathon.voting import publishing, queries, sealing, verifying
from ideathon.voting.models import Ballot, BoardEntry, Round
from tests.houses import House
from tests.results import small_day

TWELVE = [["I01"], ["I01"], ["I01", "I02"], ["I01", "I02"], ["I02"], ["I02"], ["I02"], ["I01", "I02", "I03"], ["I03"],
          ["I01"], ["I02", "I03"], ["I02"]]
MARKS = {"I01": 5, "I02": 4, "I03": 4}


def day(house: House, ballots: list[list[str]] = TWELVE, publish: str = "full", before: Any = None) -> dict[str, bytes]:
    """A day with that publication, revealed; gives the files of its bundle."""
    house.day("vote", ideas=3)
    with house.inside() as session:
        session.execute(update(Round).values(publish=publish))
    small_day.score(house, small_day.flat(MARKS))
    small_day.vote(house, ballots)
    if before:
        before()
    house.move_to("result")
    host = house.host()
    assert host.post("/e/ENGURE/seal").status_code == 303, host.text()
    for seen in range(4):
        host.post("/e/ENGURE/reveal", seen=seen)
    answer = house.visitor().get("/e/ENGURE/vote.zip")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as held:
        return {name: held.read(name) for name in held.namelist()}


def test_a_full_publication_is_counted_by_everybody(house: House, tmp_path: Path) -> None:
    found = day(house)
    board, openings = json.loads(found["board.json"]), json.loads(found["openings.json"])
    answers = dict(verifying.answers(board, openings=openings))
    assert answers[verifying.Question.COUNTED]
    assert all(answers.values()), answers
    assert sorted(one["choices"] for one in openings["openings"]) == sorted(TWELVE)
    path = tmp_path / "ENGURE.pb"
    path.write_bytes(found["ENGURE.pb"])
    said = subprocess.run([sys.executable, "-m", "ideathon", "count", str(path), "--json"], capture_output=True,
                          text=True, check=True, timeout=60).stdout
    counted = json.loads(said)
    assert {one["id"]: one["votes"] for one in counted["standings"]} == board["entries"][-1]["totals"]
    assert (counted["rule"], counted["ballots"], counted["notes"]) == ("approval", 12, [])
    read = files.election_of(files.read(path))
    assert read.notes == ()
    cast = read.election.ballots
    sums = {one.id: sum(n for named, n in zip(cast.choices, cast.counts, strict=True) if at in named)
            for at, one in enumerate(read.election.projects)}
    assert sums == board["entries"][-1]["totals"]
    assert b"klass" not in found["ENGURE.pb"]
    assert b"online" not in found["ENGURE.pb"]


def test_totals_alone_are_the_default(house_sqlite: House) -> None:
    found = day(house_sqlite, publish="totals")
    assert set(found) == {"manifest.json", "board.json", "result.json", "verify.py", "recount.html"}
    with house_sqlite.inside() as session:
        assert "ballots" not in session.scalars(select(Round)).one().kept


def test_of_fewer_than_ten_ballots_none_is_given_away(house_sqlite: House) -> None:
    found = day(house_sqlite, TWELVE[:9])
    assert "openings.json" not in found
    assert "ENGURE.pb" not in found
    assert "unique" not in json.loads(found["result.json"])["outcome"]["figures"]


@pytest.mark.parametrize("group", ["place", "klass"])
def test_a_small_group_holds_the_nonces_back(house_sqlite: House, group: str) -> None:
    house = house_sqlite
    house.day("vote", ideas=3)
    small_day.vote(house, TWELVE)
    with house.inside() as session:
        vote = session.scalars(select(Round)).one()
        vote.publish = "full"
        assert all("nonce" in one for one in publishing.opened(vote) or [{}])      # none at all would be no proof
        for ballot in session.scalars(select(Ballot).limit(2)):
            if group == "place":
                ballot.channel, ballot.place = "paper", "Pape"
            else:
                ballot.klass = "k1"
        session.flush()
        kept = publishing.opened(vote)
        assert {name for one in kept or [] for name in one} == {"choices"}  # a nonce leads to a ballot's box
        vote.kept, vote.told = {"totals": {}}, kept
        gathering = house.gathering()
        assert set(publishing.files(gathering, vote, queries.options(vote))) == {"ENGURE.pb"}
        assert "Pape" not in publishing.pabulib(gathering, vote, queries.options(vote))
        assert publishing.state(vote) == "choices"
        session.rollback()


def test_the_share_of_unique_ballots_is_told(house: House) -> None:
    assert publishing.share_of_unique([]) == 0
    assert publishing.share_of_unique([["I01"], ["I01"], ["I02"], {"I01": 2}]) == Fraction(1, 2)
    found = day(house, publish="totals")
    figures = json.loads(found["result.json"])["outcome"]["figures"]
    assert (figures["unique"], figures["unique_of"]) == (3, 12)
    assert "order" not in figures
    with house.inside():
        assert queries.figures(house.gathering().id)["unique"] == 3
    assert "3 of 12" in house.visitor().get("/e/ENGURE/result").text


def test_the_order_effect_is_counted_by_thirds(house: House) -> None:
    def shown() -> None:
        with house.inside() as session:
            for ballot in session.scalars(select(Ballot)):
                ballot.shown = ["I02", "I01", "I03"]

    figures = json.loads(day(house, publish="totals", before=shown)["result.json"])["outcome"]["figures"]
    assert figures["order"] == {"ballots": 12, "first": 8, "middle": 6, "last": 3, "of_first": 1, "of_middle": 1,
                                "of_last": 1}
    assert [publishing.third(at, 5) for at in range(5)] == ["first", "first", "middle", "middle", "last"]
    assert publishing.by_third([(["I01"], ["I01", "I02"])] * 9) is None


def test_a_revealed_vote_is_published_and_the_record_says_so(house: House) -> None:
    day(house, publish="totals")
    with house.inside() as session:
        vote = session.scalars(select(Round)).one()
        assert (vote.state, vote.scrubbed) == ("published", True)
        assert any(entry.facts.get("state") == "published" for entry in ledger.entries(house.gathering().id))
        assert vote.state in queries.OVER


def old(house: House) -> None:
    """The same day as an older program left it: sealed, its ballots still here, no result on the board."""
    small_day.voted(house)
    with house.inside() as session:
        before = {model: session.execute(select(model.__table__)).mappings().all() for model in (Ballot,)}
        rows = [dict(row) for row in before[Ballot]]
    assert house.host().post("/e/ENGURE/seal").status_code == 303
    for seen in range(3):
        house.host().post("/e/ENGURE/reveal", seen=seen)
    with house.inside() as session:
        session.execute(Ballot.__table__.insert(), rows)
        last = session.scalars(select(BoardEntry).order_by(BoardEntry.seq.desc())).first()
        session.delete(last)
        session.execute(update(Round).values(state="closed", kept=null(), seq=last.seq - 1))


def test_a_day_sealed_by_an_older_program_offers_no_bundle(house: House) -> None:
    old(house)
    page = house.visitor().get("/e/ENGURE/result")
    assert page.status_code == 200
    assert "vote.zip" not in page.text
    assert house.visitor().get("/e/ENGURE/vote.zip").status_code == 404
    assert house.visitor().get("/e/ENGURE/board.json").status_code == 404


def test_its_ballots_go_on_the_day_that_was_promised(house: House) -> None:
    old(house)
    with house.inside() as session:
        assert results.finish_old(now()) == 0
        session.execute(update(SealedOutcome).values(sealed_at=now() - timedelta(days=sealing.KEPT_DAYS + 1)))
    with house.inside():
        figures, votes = (ask(house.gathering().id) for ask in (queries.figures, queries.votes))
        assert results.finish_old(now()) == 1
        assert results.finish_old(now()) == 0
    with house.app.test_request_context():
        assert sealing.scrub()
    with house.inside() as session:
        assert session.scalars(select(Ballot)).all() == []
        assert session.scalars(select(Round.scrubbed)).one()
        assert session.scalars(select(Round.state)).one() == "closed"
        assert queries.figures(house.gathering().id) == figures
        assert queries.votes(house.gathering().id) == votes
    assert house.visitor().get("/e/ENGURE/result").status_code == 200
