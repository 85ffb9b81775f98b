"""Finding the vote behind a slip or a receipt. Whoever holds a slip sits here as a voter, never as a known person."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from flask import request

from ideathon.clock import now
from ideathon.core.acts import Lock, Role
from ideathon.errors import Forbidden, NotFound, Throttled
from ideathon.gatherings.doors import Here, find_bare, stand_in
from ideathon.web.limits import Pace, paces

from . import codes, queries, slips
from .models import Round

MARK = re.compile("[0-9a-f]{16}")
WRONG_CODES = Pace(seconds=0.2, burst=300)      # from one address: a whole hall may stand behind it


@dataclass(slots=True)
class Knock:
    """A slip at the door: the round (held and fresh when it will be written), its tag and its code."""

    vote: Round
    tag: str
    code: str
    test: bool = False      # of a rehearsal


def find_slip(lock: Lock, **_address: str) -> Here:
    """By the code in the form. The gathering is locked first, then the round; the clock is read last.

    Raises:
        Forbidden: "wrong_slip", the same for an unknown and a void code.  Throttled: too many wrong ones.
    """
    code = codes.read(request.form.get("code", ""))
    found = slips.round_behind(code) if code else None
    if code is None or found is None:
        raise wrong()
    if lock is Lock.NONE:                           # of all facts a voter's seat needs the round's alone
        here, vote = find_bare(lock, found[0]), queries.round_of(found[0])
    else:
        here, vote = stand_in(lock, found[0], queries.ROUND_AND_SEAT, {"gathering": found[0]})
    state = slips.state_of(vote, found[1])
    if state is None:                               # made void while this one waited
        raise Forbidden("wrong_slip")
    here.thing, here.now = Knock(vote, found[1], code, test=state == "test"), now()
    here.seat = replace(here.seat, roles=frozenset({Role.VISITOR, Role.VOTER}),
                        **queries.standing(vote.state, vote.closes_at, here.now, test=here.thing.test))
    return here


def wrong(code: str = "wrong_slip") -> Forbidden | Throttled:
    """What a wrong code is told. Right ones are never counted, and an address is kept only as this process's hash."""
    book, sender = paces(), hash(request.remote_addr)
    left = book.left("slip", sender, WRONG_CODES)
    if left < 1:
        return Throttled("throttled")
    book.put("slip", sender, WRONG_CODES, left - 1)
    return Forbidden(code)


def find_receipt(lock: Lock, seq: int, mark: str) -> Here:
    """By the number and mark of a receipt, the thing being the round; the reader is nobody in particular.

    Raises:
        NotFound: no board has such a vote.
    """
    found = queries.round_with(seq, mark) if MARK.fullmatch(mark) else None
    if found is None:
        raise NotFound("not_found")
    here = find_bare(lock, found.gathering_id)
    here.thing = queries.by_id(found.id)
    here.seat = replace(here.seat, **queries.standing(found.state, found.closes_at, here.now))
    return here
