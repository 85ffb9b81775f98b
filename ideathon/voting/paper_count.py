"""The verbs that end the paper: accounts of each place, a comparison with the papers, and the vote is counted.

Every verb counts on the gathering's exclusive lock, then on the round's row.
"""

from __future__ import annotations

from collections.abc import Collection
from secrets import SystemRandom

from ideathon import ledger
from ideathon.core.acts import Act
from ideathon.errors import Refused
from ideathon.extensions import db
from ideathon.gatherings.doors import Here

from . import paper_queries, queries, service
from .models import Round
from .paper import reader, taking
from .paper_models import PaperAccount, PaperRecheck


def set_account(here: Here, place: str, *, issued: int, spoiled: int = 0, unused: int = 0,
                why: str = "") -> PaperAccount:
    """What became of the papers of a place, as far as it is known; ``why`` explains a sum that does not come out.

    Raises:
        Refused: as `paper.taking`.
    """
    vote = taking(here)
    place = paper_queries.spelled(vote, place)
    account = db.session.merge(PaperAccount(round_id=vote.id, place=place, issued=issued, spoiled=spoiled,
                                            unused=unused, why=why))
    _record(here, Act.BALLOT_ENTER, "account", place=place, issued=issued, spoiled=spoiled, unused=unused, why=why)
    db.session.flush()
    return account


def draw_recheck(here: Here, n: int) -> PaperRecheck:
    """``n`` of the counted paper ballots, drawn at random by the machine's own dice, are to be compared with their
    papers; all of them when they are fewer.

    Raises:
        Refused: "vote_open"; "count_done"; "recheck_open" while an earlier draw waits; "no_papers".
    """
    vote = taking(here)
    if vote.state == "open":
        raise Refused("vote_open")
    if any(one.differing is None for one in paper_queries.rechecks(vote.id)):
        raise Refused("recheck_open")
    there = paper_queries.countable(vote.id)
    if not there:
        raise Refused("no_papers")
    drawn = PaperRecheck(round_id=vote.id, tags=SystemRandom().sample(there, min(n, len(there))), by_id=reader(here))
    db.session.add(drawn)
    _record(here, Act.PAPER_SETTLE, "recheck", drawn=len(drawn.tags))
    db.session.flush()
    return drawn


def finish_recheck(here: Here, differing: Collection[str]) -> PaperRecheck:
    """The drawn ballots were compared: which differ from their papers. Nothing on the board can be changed, by nobody;
    so the board says of each that it differs, and the record how many.

    Raises:
        Refused: as `paper.taking`; "nothing_drawn"; "changed_since" when one of them was not drawn.
    """
    vote = taking(here)
    drawn = next((one for one in paper_queries.rechecks(vote.id) if one.differing is None), None)
    if drawn is None:
        raise Refused("nothing_drawn")
    if set(differing) - set(drawn.tags):
        raise Refused("changed_since")
    known = {tag for one in paper_queries.rechecks(vote.id) for tag in one.differing or ()}
    drawn.differing = [tag for tag in drawn.tags if tag in set(differing)]
    for tag in drawn.differing:
        if tag not in known:
            service.append(vote, {"kind": "override", "what": "differs_from_paper", "tag": tag, "by": str(here.role)})
    _record(here, Act.PAPER_SETTLE, "recheck", compared=len(drawn.tags), differing=len(drawn.differing))
    db.session.flush()
    return drawn


def count(here: Here) -> Round:
    """Nothing of the paper is open, its accounts are on the board, and no more paper is taken.

    Raises:
        Refused: "vote_open", "vote_not_open"; "count_done"; or the first of what `paper_queries.still_open` names.
    """
    vote = queries.round_of(here.gathering.id, lock=True)
    if vote.state != "closed":
        raise Refused({"open": "vote_open"}.get(vote.state, "count_done" if vote.state in queries.OVER
                                                else "vote_not_open"))
    for thing in paper_queries.still_open(vote):
        raise Refused(thing.code)
    for account in paper_queries.told(vote.id):
        service.append(vote, {"kind": "account", **account})
    vote.state = "counted"
    _record(here, Act.VOTE_COUNT, "vote", state="counted", head=vote.head)
    db.session.flush()
    return vote


def _record(here: Here, act: Act, thing: str, **facts: str | int) -> None:
    person = here.person
    ledger.record(act, here.gathering.id, thing, role=here.role, actor=person.id if person else None, now=here.now,
                  **facts)
