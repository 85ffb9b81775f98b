"""Paper at the count: what two people read from each ballot, what became of the papers, hands that were counted."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from ideathon.extensions import db


class PaperEntry(db.Model):
    """What one of two people read from one ballot, alone. Where both say the same the ballot is in the box."""

    __tablename__ = "paper_entry"
    __table_args__ = (CheckConstraint("number IN (1, 2)", name="number"), UniqueConstraint("round_id", "tag", "by_id"))

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(64), primary_key=True)      # as the ballot's
    number: Mapped[int] = mapped_column(primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    place: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(10))
    choices: Mapped[list[str]] = mapped_column(JSON)
    void_reason: Mapped[str] = mapped_column(String(30), default="", server_default="")


class PaperAccount(db.Model):
    """What became of the papers of one place: issued = cast + spoiled + unused, or the reason why not."""

    __tablename__ = "paper_account"
    __table_args__ = (CheckConstraint("issued >= 0 AND spoiled >= 0 AND unused >= 0", name="counts"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    place: Mapped[str] = mapped_column(String(40), primary_key=True)
    issued: Mapped[int]
    spoiled: Mapped[int]
    unused: Mapped[int]
    why: Mapped[str] = mapped_column(String(300), default="", server_default="")


class HandsCount(db.Model):
    """Hands that one of two people counted in one place. Where both say the same they count as ballots."""

    __tablename__ = "hands_count"
    __table_args__ = (CheckConstraint("number IN (1, 2)", name="number"),
                      UniqueConstraint("round_id", "place", "by_id"))

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    place: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    present: Mapped[int]                                                # people who raised a hand at least once
    totals: Mapped[dict[str, int]] = mapped_column(JSON)
    counts: Mapped[bool] = mapped_column(default=False, server_default=false())     # on the board, on the second row


class PaperRecheck(db.Model):
    """Ballots drawn at random and compared with their papers: which, and which differ (None: not compared yet)."""

    __tablename__ = "paper_recheck"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    tags: Mapped[list[str]] = mapped_column(JSON)
    differing: Mapped[list[str] | None] = mapped_column(JSON)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
