"""The code on a slip: 128 bits as a QR holds them (Crockford's base 32), twelve letters of it to type, and the tag and
the lock that are all we keep of them."""

from __future__ import annotations

import hashlib
import hmac
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 26
SHORT = 12              # 60 bits: enough where a wrong one is slowed, and it opens nothing after the close
_LIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


def draw() -> str:
    """A fresh code."""
    return made_of(secrets.token_bytes(16))


def made_of(chance: bytes) -> str:
    """The code of the first 16 of these bytes."""
    return _letters(int.from_bytes(chance[:16]), LENGTH)


def _letters(number: int, length: int) -> str:
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(length)))


def short(code: str) -> str:
    """What is typed where a slip cannot be scanned: it follows from the code, and the code not from it."""
    return _letters(int.from_bytes(hashlib.sha256(f"short-v1|{code}".encode()).digest()[:8]) >> 4, SHORT)


def read(typed: str) -> str | None:
    """The code, or the short one, that was typed or scanned, whatever its case, gaps and look-alikes; else None."""
    kept = "".join(typed[:80].upper().replace("-", "").split()).translate(_LIKE)
    if not set(kept) <= set(ALPHABET):
        return None
    return kept if len(kept) == SHORT or (len(kept) == LENGTH and kept[0] in ALPHABET[:8]) else None


def groups(code: str) -> list[str]:
    """The code in portions that an eye can hold."""
    return [code[at:at + 4] for at in range(0, len(code), 4)]


def spaced(mark: str) -> str:
    """A receipt's mark in portions of four."""
    return " ".join(mark[at:at + 4] for at in range(0, len(mark), 4))


def tag_of(round_id: int, code: str) -> str:
    """What the database keeps of a code: it tells nothing of it and cannot vote (security: 128 bits make it safe)."""
    return hashlib.sha256(f"slip-v1|{round_id}|{code}".encode()).hexdigest()


def lock_of(round_id: int, typed: str, secret: str | bytes) -> str:
    """What the database keeps of a short code: without this machine's secret nobody can try codes on it."""
    key = secret.encode() if isinstance(secret, str) else secret
    return hmac.new(key, f"short-v1|{round_id}|{typed}".encode(), "sha256").hexdigest()
