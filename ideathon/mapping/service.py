"""The verbs of the map. Shared lock for the many; building a challenge holds the gathering alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete

from ideathon import ledger
from ideathon.core.acts import Act, Role
from ideathon.errors import NotFound, Refused
from ideathon.extensions import db
from ideathon.gatherings.doors import Here
from ideathon.live.outbox import announce
from ideathon.types import Text
from ideathon.web.rows import hold, put_once

from .models import Challenge, ChallengeLink, MapItem, MapSupport


def _tell(here: Here, act: Act, item: MapItem, **facts: Any) -> None:
    ledger.record(act, here.gathering.id, f"map:{item.ref}", role=here.role,
                  actor=here.person.id if here.person else None, now=here.now, **facts)
    if not item.private:
        announce(here.gathering.id, f"mapping.item/{item.ref}")


def add_item(here: Here, kind: str, text: Text, theme: str = "other", *, quantity: int | None = None, unit: str = "",
             private: bool = False, channel: str = "phone") -> MapItem:
    """The item stands on the map; only a skill can be private. Shared lock."""
    author = here.person.id if here.person else None
    item = MapItem(gathering_id=here.gathering.id, author_id=author, kind=kind, text=text, theme=theme,
                   quantity=quantity, unit=unit, private=private and kind == "skill", channel=channel,
                   created_at=here.now)
    db.session.add(item)
    db.session.flush()
    _tell(here, Act.MAP_ADD, item, kind=kind)
    return item


def support(here: Here, item: MapItem, wants: bool | None = None) -> bool:
    """The reader backs the item, or no longer does; without ``wants`` a second tap takes it back. Gives which.

    Shared lock; two taps at once are one by the table's key.

    Raises:
        NotFound: the item has left the map.
    """
    if item.state != "visible":
        raise NotFound("not_found")
    mine = (item.id, here.person.id)
    backs = wants if wants is not None else db.session.get(MapSupport, mine) is None
    if backs:
        put_once(MapSupport, item_id=mine[0], person_id=mine[1])
    else:
        db.session.execute(delete(MapSupport).where(MapSupport.item_id == mine[0], MapSupport.person_id == mine[1]))
    _tell(here, Act.MAP_SUPPORT, item, backs=backs)
    return backs


def withdraw(here: Here, item: MapItem) -> None:
    """The item has left every page. Shared lock, then the item alone."""
    hold(item)
    item.state = "withdrawn"
    _tell(here, Act.MAP_WITHDRAW, item)


def hide(here: Here, item: MapItem, reason: str) -> None:
    """The item is out of everybody's sight but its author's, who reads the reason. Shared lock, then the item alone."""
    hold(item)
    if item.state == "withdrawn":
        raise NotFound("not_found")
    item.state, item.hidden_reason = "hidden", reason
    _tell(here, Act.MAP_HIDE, item, hidden=True, reason=reason)


def restore(here: Here, item: MapItem) -> None:
    """A hidden item is back. Shared lock, then the item alone."""
    hold(item)
    if item.state != "hidden":
        raise NotFound("not_found")
    item.state, item.hidden_reason = "visible", ""
    _tell(here, Act.MAP_HIDE, item, hidden=False)


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
