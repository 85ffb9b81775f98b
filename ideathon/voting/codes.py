"""The code on a slip: 128 bits as people can type them (Crockford's base 32), and the tag that is all we keep of it."""

from __future__ import annotations

import hashlib
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 26
_LIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


def draw() -> str:
    """A fresh code."""
    number = int.from_bytes(secrets.token_bytes(16))
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))


def read(typed: str) -> str | None:
    """The code that was typed or scanned, whatever its case, gaps and look-alikes; None when it cannot be one."""
    kept = "".join(typed[:80].upper().replace("-", "").split()).translate(_LIKE)
    return kept if len(kept) == LENGTH and set(kept) <= set(ALPHABET) and kept[0] in ALPHABET[:8] else None


def groups(code: str) -> list[str]:
    """The code in portions that an eye can hold."""
    return [code[at:at + 4] for at in range(0, LENGTH, 4)]


def spaced(mark: str) -> str:
    """A receipt's mark in portions of four."""
    return " ".join(mark[at:at + 4] for at in range(0, len(mark), 4))


def tag_of(round_id: int, code: str) -> str:
    """What the database keeps of a code: it tells nothing of it and cannot vote (security: 128 bits make it safe)."""
    return hashlib.sha256(f"slip-v1|{round_id}|{code}".encode()).hexdigest()
