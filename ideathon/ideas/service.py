"""The verbs of ideas. All count on the gathering's shared lock; what changes one idea holds that idea alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from ideathon import ledger
from ideathon.core.acts import Act, Role
from ideathon.errors import NotFound, Refused
from ideathon.extensions import db
from ideathon.gatherings.doors import Here
from ideathon.live.outbox import announce
from ideathon.types import Text
from ideathon.web.rows import hold, put_once

from .models import CostLine, Draft, Idea, IdeaAsset, IdeaMember, IdeaSupport
from .queries import COMMENT


def _tell(here: Here, act: Act, idea: Idea, **facts: Any) -> None:
    ledger.record(act, here.gathering.id, f"idea:{idea.ref}", role=here.role,
                  actor=here.person.id if here.person else None, now=here.now, **facts)
    db.session.flush()
    announce(here.gathering.id, f"ideas.idea/{idea.ref}")


def _tell_talk(here: Here, idea: Idea) -> None:
    """What was said under an idea comes and goes with it."""
    for ref in db.session.scalars(select(COMMENT.c.ref).where(COMMENT.c.idea_id == idea.id)):
        announce(here.gathering.id, f"comments.comment/{ref}")


def _alone(idea: Idea, *gone: str) -> None:
    """The idea is held and fresh.

    Raises:
        NotFound: it has come into one of these states meanwhile.
    """
    hold(idea)
    if idea.state in gone:
        raise NotFound("not_found")


def _said(old: Text | None, language: str, words: str) -> Text:
    """The text with these words: unchanged words keep their other languages, changed ones outdate them."""
    if old and words in old.values():
        return old
    return {language: words} if words else {}


def _write(idea: Idea, draft: Draft) -> None:
    old = {line.amount_cents: line.label for line in idea.costs}
    idea.challenge_id, idea.own_cents = draft.challenge.id, draft.own_cents
    idea.title = _said(idea.title, draft.language, draft.title)
    idea.summary = _said(idea.summary, draft.language, draft.summary)
    idea.lasting = _said(idea.lasting, draft.language, draft.lasting)
    idea.costs = [CostLine(position=place, label=_said(old.get(cents), draft.language, label), amount_cents=cents)
                  for place, (label, cents) in enumerate(draft.costs, 1)]
    kept = {asset.item_id: asset for asset in idea.assets}
    idea.assets = [kept.get(item.id) or IdeaAsset(item_id=item.id) for item in draft.uses]


def add_idea(here: Here, draft: Draft, channel: str = "phone") -> Idea:
    """The idea answers its challenge; a resident who wrote it leads its team. Shared lock."""
    author = here.person.id if here.person else None
    idea = Idea(gathering_id=here.gathering.id, author_id=author, channel=channel, created_at=here.now)
    _write(idea, draft)
    db.session.add(idea)
    db.session.flush()
    if Role.RESIDENT in here.seat.roles:
        db.session.add(IdeaMember(idea_id=idea.id, person_id=author, role="author"))
    _tell(here, Act.IDEA_ADD, idea, challenge=draft.challenge.ref)
    return idea


def edit_idea(here: Here, idea: Idea, seen: int, draft: Draft) -> None:
    """The idea says what the draft says, and is one version older. Shared lock, then the idea alone.

    Raises:
        Refused: "changed_since" when ``seen`` is not the version that stands: nobody's edit is written over unseen.
    """
    _alone(idea, "withdrawn")
    if idea.version != seen:
        raise Refused("changed_since")
    _write(idea, draft)
    idea.version += 1
    _tell(here, Act.IDEA_EDIT, idea, version=idea.version)


def withdraw_idea(here: Here, idea: Idea) -> None:
    """The idea and the talk under it have left every page. Shared lock, then the idea alone."""
    _alone(idea, "withdrawn")
    idea.state = "withdrawn"
    _tell(here, Act.IDEA_WITHDRAW, idea)
    _tell_talk(here, idea)


def hide_idea(here: Here, idea: Idea, reason: str) -> None:
    """The idea and the talk under it are out of sight; its author reads the reason. Locks as above."""
    _alone(idea, "withdrawn")
    idea.state, idea.hidden_reason = "hidden", reason
    _tell(here, Act.IDEA_HIDE, idea, hidden=True, reason=reason)
    _tell_talk(here, idea)


def restore_idea(here: Here, idea: Idea) -> None:
    """A hidden idea is back with its talk. Locks as above."""
    _alone(idea, "withdrawn")
    if idea.state == "hidden":
        idea.state, idea.hidden_reason = "submitted", ""
    _tell(here, Act.IDEA_HIDE, idea, hidden=False)
    _tell_talk(here, idea)


def support_idea(here: Here, idea: Idea, wants: bool | None = None) -> bool:
    """The reader supports the idea, or no longer does; without ``wants`` a second tap takes it back. Gives which.

    Shared lock; two taps at once are one by the table's key.
    """
    mine = (idea.id, here.person.id)
    supports = wants if wants is not None else db.session.get(IdeaSupport, mine) is None
    if supports:
        put_once(IdeaSupport, idea_id=mine[0], person_id=mine[1])
    else:
        db.session.execute(delete(IdeaSupport).where(IdeaSupport.idea_id == mine[0], IdeaSupport.person_id == mine[1]))
    _tell(here, Act.IDEA_SUPPORT, idea, supports=supports)
    return supports


def join_team(here: Here, idea: Idea, wants: bool | None = None) -> bool:
    """The reader is in the idea's team, or has left it; without ``wants`` the other of the two. Gives which.

    Shared lock; two taps at once are one by the table's key.

    Raises:
        Refused: "author_stays" when the author would leave.
    """
    member = db.session.get(IdeaMember, (idea.id, here.person.id))
    joins = wants if wants is not None else member is None
    if member is not None and member.role == "author" and not joins:
        raise Refused("author_stays")
    if joins:
        put_once(IdeaMember, idea_id=idea.id, person_id=here.person.id, role="member")
    elif member is not None:
        db.session.delete(member)
    _tell(here, Act.TEAM_JOIN, idea, joins=joins)
    return joins
