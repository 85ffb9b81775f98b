"""The verbs of a show of hands: two people count, alone; what both say, or what is settled, counts as ballots.

Every verb counts on the gathering's exclusive lock, then on the round's row.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete

from ideathon import ledger
from ideathon.core.acts import Act
from ideathon.errors import Refused
from ideathon.extensions import db
from ideathon.gatherings.doors import Here
from ideathon.live.outbox import announce

from . import paper_queries, service
from .models import Round
from .paper import reader, taking
from .paper_models import HandsCount
from .paper_queries import Step

MOST_PEOPLE = 10_000


def fits(vote: Round, present: int, totals: Mapping[str, int]) -> str | None:
    """None when so many people can have raised so many hands; else "too_many_on_one", "too_many_hands", "too_few_hands"
    or "no_show_of_hands" where a vote is not by ticks alone."""
    if vote.method != "approval" or set(totals) - set(vote.options):
        return "no_show_of_hands"
    if not 1 <= present <= MOST_PEOPLE or any(not 0 <= number <= present for number in totals.values()):
        return "too_many_on_one"
    if sum(totals.values()) > present * vote.max_choices:
        return "too_many_hands"
    return "too_few_hands" if sum(totals.values()) < present * vote.min_choices else None


def count_hands(here: Here, place: str, present: int, totals: Mapping[str, int]) -> Step:
    """One person's count of a place stands; with the second that says the same it is on the board.

    Raises:
        Refused: as `paper.taking` and `fits`; "same_person"; "hands_taken".
    """
    vote, whole = _sound(here, present, totals)
    place = paper_queries.spelled(vote, place)
    earlier = paper_queries.hands(vote.id).get(place, [])
    if len(earlier) == 2:
        raise Refused("hands_taken")
    if earlier and earlier[0].by_id == reader(here):
        raise Refused("same_person")
    mine = HandsCount(round_id=vote.id, place=place, number=len(earlier) + 1, by_id=reader(here), present=present,
                      totals=whole)
    db.session.add(mine)
    step = Step.WAITING if not earlier else Step.DIFFERS
    if earlier and (earlier[0].present, earlier[0].totals) == (present, whole):
        step = _stands(here, vote, mine)
    _record(here, Act.BALLOT_ENTER, reading=mine.number, step=step)
    db.session.flush()
    return step


def settle_hands(here: Here, place: str, present: int, totals: Mapping[str, int]) -> Step:
    """Two counts of a place differed, and this is what stands, by the sheets or by a new count. The record says who.

    Raises:
        Refused: as `paper.taking` and `fits`; "nothing_to_settle".
    """
    vote, whole = _sound(here, present, totals)
    counts = paper_queries.hands(vote.id).get(place, [])
    if len(counts) < 2 or counts[1].counts:
        raise Refused("nothing_to_settle")
    counts[1].present, counts[1].totals = present, whole
    step = _stands(here, vote, counts[1])
    _record(here, Act.PAPER_SETTLE, step=step)
    db.session.flush()
    return step


def take_back_hands(here: Here, place: str, *, anybodys: bool = False) -> None:
    """A count that waits is gone: one's own, or with ``anybodys`` whatever of the place is not on the board.

    Raises:
        Refused: as `paper.taking`; "not_waiting".
    """
    vote = taking(here)
    counts = paper_queries.hands(vote.id).get(place, [])
    own = len(counts) == 1 and counts[0].by_id == reader(here)
    if not counts or not (own or anybodys) or counts[-1].counts:
        raise Refused("not_waiting")
    db.session.execute(delete(HandsCount).where(HandsCount.round_id == vote.id, HandsCount.place == place))
    _record(here, Act.PAPER_SETTLE if anybodys else Act.BALLOT_ENTER, taken_back=len(counts))


def _sound(here: Here, present: int, totals: Mapping[str, int]) -> tuple[Round, dict[str, int]]:
    vote = taking(here)
    if wrong := fits(vote, present, totals):
        raise Refused(wrong)
    return vote, {ref: totals.get(ref, 0) for ref in vote.options}


def _stands(here: Here, vote: Round, count: HandsCount) -> Step:
    count.counts = True
    service.append(vote, {"kind": "hands", "place": count.place, "present": count.present, "totals": count.totals})
    announce(here.gathering.id, service.TURNOUT)
    return Step.BOX


def _record(here: Here, act: Act, **facts: str | int) -> None:
    ledger.record(act, here.gathering.id, "hands", role=here.role, actor=reader(here), now=service.minute(here.now),
                  **facts)
