"""The hand that moves the day: a stage begins, and what it sets going in the rooms below begins with it.

Every verb counts on the gathering's exclusive lock.
"""

from __future__ import annotations

from ideathon.core.acts import Act
from ideathon.core.stages import KINDS, Effect, Kind, StageKind
from ideathon.errors import Refused
from ideathon.gatherings import queries as gathering_queries, service as gatherings
from ideathon.gatherings.doors import Here
from ideathon.gatherings.models import Stage
from ideathon.jury import service as jury
from ideathon.results import service as results
from ideathon.voting import electorate, rounds as voting


def _kind(stage: Stage) -> StageKind:
    return KINDS[Kind(stage.kind)]


def advance(here: Here, seen: str, *, plain: bool = False) -> Stage | None:
    """The next stage runs, and the vote, the sheets and the rule follow it; after the last the day is over (None).

    ``seen`` is the ref of the stage that the host saw running ("" before the first); ``plain``: others on the network
    can read along (web.address).

    Raises:
        Refused: "already_started" when another hand was quicker; "http_not_ticked" when the vote would open over plain
            http and its host has not ticked that this is known.
    """
    _known(here, gathering_queries.next_stage(here.gathering), plain)
    leaving = here.gathering.current_stage
    coming = gatherings.move_on(here, seen)
    if leaving is not None and Effect.OPEN_ROUND in _kind(leaving).sets_going:
        voting.close_round(here)
    if coming is not None:
        _begin(here, coming)
    return coming


def _known(here: Here, stage: Stage | None, plain: bool) -> None:
    """Asked before anything is written: the vote opens over plain http only when its host knows it."""
    if plain and stage is not None and Effect.OPEN_ROUND in _kind(stage).sets_going:
        electorate.check_plain(here)


def _begin(here: Here, stage: Stage) -> None:
    kind = _kind(stage)
    if Act.JURY_SCORE in kind.opens:        # nobody scores before the rule of the result stands
        results.freeze(here)
    if Effect.OPEN_ROUND in kind.sets_going:
        voting.open_round(here, stage.ends_at, results.rule_digest(here))
    if Effect.LOCK_JURY in kind.sets_going and not here.seat.locked:
        jury.lock(here)


def back(here: Here, seen: str, *, plain: bool = False) -> Stage:
    """The stage before runs again. An open vote is never left this way, and a closed one never opened (the table asks):
    only where a vote was annulled, the new one opens when the day comes back to its stage.

    Raises:
        Refused: as gatherings.service.move_back; "vote_over" when the stage before is that of a vote which stands;
            "http_not_ticked" as `advance`.
    """
    before = gathering_queries.previous_stage(here.gathering)
    if before is not None and before.kind == Kind.VOTE and not voting.is_ahead(here):
        raise Refused("vote_over")
    _known(here, before, plain)
    stage = gatherings.move_back(here, seen)
    if Effect.OPEN_ROUND in _kind(stage).sets_going:
        voting.open_round(here, stage.ends_at, results.rule_digest(here))
    return stage


def shift(here: Here, minutes: int) -> Stage:
    """The running stage has more minutes or fewer; an open vote closes with it."""
    stage = gatherings.shift(here, minutes)
    voting.follow_clock(here)
    return stage


def pause(here: Here, wanted: bool) -> Stage:
    """The clock stands still, or runs again, as wanted; two hosts who want the same get it once. The vote waits too."""
    stage = gatherings.running(here.gathering)
    if stage.paused != wanted:
        gatherings.pause(here)
        voting.follow_clock(here)
    return stage


def show(here: Here, scene: str, idea: str | None = None) -> None:
    """The big screen shows this scene; "" or what the stage proposes anyway: it follows the day again."""
    own = gathering_queries.proposed_scene(here.gathering)
    gatherings.show(here, None if scene in ("", own) else scene, idea)
