"""Who may hear what: one room per gathering and per act of seeing."""

from __future__ import annotations


def room_of(gathering_id: int, act: str) -> str:
    """The room's name, as "g7:gathering:see". It is made here and never taken from a client."""
    return f"g{int(gathering_id)}:{act}"
