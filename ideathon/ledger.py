"""The append-only record of acts: what, when, by whom (a ballot: not by whom). Chained at each sealing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import JSON, ForeignKey, Index, String, Table, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from .clock import now as clock_now
from .core.acts import Act
from .extensions import db
from .types import UtcDateTime

GENESIS = "0" * 64


class Entry(db.Model):
    """One act. ``digest`` is empty until the gathering is sealed; then each entry covers all before it."""

    __tablename__ = "ledger"
    __table_args__ = (Index("ix_ledger_gathering_id_id", "gathering_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    gathering_id: Mapped[int | None] = mapped_column(ForeignKey("gathering.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    act: Mapped[str] = mapped_column(String(40))
    thing: Mapped[str] = mapped_column(String(80), default="")
    actor_role: Mapped[str] = mapped_column(String(20), default="")
    actor_id: Mapped[int | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    digest: Mapped[str] = mapped_column(String(64), default="")


_ADD = insert(cast(Table, Entry.__table__)).inline()        # every act runs it: built once, and past the ORM


def record(act: Act, gathering_id: int | None, thing: str = "", *, role: str = "", actor: int | None = None,
           now: datetime | None = None, **facts: Any) -> None:
    """One more entry stands in the record, in the caller's transaction. Facts hold no personal data and no choice."""
    record_each(act, gathering_id, thing, [facts], role=role, actor=actor, now=now)


def record_each(act: Act, gathering_id: int | None, thing: str, each: Sequence[dict[str, Any]], *, role: str = "",
                actor: int | None = None, now: datetime | None = None) -> None:
    """As `record`, an entry for each of these facts, in their order."""
    rows = [{"act": str(act), "gathering_id": gathering_id, "thing": thing, "actor_role": role, "actor_id": actor,
             "at": now or clock_now(), "facts": facts, "digest": ""} for facts in each]
    if rows:
        db.session.connection().execute(_ADD, rows[0] if len(rows) == 1 else rows)


def position(gathering_id: int) -> int:
    """How far the record of a gathering reaches; news and snapshots carry it as ``rev``."""
    return db.session.scalar(select(func.max(Entry.id)).where(Entry.gathering_id == gathering_id)) or 0


def entries(gathering_id: int, limit: int = 1000) -> list[Entry]:
    """The record of a gathering, oldest first."""
    query = select(Entry).where(Entry.gathering_id == gathering_id).order_by(Entry.id).limit(limit)
    return list(db.session.scalars(query))


def _digest(before: str, entry: Entry) -> str:
    plain = {"id": entry.id, "at": entry.at.isoformat(), "act": entry.act, "thing": entry.thing,
             "role": entry.actor_role, "actor": entry.actor_id, "facts": entry.facts}
    line = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{before}\n{line}".encode()).hexdigest()


def seal(gathering_id: int) -> str:
    """Every entry of the gathering so far is chained; gives the head. Counts on the gathering's exclusive lock."""
    db.session.flush()
    head = GENESIS
    for entry in entries(gathering_id, limit=1_000_000):
        entry.digest = head = entry.digest or _digest(head, entry)
    db.session.flush()
    return head


def first_break(gathering_id: int) -> int | None:
    """The id of the first sealed entry that was altered, or None when the chain holds."""
    head = GENESIS
    for entry in entries(gathering_id, limit=1_000_000):
        if not entry.digest:
            return None
        if _digest(head, entry) != entry.digest:
            return entry.id
        head = entry.digest
    return None
