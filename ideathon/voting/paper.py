"""The verbs of paper: ballots read by two people, the accounts of each place, hands that were counted."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from ideathon import ledger
from ideathon.core.acts import Act
from ideathon.errors import Refused
from ideathon.gatherings.doors import Here
from ideathon.live.outbox import announce

from . import queries, service


def enter_paper(here: Here, serial: str, place: str, choices: Sequence[str], *, channel: str = "paper",
                void_reason: str = "") -> None:
    """One paper ballot is in the box, counted or void. Exclusive lock.

    Raises:
        Refused: "serial_taken".  service.NotABallot: the choices do not count, and no reason says that it is void.
    """
    vote = queries.round_of(here.gathering.id, lock=True)
    tag = f"{queries.PAPER}{serial}"
    if queries.number_of(vote, tag):
        raise Refused("serial_taken")
    kept = sorted(choices) if void_reason else service.well_formed(vote, choices)
    nonce = secrets.token_hex(32)
    what = {"void": void_reason} if void_reason else {"commit": service.commitment(vote, nonce, kept)}
    service.append(vote, {"kind": "paper", "tag": tag, "place": place, **what})
    service.keep(vote, tag, kept, nonce, channel=channel, place=place, state="void" if void_reason else "cast",
          void_reason=void_reason)
    ledger.record(Act.BALLOT_ENTER, vote.gathering_id, "ballot", role=here.role, actor=service.actor(here),
                  now=service.minute(here.now), channel=channel, place=place, void=void_reason)
    announce(vote.gathering_id, service.TURNOUT)
