"""Rounds, slips, ballots and the board. No row here knows a person; a ballot carries no time (security.md 3)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from ideathon.extensions import db
from ideathon.types import UtcDateTime

STATES = ("draft", "rehearsal", "open", "closed", "counted", "sealed", "published", "annulled")


class Round(db.Model):
    """One vote. Its rules and options are frozen and hashed when it opens; it only goes forward."""

    __tablename__ = "round"
    __table_args__ = (CheckConstraint(f"state IN {STATES}".replace(", ", ","), name="state"),
                      Index("uq_round_standing", "gathering_id", unique=True,     # the annulled ones stay beside it
                            sqlite_where=text("state <> 'annulled'"), postgresql_where=text("state <> 'annulled'")),
                      CheckConstraint("min_choices >= 1 AND max_choices >= min_choices", name="choices"))

    id: Mapped[int] = mapped_column(primary_key=True)
    gathering_id: Mapped[int] = mapped_column(ForeignKey("gathering.id"), index=True)
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
    profile: Mapped[str] = mapped_column(String(8), default="room", server_default="room")
    age: Mapped[int] = mapped_column(default=0, server_default="0")     # in years, stated by the voter; 0: any
    revote: Mapped[bool] = mapped_column(default=True, server_default=true())           # the last word counts
    shuffled: Mapped[bool] = mapped_column(default=False, server_default=false())       # each voter sees another order
    budget_cents: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    publish: Mapped[str] = mapped_column(String(8), default="totals", server_default="totals")     # totals | full
    classes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")
    costs: Mapped[list[int]] = mapped_column(JSON, default=list, server_default="[]")   # cents, as the options, frozen
    overrides: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")   # warnings that were ticked
    voted: Mapped[int] = mapped_column(default=0, server_default="0")       # slips that have, as `seq` under this lock
    electorate: Mapped[int] = mapped_column(default=0, server_default="0")  # slips that there were at the opening
    kept: Mapped[dict[str, Any] | None] = mapped_column(JSON)           # what the seal keeps of the ballots: figures
    told: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON, deferred=True)  # ballots, where published
    scrubbed: Mapped[bool] = mapped_column(default=False, server_default=false())   # … and nothing else is on the disk


class Witness(db.Model):
    """One of two who can open the ballots after the seal: the key that locks for them. The one that opens is theirs."""

    __tablename__ = "witness"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(String(80))                  # an age recipient, age1…


class Openings(db.Model):
    """Every counted ballot with its nonce, shuffled, locked for the witnesses (age), until its day has come."""

    __tablename__ = "openings"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    locked: Mapped[bytes | None] = mapped_column(LargeBinary)           # None once it was destroyed
    keep_until: Mapped[date]


class Annulment(db.Model):
    """One person asks that a vote be annulled, another confirms it: then it does not count, and another one is held."""

    __tablename__ = "annulment"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(300))
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Slip(db.Model):
    """A credential on paper. Only its hash is here, so the file cannot vote (security.md 3.2)."""

    __tablename__ = "slip"

    tag: Mapped[str] = mapped_column(String(64), primary_key=True)      # SHA-256("slip-v1|" + round + "|" + code)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default="issued")    # issued | void | test: of a rehearsal
    short: Mapped[str | None] = mapped_column(String(64), unique=True)  # HMAC of the typed code, until the close
    klass: Mapped[str] = mapped_column(String(20), default="", server_default="")       # of residents, "" for none


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
    klass: Mapped[str] = mapped_column(String(20), default="", server_default="")
    shown: Mapped[list[str] | None] = mapped_column(JSON)               # the order of the options that the voter saw


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


class Invitation(db.Model):
    """A link for one voter, good once, while the vote is open. Nothing says who was sent it."""

    __tablename__ = "invitation"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    klass: Mapped[str] = mapped_column(String(20), default="", server_default="")
    used: Mapped[bool] = mapped_column(default=False, server_default=false())


class Complaint(db.Model):
    """What somebody says against a vote within its time, by number and without a name; and the answer to it."""

    __tablename__ = "complaint"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(1000))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(String(1000), default="", server_default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
