"""The one clock: aware, in UTC. Verbs take `now` where time decides; core/ never reads it."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def epoch_ms(moment: datetime | None) -> int | None:
    """Milliseconds since 1970 for the browser's clocks, or None."""
    return None if moment is None else round(moment.timestamp() * 1000)
