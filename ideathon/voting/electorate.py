"""The verbs of the electorate: classes of residents, slips made void, one-time links, the tick about plain http."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, update

from ideathon import ledger
from ideathon.core.acts import Act
from ideathon.errors import Forbidden, Refused
from ideathon.extensions import db
from ideathon.gatherings.doors import Here
from ideathon.live.outbox import announce
from ideathon.people import voter_names
from ideathon.people.voter_lines import Line
from ideathon.types import Text

from . import codes, electorate_queries as reading, queries, rounds, service, slips
from .models import Invitation, Round, Slip

MOST_CLASSES = 5
PLAIN = "plain_http"


@dataclass(frozen=True, slots=True)
class Letter:
    """One link and, where the list has one, whom it is for: in the answer of one request, and nowhere else."""

    token: str
    to: Line


def by(here: Here) -> voter_names.By:
    """Who acts, for the list's record."""
    return voter_names.By(str(here.role), service.actor(here), here.now)


def set_classes(here: Here, labels: Sequence[Text | None]) -> Round:
    """The residents' classes by their places in the form; None takes one away. Exclusive lock.

    Raises:
        Refused: "classes_rehearsed" once a rehearsal runs, "vote_fixed" once the vote was opened; "class_in_use"
            when slips or names are of it.
    """
    vote = queries.round_of(here.gathering.id, lock=True)
    if vote.state != "draft":
        raise Refused("classes_rehearsed" if vote.state == "rehearsal" else "vote_fixed")
    wanted = [{"ref": f"R{place}", "label": label} for place, label in enumerate(labels[:MOST_CLASSES], 1) if label]
    for gone in {one["ref"] for one in vote.classes} - {one["ref"] for one in wanted}:
        if reading.is_used(vote, gone):
            raise Refused("class_in_use")
    vote.classes = wanted
    _record(here, Act.CLASS_SET, "vote", classes=[one["ref"] for one in wanted])
    return vote


def void_slip(here: Here, typed: str) -> None:
    """The slip with this code, the whole or the short one, votes no more. Shared lock, then the round's row.

    Raises:
        Forbidden: "wrong_slip".  Refused: "void_too_late" after the close; "slip_voted".
    """
    vote = queries.round_of(here.gathering.id, lock=True)
    if vote.state in queries.OVER:
        raise Refused("void_too_late")
    tag = slips.behind(vote, typed)
    if tag is None:
        raise Forbidden("wrong_slip")
    if queries.number_of(vote, tag):
        raise Refused("slip_voted")
    test = slips.state_of(vote, tag) == "test"
    if test:                                    # nothing of a rehearsal is left in the vote
        db.session.execute(delete(Slip).where(Slip.tag == tag))
    else:
        db.session.execute(update(Slip).where(Slip.tag == tag).values(state="void", short=None))
    if vote.state == "open":
        service.append(vote, {"kind": "void", "tag": tag})
    _record(here, Act.SLIP_VOID, "slips", **({"test": True} if test else {}))
    announce(vote.gathering_id, service.TURNOUT)


def make_links(here: Here, n: int | None, klass: str = "") -> list[Letter]:
    """One link for each name with an address that got nothing yet, or ``n`` for nobody in particular. Exclusive lock.

    Of a token only its hash is kept; the rows stand in the order of the hashes, so that nothing joins name and link.

    Raises:
        Refused: "no_more_slips" after the close; "nobody_waits"; "no_such_class".
    """
    vote = queries.round_of(here.gathering.id, lock=True)
    if vote.state in queries.OVER:
        raise Refused("no_more_slips")
    if klass and klass not in {one["ref"] for one in vote.classes}:
        raise Refused("no_such_class")
    to = [Line(0, "", klass=klass)] * n if n is not None else voter_names.give_links(here.gathering.id)
    if not to:
        raise Refused("nobody_waits")
    letters = [Letter(codes.draw(), line) for line in to]
    rows = [{"token_hash": hash_of(one.token), "round_id": vote.id, "klass": one.to.klass, "used": False}
            for one in letters]
    db.session.execute(insert(Invitation), sorted(rows, key=lambda row: str(row["token_hash"])))
    _record(here, Act.VOTER_INVITE, "links", made=len(rows))
    announce(vote.gathering_id, service.TURNOUT)        # an unused link is somebody who may vote yet
    return letters


