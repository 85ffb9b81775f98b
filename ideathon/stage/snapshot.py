"""Every slice of news: its reader, its hearers, its keys. Law: old snapshot + news == fresh snapshot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import select

from ideathon import ledger
from ideathon.comments import queries as comments
from ideathon.core.acts import Act
from ideathon.core.permissions import Seat, may
from ideathon.extensions import db
from ideathon.gatherings import queries as gatherings
from ideathon.gatherings.models import Gathering
from ideathon.ideas import queries as ideas
from ideathon.jury import queries as jury
from ideathon.live.pulse import pulse_of
from ideathon.mapping import queries as mapping
from ideathon.results import queries as results
from ideathon.voting import queries as voting

from .queries import number_slice


class Slice(NamedTuple):
    """One kind of news: read(gathering_id, keys), the act of seeing it, and every key that a snapshot holds."""

    read: Callable[[int, list[str]], Mapping[str, Any]]
    act: Act
    keys: Callable[[int, str], list[str]]


def _the(name: str) -> Callable[[int, str], list[str]]:
    return lambda _gathering_id, _of: [name]


def _stage(gathering_id: int, keys: list[str]) -> dict[str, Any]:
    gathering = db.session.scalars(select(Gathering).where(Gathering.id == gathering_id)).one()
    return {keys[0]: gatherings.stage_slice(gathering)}


def _people(gathering_id: int, keys: list[str]) -> dict[str, Any]:
    return {keys[0]: {"n": gatherings.people_count(gathering_id)}}


SLICES: dict[str, Slice] = {
    "gathering.stage": Slice(_stage, Act.GATHERING_SEE, _the("gathering.stage")),
    "people.count": Slice(_people, Act.GATHERING_SEE, _the("people.count")),
    "ideas.idea": Slice(ideas.idea_slices, Act.GATHERING_SEE, ideas.idea_keys),
    "comments.comment": Slice(comments.comment_slices, Act.GATHERING_SEE, comments.comment_keys),
    "jury.progress": Slice(jury.progress_slice, Act.JURY_PROGRESS, _the("jury.progress")),
    "voting.turnout": Slice(voting.turnout_slice, Act.GATHERING_SEE, _the("voting.turnout")),
    "results.reveal": Slice(results.reveal_slice, Act.GATHERING_SEE, _the("results.reveal")),
    "hall.numbers": Slice(number_slice, Act.GATHERING_SEE, _the("hall.numbers")),
    "mapping.item": Slice(mapping.item_slices, Act.GATHERING_SEE,
                          lambda g, _of: [f"mapping.item/{item['ref']}" for item in mapping.visible(g)]),
    "mapping.challenge": Slice(mapping.challenge_slices, Act.GATHERING_SEE,
                               lambda g, _of: [f"mapping.challenge/{c.ref}" for c in mapping.challenges(g)]),
}
"""A new slice is one line here and one ``announce`` in a verb."""


def snapshot(gathering_id: int, seat: Seat, want: str = "") -> dict[str, Any]:
    """What a seat may see now: {"rev", "read", "slices"}; ``read`` names what was looked for, also where nothing was.

    ``want`` narrows it: "people.count,comments.comment:IDEA".
    """
    rev = ledger.position(gathering_id)     # before the slices: they may be newer than it says, never older
    wanted = dict(part.partition(":")[::2] for part in want.split(",")) if want else dict.fromkeys(SLICES, "")
    found: dict[str, Any] = {}
    read: list[str] = []
    for name, of in wanted.items():
        one = SLICES.get(name)
        if one is not None and may(one.act, seat):
            read.append(name)
            keys = one.keys(gathering_id, of)
            found |= one.read(gathering_id, keys) if keys else {}
    return {"rev": rev, "read": read, "slices": found}


def init_app(app: Flask) -> None:
    """The pulse knows every reader."""
    pulse = pulse_of(app)
    pulse.position = ledger.position
    for prefix, one in SLICES.items():
        pulse.reads(prefix, one.read, one.act)
    pulse.follows("hall.numbers", "ideas.idea", "comments.comment")
    pulse.follows("jury.progress", "ideas.idea")        # an idea that comes or goes is a sheet more or fewer for each
