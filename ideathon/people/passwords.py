"""Staff passwords: argon2id, a length before any hashing, and a throttle per account (security.md 5.1)."""

from __future__ import annotations

import hashlib
import threading
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import delete, func, select

from ideathon.errors import Throttled
from ideathon.extensions import db

from .models import SignInTry

SHORTEST, LONGEST = 12, 128
WINDOW = timedelta(minutes=1)

_hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
_two_at_once = threading.BoundedSemaphore(2)              # sign-ins cannot eat the laptop's memory
# An unknown name's hash: of no password, as costly to check as a real one, and made without hashing at every start.
_nobody = f"$argon2id$v=19$m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}${'A' * 22}${'A' * 43}"


def hash_password(password: str) -> str:
    """The argon2id hash of a password of 12 to 128 characters.

    Raises:
        ValueError: the length is out of range.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise ValueError("length")
    with _two_at_once:
        return _hasher.hash(password)


def fits(password: str, stored: str | None) -> bool:
    """Whether the password is the stored one; takes as long for an unknown name as for a known one."""
    if len(password) > LONGEST:
        return False
    with _two_at_once:
        try:
            return _hasher.verify(stored or _nobody, password) and stored is not None
        except (VerifyMismatchError, InvalidHashError):
            return False


def check_throttle(name: str, source: str, now: datetime, most: int) -> None:
    """Nothing, unless ``most`` tries at this account from this address failed within the last minute, or ten times as
    many from anywhere: nobody keeps others out of an account from their own phone.

    Raises:
        Throttled: wait a minute.
    """
    recent = select(func.count()).select_from(SignInTry).where(SignInTry.at > now - WINDOW)
    for who, limit in ((_both(name, source), most), (_both(name, ""), most * 10)):
        if (db.session.scalar(recent.where(SignInTry.name == who)) or 0) >= limit:
            raise Throttled("throttled")


def note_failure(name: str, source: str, now: datetime) -> None:
    """The failed try is counted, for the address and in all; old ones are swept."""
    db.session.execute(delete(SignInTry).where(SignInTry.at < now - WINDOW * 10))
    db.session.add_all(SignInTry(name=_both(name, where), at=now) for where in (source, ""))


def _both(name: str, source: str) -> str:
    """Account and address in one word that gives neither away."""
    return hashlib.sha256(f"{name}\n{source}".encode()).hexdigest()[:60]
