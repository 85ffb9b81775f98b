"""The arithmetic of the public board: h_0 = SHA-256(opening), h_n = SHA-256(h_{n-1} ‖ canonical JSON(entry))."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any


def canonical(entry: Any) -> bytes:
    """The one form in which an entry is hashed: keys sorted, no spaces, UTF-8."""
    return json.dumps(entry, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def genesis(opening: Mapping[str, Any]) -> str:
    """The hash of the opening entry: options, rules and slips as they were frozen."""
    return hashlib.sha256(canonical(opening)).hexdigest()


def link(head: str, entry: Mapping[str, Any]) -> str:
    """The next head of the chain."""
    return hashlib.sha256(bytes.fromhex(head) + canonical(entry)).hexdigest()


def commitment(nonce: str, ballot: bytes) -> str:
    """What the board shows of a ballot: it fixes the choice and tells nothing of it."""
    return hashlib.sha256(bytes.fromhex(nonce) + ballot).hexdigest()


def list_hash(tags: Iterable[str]) -> str:
    """The hash of a list of slips, whatever its order."""
    return hashlib.sha256("\n".join(sorted(tags)).encode()).hexdigest()
