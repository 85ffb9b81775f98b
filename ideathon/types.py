"""Column types and small value types that every room shares."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, TypeDecorator
from sqlalchemy.engine import Dialect

Text = dict[str, str]
"""An official text: language code → words, as {"lv": …, "en": …}."""

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"   # nothing that looks like something else


def new_ref(length: int = 8) -> str:
    """A short random public name for a row, so that addresses tell no order and no count."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


class UtcDateTime(TypeDecorator[datetime]):
    """Aware in Python, UTC in the database; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive moment; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
