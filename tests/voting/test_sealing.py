"""After the seal nothing says who chose what: no table, no free page, no log of writes; the board still holds."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import time
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest
from sqlalchemy import func, select, text

from ideathon import ledger
from ideathon.clock import now
from ideathon.extensions import db
from ideathon.voting import paper_count, public, queries, sealing, verifying
from ideathon.voting.models import Ballot, CastKey, Openings, Round, Witness
from ideathon.voting.paper_models import HandsCount, PaperAccount, PaperEntry, PaperRecheck
from ideathon.voting.paper_queries import BY_PHONE
from tests.houses import House
from tests.results import small_day
from tests.voting import box


def witnesses(house: House, count: int = 2) -> list[Any]:
    """Their keys; the program has only what locks."""
    keys = [pyrage.x25519.Identity.generate() for _ in range(count)]
    with house.inside() as session:
        vote = queries.round_of(house.gathering().id)
        session.add_all(Witness(round_id=vote.id, number=number, recipient=str(key.to_public()))
                        for number, key in enumerate(keys, 1))
    return keys


def sealed(house: House, **day: Any) -> list[Any]:
    """A small day with two witnesses, sealed through the door; gives their keys."""
    small_day.voted(house, **day)
    keys = witnesses(house)
    assert house.host().post(f"/e/{house.code}/seal").status_code == 303
    return keys


def count(house: House, model: Any) -> int:
    with house.inside() as session:
        return int(session.scalar(select(func.count()).select_from(model)))


def board_of(house: House) -> dict[str, Any]:
    with house.inside():
        return public.public_board(queries.round_of(house.gathering().id))


def test_no_choice_is_left_and_the_board_holds(house: House) -> None:
    sealed(house)
    assert count(house, Ballot) == count(house, CastKey) == 0
    public = board_of(house)
    assert all(holds for _, holds in verifying.answers(public))
    assert public["entries"][-1]["totals"] == {"I01": 3, "I02": 4, "I03": 1}
    assert public["entries"][-1]["ballots"] == len(small_day.BALLOTS)
    box.recount(house)


def test_either_witness_opens_every_ballot_and_nobody_else_does(house: House) -> None:
    keys = sealed(house)
    public = board_of(house)
    with house.inside() as session:
        locked = session.scalars(select(Openings.locked)).one()
    for key in keys:
        openings = json.loads(pyrage.decrypt(locked, [key]))
        answers = dict(verifying.answers(public, openings=openings))
        assert {verifying.Question.OPENED, verifying.Question.COUNTED} <= set(answers)
        assert all(answers.values())
        assert sorted(one["choices"] for one in openings["openings"]) == sorted(map(sorted, small_day.BALLOTS))
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(locked, [pyrage.x25519.Identity.generate()])


def test_without_witnesses_nobody_can_open_a_ballot_again(house_sqlite: House) -> None:
    small_day.voted(house_sqlite)
    assert house_sqlite.host().post("/e/ENGURE/seal").status_code == 303
    assert count(house_sqlite, Openings) == 0
    assert all(holds for _, holds in verifying.answers(board_of(house_sqlite)))


def canaries(house: House) -> dict[str, list[str]]:
    """Nonces, and the rows of choices as the database writes them, before the seal."""
    with house.inside() as session:
        rows = session.execute(select(Ballot.nonce, Ballot.choices)).all()
        keys = session.scalars(select(CastKey.key)).all()
    return {"nonces": [row.nonce for row in rows], "keys": list(keys), **paper_canaries(house)}


def paper_canaries(house: House) -> dict[str, list[str]]:
    """Choices that nobody else writes stand in each table of the paper, as they would with a rare idea."""
    words = {"readings": "canary-reading", "hands": "canary-hands", "drawn": "canary-drawn"}
    with house.inside() as session:
        vote, host = queries.round_of(house.gathering().id), house.person("host").id
        for number in (1, 2):
            by = host if number == 1 else house.person("manager").id
            session.add(PaperEntry(round_id=vote.id, tag="paper:V1", number=number, by_id=by, place="Hall",
                                   channel="paper", choices=[words["readings"]], void_reason=BY_PHONE))
            session.add(HandsCount(round_id=vote.id, place="Barn", number=number, by_id=by, present=1,
                                   totals={words["hands"]: 0}, counts=number == 2))
        session.add(PaperRecheck(round_id=vote.id, tags=[words["drawn"]], differing=[], by_id=host))
        session.add(PaperAccount(round_id=vote.id, place="Hall", issued=1, spoiled=1, unused=0))
    return {name: [word] for name, word in words.items()}


def files(house: House) -> str:
    """Every byte of the database's files."""
    path = Path(house.url)
    return "".join(part.read_bytes().decode("latin-1") for part in path.parent.glob(f"{path.name}*"))


