"""Persons, grants (a role in a scope) and sessions that can be ended."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ideathon.extensions import db
from ideathon.types import Text, UtcDateTime, new_ref


class Person(db.Model):
    """Anybody who acts: a resident known by a display name alone, or staff with a password."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    display_name: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(5), default="lv")
    notice_version: Mapped[str] = mapped_column(String(20), default="")
    sign_in_name: Mapped[str | None] = mapped_column(String(60), unique=True)   # staff only, casefolded
    password_hash: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    grants: Mapped[list[Grant]] = relationship(back_populates="person", cascade="all, delete-orphan")


class Grant(db.Model):
    """A role held in a scope: system, project or gathering. A juror's or mentor's carries a personal link's hash."""

    __tablename__ = "grant"
    __table_args__ = (UniqueConstraint("person_id", "scope", "scope_id", "role"),
                      Index("ix_grant_scope", "scope", "scope_id", "role"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    scope: Mapped[str] = mapped_column(String(12))             # system | project | gathering
    scope_id: Mapped[int] = mapped_column(default=0)           # 0 for system
    role: Mapped[str] = mapped_column(String(12))
    label: Mapped[Text | None] = mapped_column(JSON)           # "Juror 1 (LAG)": an office, not a name
    sector: Mapped[str | None] = mapped_column(String(20))     # public | private | civil_society
    country: Mapped[str | None] = mapped_column(String(2))
    link_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    person: Mapped[Person] = relationship(back_populates="grants")


class LoginSession(db.Model):
    """One signed-in browser. The row is the session: when it goes, the browser is signed out (security.md 5.1)."""

    __tablename__ = "login_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    person: Mapped[Person] = relationship()


class SignInTry(db.Model):
    """A failed sign-in, for throttling by account; swept when it is older than ten minutes."""

    __tablename__ = "sign_in_try"
    __table_args__ = (Index("ix_sign_in_try_name_at", "name", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class VoterName(db.Model):
    """A name on the desk's list of who may vote: ticked when a slip, a paper or a link is given, and joined to none.

    No time and no order of giving stand here, so that the list cannot be laid beside the board.
    """

    __tablename__ = "voter_name"
    __table_args__ = (CheckConstraint("given IN ('','slip','paper','link')", name="given"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    gathering_id: Mapped[int] = mapped_column(ForeignKey("gathering.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(120), default="", server_default="")
    klass: Mapped[str] = mapped_column(String(20), default="", server_default="")
    given: Mapped[str] = mapped_column(String(8), default="", server_default="")    # what: "" nothing yet
