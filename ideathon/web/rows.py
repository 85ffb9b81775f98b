"""Two ways with rows for verbs that run side by side under a shared lock: hold one alone, put one once."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from ideathon.extensions import db


def hold(row: Any) -> None:
    """The row is this transaction's until its end, and read again; the next verb on it waits and then reads ours."""
    alone = {"key_share": True, "of": type(row)}            # rows that refer to it are still let in
    db.session.refresh(row, with_for_update=alone)


def put_once(model: type[Any], **values: Any) -> bool:
    """The row stands; False when an equal one stood already, also one put a moment ago from another phone."""
    insert: Any = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    done = db.session.execute(insert(model).values(**values).on_conflict_do_nothing())
    return bool(done.rowcount)