def test_no_file_of_the_database_holds_a_nonce_or_a_key_of_a_vote(house_sqlite: House) -> None:
    house = house_sqlite
    small_day.voted(house)
    found = canaries(house)
    assert all(any(word in files(house) for word in words) for words in found.values())     # the search finds
    assert house.host().post("/e/ENGURE/seal").status_code == 303
    with house.inside():
        assert db.session.scalars(select(Round.scrubbed)).one()
    assert not any(word in files(house) for words in found.values() for word in words)


def test_postgres_rewrites_the_tables(house_postgres: House) -> None:
    house = house_postgres
    small_day.voted(house)
    with house.inside() as session:
        before = session.scalar(text("SELECT relfilenode FROM pg_class WHERE relname = 'ballot'"))
    assert house.host().post("/e/ENGURE/seal").status_code == 303
    with house.inside() as session:
        assert session.scalar(text("SELECT relfilenode FROM pg_class WHERE relname = 'ballot'")) != before
        assert session.scalar(text("SELECT pg_relation_size('ballot')")) == 0
        assert session.scalars(select(Round.scrubbed)).one()


def test_what_could_not_be_cleared_is_cleared_at_the_next_call(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    small_day.voted(house)
    with monkeypatch.context() as patch:
        patch.setattr(sealing, "_rewritten", lambda: False)
        patch.setattr(sealing, "_rewritten_there", lambda: False)
        assert house.host().post("/e/ENGURE/seal").status_code == 303
    with house.inside() as session:
        assert not session.scalars(select(Round.scrubbed)).one()
    with house.app.test_request_context():
        assert sealing.scrub()
        assert sealing.scrub()
    with house.inside() as session:
        assert session.scalars(select(Round.scrubbed)).one()


def test_a_reader_in_the_way_holds_nobody_up_and_the_next_call_clears(house_sqlite: House) -> None:
    house = house_sqlite
    small_day.voted(house)
    found = canaries(house)
    reader = sqlite3.connect(house.url)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM ballot").fetchone()
    began = time.monotonic()
    assert house.host().post("/e/ENGURE/seal").status_code == 303
    assert time.monotonic() - began < 8         # of SQLite's own patience a single try would have taken ten
    with house.inside() as session:
        assert not session.scalars(select(Round.scrubbed)).one()
    assert any(word in files(house) for word in found["nonces"])
    reader.close()
    with house.app.test_request_context():
        assert sealing.scrub()
    assert not any(word in files(house) for words in found.values() for word in words)


def test_figures_and_turnout_stay_as_they_were(house: House) -> None:
    small_day.voted(house)
    ask = (queries.figures, queries.turnout)
    with house.inside():
        paper_count.count(small_day.desk(house))
        before = [one(house.gathering().id) for one in ask]
        votes = queries.votes(house.gathering().id)
    assert house.host().post("/e/ENGURE/seal").status_code == 303
    with house.inside():
        assert [one(house.gathering().id) for one in ask] == before
        assert queries.votes(house.gathering().id) == votes


def test_a_slip_learns_that_it_voted_and_not_what(house: House) -> None:
    codes = box.vote_day(house, slips=2)
    phone = house.visitor()
    box.cast(phone, codes[0], "I01")
    box.cast(phone, codes[0], "I02", expect=1)
    house.move_to("result")
    small_day.score(house, small_day.flat({f"I0{n}": 5 for n in range(1, 6)}))
    assert house.host().post("/e/ENGURE/seal").status_code == 303, house.host().text()
    said = phone.post("/b", code=codes[0]).text
    assert "number 2 on the public board" in said
    assert "checked" not in said
    assert "No vote was cast with this slip" in phone.post("/b", code=codes[1]).text
    assert box.cast(phone, codes[0], "I03", expect=2).status_code == 409


def test_the_bundle_is_checked_by_the_program_that_lies_in_it(house: House) -> None:
    small_day.revealed(house)
    answer = house.visitor().get("/e/ENGURE/vote.zip")
    assert answer.status_code == 200
    assert answer.data == house.visitor().get("/e/ENGURE/vote.zip").data
    with zipfile.ZipFile(io.BytesIO(answer.data)) as held:
        program: dict[str, Any] = {"__name__": "verify"}
        exec(compile(held.read("verify.py"), "verify.py", "exec"), program)  # noqa: S102  # that is what it is for
        public = json.loads(held.read("board.json"))
        head = json.loads(held.read("manifest.json"))["head"]
        outcome = json.loads(held.read("result.json"))
        assert set(held.namelist()) == {"manifest.json", "board.json", "result.json", "verify.py", "recount.html"}
    said: list[str] = []
    assert program["verify"](public, held=[head], say=said.append), said
    assert public["entries"][-1]["outcome"] == outcome["digest"]


def test_a_witness_gets_a_key_once_and_opens_the_ballots(house: House, tmp_path: Path) -> None:
    house.day("pitch", ideas=3)
    host = house.host()
    pages = [host.post("/e/ENGURE/witnesses", number=str(number)).text for number in (1, 2)]
    keys = [re.findall(r"AGE-SECRET-KEY-1[A-Z0-9]+", page)[0] for page in pages]
    assert len(set(keys)) == 2
    assert not any(key in host.get("/e/ENGURE/witnesses").text for key in keys)
    house.move_to("vote")
    small_day.score(house, small_day.flat(small_day.MARKS))
    small_day.vote(house, small_day.BALLOTS)
    house.move_to("result")
    assert host.post("/e/ENGURE/witnesses", number="1").status_code == 409
    assert house.host().post("/e/ENGURE/seal").status_code == 303
    for who in (house.visitor(), house.phone(), house.juror()):
        assert who.get("/e/ENGURE/openings.age").status_code == 403
    locked = host.get("/e/ENGURE/openings.age").data
    public_side = board_of(house)
    assert len(public_side["entries"][0]["witnesses"]) == 2
    for key in keys:
        openings = json.loads(pyrage.decrypt(locked, [pyrage.x25519.Identity.from_str(key)]))
        assert all(holds for _, holds in verifying.answers(public_side, openings=openings))


def test_on_their_day_the_locked_ballots_are_destroyed_and_the_record_says_so(house: House) -> None:
    sealed(house)
    with house.inside():
        assert sealing.destroy_old(now() + timedelta(days=sealing.KEPT_DAYS - 1)) == 0
        assert sealing.destroy_old(now() + timedelta(days=sealing.KEPT_DAYS + 1)) == 1
        assert sealing.destroy_old(now() + timedelta(days=sealing.KEPT_DAYS + 1)) == 0
        last = ledger.entries(house.gathering().id)
        assert any("destroyed" in entry.facts for entry in last)
    assert house.host().get("/e/ENGURE/openings.age").status_code == 404
    assert all(holds for _, holds in verifying.answers(board_of(house)))
