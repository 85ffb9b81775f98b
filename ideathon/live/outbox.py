"""News after commit: what a verb announces leaves when, and only when, its transaction is saved."""

from __future__ import annotations

import logging
import re
from typing import Any

from flask import current_app
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from ..extensions import db

log = logging.getLogger(__name__)

SLICE = re.compile(r"[a-z_]+\.[a-z_]+(/[^/\s]{1,64})?\Z")
_NEWS, _MARKS = "news", "news_marks"


def announce(gathering_id: int, slice_key: str) -> None:
    """After the commit, all who may hear the slice ("room.slice" or "room.slice/ID") learn its new truth.

    Counts on the lock of the calling verb. A rollback forgets it; a rollback to a savepoint forgets exactly what
    was announced since that savepoint.
    """
    if not SLICE.match(slice_key):
        raise ValueError(f"not the name of a slice: {slice_key!r}")
    db.session.info.setdefault(_NEWS, []).append((gathering_id, slice_key))


def pending(session: Session) -> list[tuple[int, str]]:
    """What waits for the commit, in order, each once."""
    return list(dict.fromkeys(session.info.get(_NEWS, ())))


def _begun(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info.setdefault(_MARKS, {})[transaction] = len(session.info.get(_NEWS, ()))


def _undone(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        mark = session.info.get(_MARKS, {}).pop(transaction, 0)
        del session.info.setdefault(_NEWS, [])[mark:]


def _ended(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:          # rolled back, closed or committed: nothing may leak into the next one
        session.info.pop(_NEWS, None)
        session.info.pop(_MARKS, None)


def _saved(session: Session) -> None:
    if session.in_nested_transaction():     # SQLAlchemy also says after_commit when a savepoint is released
        return
    news = pending(session)
    session.info.pop(_NEWS, None)
    if news:
        _hand_over(news)


def _hand_over(news: list[tuple[int, str]]) -> None:
    try:
        current_app.extensions["pulse"].announce(news)
    except Exception as error:              # the act is saved: a lost push must never make it look undone
        log.error("news of %d slices did not leave: %s", len(news), type(error).__name__)


_HOOKS: tuple[tuple[str, Any], ...] = (
    ("after_transaction_create", _begun), ("after_soft_rollback", _undone),
    ("after_transaction_end", _ended), ("after_commit", _saved),
)


def listen() -> None:
    """The hooks are on the application's sessions; once, however often it is called."""
    for name, hook in _HOOKS:
        if not event.contains(db.session, name, hook):
            event.listen(db.session, name, hook)