def withdraw_links(here: Here) -> int:
    """No link that was made works any more, and no name got one; only while none was used. Exclusive lock.

    Raises:
        Refused: "links_used"; "nobody_waits" when there is none.
    """
    vote = queries.round_of(here.gathering.id, lock=True)
    made = reading.links(vote)
    if made["used"]:
        raise Refused("links_used")
    if not made["made"]:
        raise Refused("nobody_waits")
    db.session.execute(delete(Invitation).where(Invitation.round_id == vote.id))
    voter_names.take_links_back(here.gathering.id)
    _record(here, Act.VOTER_INVITE, "links", withdrawn=made["made"])
    announce(vote.gathering_id, service.TURNOUT)
    return made["made"]


def use_link(here: Here, vote: Round, token: str, key: str) -> str:
    """The link is used and one slip drawn for it; gives the slip's code. Shared lock, then the round's row.

    The same tap sent again (its ``key``) gets the same code, so that a lost answer loses nobody's vote; any other one
    is refused. Neither token nor key is kept, and without both nobody can make the code again.

    Raises:
        Refused: "link_used"; "vote_closed".
    """
    code = codes.made_of(hmac.new(token.encode(), f"link-slip-v1|{vote.id}|{key}".encode(), hashlib.sha256).digest())
    found = db.session.get(Invitation, hash_of(token), with_for_update=True, populate_existing=True)
    if found is None or found.round_id != vote.id:
        raise Forbidden("wrong_invitation")
    if found.used:
        if slips.state_of(vote, codes.tag_of(vote.id, code)) is None:
            raise Refused("link_used")
        return code
    found.used = True
    db.session.flush()
    service.slip_for_link(vote, code, found.klass, here)
    return code


def hash_of(token: str) -> str:
    """What is kept of a link: 128 bits cannot be guessed from it."""
    return hashlib.sha256(f"link-v1|{token}".encode()).hexdigest()


def allow_plain(here: Here, wanted: bool) -> None:
    """The host knows that others on the network can read along, or does not want the vote so. Exclusive lock.

    Raises:
        Refused: "vote_fixed" when the vote was opened before.
    """
    vote = rounds.round_for(here)
    if vote.state not in rounds.AHEAD:
        raise Refused("vote_fixed")
    vote.overrides = [one for one in vote.overrides if one != PLAIN] + ([PLAIN] if wanted else [])
    _record(here, Act.PLAIN_ALLOW, "vote", allowed=wanted)


def check_plain(here: Here) -> None:
    """Nothing, when the host ticked the warning about plain http, or the vote stands open already. Exclusive lock.

    Raises:
        Refused: "http_not_ticked".
    """
    if reading.lacks_plain(here.gathering.id):
        raise Refused("http_not_ticked")


def forget_list(here: Here) -> int:
    """The list of names is gone; gives how many it had. Exclusive lock.

    Raises:
        Refused: "names_served" while the vote is not over and one of them was given something: nobody would know it,
            and the same name on a fresh list would be given a second one.
    """
    if reading.keeps_list(here.gathering.id):
        raise Refused("names_served")
    return voter_names.forget(here.gathering.id, by(here))


def forget_old(moment: datetime) -> int:
    """Lists of names whose day has come are gone, as the locked ballots are; gives how many names."""
    nobody = voter_names.By("", None, moment)
    due = [number for number in voter_names.lists()
           if (until := reading.names_until(number)) is not None and until < moment.date()]
    if due:         # the next `sealing.scrub` clears the pages where they lay
        db.session.execute(update(Round).where(Round.gathering_id.in_(due)).values(scrubbed=False))
    return sum(voter_names.forget(number, nobody) for number in due)


def _record(here: Here, act: Act, thing: str, **facts: object) -> None:
    db.session.flush()
    ledger.record(act, here.gathering.id, thing, role=here.role, actor=service.actor(here),
                  now=service.minute(here.now), **facts)
