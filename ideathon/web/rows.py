"""Two ways with rows for verbs that run side by side under a shared lock: hold one alone, insert one once."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import IntegrityError

from ideathon.extensions import db


def hold(row: Any) -> None:
    """The row is this transaction's until its end, and read again; the next verb on it waits and then reads ours."""
    db.session.refresh(row, with_for_update={"key_share": True})      # rows that refer to it are still let in


def put_once(row: Any) -> bool:
    """The row stands; False when an equal one stood already, also one put a moment ago from another phone."""
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return False
    return True
