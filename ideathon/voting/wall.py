"""The list for the wall: number and mark of every vote by phone, in sheets of A4."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from ideathon.extensions import db

from .codes import spaced
from .models import BoardEntry, Round

ON_A_SHEET = 132        # three columns of 44, large enough to be read on a wall


def facts(vote: Round) -> dict[str, Any]:
    """``sheets`` of rows with ``seq`` and ``mark``, how many votes they are, and the ``last`` entry of the board."""
    rows = [_row(*found) for found in db.session.execute(
        select(BoardEntry.seq, func.substr(BoardEntry.digest, 1, 16)).where(
            BoardEntry.round_id == vote.id, BoardEntry.entry["kind"].as_string() == "vote").order_by(BoardEntry.seq))]
    return {"sheets": [rows[at:at + ON_A_SHEET] for at in range(0, len(rows), ON_A_SHEET)], "count": len(rows),
            "last": _row(vote.seq, vote.head[:16])}


def _row(seq: int, mark: str) -> dict[str, Any]:
    return {"seq": seq, "mark": spaced(mark)}
