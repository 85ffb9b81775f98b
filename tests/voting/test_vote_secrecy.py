"""Canaries: what must be in no page, slice, ledger row, log line, address or file before the reveal."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from ideathon.jury.models import Criterion, Score
from ideathon.ledger import Entry
from ideathon.live.pulse import pulse_of
from ideathon.people.models import Grant
from ideathon.voting import queries
from ideathon.voting.models import Ballot, Round
from ideathon.web.models import DoneRequest
from tests.houses import Client, House
from tests.voting import box

COUNTS = {"I01": 613, "I02": 577, "I03": 541}      # of 701 ballots: numbers that nothing else on a page has
POINTS = 3702                                      # on a scale of 0, 1234 … 4936
ROLES = ("visitor", "phone", "host", "manager", "admin", "juror", "mentor")


def every_address(house: House) -> list[str]:
    """Each address that can be opened for this event, for each of its ideas and people."""
    with house.inside() as session:
        gathering, seats = house.gathering(), [str(one) for one in session.scalars(select(Grant.id))]
        fill = {"code": ["ENGURE"], "key": [gathering.screen_key], "number": [gathering.project.number]}
    fill |= {"ref": ["I01", "I02", "I03", "N1", "C1"], "grant": seats[:1], "grant_id": seats[:1]}
    found = []
    for rule in house.app.url_map.iter_rules():
        if "GET" in rule.methods and rule.arguments <= fill.keys():
            for ref in fill["ref"] if "ref" in rule.arguments else [""]:
                values = {name: ref if name == "ref" else fill[name][0] for name in rule.arguments}
                with house.app.test_request_context():
                    found.append(house.app.url_map.bind("localhost").build(rule.endpoint, values))
    return found


def everything_said(house: House, clients: dict[str, Client], voter: str) -> dict[str, str]:
    """All pages and slices that each of them can open, the record, and the news."""
    heard: list[Any] = []
    pulse_of(house.app).taps.append(lambda room, payload: heard.append((room, payload)))
    addresses = every_address(house)
    said = {f"{who} {one}": client.get(one).text for who, client in clients.items() for one in addresses}
    said["ballot"] = house.visitor().post("/b", code=voter).text
    with house.inside() as session:
        rows = session.scalars(select(Entry))
        said["ledger"] = "\n".join(f"{row.act} {row.thing} {row.actor_role} {row.facts}" for row in rows)
    pulse_of(house.app).flush()
    said["news"] = repr(heard)
    return said


def fill_the_box(house: House) -> str:
    """701 ballots with the canaries' counts; gives a slip that has voted through the door."""
    code, *_ = box.draw(house, 700)
    house.move_to("vote")
    box.open_now(house)
    box.cast(house.visitor(), code, "I04")
    with house.inside() as session:
        gathering = house.gathering().id
        vote = queries.round_of(gathering)
        for n in range(700):
            chosen = [ref for ref, count in COUNTS.items() if n < count]
            session.add(Ballot(round_id=vote.id, tag=f"{n:064}", choices=chosen or ["I04"], nonce="0" * 64, seq=1,
                               channel="phone"))
        vote.voted += 700
        session.flush()
        assert {ref: queries.votes(gathering)[ref] for ref in COUNTS} == COUNTS
    return code


def test_no_count_of_an_idea_and_no_juror_s_points_are_anywhere(house_sqlite: House) -> None:
    house = house_sqlite
    house.day("pitch", ideas=4)
    with house.inside() as session:
        session.execute(update(Criterion).where(Criterion.ref == "K1").values(scale_max=4936, step=1234))
    juror = house.juror(2)
    assert juror.post("/e/ENGURE/jury/declare", none="all").status_code == 303
    assert juror.post("/e/ENGURE/jury/I01/score", criterion="K1", points=str(POINTS)).status_code == 303
    voter = fill_the_box(house)
    said = everything_said(house, {who: getattr(house, who)() for who in ROLES}, voter)
    assert len(said) > 100
    assert '"cast":700' in said["phone /e/ENGURE/news"].replace(" ", "")     # turnout is said: a search can find
    assert not any(re.search(r"\b701\b", words) for words in said.values())        # … and only in steps of five
    for where, words in said.items():
        for canary in COUNTS.values():
            assert not re.search(rf"\b{canary}\b", words), (where, canary)
        if re.search(r"/jury/I\d+$", where):        # every sheet has the scale; nobody's is filled in but juror 2's
            assert not re.search(r'name="points"[^>]*checked', words), where
        else:
            assert not re.search(rf"\b{POINTS}\b", words), where
    assert re.search(rf'value="{POINTS}" checked', juror.get("/e/ENGURE/jury/I01").text)      # the owner sees it
    with house.inside() as session:
        assert session.scalars(select(Score.points)).all() == [POINTS]


def test_a_code_is_in_no_address_log_ledger_or_file(house_sqlite: House, caplog: pytest.LogCaptureFixture) -> None:
    house = house_sqlite
    caplog.set_level(logging.DEBUG)
    with caplog.at_level(logging.DEBUG):
        code, *_ = box.vote_day(house)
        phone = house.visitor()
        pages = [phone.post("/b", code=code), box.cast(phone, code, "I01"), box.cast(phone, code, "I02"),
                 box.cast(phone, code, *["I01"] * 4, expect=1), box.cast(phone, code, "I03", expect=1)]
        box.close_now(house)
        pages.append(box.cast(phone, code, "I01", expect=2))
    assert [page.status_code for page in pages] == [200, 303, 412, 422, 303, 409]
    assert not any(code in str(page.headers) for page in pages)
    assert not any(code in record.getMessage() for record in caplog.records)
    assert not any(choice in record.getMessage() for record in caplog.records for choice in ("I01", "I02", "I03"))
    with house.inside() as session:
        assert not any(code in f"{row.thing}{row.facts}{row.digest}" for row in session.scalars(select(Entry)))
        done = session.scalars(select(DoneRequest)).all()
        assert not any(code in row.id + row.answer for row in done)
        assert {row.said for row in done if "/b/done/" in row.answer} == {""}       # not even a hash of the choice
    for path in Path(house.url).parent.glob(f"{Path(house.url).name}*"):
        assert code.encode() not in path.read_bytes(), path.name


def test_news_of_the_vote_is_turnout_and_a_change_of_mind_is_none(house: House) -> None:
    code, *others = box.vote_day(house, slips=9)
    pulse, heard = pulse_of(house.app), []
    pulse.flush()
    pulse.taps.append(lambda room, payload: heard.append(payload["slices"]))
    phone = house.visitor()
    for one in [code, *others[:4]]:             # of the first five the hall hears once
        box.cast(phone, one, "I01")
        pulse.flush()
    box.cast(phone, code, "I02", expect=1)
    pulse.flush()
    with house.inside() as session:
        vote = session.scalars(select(Round)).one()
        at, number = round(vote.closes_at.timestamp() * 1000), vote.id
    mark = box.marks(house)[5]
    assert heard == [{"voting.turnout": {
        "cast": 5, "least": True, "few": False, "paper": 0, "issued": 9, "state": "open", "closes_at": at,
        "round": number, "seq": 5, "mark": mark}}]
    assert house.phone().get("/e/ENGURE/news?want=voting.turnout").json["slices"] == heard[0]
