"""The formula, frozen before anybody scores, and the sealed outcome."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ideathon.extensions import db
from ideathon.types import UtcDateTime


class Formula(db.Model):
    """How jury and residents become one number (product.md 4.4). Weights are per cent and sum to 100."""

    __tablename__ = "formula"
    __table_args__ = (CheckConstraint("jury_weight + resident_weight = 100", name="weights"),)

    gathering_id: Mapped[int] = mapped_column(ForeignKey("gathering.id"), primary_key=True)
    jury_weight: Mapped[int] = mapped_column(default=60)
    resident_weight: Mapped[int] = mapped_column(default=40)
    threshold: Mapped[int] = mapped_column(default=65)              # of 100 jury points
    min_jurors: Mapped[int] = mapped_column(default=3)
    recusal_scope: Mapped[str] = mapped_column(String(10), default="idea")      # idea | challenge | event
    tie_order: Mapped[list[str]] = mapped_column(JSON)              # core.tally.ties names, in the declared order
    lot_seed: Mapped[str] = mapped_column(String(80))               # shown before the vote closes
    blend: Mapped[str] = mapped_column(String(10), default="points", server_default="points")    # core.tally.Blend
    threshold_votes: Mapped[int] = mapped_column(default=0, server_default="0")                  # 0 asks for none
    quorum: Mapped[int] = mapped_column(default=0, server_default="0")                           # of counted ballots
    missing: Mapped[str] = mapped_column(String(10), default="leave_out", server_default="leave_out")   # tally.Missing
    frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AnnulledOutcome(db.Model):
    """An outcome whose vote was annulled: kept as it was sealed, and read by no page but the record's."""

    __tablename__ = "annulled_outcome"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    outcome: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    ledger_head: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SealedOutcome(db.Model):
    """The outcome as it was counted, its hash, and how many places the hall has seen (from the last upward)."""

    __tablename__ = "sealed_outcome"

    gathering_id: Mapped[int] = mapped_column(ForeignKey("gathering.id"), primary_key=True)
    outcome: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    ledger_head: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    shown: Mapped[int] = mapped_column(default=0)                   # places shown so far
    revealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
