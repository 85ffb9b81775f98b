"""A ticket for the socket: issued to a page that knows its reader, good once and for a minute."""

from __future__ import annotations

import logging
import secrets
import time
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer
from redis import Redis, RedisError

log = logging.getLogger(__name__)

SECONDS = 60
LONGEST = 2048
_NONCE = "_n"


class Tickets:
    """The tickets of one application; which were used is kept in Redis, or in this process when there is none."""

    def __init__(self, secret_key: str, redis_url: str = "") -> None:
        self._signer = URLSafeTimedSerializer(secret_key, salt="live-ticket")
        self._redis = Redis.from_url(redis_url, socket_timeout=1, socket_connect_timeout=1) if redis_url else None
        self._used: dict[str, float] = {}

    def issue(self, payload: dict[str, Any]) -> str:
        """A signed ticket that carries the payload (readable by its holder, so no secret belongs in it)."""
        return str(self._signer.dumps({**payload, _NONCE: secrets.token_urlsafe(12)}))

    def redeem(self, ticket: object) -> dict[str, Any] | None:
        """The payload, the first time within a minute; None for anything else."""
        if not isinstance(ticket, str) or len(ticket) > LONGEST:
            return None
        try:
            payload = self._signer.loads(ticket, max_age=SECONDS)
        except BadData:
            return None
        nonce = str(payload.pop(_NONCE))
        return payload if self._is_first(nonce) else None

    def _is_first(self, nonce: str) -> bool:
        if self._redis is not None:
            try:
                return bool(self._redis.set(f"live-ticket:{nonce}", 1, nx=True, ex=SECONDS + 5))
            except RedisError as error:      # the evening goes on: each worker then remembers for itself
                log.error("used tickets are not shared: %s", type(error).__name__)
        now = time.monotonic()
        self._used = {key: until for key, until in self._used.items() if until > now}
        if nonce in self._used:
            return False
        self._used[nonce] = now + SECONDS + 5
        return True


def issue(payload: dict[str, Any]) -> str:
    """A ticket of the current application."""
    return tickets().issue(payload)


def redeem(ticket: object) -> dict[str, Any] | None:
    """The payload of a ticket of the current application, once."""
    return tickets().redeem(ticket)


def tickets() -> Tickets:
    """The current application's tickets."""
    held: Tickets = current_app.extensions["tickets"]
    return held
