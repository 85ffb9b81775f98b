"""A NUL in any field of any door: nothing breaks, on PostgreSQL too, and what was typed is kept without it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from ideathon.voting.models import Complaint
from ideathon.voting.paper_models import PaperEntry
from tests.houses import House
from tests.services import ROOT
from tests.voting import box, papers

SAMPLES = {"code": "ENGURE", "ref": "I01", "number": "1", "key": "x", "lang": "en", "seq": "1", "mark": "0" * 16}
LIKELY = {"tag": "paper:P-001", "serial": "P-001", "place": "Hall", "channel": "paper", "choice": "I01",
          "choices": "I01", "name": "Anna", "names": "Anna Bērziņa; a@example.org", "text": "A bench", "kind": "need",
          "theme": "other", "next": "/", "method": "approval", "profile": "room"}
OUT = {"people.sign_out"}           # it would end the next requests


def field_names() -> set[str]:
    """Every name that a template gives a field, or that the program reads by itself."""
    sources = [path.read_text() for folder, ends in (("templates", "*.html"), ("ideathon", "*.py"))
               for path in (ROOT / folder).rglob(ends)]
    patterns = (r'name="([\w-]+)"', r'form\.get\("([\w-]+)"', r"form\.getlist\(\"([\w-]+)\"",
                r"^    (\w+)(?::[^=\n]+)? = \w*(?:Field|_radio)\(")
    found = {name for source in sources for pattern in patterns for name in re.findall(pattern, source, re.M)}
    return found - {"csrf_token", "key", "viewport"}


def doors(house: House) -> list[str]:
    """The address of every POST door, with something that may be there in each of its places."""
    found = []
    for rule in house.app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and rule.endpoint not in OUT:
            found.append(re.sub(r"<(?:\w+:)?(\w+)>", lambda one: SAMPLES.get(one[1], "1"), rule.rule))
    return sorted(found)


@pytest.mark.parametrize("stage", ["ideas", "vote"])
def test_no_door_breaks_at_a_nul_in_its_fields(house_postgres: House, stage: str) -> None:
    house = house_postgres
    house.day(stage)
    with house.inside():
        papers.helper_here(house)
    host, juror, visitor = house.host(), house.juror(1), house.visitor()
    names, broken = field_names(), []
    assert {"tag", "place", "take", "why", "text", "serial", "points"} <= names
    for address in doors(house):
        for who in (host, juror, visitor):
            for value in ("1\0", "\0\x01x") if who is host else ("1\0",):
                fields = {name: LIKELY.get(name, "") + value for name in names}
                answer = who.post(address, **fields)
                if answer.status_code >= 500:
                    broken.append((address, value, answer.status_code))
    assert broken == []


@pytest.mark.parametrize("door", ["settle", "take-back", "drop", "hands/settle", "hands/take-back", "hands/drop"])
def test_the_paper_desk_reads_a_name_without_it(house: House, door: str) -> None:
    box.vote_day(house)
    desk = house.host()
    answer = desk.post(f"/e/ENGURE/paper/{door}", tag="paper:P-9\0", place="Hall\0", take="1\0")
    assert answer.status_code in (409, 422), answer.text


def test_what_was_typed_stands_without_it(house: House) -> None:
    box.vote_day(house)
    assert papers.read(house.host(), "P-0\x0001", "I0\x001", place="Ha\0ll\x1f").status_code == 303
    assert house.visitor().post("/e/ENGURE/complaint", text="Too\0 dark\nin the hall").status_code in (303, 409)
    with house.inside() as session:
        entry = session.scalars(select(PaperEntry)).one()
        assert (entry.tag, entry.place, entry.choices) == ("paper:P-001", "Hall", ["I01"])
        assert [one.text for one in session.scalars(select(Complaint))] in ([], ["Too dark\nin the hall"])


@pytest.mark.parametrize("address", ["/e/ENG%00URE", "/e/ENGURE/ideas/I0%001", "/b/receipt/1/%00", "/s/%00"])
def test_no_address_has_one(house_postgres: House, address: str) -> None:
    house_postgres.day("vote")
    assert house_postgres.host().get(address).status_code == 404


def test_a_question_loses_it(house_postgres: House) -> None:
    house_postgres.day("vote")
    host: Any = house_postgres.host()
    for address in ("/e/ENGURE/news?want=comments.comment:I01%00", "/e/ENGURE/paper/accounts?place=%00Hall",
                    "/e/ENGURE/ideas?challenge=%00", "/e/ENGURE/paper?place=Ha%00ll&channel=%00"):
        assert host.get(address).status_code in (200, 404), address
    assert 'value="Hall"' in host.get("/e/ENGURE/paper?place=Ha%00ll").text
