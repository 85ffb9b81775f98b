"""Short ways to a vote in a test: slips drawn, the round opened, a slip cast, the board recounted."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import OperationalError

from ideathon import ledger
from ideathon.clock import now
from ideathon.core.acts import Act, Lock
from ideathon.errors import Refused
from ideathon.gatherings.doors import Here, find_by_id, here_for
from ideathon.voting import board, queries, rounds, service
from ideathon.voting.models import Ballot, BoardEntry, CastKey, Round, Slip
from tests.houses import Client, House


def host_here(house: House) -> Here:
    """The host at the desk; inside `inside()`."""
    return here_for(house.gathering(), house.person("host"))


def draw(house: House, n: int) -> list[str]:
    """Codes of fresh slips."""
    with house.inside():
        here = host_here(house)
        return service.draw_slips(queries.round_of(here.gathering.id), n, here)


def open_now(house: House, closes_at: datetime | None = None) -> None:
    """The round stands open until then, by default for half an hour."""
    with house.inside():
        rounds.open_round(host_here(house), closes_at or now() + timedelta(minutes=30))


def close_now(house: House) -> str:
    """The round is closed; its head."""
    with house.inside():
        return rounds.close_round(host_here(house))


def close_locked(house: House) -> str:
    """The round is closed as a door does it: the gathering is held alone first; told "busy", the host presses again."""
    for _press in range(10):
        try:
            with house.inside():
                here = find_by_id(Lock.EXCLUSIVE, house.gathering().id, house.person("host"))
                return rounds.close_round(here)
        except OperationalError as busy:
            if busy.orig.sqlstate not in {"55P03", "57014"}:        # anything but "it took too long"
                raise
    raise AssertionError("the hall kept the host out")


def vote_day(house: House, slips: int = 3, ideas: int = 5) -> list[str]:
    """A day at its vote with drawn slips; gives their codes."""
    def set_up() -> list[str]:
        house.day("pitch", ideas=ideas)
        codes = draw(house, slips)
        house.move_to("vote")
        open_now(house)
        return codes

    codes: list[str] = house.as_before(("vote", slips, ideas), set_up)
    return codes


def fresh_round(house: House, slips: int) -> list[str]:
    """The same day with an empty, newly opened round."""
    with house.inside() as session:
        for model in (CastKey, BoardEntry, Ballot, Slip):
            session.execute(delete(model))
        session.execute(update(Round).values(state="draft", seq=0, voted=0, head="", options=[], closed_at=None))
    codes = draw(house, slips)
    open_now(house)
    return codes


def expect_of(page: Any) -> int:
    """The number that a ballot's page was made with."""
    found = re.search(r'name="expect" value="(\d+)"', page.text)
    assert found, page.text
    return int(found[1])


def ticked(page: Any) -> set[str]:
    """The choices that a ballot's page shows as ticked."""
    boxes = re.findall(r'<input type="checkbox" name="choice" value="(\w+)"([^>]*)>', page.text)
    return {ref for ref, more in boxes if "checked" in more}


def cast(client: Client, code: str, *choices: str, expect: int = 0, key: str | None = None) -> Any:
    """One press on the button."""
    return client.post("/b/cast", key=key, code=code, choice=list(choices), expect=str(expect))


def recount(house: House) -> list[dict[str, Any]]:
    """The board's entries, after every hash and number was checked."""
    with house.inside() as session:
        vote = queries.round_of(house.gathering().id)
        rows = session.scalars(select(BoardEntry).order_by(BoardEntry.seq)).all()
        assert [row.seq for row in rows] == list(range(vote.seq + 1))
        head = board.genesis(rows[0].entry)
        assert head == rows[0].digest == vote.rules_hash
        for row in rows[1:]:
            head = board.link(head, row.entry)
            assert head == row.digest
        assert head == vote.head
        return [row.entry for row in rows]


def marks(house: House) -> list[str]:
    """The board's mark after every entry, as receipts show it."""
    with house.inside() as session:
        return [digest[:16] for digest in session.scalars(select(BoardEntry.digest).order_by(BoardEntry.seq))]


def standing(house: House) -> Round:
    """The vote that stands; inside `inside()`."""
    return queries.round_of(house.gathering().id)


def told(house: House, act: Act) -> list[dict[str, Any]]:
    """What the record says of an act; inside `inside()`."""
    return [entry.facts for entry in ledger.entries(house.gathering().id) if entry.act == str(act)]


def refused(house: House, verb: Callable[[Any], object]) -> str:
    """Why the verb refuses the host."""
    with house.inside(), pytest.raises(Refused) as said:
        verb(host_here(house))
    return said.value.code
