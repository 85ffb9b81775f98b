"""Idempotency keys: one act per key and sender; the database is the last to know."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ideathon.extensions import db
from ideathon.types import UtcDateTime


class DoneRequest(db.Model):
    """A request that was carried out, and where its answer led. Swept after two days."""

    __tablename__ = "done_request"
    __table_args__ = (Index("ix_done_request_at", "at"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)      # hash of sender, door and key
    said: Mapped[str] = mapped_column(String(64), default="", server_default="")      # hash of key and words
    answer: Mapped[str] = mapped_column(String(500), default="")       # a place to go to, or a socket's acknowledgement
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))      # whom this request signed in
    at: Mapped[datetime] = mapped_column(UtcDateTime)
