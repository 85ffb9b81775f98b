"""The verbs of the map. Shared lock for the many; building a challenge holds the gathering alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from ideathon import ledger
from ideathon.core.acts import Act, Role
from ideathon.errors import Refused
from ideathon.extensions import db
from ideathon.gatherings.doors import Here
from ideathon.live.outbox import announce
from ideathon.types import Text

from .models import Challenge, ChallengeLink, MapItem, MapSupport


def _tell(here: Here, act: Act, item: MapItem, **facts: Any) -> None:
    ledger.record(act, here.gathering.id, f"map:{item.ref}", role=here.role,
                  actor=here.person.id if here.person else None, now=here.now, **facts)
    if not item.private:
        announce(here.gathering.id, f"mapping.item/{item.ref}")


def add_item(here: Here, kind: str, text: Text, theme: str = "other", *, quantity: int | None = None, unit: str = "",
             private: bool = False, channel: str = "phone") -> MapItem:
    """The item stands on the map; only a skill can be private. Shared lock."""
    item = MapItem(gathering_id=here.gathering.id, author_id=here.person.id if here.person else None, kind=kind, text=text,
                   theme=theme, quantity=quantity, unit=unit, private=private and kind == "skill", channel=channel,
                   created_at=here.now)
    db.session.add(item)
    db.session.flush()
    _tell(here, Act.MAP_ADD, item, kind=kind)
    return item


def support(here: Here, item: MapItem) -> bool:
    """The reader backs the item, or no longer does (a second tap); gives which. Shared lock."""
    mine = (MapSupport.item_id == item.id, MapSupport.person_id == here.person.id)
    backs = db.session.scalar(select(MapSupport).where(*mine)) is None
    if backs:
        db.session.add(MapSupport(item_id=item.id, person_id=here.person.id))
    else:
        db.session.execute(delete(MapSupport).where(*mine))
    db.session.flush()
    _tell(here, Act.MAP_SUPPORT, item, backs=backs)
    return backs


def withdraw(here: Here, item: MapItem) -> None:
    """The item has left every page. Shared lock."""
    item.state = "withdrawn"
    _tell(here, Act.MAP_WITHDRAW, item)


def hide(here: Here, item: MapItem, reason: str) -> None:
    """The item is out of sight with a reason; hidden already, it is back."""
    hidden = item.state == "hidden"
    item.state, item.hidden_reason = ("visible", "") if hidden else ("hidden", reason)
    _tell(here, Act.MAP_HIDE, item, hidden=not hidden, reason=reason)


def build_challenge(here: Here, text: Text, items: list[MapItem]) -> Challenge:
    """The challenge stands, linked to the items behind it. Exclusive lock.

    Raises:
        Refused: "needs_a_need" when no need is among the items (requirement V25).
    """
    if not any(item.kind == "need" for item in items):
        raise Refused("needs_a_need")
    made = Challenge(gathering_id=here.gathering.id, text=text, created_at=here.now,
                     links=[ChallengeLink(item_id=item.id) for item in items])
    db.session.add(made)
    db.session.flush()
    ledger.record(Act.CHALLENGE_BUILD, here.gathering.id, f"challenge:{made.ref}", role=Role.HOST,
                  actor=here.person.id if here.person else None, now=here.now, items=[item.ref for item in items])
    announce(here.gathering.id, f"mapping.challenge/{made.ref}")
    return made
