"""Rounds, slips, ballots and the board. No row here knows a person; a ballot carries no time (security.md 3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ideathon.extensions import db
from ideathon.types import UtcDateTime


class Round(db.Model):
    """One vote. Its rules and options are frozen and hashed when it opens; it only goes forward."""

    __tablename__ = "round"
    __table_args__ = (CheckConstraint("state IN ('draft','open','closed')", name="state"),
                      CheckConstraint("min_choices >= 1 AND max_choices >= min_choices", name="choices"))

    id: Mapped[int] = mapped_column(primary_key=True)
    gathering_id: Mapped[int] = mapped_column(ForeignKey("gathering.id"), unique=True)
    method: Mapped[str] = mapped_column(String(12), default="approval")
    min_choices: Mapped[int] = mapped_column(default=1)
    max_choices: Mapped[int] = mapped_column(default=3)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    options: Mapped[list[str]] = mapped_column(JSON, default=list)      # refs of ideas, in pitch order, at opening
    rules_hash: Mapped[str] = mapped_column(String(64), default="")
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)     # None while the clock is paused
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seq: Mapped[int] = mapped_column(default=0)                         # length and head of the board's chain,
    head: Mapped[str] = mapped_column(String(64), default="")           # moved only under this row's lock


class Slip(db.Model):
    """A credential on paper. Only its hash is here, so the file cannot vote (security.md 3.2)."""

    __tablename__ = "slip"

    tag: Mapped[str] = mapped_column(String(64), primary_key=True)      # SHA-256("slip-v1|" + round + "|" + code)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default="issued")    # issued | void


class Ballot(db.Model):
    """The last word of one slip, or one paper ballot by its serial. An earlier word is overwritten."""

    __tablename__ = "ballot"
    __table_args__ = (Index("ix_ballot_round_id_state", "round_id", "state"),
                      CheckConstraint("state IN ('cast','void')", name="state"))

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(64), primary_key=True)      # a slip's tag, or "paper:" + serial
    choices: Mapped[list[str]] = mapped_column(JSON)
    nonce: Mapped[str] = mapped_column(String(64))
    seq: Mapped[int]                                                    # its place on the board
    channel: Mapped[str] = mapped_column(String(10))                    # phone | paper | assisted
    place: Mapped[str] = mapped_column(String(40), default="online")
    state: Mapped[str] = mapped_column(String(10), default="cast")
    void_reason: Mapped[str] = mapped_column(String(30), default="")


class BoardEntry(db.Model):
    """One line of the public board: h_n = SHA-256(h_{n-1} ‖ canonical JSON), no times (security.md 3.2)."""

    __tablename__ = "board_entry"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    entry: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))


class CastKey(db.Model):
    """Every request that was ever answered "stored", so that an old retry never overwrites a newer choice."""

    __tablename__ = "cast_key"
    __table_args__ = (UniqueConstraint("round_id", "tag", "key"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)       # hash of the three
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    tag: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(64))
    seq: Mapped[int]
