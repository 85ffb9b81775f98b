"""Reading the map: visible items, their support, challenges; the slices for news."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from ideathon.clock import epoch_ms
from ideathon.errors import NotFound
from ideathon.extensions import db

from .models import Challenge, ChallengeLink, MapItem, MapSupport


def facts(item: MapItem, supports: int) -> dict[str, Any]:
    """One public item as plain facts: what the page and the slice ``mapping.item/REF`` hold."""
    return {"ref": item.ref, "kind": item.kind, "theme": item.theme, "text": item.text, "quantity": item.quantity,
            "unit": item.unit, "supports": supports, "at": epoch_ms(item.created_at), "channel": item.channel}


def _support_counts(gathering_id: int) -> dict[int, int]:
    query = (select(MapSupport.item_id, func.count()).join(MapItem, MapItem.id == MapSupport.item_id)
             .where(MapItem.gathering_id == gathering_id).group_by(MapSupport.item_id))
    return dict(db.session.execute(query).all())


def visible(gathering_id: int, refs: list[str] | None = None) -> list[dict[str, Any]]:
    """Every item that all may see, newest first; with ``refs`` only those."""
    query = select(MapItem).where(MapItem.gathering_id == gathering_id, MapItem.state == "visible",
                                  MapItem.private.is_(False)).order_by(MapItem.id.desc())
    if refs is not None:
        query = query.where(MapItem.ref.in_(refs))
    counts = _support_counts(gathering_id)
    return [facts(item, counts.get(item.id, 0) + item.backing) for item in db.session.scalars(query)]


def private_of(gathering_id: int, person_id: int | None) -> list[dict[str, Any]]:
    """The reader's own private skills; everybody's for None, which is for hosts alone."""
    query = select(MapItem).where(MapItem.gathering_id == gathering_id, MapItem.private.is_(True),
                                  MapItem.state == "visible").order_by(MapItem.id.desc())
    if person_id is not None:
        query = query.where(MapItem.author_id == person_id)
    return [facts(item, 0) for item in db.session.scalars(query)]


def hidden_of(gathering_id: int, person_id: int | None) -> list[dict[str, Any]]:
    """What the host has hidden, with the reason: the reader's own; everybody's for None, which is for hosts alone."""
    query = (select(MapItem).where(MapItem.gathering_id == gathering_id, MapItem.state == "hidden")
             .order_by(MapItem.id.desc()))
    if person_id is not None:
        query = query.where(MapItem.author_id == person_id)
    return [{**facts(item, 0), "reason": item.hidden_reason} for item in db.session.scalars(query)]


def item_slices(gathering_id: int, keys: list[str]) -> dict[str, Any]:
    """The slices ``mapping.item/REF``; None for what is gone, hidden or private."""
    found = {f"mapping.item/{item['ref']}": item for item in visible(gathering_id, [k.partition("/")[2] for k in keys])}
    return {key: found.get(key) for key in keys}


def supported_by(gathering_id: int, person_id: int) -> set[str]:
    """Refs of the items that this person supports."""
    query = (select(MapItem.ref).join(MapSupport, MapSupport.item_id == MapItem.id)
             .where(MapItem.gathering_id == gathering_id, MapSupport.person_id == person_id))
    return set(db.session.scalars(query))


def owned_by(gathering_id: int, person_id: int) -> set[str]:
    """Refs of the items that this person wrote."""
    query = select(MapItem.ref).where(MapItem.gathering_id == gathering_id, MapItem.author_id == person_id)
    return set(db.session.scalars(query))


def item(gathering_id: int, ref: str) -> MapItem:
    """One item of the gathering.

    Raises:
        NotFound: there is none, or it was withdrawn.
    """
    query = select(MapItem).where(MapItem.gathering_id == gathering_id, MapItem.ref == ref)
    found = db.session.scalar(query) if ref.isalnum() else None
    if found is None or found.state == "withdrawn":
        raise NotFound("not_found")
    return found


def items_named(gathering_id: int, refs: list[str]) -> list[MapItem]:
    """The public, visible items of these names, in the order in which they came."""
    query = select(MapItem).where(MapItem.gathering_id == gathering_id, MapItem.state == "visible",
                                  MapItem.private.is_(False), MapItem.ref.in_(refs)).order_by(MapItem.id)
    return list(db.session.scalars(query))


def challenges(gathering_id: int) -> list[Challenge]:
    """The challenges of a gathering with the items behind them, in the order they were built."""
    query = (select(Challenge).where(Challenge.gathering_id == gathering_id).order_by(Challenge.id)
             .options(selectinload(Challenge.links).options(joinedload(ChallengeLink.item))))
    return list(db.session.scalars(query))


def behind(challenge: Challenge) -> dict[str, list[dict[str, Any]]]:
    """What all may see behind a challenge: its needs, and the resources and skills at hand."""
    shown = [link.item for link in challenge.links if link.item.state == "visible" and not link.item.private]
    sides: dict[str, list[dict[str, Any]]] = {"needs": [], "assets": []}
    for item in shown:
        sides["needs" if item.kind == "need" else "assets"].append({"text": item.text, "kind": item.kind})
    return sides


def challenge_slices(gathering_id: int, keys: list[str]) -> dict[str, Any]:
    """The slices ``mapping.challenge/REF``."""
    found = {f"mapping.challenge/{c.ref}": {"ref": c.ref, "text": c.text, "needs": _needs(c)}
             for c in challenges(gathering_id)}
    return {key: found.get(key) for key in keys}


def _needs(challenge: Challenge) -> int:
    return sum(link.item.kind == "need" for link in challenge.links)
