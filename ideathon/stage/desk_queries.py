"""What the desk shows: the running order, numbers, what waits for a decision, the hands that hold a link."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from ideathon.comments import queries as comments
from ideathon.core.acts import Role
from ideathon.errors import NotFound
from ideathon.extensions import db
from ideathon.gatherings import queries as gatherings
from ideathon.gatherings.doors import Here
from ideathon.jury import queries as jury
from ideathon.mapping import queries as mapping
from ideathon.people.models import Grant
from ideathon.results import queries as results
from ideathon.voting import paper_queries, queries as voting

from . import queries

LINKED = (Role.JUROR, Role.MENTOR, Role.HELPER)
"""Roles whose link the desk may renew; nobody gives themselves a manager's."""


def desk(here: Here) -> dict[str, Any]:
    """The whole desk. Jurors are counted here, their points are not read."""
    gathering = here.gathering
    return {
        "order": queries.order(gathering), "coming": gatherings.next_stage(gathering),
        "before": gatherings.previous_stage(gathering), "numbers": queries.numbers(gathering.id),
        "turnout": queries.turnout(gathering.id), "jury": jury.progress(gathering.id),
        "reveal": results.progress(gathering.id), "said": comments.latest(gathering.id, 5),
        "hidden": comments.hidden(gathering.id), "challenges": mapping.challenges(gathering.id),
        "links": links(gathering.id), "paper_open": _paper_open(gathering.id), **queries.pitch(gathering),
    }


def _paper_open(gathering_id: int) -> bool:
    """Whether something of the paper stands between a closed vote and its seal."""
    try:
        vote = voting.round_of(gathering_id)
    except NotFound:
        return False
    return vote.state == "closed" and bool(paper_queries.still_open(vote))


def links(gathering_id: int) -> list[Grant]:
    """Jurors, mentors and helpers of the event, who come in by a personal link."""
    query = select(Grant).where(Grant.scope == "gathering", Grant.scope_id == gathering_id, Grant.role.in_(LINKED),
                                Grant.revoked_at.is_(None)).order_by(Grant.role, Grant.id)
    return list(db.session.scalars(query))


def link(gathering_id: int, grant_id: int, roles: Collection[Role] = LINKED) -> Grant:
    """One of them.

    Raises:
        NotFound: the grant is of another event, of another role, or was taken back.
    """
    found = next((one for one in links(gathering_id) if one.id == grant_id and one.role in roles), None)
    if found is None:
        raise NotFound("not_found")
    return found
